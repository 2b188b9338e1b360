"""What has grown: my own ratings over time, what both marked, the rounds that both held. No sum of two people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from apps.checkins import measures, pictures, rules
from apps.checkins.models import CheckIn, Measure
from apps.checkins.queries.marks import BothWeek, both_weeks
from apps.spaces.models import Seat

# So many of the newest are drawn and listed; the pages of the rounds keep all of them.
DRAWN = 12


@dataclass(frozen=True, slots=True)
class Rated:
    """One of the six over time, for its author alone; one that was never rated is not drawn."""

    words: measures.Words
    values: tuple[int | None, ...]  # one a day of Progress.days
    picture: pictures.Line


@dataclass(frozen=True, slots=True)
class Progress:
    """The whole page of one person."""

    days: tuple[date, ...]
    rated: tuple[Rated, ...]
    standing_still: bool
    weeks: tuple[BothWeek, ...]
    weeks_picture: pictures.Columns
    held: tuple[CheckIn, ...]
    held_picture: pictures.Meetings


def progress(seat: Seat) -> Progress:
    """Everything on the page. Four queries."""
    rounds = ratings(seat)
    drawn = rounds[-DRAWN:]
    weeks = both_weeks(seat)[-DRAWN:]
    held = CheckIn.objects.filter(space=seat.space_id, seat=None, closed_as="held").order_by("-number")[:DRAWN]
    found = tuple(reversed(held))
    return Progress(
        days=tuple(day for day, _ratings in drawn),
        rated=tuple(
            _rated(words, drawn) for words in measures.ALL if any(words.name in given for _day, given in drawn)
        ),
        standing_still=rules.no_shift(rounds),
        weeks=tuple(weeks),
        weeks_picture=pictures.columns([len(week.things) for week in weeks]),
        held=found,
        held_picture=pictures.meetings(len(found)),
    )


def standing_still(seat: Seat) -> bool:
    """Whether this person, by their own ratings alone, is for weeks where they were (rules.no_shift). One query."""
    return rules.no_shift(ratings(seat))


def ratings(seat: Seat) -> list[tuple[date, dict[str, int]]]:
    """This person's own ratings by the day they looked back on, oldest first; nobody else's are read."""
    mine = Measure.objects.filter(seat=seat).select_related("check_in", "seat")
    found = [(one.check_in.local_date, one.ratings) for one in mine.order_by("check_in__local_date", "saved_at")]
    return [(day, given) for day, given in found if given]


def _rated(words: measures.Words, rounds: Sequence[tuple[date, dict[str, int]]]) -> Rated:
    first = rounds[0][0]
    points = [((day - first).days, given[words.name]) for day, given in rounds if words.name in given]
    values = tuple(given.get(words.name) for _day, given in rounds)
    return Rated(words, values, pictures.line(points, days=(rounds[-1][0] - first).days))
