"""The letters of a look back: posted with it, dropped with it, put off by their reader, moved with a person's clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from apps.checkins import rules
from apps.checkins import schedule as calendar
from apps.checkins.actions.common import AGAIN, AGREED, NOTHING_TO_REMIND, REMINDER, SNOOZED, fresh, people, rests
from apps.checkins.models import CheckIn, Review, Snooze
from apps.core.errors import RuleBroken
from apps.outbox import actions as outbox
from apps.spaces.actions import lock
from apps.spaces.models import Seat

if TYPE_CHECKING:
    from apps.accounts.models import User


def post_reminders(check_in: CheckIn, now: datetime) -> None:
    """One reminder each, on that date and hour on the person's own wall. The outbox keeps it at one.

    Nobody causes it: both agreed to it, so no quiet time holds it (law 4, docs/decisions/0008).
    """
    for person in people(check_in):
        outbox.post(
            kind=REMINDER,
            occurrence=str(check_in.pk),
            due_at=calendar.instant(check_in.local_date, check_in.hour, person.user.zone),
            now=now,
            recipient=person.user,
        )
        if person.user.mail_again:
            _post_second(check_in, person.user, now)


def _post_second(check_in: CheckIn, user: User, now: datetime) -> None:
    """The second reminder, for who asked for it in their settings, while its day is still to come."""
    due_at = calendar.instant(check_in.local_date + calendar.AGAIN_AFTER, check_in.hour, user.zone)
    if due_at > now:
        outbox.post(kind=AGAIN, occurrence=str(check_in.pk), due_at=due_at, now=now, recipient=user)


@transaction.atomic
def post_second_reminders(*, user: User, now: datetime) -> None:
    """Somebody has just asked for second reminders: what they look back on already gets one too.

    Where they ask for none any more nothing needs to happen: the letters are asked right before they are sent.
    """
    for seat in Seat.objects.filter(user=user, left_at=None):
        lock(seat.space)
        own = Q(seat=None) | Q(seat=seat)
        for check_in in CheckIn.objects.filter(own, space=seat.space_id, closed_at=None):
            if not rests(check_in):
                _post_second(check_in, user, now)


def drop_all(check_in: CheckIn, reason: str, now: datetime) -> None:
    """Ends every unsent letter of this round."""
    outbox.drop(kind=AGREED, occurrence=str(check_in.pk), reason=reason, now=now)
    drop_reminders(check_in, reason, now)


def drop_reminders(check_in: CheckIn, reason: str, now: datetime) -> None:
    """Ends every unsent reminder of this round, of both."""
    for kind in (REMINDER, AGAIN):
        outbox.drop(kind=kind, occurrence=str(check_in.pk), reason=reason, now=now)
    for snooze in Snooze.objects.filter(check_in=check_in).exclude(until=None):
        outbox.drop(kind=SNOOZED, occurrence=snooze.occurrence, reason=reason, now=now)


def drop_mine(check_in: CheckIn, seat: Seat, reason: str, now: datetime) -> None:
    """Ends this person's unsent reminders of this round; the other's stay as they are."""
    for kind in (REMINDER, AGAIN):
        outbox.drop(kind=kind, occurrence=str(check_in.pk), reason=reason, now=now, recipient=seat.user)
    _wake(check_in, seat, reason, now)


def _wake(check_in: CheckIn, seat: Seat, reason: str, now: datetime) -> None:
    """Ends a snooze, with its letter."""
    snooze = Snooze.objects.filter(check_in=check_in, seat=seat).exclude(until=None).first()
    if snooze is not None:
        outbox.drop(kind=SNOOZED, occurrence=snooze.occurrence, reason=reason, now=now)
        Snooze.objects.filter(pk=snooze.pk).update(until=None)


# --- put off by their reader ------------------------------------------------------------------------------------------


@transaction.atomic
def snooze(*, check_in: CheckIn, seat: Seat, days: int, now: datetime) -> date:
    """Reminds this person again in 1, 3 or 7 days, at the same hour on their own wall; returns that day.

    Nobody else sees it. Raises RuleBroken where there is nothing to be reminded of any more: the round has closed,
    rests or is answered, they have left, or it would have closed by itself by then.
    """
    lock(check_in.space)
    locked = fresh(check_in)
    until = rules.snoozed_until(days=days, today=calendar.local_day(now, seat.user.zone), closes=locked.closes_on)
    if until is None or not _still_asked(locked, seat):
        raise RuleBroken(NOTHING_TO_REMIND)
    if not Snooze.objects.filter(check_in=locked, seat=seat, until=until).exists():  # else the same press again
        _sleep(locked, seat, until, now)
    return until


def _still_asked(check_in: CheckIn, seat: Seat) -> bool:
    answered = Review.objects.filter(Q(answered_at__isnull=False) | Q(skipped_at__isnull=False))
    return (
        check_in.closed_at is None
        and not rests(check_in)
        and seat in people(check_in)
        and not answered.filter(check_in=check_in, seat=seat).exists()
    )


def _sleep(check_in: CheckIn, seat: Seat, until: date, now: datetime) -> None:
    """One snooze a person and round; each new one is a letter of its own, and takes the place of the one before."""
    drop_mine(check_in, seat, "put off", now)
    asleep, _made = Snooze.objects.get_or_create(check_in=check_in, seat=seat, defaults={"number": 0})
    asleep.number, asleep.until = asleep.number + 1, until
    asleep.save(update_fields=["number", "until"])
    outbox.post(
        kind=SNOOZED,
        occurrence=asleep.occurrence,
        due_at=calendar.instant(until, check_in.hour, seat.user.zone),
        now=now,
        recipient=seat.user,
    )


@transaction.atomic
def wake(*, check_in: CheckIn, seat: Seat, now: datetime) -> None:
    """Takes a snooze back: its reminder does not come."""
    lock(check_in.space)
    _wake(check_in, seat, "not wanted any more", now)


def put_off_mine(check_in: CheckIn, seat: Seat, now: datetime) -> None:
    """This person's reminder comes a week later: the one that waits is moved, one that has gone out comes again."""
    until = check_in.local_date + calendar.A_WEEK
    due_at = calendar.instant(until, check_in.hour, seat.user.zone)
    outbox.drop(kind=AGAIN, occurrence=str(check_in.pk), reason="put off", now=now, recipient=seat.user)
    moved = outbox.move(kind=REMINDER, occurrence=str(check_in.pk), due_at=due_at, now=now, recipient=seat.user)
    if not moved and due_at > now:
        _sleep(check_in, seat, until, now)


