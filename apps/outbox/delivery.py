"""Delivering what is due: claim, ask the kind and the holds, send, mark, one letter after the other.

No transaction is open while anything is sent, and each letter is marked right after its own send: a crash repeats at
most that one, with the same Message-ID.
"""

import logging
import random
import threading
import time
import traceback
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from apps.outbox import allowance, kinds, restored
from apps.outbox.claims import DATABASE_AWAY, Claim, claim_due, due
from apps.outbox.kinds import Drop, Hold
from apps.outbox.models import ADDRESS_REFUSED, GIVEN_UP, NO_ADDRESS, NOT_MADE, REFUSED, Letter
from apps.outbox.postbox import Away, NotSent, Postbox, Refused
from apps.outbox.wire import Message

log = logging.getLogger(__name__)

# A run ends after this time and asks for another one, so that a worker that is told to stop can do so soon.
RUN_SECONDS = 10.0
# So many temporary failures in a row, and the rest waits for the next look instead of failing one by one.
FAILURES_IN_A_ROW = 3
# With the waiting below, a letter is tried for about three days.
ATTEMPTS = 20
MINUTE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
CLOSING = "421"
BUSY = (CLOSING, "450", "451", "452")
# So many seconds a run waits until the provider's limit lets the next letter through.
LONGEST_PAUSE = 2.0
SHORTEST_HOLD = timedelta(minutes=1)
# Set when this process is told to stop: the letter in hand is sent and marked, the others are given back.
stopping = threading.Event()


class Outcome(Enum):
    """What became of one letter, as far as the next one is concerned."""

    SETTLED = "settled"  # sent, held, dropped, refused: the next one may go
    FAILED = "failed"  # a temporary failure: a few of these in a row end the run
    STOP = "stop"  # there is no server at the moment, or the provider takes no more for a while


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
        return self.stopped or self.out_of_time or stopping.is_set()

    def note(self, outcome: Outcome) -> None:
        self._failures = self._failures + 1 if outcome is Outcome.FAILED else 0
        self.stopped = outcome is Outcome.STOP or self._failures >= FAILURES_IN_A_ROW


def send_due(*, seconds: float = RUN_SECONDS) -> bool:
    """Sends what is due, batch after batch, until nothing is. True where time ran out and more may be waiting."""
    run = Run(seconds)
    restored.recognise()
    with Postbox() as postbox:
        while not run.over and (claim := claim_due()):
            deliver(claim, postbox, run)
    report_unknown_kinds()
    return run.out_of_time and not run.stopped and not stopping.is_set()


def deliver(claim: Claim, postbox: Postbox, run: Run) -> None:
    """One letter after the other; gives back those that the run did not come to, as if they had not been touched."""
    while claim.waiting and not run.over:
        if taken := claim.take():
            run.note(deliver_one(claim, *taken, postbox))
    claim.give_back()


def deliver_one(claim: Claim, letter: Letter, now: datetime, postbox: Postbox) -> Outcome:
    """Asks the letter's kind and then the holds, sends it and marks it.

    The holds are asked last, when the line to the server is open: the check stands right before the send. They are also
    asked about a letter that its kind would drop, so whoever caused it cannot tell from the hour that it never went.
    """
    try:
        decided = decide(letter, now)
        if isinstance(decided, Hold):
            return hold(claim, letter, decided.until, now)
        if isinstance(decided, Message):
            postbox.open()
        if held_back(claim, letter, now):
            return Outcome.SETTLED
    except DATABASE_AWAY:  # no letter is to blame
        raise
    except NotSent as failure:
        return not_sent(claim, letter, failure)
    except Exception as error:
        return not_made(claim, letter, error)
    if isinstance(decided, Drop):
        claim.end(letter, decided.reason)
        return Outcome.SETTLED
    if seconds := allowance.take():
        return not_allowed_yet(claim, letter, seconds)
    return send(claim, letter, decided, postbox, now)


def not_allowed_yet(claim: Claim, letter: Letter, seconds: float) -> Outcome:
    """The provider takes no more for a while: the letter is given back, and a short while is waited for the next."""
    claim.settle(letter)
    if seconds > LONGEST_PAUSE:
        return Outcome.STOP
    stopping.wait(seconds)
    return Outcome.SETTLED


def held_back(claim: Claim, letter: Letter, now: datetime) -> bool:
    """Whether a hold keeps this letter, which is then due when the hold ends. What nobody caused is never held.

    One transaction: what the hold has locked to answer stays locked until the letter is moved, so whoever ends the hold
    in this moment comes before, and it goes, or after, and finds it.
    """
    if letter.caused_by_id is None:
        return False
    with transaction.atomic():
        until = kinds.held_until(letter, now)
        if until is not None:
            hold(claim, letter, until, now, held_until=until)
    return until is not None


def hold(claim: Claim, letter: Letter, until: datetime, now: datetime, **values: Any) -> Outcome:
    """Not yet: due at `until`, and never so soon that holding turns in a circle."""
    claim.settle(letter, due_at=max(until, now + SHORTEST_HOLD), retry_at=None, **values)
    return Outcome.SETTLED


