"""What a seat may read of times for two. Only here are “not now” and one's own hours read: for that person alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from apps.appointments import rules, schedule
from apps.appointments.models import Appointment, Feed, Offer, OfferedTime, OwnHours, PutAside
from apps.appointments.rules import Hours
from apps.appointments.schedule import Option
from apps.appointments.words import HINTS, TITLES
from apps.core.dates import clock_time
from apps.spaces.models import Seat
from apps.spaces.queries import digest_of as digest_of
from apps.spaces.queries import seat_of

if TYPE_CHECKING:
    from apps.accounts.models import User

AT_HOME = 2
TIME = ("id", "position", "local_date", "at", "zone", "starts_at", "accepted_at")
EARLIER = 20
FEED_KEEPS = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class ShownTime:
    """One offered time. `hints` are this reader's own; `typed` is the hour that the clocks skip, where they do."""

    position: int
    starts_at: datetime
    ends_at: datetime
    typed: str
    passed: bool
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """What a calendar is told: when and how long, and nothing of the two."""

    uid: UUID
    sequence: int
    changed_at: datetime
    starts_at: datetime
    zone: str
    minutes: int
    days: tuple[int, ...] = ()
    count: int = 1
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """One offer without its words."""

    id: UUID
    number: int
    seat_id: int
    put_aside: bool  # by the reader
    times: tuple[OfferedTime, ...]


@dataclass(frozen=True)
class Shown:
    """One time for two as `me` may see it at `now`; its own page has the words of the offers and the hints as well."""

    appointment: Appointment
    me: Seat
    now: datetime
    offers: tuple[Offered, ...]
    words: tuple[Offer, ...] = ()
    hours: Hours | None = None

    # who and what

    @property
    def number(self) -> int:
        return self.appointment.number

    @property
    def purpose(self) -> str:
        return self.appointment.purpose

    @property
    def minutes(self) -> int:
        return self.appointment.minutes

    @property
    def own_title(self) -> str:
        """What its author called it; empty where they left that open."""
        return self.appointment.title

    @property
    def title(self) -> str:
        return self.own_title or str(TITLES[self.purpose])

    @property
    def author_is_me(self) -> bool:
        return self.appointment.author_id == self.me.pk

    @property
    def offer(self) -> Offered | None:
        """The newest offer; a regular time has none."""
        return self.offers[-1] if self.offers else None

    @property
    def newest(self) -> int:
        """Its number: what a page has seen."""
        return self.offer.number if self.offer else 0

    @property
    def newest_is_mine(self) -> bool:
        return self.offer is not None and self.offer.seat_id == self.me.pk

    @property
    def put_aside(self) -> bool:
        """Whether the reader said “not now” to the newest offer."""
        return self.offer is not None and self.offer.put_aside

    @property
    def answered(self) -> bool:
        """Whether it was answered so that both saw it: a time was taken, or other times came from the other person."""
        return self._was_agreed or len({offer.seat_id for offer in self.offers}) > 1

    @property
    def place(self) -> str:
        return next((offer.place for offer in reversed(self.words) if offer.place), "")

    @property
    def checklist(self) -> list[str]:
        """What either of them put on it, each once."""
        return list(dict.fromkeys(text for offer in self.words for text in offer.checklist))

    @property
    def notes(self) -> list[Offer]:
        """The offers that came with a few words."""
        return [offer for offer in self.words if offer.note]

    # when

    @property
    def offered(self) -> tuple[OfferedTime, ...]:
        return self.offer.times if self.offer else ()

    @property
    def accepted(self) -> OfferedTime | None:
        """The time of the newest offer that was taken."""
        return next((one for one in self.offered if one.accepted_at), None)

    @property
    def _taken(self) -> list[OfferedTime]:
        return [one for offer in self.offers for one in offer.times if one.accepted_at]

    @property
    def _was_agreed(self) -> bool:
        return bool(self._taken)

    @property
    def was_moved(self) -> bool:
        """Whether a time was agreed, and other times were put in its place."""
        return self._was_agreed and self.accepted is None

    @property
    def regular(self) -> bool:
        return self.purpose == rules.REGULAR

    @property
    def following(self) -> datetime | None:
        """The next start of a regular time that is not over."""
        one = self.appointment
        if not self.regular or one.at is None:
            return None
        return schedule.upcoming(self._dates, one.at, one.zone, minutes=one.minutes, now=self.now)

    @property
    def _dates(self) -> list:
        one = self.appointment
        if one.first is None or one.weeks is None:
            return []
        return schedule.occurrences(one.first, self._days, one.weeks)

    @property
    def _days(self) -> tuple[int, ...]:
        return tuple(int(day) for day in self.appointment.days)

    @property
    def every(self) -> str:
        """On which days a regular time comes, and at what hour of the place where it was agreed."""
        days = _("Every day") if len(self._days) == 7 else ", ".join(str(WEEKDAYS[day]) for day in self._days)
        return f"{days}, {clock_time(self.appointment.at)}"

    @property
    def state(self) -> str:
        """One of the words in `rules`."""
        if self.regular:
            return rules.regular_state(ended_at=self.appointment.ended_at, following=self.following)
        return rules.state(
            rules.Facts(
                minutes=self.minutes,
                offered=tuple(one.starts_at for one in self.offered),
                accepted=self.accepted.starts_at if self.accepted else None,
                was_agreed=self._was_agreed,
                ended_at=self.appointment.ended_at,
            ),
            self.now,
        )

    @property
    def starts_at(self) -> datetime | None:
        """When it is, once that is agreed."""
        return self.following if self.regular else self.accepted.starts_at if self.accepted else None

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None

    @property
    def choices(self) -> list[ShownTime]:
        """The times of the newest offer."""
        return [self._shown(one) for one in self.offered]

    @property
    def agreed(self) -> ShownTime | None:
        """The time that was taken."""
        return self._shown(self.accepted) if self.accepted else None

    def _shown(self, one: OfferedTime) -> ShownTime:
        return ShownTime(
            position=one.position,
            starts_at=one.starts_at,
            ends_at=one.starts_at + timedelta(minutes=self.minutes),
            typed=clock_time(one.at) if one.is_skipped else "",
            passed=one.starts_at <= self.now,
            hints=hints(self.me, one.starts_at, self.minutes, self.hours) if self.hours else (),
        )

    # what one may press

    @property
    def may_accept(self) -> bool:
        return self.state == rules.OPEN and not self.newest_is_mine

    @property
    def may_offer(self) -> bool:
        return not self.regular and rules.may_offer(self.state, newest_is_mine=self.newest_is_mine)

    @property
    def may_end(self) -> bool:
        return not self.regular and rules.may_end(self.state, newest_is_mine=self.newest_is_mine)

    @property
    def suggested(self) -> list[Option]:
        """What “move it” puts in place of the agreed time, in one press."""
        if self.accepted is None:
            return []
        local = self.accepted.local
        found = schedule.suggested(local.date(), local.time(), self.accepted.zone, self.now)
        return [option for option in found if not rules.time_problem(option.instant, self.now)]

    # what a calendar is told

    @property
    def event(self) -> Event | None:
        """None where nothing was ever agreed. A time that was moved or called off is told of as cancelled."""
        one = self.appointment
        if self.regular:
            dates = self._dates
            assert one.at is not None
            return self._event(schedule.instant(dates[0], one.at, one.zone), one.zone, count=len(dates))
        if not self._was_agreed:
            return None
        last = self._taken[-1]
        return self._event(last.starts_at, last.zone, cancelled=self.was_moved)

    def _event(self, starts_at: datetime, zone: str, *, count: int = 1, cancelled: bool = False) -> Event:
        one = self.appointment
        return Event(
            uid=one.pk,
            sequence=one.sequence,
            changed_at=one.changed_at,
            starts_at=starts_at,
            zone=zone,
            minutes=one.minutes,
            days=self._days,
            count=count,
            cancelled=cancelled or one.ended_at is not None,
        )


