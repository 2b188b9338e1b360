"""What a seat may read of marks: its own, and of the other's only that both marked the same thing in the same week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from apps.checkins import moments, rules
from apps.checkins.models import CheckIn, Item, Mark, Review
from apps.checkins.schedule import local_day
from apps.core.dates import day_year
from apps.spaces.models import Seat

if TYPE_CHECKING:
    from apps.accounts.models import User

# So far back one's own small moments are listed.
SHOWN_FOR = timedelta(weeks=4)


class AgreedLine(Protocol):
    """What the board needs to know of an agreed line; the app of the plans has it."""

    lineage: UUID
    words: dict[str, str]
    for_seat_id: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """One agreed line on the home page: whether I marked it today, and whether both did this week."""

    lineage: UUID
    what: str
    of_both: bool
    today: date
    mine: bool
    both: bool


@dataclass(frozen=True, slots=True)
class Noticed:
    """One small moment of my own, with my own words."""

    moment: str
    what: str
    words: str
    on: date
    both: bool


@dataclass(frozen=True, slots=True)
class BothWeek:
    """A week in which both marked something, and what."""

    monday: date
    things: tuple[str, ...]


def board(seat: Seat, lines: Iterable[AgreedLine], now: datetime) -> list[Kept]:
    """The agreed lines that can be marked today. One query; the other's marks come in only through `both_marked`."""
    today = local_day(now, seat.user.zone)
    monday = rules.week_of(today)
    found = Mark.objects.filter(seat__space=seat.space_id, on__gte=monday, moment="").defer("words")
    marks = [rules.Marked(one.seat_id, one.thing, one.on) for one in found]
    both = rules.both_marked(marks)
    mine = {mark.thing for mark in marks if mark.seat == seat.pk and mark.on == today}
    return [
        Kept(
            lineage=line.lineage,
            what=line.words.get("what", ""),
            of_both=line.for_seat_id is None,
            today=today,
            mine=str(line.lineage) in mine,
            both=(str(line.lineage), monday) in both,
        )
        for line in lines
    ]


def noticed(seat: Seat, now: datetime) -> list[Noticed]:
    """My own small moments of the last weeks, newest first. Two queries."""
    since = rules.week_of(local_day(now, seat.user.zone)) - SHOWN_FOR
    mine = list(
        Mark.objects.filter(seat=seat, on__gte=since, lineage=None)
        .select_related("seat")
        .order_by("-on", "-created_at")
    )
    theirs = Mark.objects.filter(seat__space=seat.space_id, on__gte=since, lineage=None).exclude(seat=seat)
    both = rules.both_marked(_facts([*mine, *theirs.defer("words")]))
    return [
        Noticed(
            moment=mark.moment,
            what=str(moments.WORDS[mark.moment]),
            words=mark.words,
            on=mark.on,
            both=(mark.thing, rules.week_of(mark.on)) in both,
        )
        for mark in mine
    ]


def past_moments(seat: Seat) -> list[tuple[str, str]]:
    """All small moments of this person in one space, oldest first, with the day and their own words. One query."""
    mine = Mark.objects.filter(seat=seat, lineage=None).select_related("seat").order_by("on", "created_at")
    return [(f"{moments.WORDS[mark.moment]} · {day_year(mark.on)}", mark.words) for mark in mine]


def both_weeks(seat: Seat) -> list[BothWeek]:
    """The weeks in which both marked something, oldest first; a week without is not there. Two queries."""
    both = rules.both_marked(_facts(Mark.objects.filter(seat__space=seat.space_id).defer("words")))
    names = _names(seat, {thing for thing, _monday in both})
    weeks: dict[date, list[str]] = {}
    for thing, monday in sorted(both, key=lambda one: (one[1], one[0])):
        weeks.setdefault(monday, []).append(names[thing])
    return [BothWeek(monday, tuple(sorted(things))) for monday, things in weeks.items()]


def _names(seat: Seat, things: set[str]) -> dict[str, str]:
    """What each thing is called: a line by its newest words."""
    called = {name: str(words) for name, words in moments.WORDS.items()}
    lineages = [thing for thing in things if thing not in moments.WORDS]
    if lineages:
        lines = Item.objects.filter(check_in__space=seat.space_id, check_in__seat=None, lineage__in=lineages)
        newest = lines.order_by("lineage", "-check_in__number").distinct("lineage").select_related("author")
        called |= {str(line.lineage): str(line.words.get("what", "")) for line in newest}
    return called


def _facts(marks: Iterable[Mark] | Sequence[Mark]) -> list[rules.Marked]:
    return [rules.Marked(one.seat_id, one.thing, one.on) for one in marks]


def wrote_since(user: User, since: datetime) -> bool:
    """Whether this person has written anything here since then: only asked for a mail of their own."""
    written = (
        Review.objects.filter(seat__user=user, saved_at__gte=since),
        Mark.objects.filter(seat__user=user, created_at__gte=since),
        CheckIn.objects.filter(seat__user=user, created_at__gte=since),
    )
    return any(one.exists() for one in written)
