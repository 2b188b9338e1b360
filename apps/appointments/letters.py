"""The reminder of a time for two, for whoever asked for it in their settings: when, and no word of what (law 5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import mail_links
from apps.appointments import queries, rules, schedule
from apps.appointments.actions import REMINDER, reminder_of
from apps.appointments.models import Appointment
from apps.core.links import absolute
from apps.outbox import actions as outbox
from apps.outbox import kinds
from apps.outbox.models import Letter
from apps.spaces.queries import seat_of

if TYPE_CHECKING:
    from apps.accounts.models import User

WISH = "mail_appointments"
# So long before, the letter is written; who accepts a time that is nearer than its reminder needs none.
AHEAD = timedelta(hours=24)
AT_MOST_LATE = timedelta(hours=1)


def register_kinds() -> None:
    """Tells the outbox about the mail of this app."""
    kinds.register(kinds.Kind(REMINDER, decide, render, unsubscribe))


@transaction.atomic
def post_reminders(*, user: User, now: datetime) -> None:
    """Writes the reminders of this person's agreed times that come within a day. Harmless when repeated."""
    seat = seat_of(user)
    if seat is None or not user.wants(WISH):
        return
    for shown in queries.upcoming(seat, now):
        starts_at = shown.starts_at
        if starts_at is None:
            continue
        due_at = schedule.reminder_at(starts_at, user.zone)
        if now - AT_MOST_LATE < due_at <= now + AHEAD:
            occurrence = f"{reminder_of(shown.appointment.pk)}{starts_at.isoformat()}"
            outbox.post(kind=REMINDER, occurrence=occurrence, due_at=due_at, now=now, recipient=user)


def decide(letter: Letter, now: datetime) -> kinds.Send | kinds.Drop:
    """Only while that very time still stands and lies ahead; it is asked right before sending."""
    user = letter.recipient
    assert user is not None
    if not user.wants(WISH):
        return kinds.Drop("mail not wanted")
    starts_at = _starts_at(letter)
    if now >= starts_at:
        return kinds.Drop("has begun")
    seat = seat_of(user)
    key = letter.occurrence.partition(":")[0]
    appointment = Appointment.objects.filter(pk=key, space=seat.space_id).first() if seat else None
    shown = queries.find(seat, appointment.number, now) if seat and appointment else None
    stands = shown is not None and shown.state == rules.AGREED and shown.starts_at == starts_at
    return kinds.Send() if stands else kinds.Drop("no longer agreed")


def _starts_at(letter: Letter) -> datetime:
    return datetime.fromisoformat(letter.occurrence.partition(":")[2])


def render(letter: Letter, now: datetime) -> kinds.Mail:
    """The hour, on the wall of whoever reads it, and a link."""
    assert letter.recipient is not None
    with timezone.override(letter.recipient.zone):
        context = {
            "starts_at": _starts_at(letter),
            "link": absolute(reverse("appointments:list")),
            "stop": unsubscribe(letter),
        }
        return kinds.mail("appointment_reminder", _("A small reminder"), context)


def unsubscribe(letter: Letter) -> str:
    """The address that ends this mail."""
    assert letter.recipient is not None
    return mail_links.stop_address(letter.recipient, WISH, letter.due_at.date())
