"""The rounds themselves: one is scheduled, closes, is followed by the next, rests, and begins again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from apps.checkins import rules
from apps.checkins import schedule as calendar
from apps.checkins.actions import reminding
from apps.checkins.actions.common import AGREED, ItemFacts, fresh, people, rests
from apps.checkins.models import CheckIn, Item, Measure, Review
from apps.outbox import actions as outbox
from apps.spaces.actions import lock
from apps.spaces.models import Seat, Space


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
        close_one(older, "superseded", now)
    check_in = create(space, seat, items, local_date=local_date, hour=hour, zone=zone, rhythm=rhythm, now=now)
    if seat is None:
        for person in people(check_in):
            outbox.post(
                kind=AGREED,
                occurrence=str(check_in.pk),
                due_at=now,
                now=now,
                recipient=person.user,
                caused_by=seat_by.user,
            )
    return check_in


def create(
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
    month_day: int | None = None,
) -> CheckIn:
    """The next round of the space, or of one seat in it, with its lines and, unless it rests, its reminders."""
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
        month_day=(month_day or local_date.day) if rhythm == calendar.MONTHLY else None,
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
    if not rests(check_in):
        reminding.post_reminders(check_in, now)
    return check_in


@transaction.atomic
def close(*, as_: str, now: datetime, check_in: CheckIn | None = None, space: Space | None = None) -> None:
    """Closes this look back, or the open one of both in `space`, and drops its unsent letters. Nothing follows it.

    With `space`, what both look back on has ended or given way, so nobody comes back to a rhythm that rests either.
    """
    if check_in is not None:
        lock(check_in.space)
        close_one(check_in, as_, now)
    elif space is not None:
        lock(space)
        for found in CheckIn.objects.filter(space=space, seat=None, closed_at=None):
            close_one(found, as_, now)
        CheckIn.objects.filter(space=space, seat=None).update(paused_at=None)


@transaction.atomic
def close_all(*, space: Space, now: datetime) -> None:
    """Leaving closes every look back of the space, of both and of each alone."""
    lock(space)
    for found in CheckIn.objects.filter(space=space, closed_at=None):
        close_one(found, "left", now)
    CheckIn.objects.filter(space=space).update(paused_at=None)


def close_one(check_in: CheckIn, as_: str, now: datetime) -> bool:
    """Whether it was this call that closed it."""
    if not CheckIn.objects.filter(pk=check_in.pk, closed_at=None).update(closed_at=now, closed_as=as_):
        return False
    check_in.closed_at, check_in.closed_as = now, as_
    reminding.drop_all(check_in, f"closed: {as_}", now)
    return True


def close_and_go_on(check_in: CheckIn, as_: str, now: datetime) -> None:
    """Closes a round and creates the next by its rhythm, with the lines that do not rest."""
    if not close_one(check_in, as_, now):
        return
    lines = lines_to_keep(check_in)
    if rules.goes_on(rhythm=check_in.rhythm, paused_at=check_in.paused_at, lines=len(lines)):
        quiet = rules.quiet_after(closed_as=as_, quiet_rounds=check_in.quiet_rounds)
        next_round(check_in, lines, date_=following(check_in, now), quiet_rounds=quiet, now=now)


def put_off(check_in: CheckIn, now: datetime) -> CheckIn:
    """The same round a week later: its lines, and what each has kept for themselves, move to the new row.

    A new row and not another date, since a reminder's key is its round: one that has gone out cannot go out again.
    """
    today = calendar.local_day(now, ZoneInfo(check_in.zone))
    date_ = check_in.local_date + calendar.A_WEEK
    while date_ <= today:
        date_ += calendar.A_WEEK
    close_one(check_in, "superseded", now)
    later = next_round(check_in, [], date_=date_, quiet_rounds=check_in.quiet_rounds, now=now)
    for model in (Item, Review, Measure):
        model.objects.filter(check_in=check_in).update(check_in=later)
    Review.objects.filter(check_in=later).update(later_at=None)
    return later


def next_round(
    check_in: CheckIn, lines: list[ItemFacts], *, date_: date, now: datetime, quiet_rounds: int = 0
) -> CheckIn:
    """A round like this one on another day."""
    return create(
        check_in.space,
        check_in.seat,
        lines,
        local_date=date_,
        hour=check_in.hour,
        zone=check_in.zone,
        rhythm=check_in.rhythm,
        quiet_rounds=quiet_rounds,
        month_day=check_in.month_day,
        now=now,
    )


def following(check_in: CheckIn, now: datetime) -> date:
    """The day of the round after this one."""
    rhythm = check_in.rhythm if check_in.rhythm != calendar.ONCE else calendar.USUAL
    today = calendar.local_day(now, ZoneInfo(check_in.zone))
    return calendar.following(check_in.local_date, rhythm, today, check_in.month_day)


def lines_to_keep(check_in: CheckIn) -> list[ItemFacts]:
    """The lines that do not rest."""
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
        close_one(newest, "ended", now)


@transaction.atomic
def turn_over(*, check_in: CheckIn, now: datetime) -> bool:
    """Closes a round that not everybody answered within ten days, with the same words for both; the next one stands.

    Answers of one stay with that one. Returns whether it was closed now.
    """
    lock(check_in.space)
    locked = fresh(check_in)
    if locked.closed_at is not None or not rules.run_out(due_at=locked.due_at, resting=rests(locked), now=now):
        return False
    skipped = rules.everybody_skipped([person.pk for person in people(locked)], answered(locked))
    close_and_go_on(locked, "skipped" if skipped else "unanswered", now)
    return True


@transaction.atomic
def pause(*, check_in: CheckIn, seat: Seat, now: datetime) -> None:
    """Lets the rhythm rest: no reminder, no next round, until somebody begins again. Either may; both read the same."""
    lock(check_in.space)
    if CheckIn.objects.filter(pk=check_in.pk, closed_at=None, paused_at=None).update(paused_at=now):
        reminding.drop_reminders(check_in, "resting", now)


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
    lines = lines_to_keep(newest)
    may = rules.may_return(resting=rests(newest), closed_as=newest.closed_as)
    if newest.pk != check_in.pk or not may or not lines:
        return newest
    ahead = newest.closed_at is None and newest.due_at > now
    close_one(newest, "superseded" if ahead else "unanswered", now)
    return next_round(newest, lines, date_=newest.local_date if ahead else following(newest, now), now=now)


def answered(check_in: CheckIn) -> list[rules.Answered]:
    """What each has done with this round, as the rules ask for it."""
    rows = Review.objects.filter(check_in=check_in).values_list("seat", "answered_at", "skipped_at", "later_at")
    return [
        rules.Answered(seat, answered=bool(answered), skipped=bool(skipped), later=bool(later))
        for seat, answered, skipped, later in rows
    ]