# --- finding ----------------------------------------------------------------------------------------------------------


def find(seat: Seat, number: int, now: datetime) -> Shown | None:
    """The time with this number."""
    return next(iter(_load(seat, Appointment.objects.filter(number=number), now)), None)


def page_of(seat: Seat, number: int, now: datetime) -> Shown | None:
    """The same with what was written beside the offers, and the hints that belong to this reader."""
    shown = find(seat, number, now)
    if shown is None:
        return None
    seats = _seats(seat)
    words = tuple(Offer.objects.filter(appointment=shown.appointment).order_by("number"))
    for offer in words:
        offer.seat = seats[offer.seat_id]
    return replace(shown, words=words, hours=hours_of(seat.user))


def of_purpose(seat: Seat, purpose: str, now: datetime) -> list[Shown]:
    """What stands or stood lately of one kind, for the rule that nobody is pushed."""
    lately = Q(ended_at=None) | Q(created_at__gt=now - rules.PAUSE)
    return _load(seat, Appointment.objects.filter(lately, purpose=purpose), now)


@dataclass(frozen=True, slots=True)
class Times:
    """Everything on the page of times."""

    for_me: list[Shown]
    mine: list[Shown]
    put_aside: list[Shown]
    agreed: list[Shown]
    earlier: list[Shown]


def times(seat: Seat, now: datetime) -> Times:
    """All times of the space, sorted by where they stand."""
    found = _load(seat, Appointment.objects.all(), now)
    theirs = [one for one in found if one.state == rules.OPEN and not one.newest_is_mine]
    earlier = [one for one in found if one.state not in (rules.OPEN, rules.AGREED)]
    return Times(
        for_me=[one for one in theirs if not one.put_aside],
        mine=[one for one in found if one.state == rules.OPEN and one.newest_is_mine],
        put_aside=[one for one in theirs if one.put_aside],
        agreed=_by_start(found),
        earlier=earlier[: -EARLIER - 1 : -1],
    )


@dataclass(frozen=True, slots=True)
class AtHome:
    """What home says of times: one that the other suggests, and the next two that are agreed."""

    open: Shown | None
    upcoming: list[Shown]


