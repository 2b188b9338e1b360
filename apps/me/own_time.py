"""A mail a week for oneself: when the next one is, when it stops by itself, and what it says.

It depends on nothing that the other does. Three in a row that went unused, and it stops; used means that this person
wrote something since the first of the three, or pressed “keep this coming”. No visit is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts import mail_links
from apps.accounts.models import OwnTime
from apps.accounts.rules import OWN_TIME
from apps.checkins import letters as reminders
from apps.checkins import queries as checkins
from apps.checkins import schedule
from apps.core.links import absolute
from apps.outbox import actions as outbox
from apps.outbox import kinds
from apps.outbox.models import Letter
from apps.plans import queries as plans

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

KIND = "me.own-time"
UNUSED = 3
# So long before, its letter is written; a day that nobody looked at is left out and never made up for.
AHEAD = timedelta(hours=24)


def next_day(weekday: int, hour: int, zone: ZoneInfo, now: datetime) -> date:
    """The next day on which it is that weekday and the hour is still to come, on the person's own wall."""
    today = schedule.local_day(now, zone)
    day = today + timedelta(days=(weekday - today.weekday()) % 7)
    return day if schedule.instant(day, hour, zone) > now else day + timedelta(days=7)


def is_unused(sent: Sequence[datetime], *, used_at: datetime | None, wrote: bool) -> bool:
    """Whether the last three, `sent` newest first, all went unused."""
    if len(sent) < UNUSED or wrote:
        return False
    return used_at is None or used_at < sent[UNUSED - 1]


@transaction.atomic
def post_next(*, own_time: OwnTime, now: datetime) -> None:
    """Writes the letter of the coming day, or stops where the last three went unused. Harmless when repeated."""
    locked = OwnTime.objects.select_for_update().select_related("user").filter(pk=own_time.pk, stopped_at=None).first()
    if locked is None:
        return
    user = locked.user
    day = next_day(locked.weekday, locked.hour, user.zone, now)
    due_at = schedule.instant(day, locked.hour, user.zone)
    if due_at - now > AHEAD:
        return
    letters = Letter.objects.filter(kind=KIND, recipient=user, sent_at__gte=locked.since).order_by("-sent_at")
    sent = [at for at in letters.values_list("sent_at", flat=True)[:UNUSED] if at is not None]
    wrote = len(sent) == UNUSED and (checkins.wrote_since(user, sent[-1]) or plans.wrote_since(user, sent[-1]))
    if is_unused(sent, used_at=locked.kept_at, wrote=wrote):
        OwnTime.objects.filter(pk=locked.pk).update(stopped_at=now)
        return
    outbox.post(kind=KIND, occurrence=day.isoformat(), due_at=due_at, now=now, recipient=user)


def register_kinds() -> None:
    """Tells the outbox about this mail."""
    kinds.register(kinds.Kind(KIND, decide, render, unsubscribe))


def decide(letter: Letter, now: datetime) -> kinds.Send | kinds.Hold | kinds.Drop:
    """On its day and by day only, where it is still wanted; not beside a reminder to look back."""
    user = letter.recipient
    assert user is not None
    own_time = OwnTime.objects.filter(user=user, stopped_at=None).first()
    day = date.fromisoformat(letter.occurrence)
    if own_time is None or user.mail_nothing:
        return kinds.Drop("mail not wanted")
    if own_time.weekday != day.weekday() or schedule.local_day(now, user.zone) > day:
        return kinds.Drop("another day")
    due_at = schedule.instant(day, own_time.hour, user.zone)
    if now < due_at:
        return kinds.Hold(due_at)
    if not schedule.in_window(now, user.zone):
        return kinds.Drop("another day")
    return kinds.Drop("another mail today") if reminders.goes_today(user, now) else kinds.Send()


def render(letter: Letter, now: datetime) -> kinds.Mail:
    """Two sentences and a link."""
    context = {"link": absolute(reverse("me:own_time")), "stop": unsubscribe(letter)}
    return kinds.mail("own_time", _("A little time"), context)


def unsubscribe(letter: Letter) -> str:
    """The address that ends this mail."""
    assert letter.recipient is not None
    return mail_links.stop_address(letter.recipient, OWN_TIME, letter.due_at.date())
