"""The mails of looking back: neutral outside, and inside a link and no word of anybody (law 5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts import mail_links
from apps.checkins import mail_links as links
from apps.checkins import rules, schedule
from apps.checkins.actions import AGAIN, AGREED, REMINDER, SNOOZED
from apps.checkins.models import CheckIn, Review, Snooze
from apps.core.links import absolute
from apps.outbox import kinds
from apps.outbox.models import SENT, Letter
from apps.spaces.models import Seat

if TYPE_CHECKING:
    from apps.accounts.models import User


# Of all these together at most one a day comes to one person.
REMINDERS = (REMINDER, AGAIN, SNOOZED)
# Which of a person's wishes stands for which kind.
WISHES = {AGREED: "mail_agreed", REMINDER: "mail_reminders", AGAIN: "mail_again", SNOOZED: "mail_reminders"}


def register_kinds() -> None:
    """Tells the outbox about the mails of this app."""
    kinds.register(kinds.Kind(AGREED, decide_agreed, render_agreed, unsubscribe))
    for name in REMINDERS:
        kinds.register(kinds.Kind(name, decide_reminder, render_reminder, unsubscribe))


def decide_agreed(letter: Letter, now: datetime) -> kinds.Send | kinds.Hold | kinds.Drop:
    """The confirmation goes out at once, to whoever is still here and wants mail.

    How late it is counts from when it was due, so one that a quiet time has held is not late because of that.
    """
    check_in = _check_in(letter)
    reason = _not_to_be_sent(letter, check_in)
    if not reason and schedule.lateness(letter.due_at, now) is schedule.Lateness.DROPPED:
        reason = "more than 14 days late"
    return kinds.Drop(reason) if reason else kinds.Send()


def decide_reminder(letter: Letter, now: datetime) -> kinds.Send | kinds.Hold | kinds.Drop:
    """A reminder goes out by day, at most one a day, and only while there is something left to answer."""
    check_in = _check_in(letter)
    reason = _not_to_be_sent(letter, check_in) or (_no_need(letter, check_in, now) if check_in else "")
    if reason:
        return kinds.Drop(reason)
    zone = _recipient(letter).zone
    if not schedule.in_window(now, zone):
        return kinds.Hold(schedule.next_window(now, zone))
    if _another_today(letter, now):
        return kinds.Hold(schedule.next_window(now, zone))
    return kinds.Send()


def unsubscribe(letter: Letter) -> str:
    """The address that ends mail of this kind for its reader."""
    return mail_links.stop_address(_recipient(letter), WISHES[letter.kind], letter.due_at.date())


def _recipient(letter: Letter) -> User:
    """These letters go to people with an account only."""
    assert letter.recipient is not None
    return letter.recipient


def _check_in(letter: Letter) -> CheckIn | None:
    return CheckIn.objects.select_related("space", "seat").filter(pk=_key(letter)).first()


def _key(letter: Letter) -> str:
    """The check-in that a letter is about: its occurrence begins with it."""
    return letter.occurrence.partition(":")[0]


def _not_to_be_sent(letter: Letter, check_in: CheckIn | None) -> str:
    """Why this mail is not to be sent to anybody any more, or an empty text."""
    if check_in is None:
        return "no longer there"
    if check_in.space.closed_at is not None:
        return "space closed"
    if check_in.closed_at is not None:
        return f"closed: {check_in.closed_as}"
    if _seat(letter, check_in) is None:
        return "left"
    return "" if _recipient(letter).wants(WISHES[letter.kind]) else "mail not wanted"


def _seat(letter: Letter, check_in: CheckIn) -> Seat | None:
    seats = Seat.objects.filter(space=check_in.space_id, user=letter.recipient_id, left_at=None)
    return (seats if check_in.seat_id is None else seats.filter(pk=check_in.seat_id)).first()


def _no_need(letter: Letter, check_in: CheckIn, now: datetime) -> str:
    """Why nobody needs to be reminded, or an empty text."""
    if rules.rests(paused_at=check_in.paused_at, quiet_rounds=check_in.quiet_rounds):
        return "resting"
    mine = Review.objects.filter(check_in=check_in, seat__user=letter.recipient_id)
    if mine.filter(Q(answered_at__isnull=False) | Q(skipped_at__isnull=False)).exists():
        return "answered or skipped"
    if _lateness(letter, check_in, now) is schedule.Lateness.DROPPED:
        return "more than 14 days late"
    return ""


def _lateness(letter: Letter, check_in: CheckIn, now: datetime) -> schedule.Lateness:
    """How late it is by the day itself, also after it was held until a morning."""
    day = _day(letter, check_in)
    if day is None:
        return schedule.Lateness.DROPPED
    return schedule.lateness(schedule.instant(day, check_in.hour, _recipient(letter).zone), now)


def _day(letter: Letter, check_in: CheckIn) -> date | None:
    """The day that this letter is for, on its reader's own wall; None where they have put it off once more."""
    if letter.kind == SNOOZED:
        asleep = Snooze.objects.filter(check_in=check_in, seat__user=letter.recipient_id).first()
        return asleep.until if asleep and asleep.occurrence == letter.occurrence else None
    if letter.kind == AGAIN:
        return check_in.local_date + schedule.AGAIN_AFTER
    later = Review.objects.filter(check_in=check_in, seat__user=letter.recipient_id).exclude(later_at=None)
    return check_in.local_date + schedule.A_WEEK if later.exists() else check_in.local_date


def goes_today(user: User, now: datetime) -> bool:
    """Whether a reminder to look back went to this person today, or is due today; other mail of theirs makes way."""
    starts, ends = schedule.day_bounds(now, user.zone)
    today = Q(end_reason=SENT, sent_at__gte=starts, sent_at__lt=ends) | Q(ended_at=None, due_at__lt=ends)
    return Letter.objects.filter(today, kind__in=REMINDERS, recipient=user).exists()


def _another_today(letter: Letter, now: datetime) -> bool:
    """Whether another reminder to this person went out today or, where several are due at once, goes first.

    The order decides and not the moment, so two workers with one letter each come to the same end.
    """
    starts, ends = schedule.day_bounds(now, _recipient(letter).zone)
    others = Letter.objects.filter(kind__in=REMINDERS, recipient=letter.recipient_id).exclude(pk=letter.pk)
    sent = Q(end_reason=SENT, sent_at__gte=starts, sent_at__lt=ends)
    earlier = Q(due_at__lt=letter.due_at) | Q(due_at=letter.due_at, pk__lt=letter.pk)
    return others.filter(sent | (Q(ended_at=None, due_at__lte=now) & earlier)).exists()


def render_agreed(letter: Letter, now: datetime) -> kinds.Mail:
    """The confirmation that something is kept; what it is stands behind the link."""
    return kinds.mail("checkin_agreed", _("Kept for you"), {"link": _link(), "stop": unsubscribe(letter)})


def render_reminder(letter: Letter, now: datetime) -> kinds.Mail:
    """The reminder; worded softer where it is some days late, or comes once more."""
    check_in = CheckIn.objects.get(pk=_key(letter))
    seat = _seat(letter, check_in)
    assert seat is not None  # decide has just said so
    softer = letter.kind != REMINDER or _lateness(letter, check_in, now) is schedule.Lateness.SOFTER
    context = {
        "link": _link(),
        "softer": softer,
        "later": links.later_address(check_in, seat),
        "stop": unsubscribe(letter),
    }
    return kinds.mail("checkin_reminder", _("A small reminder"), context)


def _link() -> str:
    """The same for a look back of both and for one's own: a mailbox may have two readers."""
    return absolute(reverse("checkins:due"))
