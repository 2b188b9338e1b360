"""Verbs that write a time for two. Each is atomic, locks the Space row first, and is harmless when repeated.

RuleBroken carries a sentence for the person; Stale is a RuleBroken for a page that has grown old meanwhile. Nothing is
changed when one is raised. Nothing here sends mail; what ends drops its reminders in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from secrets import token_urlsafe
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext as _

from apps.appointments import queries, rules
from apps.appointments.models import Appointment, Feed, Offer, OfferedTime, OwnHours, PutAside
from apps.appointments.rules import Hours
from apps.appointments.schedule import Option
from apps.appointments.words import REFUSED
from apps.core.dates import weekday
from apps.core.errors import RuleBroken, Stale
from apps.outbox import actions as outbox
from apps.spaces.actions import lock
from apps.spaces.models import Seat, Space
from apps.spaces.queries import check_not_quiet

if TYPE_CHECKING:
    from apps.accounts.models import User


REMINDER = "appointments.reminder"


def reminder_of(appointment: UUID) -> str:
    """How the occurrence of each reminder of this time begins; the instant at which it starts follows."""
    return f"{appointment}:"


@dataclass(frozen=True)
class Words:
    """What one person writes beside their times."""

    place: str = ""
    checklist: list[str] = field(default_factory=list)
    note: str = ""


def has_changed() -> Stale:
    return Stale(_("Something has changed here since you opened this page. Nothing was sent; this is how it is now."))


# --- suggesting and answering -----------------------------------------------------------------------------------------


@transaction.atomic
def propose(
    *,
    by: Seat,
    purpose: str,
    title: str,
    options: Sequence[Option],
    minutes: int,
    place: str,
    checklist: Sequence[str],
    note: str,
    now: datetime,
) -> Appointment:
    """Puts up to three times before the other. The same press twice makes one suggestion.

    One open suggestion of a kind, and none soon after one that was not answered so that both saw it (A.m.pursuit,
    law 3). Raises RuleBroken where that is so, in one's own quiet time, alone in the space, or for times that cannot
    be.
    """
    space = _lock(by)
    if Seat.objects.filter(space=space, left_at=None).count() != 2:
        raise RuleBroken(_("There is nobody yet to suggest a time to. This waits until there are two of you."))
    standing = queries.of_purpose(by, purpose, now)
    for one in standing:
        if one.state == rules.OPEN and one.newest_is_mine and _same_times(one, options) and one.own_title == title:
            return one.appointment
    check_not_quiet(by, now)
    _check_nobody_is_pushed(standing, now)
    _check_times(options, minutes, now)
    appointment = Appointment.objects.create(
        space=space,
        number=_next_number(space),
        author=by,
        purpose=purpose,
        title=title,
        minutes=minutes,
        created_at=now,
        changed_at=now,
    )
    _offer(appointment, by, 1, options, Words(place, list(checklist), note), now)
    return appointment


@transaction.atomic
def offer_times(
    *, by: Seat, number: int, seen: int, options: Sequence[Option], words: Words | None = None, now: datetime
) -> Appointment:
    """Other times: in answer to the other's, or to move what is agreed, which needs no reason. The same press is one.

    `seen` is the number of the newest offer on the page. Without `words` those of the last offer are for it as well.
    Raises Stale where there is a newer one, RuleBroken for times that cannot be or where it is not one's turn.
    """
    _lock(by)
    shown = _find(by, number, now)
    if shown.newest == seen + 1 and shown.newest_is_mine and _same_times(shown, options):
        return shown.appointment
    _check_seen(shown, seen)
    if shown.regular or not rules.may_offer(shown.state, newest_is_mine=shown.newest_is_mine):
        raise has_changed()
    _check_times(options, shown.appointment.minutes, now)
    if shown.state == rules.AGREED:
        _changed(shown.appointment, now)
    _offer(shown.appointment, by, seen + 1, options, words or Words(), now)
    return shown.appointment


@transaction.atomic
def move(*, by: Seat, number: int, seen: int, now: datetime) -> Appointment:
    """Puts the same hour on other days in place of what is agreed: by either, in one press, without a reason.

    The same press twice is one. Raises as `offer_times` does.
    """
    _lock(by)
    shown = _find(by, number, now)
    if shown.newest == seen + 1 and shown.newest_is_mine:
        return shown.appointment
    return offer_times(by=by, number=number, seen=seen, options=shown.suggested, now=now)


@transaction.atomic
def accept(*, by: Seat, number: int, seen: int, position: int, now: datetime) -> Appointment:
    """Takes one of the times that the other offers: it is agreed. The same press twice changes nothing.

    Raises Stale where a newer offer, another time or an end came first, RuleBroken where that time has passed.
    """
    _lock(by)
    shown = _find(by, number, now)
    _check_seen(shown, seen)
    chosen = next((one for one in shown.offered if one.position == position), None)
    if chosen is None or shown.newest_is_mine:
        raise has_changed()
    if chosen.accepted_at is not None and shown.appointment.ended_at is None:
        return shown.appointment
    if shown.state not in (rules.OPEN, rules.PASSED):
        raise has_changed()
    if chosen.starts_at <= now:
        raise RuleBroken(_("This time has passed. You can take another one, or offer other times."))
    OfferedTime.objects.filter(pk=chosen.pk).update(accepted_at=now)
    _changed(shown.appointment, now)
    return shown.appointment


@transaction.atomic
def put_aside(*, by: Seat, number: int, seen: int, now: datetime) -> None:
    """“Not now”: hides the other's offer on one's own pages. A private fact; nobody learns of it, ever (law 3)."""
    if lock(by.space).closed_at is not None:
        return
    shown = _find(by, number, now)
    if shown.newest == seen and shown.offer is not None and not shown.newest_is_mine:
        PutAside.objects.get_or_create(offer_id=shown.offer.id, seat=by, defaults={"put_aside_at": now})


@transaction.atomic
def end(*, by: Seat, number: int, seen: int, now: datetime) -> Appointment:
    """Takes a suggestion of one's own back, or calls off what is agreed: at once, without a reason, by either.

    Raises Stale where something newer is there. Repeating changes nothing.
    """
    _lock(by)
    shown = _find(by, number, now)
    if shown.appointment.ended_at is not None:
        return shown.appointment
    _check_seen(shown, seen)
    if shown.regular or not rules.may_end(shown.state, newest_is_mine=shown.newest_is_mine):
        raise has_changed()
    _end(Appointment.objects.filter(pk=shown.appointment.pk), now)
    return shown.appointment


# --- regular times: called by the apps that keep agreements -----------------------------------------------------------


@transaction.atomic
def keep_recurring(
    *,
    space: Space,
    by: Seat,
    source: UUID,
    title: str,
    days: Sequence[int],
    time: time,
    zone: str,
    minutes: int,
    first: date,
    weeks: int,
    now: datetime,
) -> Appointment:
    """A regular time from an agreed line (B.s5.protected_time). `source` is the line's lineage: the same one again
    changes the same time, and calendars learn of it by its sequence; repeated as it was, nothing changes.

    `by` is whose key seals the title. Raises RuleBroken where it is overlong or otherwise cannot be kept: the form
    that takes it asks `rules.recurrence_problem` first.
    """
    lock(space)
    if problem := rules.recurrence_problem(days=days, minutes=minutes, first=first, weeks=weeks, today=first):
        raise RuleBroken(REFUSED[problem])
    facts = {
        "days": "".join(str(day) for day in sorted(set(days))),
        "at": time,
        "zone": zone,
        "minutes": minutes,
        "first": first,
        "weeks": weeks,
    }
    kept = Appointment.objects.select_related("author").filter(space=space, source=source).first()
    if kept is None:
        return Appointment.objects.create(
            space=space,
            number=_next_number(space),
            author=by,
            purpose=rules.REGULAR,
            title=title,
            source=source,
            created_at=now,
            changed_at=now,
            **facts,
        )
    if kept.ended_at is None and kept.title == title and all(getattr(kept, name) == facts[name] for name in facts):
        return kept
    for name, value in facts.items():
        setattr(kept, name, value)
    kept.author, kept.title = by, title
    kept.ended_at, kept.changed_at, kept.sequence = None, now, kept.sequence + 1
    kept.save()
    return kept


@transaction.atomic
def end_recurring(*, space: Space, source: UUID, now: datetime) -> None:
    """The line rests or is gone: its regular time ends."""
    lock(space)
    _end(Appointment.objects.filter(space=space, source=source), now)


@transaction.atomic
def end_all_recurring(*, space: Space, now: datetime) -> None:
    """What both agreed on has ended: every regular time ends."""
    lock(space)
    _end(Appointment.objects.filter(space=space, purpose=rules.REGULAR), now)


@transaction.atomic
def close_all(*, space: Space, now: datetime) -> None:
    """Leaving ends every time of the space."""
    lock(space)
    _end(Appointment.objects.filter(space=space), now)


# --- one's own: hours, and the calendar's address ---------------------------------------------------------------------


@transaction.atomic
def save_hours(*, user: User, hours: Hours) -> None:
    """One's own hours, for one's own hints. Nobody else ever reads them."""
    facts = {
        "evening_ends": hours.evening_ends,
        "morning_begins": hours.morning_begins,
        "work_ends": hours.work_ends,
        "work_days": "".join(str(day) for day in hours.work_days),
    }
    OwnHours.objects.update_or_create(user=user, defaults=facts)


@transaction.atomic
def make_feed(*, user: User, now: datetime) -> str:
    """A new private address for one's calendar program; an older one ends. Returns its token, stored nowhere."""
    token = token_urlsafe(32)
    Feed.objects.update_or_create(user=user, defaults={"token_digest": queries.digest_of(token), "made_at": now})
    return token