def put_back_mine(check_in: CheckIn, seat: Seat, now: datetime) -> None:
    """And back again; one that came out of its day meanwhile comes at once."""
    _wake(check_in, seat, "not wanted any more", now)
    due_at = max(calendar.instant(check_in.local_date, check_in.hour, seat.user.zone), now)
    outbox.move(kind=REMINDER, occurrence=str(check_in.pk), due_at=due_at, now=now, recipient=seat.user)


# --- repaired, and moved with a person's clock ------------------------------------------------------------------------


@transaction.atomic
def repair(*, check_in: CheckIn, now: datetime) -> None:
    """Gives an open look back the reminders that it lacks; those that exist, sent or dropped, are left alone."""
    lock(check_in.space)
    locked = fresh(check_in)
    if locked.closed_at is None and not rests(locked):
        post_reminders(locked, now)


@transaction.atomic
def move_reminders(*, user: User, now: datetime) -> None:
    """After a person's time zone has changed: their reminders that are still to come move to the same hour there."""
    for seat in Seat.objects.filter(user=user, left_at=None):
        lock(seat.space)
        own = Q(seat=None) | Q(seat=seat)
        for check_in in CheckIn.objects.filter(own, space=seat.space_id, closed_at=None):
            day = _day(check_in, seat)
            _move(REMINDER, str(check_in.pk), day, check_in, user, now)
            _move(AGAIN, str(check_in.pk), day + calendar.AGAIN_AFTER, check_in, user, now)
        for asleep in Snooze.objects.filter(seat=seat, check_in__closed_at=None).select_related("check_in"):
            if asleep.until is not None:
                _move(SNOOZED, asleep.occurrence, asleep.until, asleep.check_in, user, now)


def _day(check_in: CheckIn, seat: Seat) -> date:
    """The day of this person's reminder: a week later where they said so."""
    later = Review.objects.filter(check_in=check_in, seat=seat).exclude(later_at=None).exists()
    return check_in.local_date + calendar.A_WEEK if later else check_in.local_date


def _move(kind: str, occurrence: str, day: date, check_in: CheckIn, user: User, now: datetime) -> None:
    due_at = max(calendar.instant(day, check_in.hour, user.zone), now)
    outbox.move(kind=kind, occurrence=occurrence, recipient=user, due_at=due_at, now=now)
