"""Verbs that write a look back. Each is atomic, locks the Space row first, and is harmless when repeated.

`now` is the instant of the click. RuleBroken carries a sentence for the person; Stale is a RuleBroken for a text that
was changed elsewhere meanwhile. Nothing is changed when one is raised. A look back and its letters are one transaction
(law 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from apps.checkins import rules
from apps.checkins import schedule as calendar
from apps.checkins.models import CheckIn, Item, Review
from apps.core.errors import RuleBroken, Stale
from apps.outbox import actions as outbox
from apps.spaces.actions import lock
from apps.spaces.models import Seat, Space

if TYPE_CHECKING:
    from apps.accounts.models import User

AGREED = "checkins.agreed"
REMINDER = "checkins.reminder"

CLOSED = _("This look back is closed. What you wrote stays yours.")
ANSWERED = _("You have shared your answers already, so they stay as they are.")
TOO_EARLY = _("It is not the day yet. There is nothing you need to do until then.")
CHANGED_ELSEWHERE = _("This was also changed on another page. Both texts are here; keep what you want and save again.")
ONE_TAP_EACH = _("Please choose one answer for each line.")
WRITE_ONE = _("Write at least one thing that you would like to do.")


@dataclass(frozen=True)
class ItemFacts:
    """One line as it was agreed. `for_seat` is who does it, None for both; `words` has what, when, how_often, …"""

    lineage: UUID
    author: Seat
    for_seat: Seat | None
    words: dict[str, Any]


@dataclass(frozen=True)
class Answers:
    """What one person wrote, as the form hands it over: {item id: {"went", "supportive", "hard"}} and a good moment."""

    lines: dict[str, dict[str, str]] = field(default_factory=dict)
    good_moment: str = ""


# --- scheduling -----------------------------------------------------------------------------------------------------


@transaction.atomic
def schedule(
    *,
    space: Space,
    items: Sequence[ItemFacts],
    local_date: date,
    hour: int,
    zone: str,
    rhythm: str,
    now: datetime,
    seat: Seat | None = None,
    seat_by: Seat,
) -> CheckIn:
    """A look back at `items`, for both or (with `seat`) for one alone, with its letters. An open one is superseded.

    For both: a confirmation now and a reminder each, in each person's own zone. For one alone: only their reminder.
    The confirmation is caused by `seat_by`, whose yes made it true: the other's waits for the end of a quiet time.
    """
    if seat_by.space_id != space.pk or (seat is not None and seat.space_id != space.pk):
        raise ValueError("A look back is scheduled from a seat of its own space.")
    lock(space)
    for older in CheckIn.objects.filter(space=space, seat=seat, closed_at=None):
        _close(older, "superseded", now)
    check_in = _create(space, seat, items, local_date=local_date, hour=hour, zone=zone, rhythm=rhythm, now=now)
    if seat is None:
        for person in _people(check_in):
            outbox.post(
                kind=AGREED,
                occurrence=str(check_in.pk),
                due_at=now,
                now=now,
                recipient=person.user,
                caused_by=seat_by.user,
            )
    return check_in


def _create(
    space: Space,
    seat: Seat | None,
    items: Iterable[ItemFacts],
    *,
    local_date: date,
    hour: int,
    zone: str,
    rhythm: str,
    now: datetime,
    quiet_rounds: int = 0,
) -> CheckIn:
    last = CheckIn.objects.filter(space=space, seat=seat).aggregate(last=Max("number"))["last"] or 0
    check_in = CheckIn.objects.create(
        space=space,
        seat=seat,
        number=last + 1,
        local_date=local_date,
        hour=hour,
        zone=zone,
        due_at=calendar.instant(local_date, hour, ZoneInfo(zone)),
        rhythm=rhythm,
        created_at=now,
        quiet_rounds=quiet_rounds,
    )
    for position, line in enumerate(items, start=1):
        Item.objects.create(
            check_in=check_in,
            position=position,
            lineage=line.lineage,
            author=line.author,
            for_seat=line.for_seat,
            words=line.words,
        )
    if not _rests(check_in):
        _post_reminders(check_in, now)
    return check_in


def _post_reminders(check_in: CheckIn, now: datetime) -> None:
    """One reminder each, on that date and hour on the person's own wall. The outbox keeps it at one.

    Nobody causes it: both agreed to it, so no quiet time holds it (law 4, docs/decisions/0008).
    """
    for person in _people(check_in):
        outbox.post(
            kind=REMINDER,
            occurrence=str(check_in.pk),
            due_at=calendar.instant(check_in.local_date, check_in.hour, person.user.zone),
            now=now,
            recipient=person.user,
        )


def _people(check_in: CheckIn) -> list[Seat]:
    """The open seats whose look back this is."""
    seats = Seat.objects.filter(space=check_in.space_id, left_at=None)
    return list(seats if check_in.seat_id is None else seats.filter(pk=check_in.seat_id))


def _rests(check_in: CheckIn) -> bool:
    return rules.rests(paused_at=check_in.paused_at, quiet_rounds=check_in.quiet_rounds)


# --- closing, and the next round --------------------------------------------------------------------------------------


@transaction.atomic
def close(*, as_: str, now: datetime, check_in: CheckIn | None = None, space: Space | None = None) -> None:
    """Closes this look back, or the open one of both in `space`, and drops its unsent letters. Nothing follows it.

    With `space`, what both look back on has ended or given way, so nobody comes back to a rhythm that rests either.
    """
    if check_in is not None:
        lock(check_in.space)
        _close(check_in, as_, now)
    elif space is not None:
        lock(space)
        for found in CheckIn.objects.filter(space=space, seat=None, closed_at=None):
            _close(found, as_, now)
        CheckIn.objects.filter(space=space, seat=None).update(paused_at=None)


@transaction.atomic
def close_all(*, space: Space, now: datetime) -> None:
    """Leaving closes every look back of the space, of both and of each alone."""
    lock(space)
    for found in CheckIn.objects.filter(space=space, closed_at=None):
        _close(found, "left", now)
    CheckIn.objects.filter(space=space).update(paused_at=None)


def _close(check_in: CheckIn, as_: str, now: datetime) -> bool:
    """Whether it was this call that closed it."""
    if not CheckIn.objects.filter(pk=check_in.pk, closed_at=None).update(closed_at=now, closed_as=as_):
        return False
    check_in.closed_at, check_in.closed_as = now, as_
    for kind in (AGREED, REMINDER):
        outbox.drop(kind=kind, occurrence=str(check_in.pk), reason=f"closed: {as_}", now=now)
    return True


def _close_and_go_on(check_in: CheckIn, as_: str, now: datetime) -> None:
    """Closes a round and creates the next by its rhythm, with the lines that do not rest."""
    if not _close(check_in, as_, now):
        return
    lines = _lines_to_keep(check_in)
    if rules.goes_on(rhythm=check_in.rhythm, paused_at=check_in.paused_at, lines=len(lines)):
        quiet = rules.quiet_after(closed_as=as_, quiet_rounds=check_in.quiet_rounds)
        _next_round(check_in, lines, date_=_following(check_in, now), quiet_rounds=quiet, now=now)


def _next_round(
    check_in: CheckIn, lines: list[ItemFacts], *, date_: date, now: datetime, quiet_rounds: int = 0
) -> CheckIn:
    return _create(
        check_in.space,
        check_in.seat,
        lines,
        local_date=date_,
        hour=check_in.hour,
        zone=check_in.zone,
        rhythm=check_in.rhythm,
        quiet_rounds=quiet_rounds,
        now=now,
    )


def _following(check_in: CheckIn, now: datetime) -> date:
    rhythm = check_in.rhythm if check_in.rhythm != calendar.ONCE else calendar.USUAL
    return calendar.following(check_in.local_date, rhythm, calendar.local_day(now, ZoneInfo(check_in.zone)))


def _lines_to_keep(check_in: CheckIn) -> list[ItemFacts]:
    lines = Item.objects.filter(check_in=check_in, rested_at=None).select_related("author", "for_seat")
    return [ItemFacts(line.lineage, line.author, line.for_seat, line.words) for line in lines]


@transaction.atomic
def rest_item(*, space: Space, lineage: UUID, now: datetime) -> None:
    """One line of both rests: it is asked no more. With the last line the look back ends.

    The newest round counts also where it has closed: a rhythm that rests goes on from its lines.
    """
    lock(space)
    newest = CheckIn.objects.filter(space=space, seat=None).order_by("-number").first()
    if newest is None:
        return
    lines = Item.objects.filter(check_in=newest, rested_at=None)
    lines.filter(lineage=lineage).update(rested_at=now)
    if not lines.exists():
        _close(newest, "ended", now)


# --- answering --------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_review(*, check_in: CheckIn, seat: Seat, answers: Answers, base: int, now: datetime) -> Review:
    """Keeps what one person is writing, seen by nobody else. `base` is the revision they began from (0: none yet).

    A text for a round that has closed meanwhile is kept too. Raises Stale where it was written to elsewhere, RuleBroken
    where they have shared already; the same text twice changes nothing.
    """
    lock(check_in.space)
    return _save(check_in, seat, answers, base, now)


def _save(check_in: CheckIn, seat: Seat, answers: Answers, base: int, now: datetime) -> Review:
    review = _review(check_in, seat)
    if review is None:
        review = Review(check_in=check_in, seat=seat)
    elif review.answers == answers.lines and review.good_moment == answers.good_moment:
        return review
    elif review.answered_at is not None:
        raise RuleBroken(ANSWERED)
    elif review.revision != base:
        raise Stale(CHANGED_ELSEWHERE)
    review.answers, review.good_moment = answers.lines, answers.good_moment
    review.revision += 1
    review.saved_at = now
    review.save()
    return review


def _review(check_in: CheckIn, seat: Seat) -> Review | None:
    return Review.objects.filter(check_in=check_in, seat=seat).select_related("seat").first()


@transaction.atomic
def answer(*, check_in: CheckIn, seat: Seat, answers: Answers, base: int, now: datetime) -> Review:
    """One person's answers become final. With the second person's the round is held: both open, and the next stands.

    Raises RuleBroken before the day, after the round has closed, or with a line left open; Stale as `save_review` does.
    """
    lock(check_in.space)
    fresh = CheckIn.objects.select_related("space", "seat").get(pk=check_in.pk)
    review = _review(fresh, seat)
    if review is not None and review.answered_at is not None:
        return review
    if fresh.closed_at is not None:
        raise RuleBroken(CLOSED)
    if not rules.answerable(
        local_date=fresh.local_date, due_at=fresh.due_at, today=calendar.local_day(now, seat.user.zone), now=now
    ):
        raise RuleBroken(TOO_EARLY)
    asked = {str(pk) for pk in Item.objects.filter(check_in=fresh, rested_at=None).values_list("pk", flat=True)}
    if not asked <= {pk for pk, line in answers.lines.items() if line.get("went") in rules.WENT}:
        raise RuleBroken(ONE_TAP_EACH)
    review = _save(fresh, seat, answers, base, now)
    Review.objects.filter(pk=review.pk).update(answered_at=now, skipped_at=None)
    review.answered_at, review.skipped_at = now, None
    outbox.drop(kind=REMINDER, occurrence=str(fresh.pk), reason="answered", now=now, recipient=seat.user)
    if rules.everybody_answered([person.pk for person in _people(fresh)], _answered(fresh)):
        _close_and_go_on(fresh, "held", now)
    return review


def _answered(check_in: CheckIn) -> list[rules.Answered]:
    rows = Review.objects.filter(check_in=check_in).values_list("seat", "answered_at", "skipped_at")
    return [rules.Answered(seat, answered=bool(answered), skipped=bool(skipped)) for seat, answered, skipped in rows]


@transaction.atomic
def skip(*, check_in: CheckIn, seat: Seat, now: datetime) -> None:
    """Says “not this time”, without a reason.

    Of both: a fact of this person alone, the other sees no difference (law 3), and one may still change one's mind.
    Of one alone: the round closes and the next stands.
    """
    lock(check_in.space)
    fresh = CheckIn.objects.select_related("space", "seat").get(pk=check_in.pk)
    if fresh.closed_at is not None:
        return
    review = _review(fresh, seat)
    if review is not None and review.answered_at is not None:
        raise RuleBroken(ANSWERED)
    if review is None:
        Review.objects.create(check_in=fresh, seat=seat, answers={}, saved_at=now, skipped_at=now)
    else:
        Review.objects.filter(pk=review.pk, skipped_at=None).update(skipped_at=now)
    outbox.drop(kind=REMINDER, occurrence=str(fresh.pk), reason="skipped", now=now, recipient=seat.user)
    if fresh.seat_id is not None:
        _close_and_go_on(fresh, "skipped", now)


# --- resting, and coming back -----------------------------------------------------------------------------------------


@transaction.atomic
def pause(*, check_in: CheckIn, seat: Seat, now: datetime) -> None:
    """Lets the rhythm rest: no reminder, no next round, until somebody begins again. Either may; both read the same."""
    lock(check_in.space)
    if CheckIn.objects.filter(pk=check_in.pk, closed_at=None, paused_at=None).update(paused_at=now):
        outbox.drop(kind=REMINDER, occurrence=str(check_in.pk), reason="resting", now=now)


@transaction.atomic
def return_(*, check_in: CheckIn, seat: Seat, now: datetime) -> CheckIn:
    """Begins again after a rest: a new round with the same lines, on the old date where it is still to come.

    Does nothing where it does not rest, has ended, or somebody began again already; returns the newest round.
    """
    lock(check_in.space)
    newest = (
        CheckIn.objects.filter(space=check_in.space_id, seat=check_in.seat_id)
        .select_related("space", "seat")
        .order_by("-number")[0]
    )
    lines = _lines_to_keep(newest)
    may = rules.may_return(resting=_rests(newest), closed_as=newest.closed_as)
    if newest.pk != check_in.pk or not may or not lines:
        return newest
    ahead = newest.closed_at is None and newest.due_at > now
    _close(newest, "superseded" if ahead else "unanswered", now)
    return _next_round(newest, lines, date_=newest.local_date if ahead else _following(newest, now), now=now)


@transaction.atomic
def turn_over(*, check_in: CheckIn, now: datetime) -> bool:
    """Closes a round that not everybody answered within ten days, with the same words for both; the next one stands.

    Answers of one stay with that one. Returns whether it was closed now.
    """
    lock(check_in.space)
    fresh = CheckIn.objects.select_related("space", "seat").get(pk=check_in.pk)
    if fresh.closed_at is not None or not rules.run_out(due_at=fresh.due_at, resting=_rests(fresh), now=now):
        return False
    skipped = rules.everybody_skipped([person.pk for person in _people(fresh)], _answered(fresh))
    _close_and_go_on(fresh, "skipped" if skipped else "unanswered", now)
    return True


@transaction.atomic
def repair(*, check_in: CheckIn, now: datetime) -> None:
    """Gives an open look back the reminders that it lacks; those that exist, sent or dropped, are left alone."""
    lock(check_in.space)
    fresh = CheckIn.objects.select_related("space", "seat").get(pk=check_in.pk)
    if fresh.closed_at is None and not _rests(fresh):
        _post_reminders(fresh, now)


# --- one's own ------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_intentions(
    *, seat: Seat, lines: Sequence[dict[str, Any]], local_date: date, hour: int, rhythm: str, now: datetime
) -> CheckIn:
    """One to three things somebody wants to do for themselves, with a private look back. Seen by nobody else, ever.

    Replaces the open ones; the same again changes nothing. A line whose words stayed keeps its lineage.
    """
    if not lines:
        raise RuleBroken(WRITE_ONE)
    lock(seat.space)
    current = CheckIn.objects.filter(space=seat.space_id, seat=seat, closed_at=None).first()
    known = _lines_to_keep(current) if current is not None else []
    if (
        current is not None
        and (current.local_date, current.hour, current.rhythm) == (local_date, hour, rhythm)
        and [line.words for line in known] == list(lines)
    ):
        return current
    lineages: dict[str, UUID | None] = {line.words["what"]: line.lineage for line in known}
    return schedule(
        space=seat.space,
        seat=seat,
        seat_by=seat,
        items=[ItemFacts(lineages.pop(words["what"], None) or uuid4(), seat, seat, words) for words in lines],
        local_date=local_date,
        hour=hour,
        zone=seat.user.time_zone,
        rhythm=rhythm,
        now=now,
    )


@transaction.atomic
def move_private(*, from_seat: Seat, to_seat: Seat, now: datetime) -> None:
    """Somebody who was alone joins a partner: their private look backs come along with their letters.

    They are still only theirs. The seals are the person's own, and the person stays the same, so nothing is written
    anew. The caller holds the lock of both spaces. Raises ValueError for seats of two people.
    """
    if from_seat.user_id != to_seat.user_id:
        raise ValueError("Private texts move with their person only.")
    mine = CheckIn.objects.filter(seat=from_seat)
    if CheckIn.objects.filter(seat=to_seat, closed_at=None).exists():
        for open_one in mine.filter(closed_at=None):
            _close(open_one, "superseded", now)
    Item.objects.filter(check_in__seat=from_seat).update(author=to_seat, for_seat=to_seat)
    Review.objects.filter(check_in__seat=from_seat).update(seat=to_seat)
    last = CheckIn.objects.filter(seat=to_seat).aggregate(last=Max("number"))["last"] or 0
    for number, moved in enumerate(mine.order_by("number"), start=last + 1):
        CheckIn.objects.filter(pk=moved.pk).update(space=to_seat.space_id, seat=to_seat, number=number)


@transaction.atomic
def move_reminders(*, user: User, now: datetime) -> None:
    """After a person's time zone has changed: their reminders that are still to come move to the same hour there."""
    for seat in Seat.objects.filter(user=user, left_at=None):
        lock(seat.space)
        own = Q(seat=None) | Q(seat=seat)
        for check_in in CheckIn.objects.filter(own, space=seat.space_id, closed_at=None):
            due_at = calendar.instant(check_in.local_date, check_in.hour, user.zone)
            outbox.move(kind=REMINDER, occurrence=str(check_in.pk), recipient=user, due_at=max(due_at, now), now=now)