def at_home(seat: Seat, now: datetime) -> AtHome:
    """For the home page. What I put aside is not there; what the other put aside changes nothing here."""
    ahead = OfferedTime.objects.filter(offer__appointment=OuterRef("pk"), starts_at__gt=now - timedelta(days=1))
    found = _load(seat, Appointment.objects.filter(Q(purpose=rules.REGULAR) | Exists(ahead), ended_at=None), now)
    theirs = [one for one in found if one.state == rules.OPEN and not one.newest_is_mine and not one.put_aside]
    return AtHome(open=next(iter(theirs), None), upcoming=_by_start(found)[:AT_HOME])


def upcoming(seat: Seat, now: datetime) -> list[Shown]:
    """The next agreed times."""
    return at_home(seat, now).upcoming


def open_for_me(seat: Seat, now: datetime) -> Shown | None:
    """A suggestion of the other that I can answer and did not put aside."""
    return at_home(seat, now).open


def _by_start(found: Iterable[Shown]) -> list[Shown]:
    agreed = [(one.starts_at, one) for one in found if one.state == rules.AGREED]
    return [one for start, one in sorted(agreed, key=lambda pair: pair[0] or datetime.max.replace(tzinfo=UTC))]


def _seats(seat: Seat) -> dict[int, Seat]:
    return {one.pk: one for one in (seat, seat.other) if one is not None}


def _load(seat: Seat, found: QuerySet[Appointment], now: datetime) -> list[Shown]:
    """In one query, a row for each offered time, oldest first. “Not now” is asked for the reader alone (law 3)."""
    seats = _seats(seat)
    rows = found.filter(space=seat.space_id).annotate(
        offer_id=F("offers"),
        offer_number=F("offers__number"),
        offer_seat=F("offers__seat"),
        aside=Exists(PutAside.objects.filter(offer=OuterRef("offers"), seat=seat)),
        **{f"time_{name}": F(f"offers__times__{name}") for name in TIME},
    )
    shown = []
    for _number, same in groupby(
        rows.order_by("number", "offers__number", "offers__times__position"), lambda row: row.number
    ):
        first, *more = same
        first.author = seats[first.author_id]
        offers = groupby((first, *more), lambda row: row.offer_id) if first.offer_id else ()  # type: ignore[attr-defined]
        shown.append(Shown(first, seat, now, tuple(_offered(list(times)) for _id, times in offers)))
    return shown


def _offered(rows: list[Any]) -> Offered:
    """One offer from its rows."""
    one = rows[0]
    times = (
        OfferedTime(offer_id=row.offer_id, **{name: getattr(row, f"time_{name}") for name in TIME}) for row in rows
    )
    return Offered(one.offer_id, one.offer_number, one.offer_seat, one.aside, tuple(times))


# --- one's own hours --------------------------------------------------------------------------------------------------


def hours_of(user: User) -> Hours:
    """The hours of this person, or the usual ones. Only ever asked for one's own (law 3)."""
    kept = OwnHours.objects.filter(user=user).first()
    if kept is None:
        return Hours()
    days = tuple(int(day) for day in kept.work_days)
    return Hours(kept.evening_ends, kept.morning_begins, kept.work_ends, days)


def hints(seat: Seat, starts_at: datetime, minutes: int, hours: Hours) -> tuple[str, ...]:
    """What makes this time a hard one for the person on `seat`, in words, on their own wall."""
    local = starts_at.astimezone(seat.user.zone)
    return tuple(str(HINTS[one]) for one in rules.hints(local, minutes, hours))


def looked_at(seat: Seat, options: Sequence[Option], minutes: int, now: datetime) -> list[ShownTime]:
    """Times that somebody is about to offer, with their own hints."""
    hours = hours_of(seat.user)
    return [
        ShownTime(
            position=position,
            starts_at=option.instant,
            ends_at=option.instant + timedelta(minutes=minutes),
            typed=clock_time(option.time) if schedule.is_skipped(option.local_date, option.time, option.zone) else "",
            passed=option.instant <= now,
            hints=hints(seat, option.instant, minutes, hours),
        )
        for position, option in enumerate(options, start=1)
    ]


# --- the calendar's address -------------------------------------------------------------------------------------------


def has_feed(user: User) -> bool:
    """Whether this person has made an address for their calendar program."""
    return Feed.objects.filter(user=user).exists()


def feed_events(token: str, now: datetime) -> list[Event] | None:
    """What the calendar behind this address shows: the agreed times of the open space of its person.

    None for an unknown or revoked address. Empty where that person has left: the space was the permission.
    """
    feed = Feed.objects.select_related("user").filter(token_digest=digest_of(token)).first()
    if feed is None:
        return None
    seat = seat_of(feed.user)
    if seat is None:
        return []
    found = _load(seat, Appointment.objects.filter(ended_at=None), now)
    events = [one.event for one in found if one.state in (rules.AGREED, rules.OVER)]
    return [event for event in events if event and (event.count > 1 or now - event.starts_at < FEED_KEEPS)]
