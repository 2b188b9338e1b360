"""Delivering what is due: claim, ask the kind and the holds, send, mark, one letter after the other.

No transaction is open while anything is sent. A claim is a lease of one minute with a token, by the database's clock:
whoever has lost the token cannot mark the letter any more. Each letter is marked right after its own send, so a crash
repeats at most that one, with the same Message-ID.
"""

import logging
import random
import time
import traceback
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from apps.outbox import kinds
from apps.outbox.kinds import Drop, Hold
from apps.outbox.models import GIVEN_UP, NO_ADDRESS, NOT_MADE, REFUSED, SENT, Letter
from apps.outbox.postbox import Away, NotSent, Postbox, Refused

log = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(seconds=60)
# A run ends after this time and asks for another one, so that a worker that is told to stop can do so soon.
RUN_SECONDS = 20.0
# So many temporary failures in a row, and the rest waits for the next look instead of failing one by one.
FAILURES_IN_A_ROW = 3
# With the waiting below, a letter is tried for about three days.
ATTEMPTS = 20
LONGEST_WAIT = timedelta(hours=6)
SHORTEST_HOLD = timedelta(minutes=1)


class Outcome(Enum):
    """What became of one letter, as far as the next one is concerned."""

    SETTLED = "settled"  # sent, held, dropped, refused: the next one may go
    FAILED = "failed"  # a temporary failure: a few of these in a row end the run
    STOP = "stop"  # there is no server at the moment


@dataclass(frozen=True, slots=True)
class Claim:
    """Letters that nobody else may send while the lease lasts."""

    token: uuid.UUID
    letters: list[uuid.UUID]