def decide(letter: Letter, now: datetime) -> Message | Hold | Drop:
    """The message to send now, or why not. Raises whatever the kind raises."""
    kind = kinds.get(letter.kind)
    decision = kind.decide(letter, now)
    if isinstance(decision, Hold | Drop):
        return decision
    address = letter.address or (letter.recipient.email if letter.recipient else "")
    if not address:
        return Drop(NO_ADDRESS)
    if letter.recipient and not letter.address and kinds.is_refused(letter):
        return Drop(ADDRESS_REFUSED)
    mail = kind.render(letter, now)
    return message(letter, address, mail, unsubscribe=kind.unsubscribe(letter) if kind.unsubscribe else "")


def message(letter: Letter, address: str, mail: kinds.Mail, *, unsubscribe: str = "") -> Message:
    """The mail with neutral headers; its Message-ID is the letter's id, so a repeated one can be recognised."""
    headers = {
        "Subject": mail.subject,
        "Message-ID": f"<{letter.pk}@{urlsplit(settings.BASE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    if unsubscribe:
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    return Message(settings.DEFAULT_FROM_EMAIL, address, text=mail.text, html=mail.html, headers=headers)


def send(claim: Claim, letter: Letter, made: Message, postbox: Postbox, now: datetime) -> Outcome:
    """Sends one message and marks its letter at once."""
    try:
        postbox.send(made)
    except ValueError as error:
        return not_made(claim, letter, error)
    except Refused as failure:
        return refused(claim, letter, failure, made.to, now)
    except NotSent as failure:
        return not_sent(claim, letter, failure)
    claim.mark_sent(letter)
    return Outcome.SETTLED


@transaction.atomic
def refused(claim: Claim, letter: Letter, failure: Refused, address: str, now: datetime) -> Outcome:
    """There is nobody at this address: the letter ends, and who keeps refused addresses is told, or neither."""
    log.warning("Letter %s (%s) was refused: %s", letter.pk, letter.kind, failure.code)
    claim.end(letter, REFUSED, attempts=letter.attempts + 1, last_error=failure.code)
    kinds.note_refusal(address, now)
    return Outcome.SETTLED


def not_sent(claim: Claim, letter: Letter, failure: NotSent) -> Outcome:
    """Not now: it waits. Nobody there: it is given back untouched."""
    log.warning("Letter %s (%s) was not sent: %s %s", letter.pk, letter.kind, type(failure).__name__, failure.code)
    if isinstance(failure, Away):
        claim.settle(letter, last_error=failure.code)
        return Outcome.STOP
    put_off(claim, letter, failure.code, GIVEN_UP, first=first_wait(failure.code))
    return Outcome.STOP if failure.code == CLOSING else Outcome.FAILED


def not_made(claim: Claim, letter: Letter, error: Exception) -> Outcome:
    """Its kind failed on it: this letter alone waits, perhaps for a repair. The log names the place, no text."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    cause = type(error).__name__
    log.error(
        "Letter %s (%s) could not be made: %s at %s:%s", letter.pk, letter.kind, cause, place.filename, place.lineno
    )
    put_off(claim, letter, cause, NOT_MADE, first=MINUTE)
    return Outcome.SETTLED


def put_off(claim: Claim, letter: Letter, code: str, last_reason: str, *, first: timedelta) -> None:
    """Later again, and later each time; after the last attempt it ends for `last_reason`."""
    attempts = letter.attempts + 1
    if attempts >= ATTEMPTS:
        claim.end(letter, last_reason, attempts=attempts, last_error=code[:80])
    else:
        claim.settle(letter, attempts=attempts, last_error=code[:80], retry_at=Now() + wait(attempts, first))


def first_wait(code: str) -> timedelta:
    """How long a letter waits after its first failure, by what the server said (RFC 5321, 4.2.3).

    A busy mailbox, a grey list or a cut line is over in a minute, and a code is waited for. Another 4xx is somebody's
    setting; a 5xx that may be about us (a limit, a signature) wants a person, who sees it in the operator's totals.
    """
    if code in BUSY or not code.isdigit():
        return MINUTE
    return 5 * MINUTE if code.startswith("4") else 15 * MINUTE


def wait(attempts: int, first: timedelta = MINUTE) -> timedelta:
    """Twice as long each time, up to LONGEST_WAIT, and up to a fifth more so that letters do not come back together."""
    doubled = min(first * 2 ** (attempts - 1), LONGEST_WAIT)
    return doubled * random.uniform(1.0, 1.2)  # noqa: S311 - spreads load, guards nothing


def report_unknown_kinds() -> None:
    """Letters of a kind that this process does not know wait for one that does; the log says that they are there."""
    unknown = due().exclude(kind__in=kinds.names()).order_by("kind").values_list("kind", flat=True).distinct()
    for kind in unknown:
        log.error("Letters of the kind “%s” wait: no app of this process has registered it.", kind)