@transaction.atomic
def end_feed(*, user: User) -> None:
    """The address leads nowhere any more."""
    Feed.objects.filter(user=user).delete()


# --- what the verbs share ---------------------------------------------------------------------------------------------


def _lock(by: Seat) -> Space:
    """The locked space of a press; the other may have closed it in this very moment."""
    space = lock(by.space)
    if space.closed_at is not None:
        raise RuleBroken(_("This space is closed."))
    return space


def _find(by: Seat, number: int, now: datetime) -> queries.Shown:
    """The time with this number; the view has looked it up before, so it is there."""
    shown = queries.find(by, number, now)
    if shown is None:
        raise has_changed()
    return shown


def _check_seen(shown: queries.Shown, seen: int) -> None:
    if shown.newest != seen:
        raise has_changed()


def _check_nobody_is_pushed(standing: Sequence[queries.Shown], now: datetime) -> None:
    open_one = next((one for one in standing if one.state == rules.OPEN), None)
    if open_one is not None and open_one.newest_is_mine:
        raise RuleBroken(_("A suggestion of yours like this one is open. One at a time leaves room for an answer."))
    if open_one is not None:
        raise RuleBroken(_("Times for something like this lie here already. You can take one, or offer others there."))
    mine = [rules.Earlier(one.appointment.created_at, one.answered) for one in standing if one.author_is_me]
    if until := rules.waits_until(mine, now):
        raise RuleBroken(
            _("You suggested something like this lately. A little room does you both good: try again from %(day)s on.")
            % {"day": weekday(until)}
        )