class Run:
    """How long one run may go on."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._failures = 0
        self.stopped = False

    @property
    def out_of_time(self) -> bool:
        return time.monotonic() >= self._until

    @property
    def over(self) -> bool:
        return self.stopped or self.out_of_time

    def note(self, outcome: Outcome) -> None:
        self._failures = self._failures + 1 if outcome is Outcome.FAILED else 0
        self.stopped = outcome is Outcome.STOP or self._failures >= FAILURES_IN_A_ROW


def send_due(*, seconds: float = RUN_SECONDS) -> bool:
    """Sends what is due, batch after batch, until nothing is. True where time ran out and more may be waiting."""
    run = Run(seconds)
    with Postbox() as postbox:
        while not run.over and (claim := claim_due()):
            deliver(claim, postbox, run)
    report_unknown_kinds()
    return run.out_of_time and not run.stopped


def due() -> QuerySet[Letter]:
    """Letters that are due by the database's clock and in nobody's hands."""
    return Letter.objects.filter(
        Q(retry_at__isnull=True) | Q(retry_at__lte=Now()),
        Q(claimed_until__isnull=True) | Q(claimed_until__lte=Now()),
        ended_at__isnull=True,
        due_at__lte=Now(),
    )


@transaction.atomic
def claim_due() -> Claim | None:
    """Claims up to BATCH due letters of the kinds this process knows; None where there are none. Never waits."""
    waiting = due().filter(kind__in=kinds.names()).order_by("due_at")
    letters = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
    if not letters:
        return None
    claim = Claim(token=uuid.uuid4(), letters=letters)
    Letter.objects.filter(pk__in=letters).update(claim_token=claim.token, claimed_until=Now() + LEASE)
    return claim


def deliver(claim: Claim, postbox: Postbox, run: Run) -> None:
    """One letter after the other; gives back those that the run did not come to, as if they had not been touched."""
    waiting = list(claim.letters)
    while waiting and not run.over:
        held_by(claim, waiting).update(claimed_until=Now() + LEASE)
        run.note(deliver_one(claim, waiting.pop(0), postbox))
    held_by(claim, waiting).update(claim_token=None, claimed_until=None)


def held_by(claim: Claim, letters: list[uuid.UUID]) -> QuerySet[Letter]:
    """Those of the letters that are still ours."""
    return Letter.objects.filter(pk__in=letters, claim_token=claim.token)


def deliver_one(claim: Claim, pk: uuid.UUID, postbox: Postbox) -> Outcome:
    """Reads the letter once more, asks its kind and then the holds, sends it and marks it.

    The holds are asked last, when the line to the server is open: the check stands right before the send. They are also
    asked about a letter that its kind would drop, so whoever caused it cannot tell from the hour that it never went.
    """
    found = held_by(claim, [pk]).select_related("recipient").annotate(read_at=Now()).first()
    if found is None:  # dropped meanwhile, or another worker has it
        return Outcome.SETTLED
    try:
        decided = decide(found, found.read_at)
        if isinstance(decided, Hold):
            return hold(claim, found, decided.until, found.read_at)
        if isinstance(decided, EmailMultiAlternatives):
            postbox.open()
        if held_back(claim, found, found.read_at):
            return Outcome.SETTLED
    except (OperationalError, InterfaceError):  # the database is away: no letter is to blame
        raise
    except NotSent as failure:
        return not_sent(claim, found, failure)
    except Exception as error:
        return not_made(claim, found, error)
    if isinstance(decided, Drop):
        return end(claim, found, decided.reason)
    return send(claim, found, decided, postbox)


@transaction.atomic
def held_back(claim: Claim, letter: Letter, now: datetime) -> bool:
    """Whether a hold keeps this letter; then it is due when the hold ends.

    One transaction: what the hold has locked to answer stays locked until the letter is moved, so whoever ends the hold
    in this moment comes before, and it goes, or after, and finds it.
    """
    until = kinds.held_until(letter, now)
    if until is not None:
        hold(claim, letter, until, now, held_until=until)
    return until is not None


def hold(claim: Claim, letter: Letter, until: datetime, now: datetime, **values: Any) -> Outcome:
    """Not yet: due at `until`, and never so soon that holding turns in a circle."""
    return settle(claim, letter, due_at=max(until, now + SHORTEST_HOLD), retry_at=None, **values)


def decide(letter: Letter, now: datetime) -> EmailMultiAlternatives | Hold | Drop:
    """The message to send now, or why not. Raises whatever the kind raises."""
    kind = kinds.get(letter.kind)
    decision = kind.decide(letter, now)
    if isinstance(decision, Hold | Drop):
        return decision
    address = letter.address or (letter.recipient.email if letter.recipient else "")
    if not address:
        return Drop(NO_ADDRESS)
    mail = kind.render(letter, now)
    return message(letter, address, mail, unsubscribe=kind.unsubscribe(letter) if kind.unsubscribe else "")


def message(letter: Letter, address: str, mail: kinds.Mail, *, unsubscribe: str = "") -> EmailMultiAlternatives:
    """The mail with neutral headers; its Message-ID is the letter's id, so a repeated one can be recognised."""
    headers = {
        "Message-ID": f"<{letter.pk}@{urlsplit(settings.BASE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    if unsubscribe:
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    made = EmailMultiAlternatives(mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [address], headers=headers)
    made.attach_alternative(mail.html, "text/html")
    return made


def send(claim: Claim, letter: Letter, made: EmailMultiAlternatives, postbox: Postbox) -> Outcome:
    """Sends one message and marks its letter at once."""
    try:
        postbox.send(made)
    except ValueError as error:
        return not_made(claim, letter, error)
    except NotSent as failure:
        return not_sent(claim, letter, failure)
    return end(claim, letter, SENT, sent_at=Now(), attempts=F("attempts") + 1)


def not_sent(claim: Claim, letter: Letter, failure: NotSent) -> Outcome:
    """Refused: it ends. Not now: it waits. Nobody there: it is given back untouched."""
    log.warning("Letter %s (%s) was not sent: %s %s", letter.pk, letter.kind, type(failure).__name__, failure.code)
    if isinstance(failure, Refused):
        return end(claim, letter, REFUSED, attempts=F("attempts") + 1, last_error=failure.code)
    if isinstance(failure, Away):
        settle(claim, letter, last_error=failure.code)
        return Outcome.STOP
    put_off(claim, letter, failure.code, GIVEN_UP)
    return Outcome.FAILED


def not_made(claim: Claim, letter: Letter, error: Exception) -> Outcome:
    """Its kind failed on it: this letter alone waits, perhaps for a repair. The log names the place, no text."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    cause = type(error).__name__
    log.error(
        "Letter %s (%s) could not be made: %s at %s:%s", letter.pk, letter.kind, cause, place.filename, place.lineno
    )
    put_off(claim, letter, cause, NOT_MADE)
    return Outcome.SETTLED


def put_off(claim: Claim, letter: Letter, code: str, last_reason: str) -> None:
    """Later again, and later each time; after the last attempt it ends for `last_reason`."""
    attempts = letter.attempts + 1
    if attempts >= ATTEMPTS:
        end(claim, letter, last_reason, attempts=attempts, last_error=code[:80])
    else:
        settle(claim, letter, attempts=attempts, last_error=code[:80], retry_at=Now() + wait(attempts))


def wait(attempts: int) -> timedelta:
    """1 minute, 2, 4 … up to LONGEST_WAIT, and up to a fifth more so that many letters do not come back together."""
    doubled = min(timedelta(minutes=2 ** (attempts - 1)), LONGEST_WAIT)
    return doubled * random.uniform(1.0, 1.2)  # noqa: S311 - spreads load, guards nothing


def end(claim: Claim, letter: Letter, reason: str, **values: Any) -> Outcome:
    """The letter has ended: its address and its payload are wiped in the same statement."""
    return settle(
        claim, letter, ended_at=Now(), end_reason=reason[:60] or "dropped", payload=None, address=None, **values
    )


def settle(claim: Claim, letter: Letter, **values: Any) -> Outcome:
    """Writes what became of a letter and lets go of it, if it is still ours."""
    if not held_by(claim, [letter.pk]).update(claim_token=None, claimed_until=None, **values):
        log.warning("Letter %s (%s) was no longer ours when its outcome was known.", letter.pk, letter.kind)
    return Outcome.SETTLED


def report_unknown_kinds() -> None:
    """Letters of a kind that this process does not know wait for one that does; the log says that they are there."""
    unknown = due().exclude(kind__in=kinds.names()).order_by("kind").values_list("kind", flat=True).distinct()
    for kind in unknown:
        log.error("Letters of the kind “%s” wait: no app of this process has registered it.", kind)