def _check_times(options: Sequence[Option], minutes: int, now: datetime) -> None:
    """The form has said the same next to each field; here it is the law."""
    if not 1 <= len(options) <= rules.MOST_TIMES:
        raise RuleBroken(_("Choose one to three times."))
    problems = [rules.time_problem(option.instant, now) for option in options] + [rules.minutes_problem(minutes)]
    if problem := next(filter(None, problems), ""):
        raise RuleBroken(REFUSED[problem])


def _same_times(shown: queries.Shown, options: Sequence[Option]) -> bool:
    return {one.starts_at for one in shown.offered} == {option.instant for option in options}


def _offer(
    appointment: Appointment, by: Seat, number: int, options: Sequence[Option], words: Words, now: datetime
) -> None:
    offer = Offer.objects.create(
        appointment=appointment,
        number=number,
        seat=by,
        offered_at=now,
        place=words.place,
        checklist=words.checklist,
        note=words.note,
    )
    different = {option.instant: option for option in reversed(options)}
    for position, starts_at in enumerate(sorted(different), start=1):
        option = different[starts_at]
        OfferedTime.objects.create(
            offer=offer,
            position=position,
            local_date=option.local_date,
            at=option.time,
            zone=option.zone,
            starts_at=starts_at,
        )


def _next_number(space: Space) -> int:
    return (Appointment.objects.filter(space=space).aggregate(last=Max("number"))["last"] or 0) + 1


def _changed(appointment: Appointment, now: datetime) -> None:
    """What stands in calendars is another from now on."""
    Appointment.objects.filter(pk=appointment.pk).update(sequence=F("sequence") + 1, changed_at=now)


def _end(found: QuerySet[Appointment], now: datetime) -> None:
    """Ends them, and drops their reminders in the same transaction."""
    ending = list(found.filter(ended_at=None).values_list("pk", flat=True))
    Appointment.objects.filter(pk__in=ending).update(ended_at=now, changed_at=now, sequence=F("sequence") + 1)
    for pk in ending:
        outbox.drop_all(kind=REMINDER, beginning=reminder_of(pk), reason="no longer agreed", now=now)
