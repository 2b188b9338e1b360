"""The law of looking back. Pure: facts in, answer out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from apps.checkins.schedule import ONCE, UNANSWERED_AFTER

QUIET_ROUNDS = 2
LONGEST_TEXT = 10_000
WENT = ("well", "partly", "not")
# What each may rate for themselves, from 1 to 5 (seed elements A.r.clarity, A.r.dialogue, A.r.intentional, B.r.safety,
# B.r.reciprocity, B.r.clear_talk). No rating is ever put beside the other person's, and none enters a sum of two.
MEASURES = ("clarity", "dialogue", "acts", "safety", "both_begin", "talk")
LOWEST, GOOD, HIGHEST = 1, 4, 5
SNOOZES = (1, 3, 7)
# Small moments that one can notice (seed element A.r.intentional). The last one stays one's own: two people who mean
# "something else" do not mean the same.
OTHER = "other"
MOMENTS = ("laugh", "touch", "kind", "help", "heard", "time", OTHER)
NO_SHIFT_ROUNDS = 3
NO_SHIFT_WEEKS = timedelta(weeks=5)


@dataclass(frozen=True)
class Answered:
    """What the rules need to know of one person's review."""

    seat: UUID | int
    answered: bool
    skipped: bool = False
    later: bool = False


@dataclass(frozen=True)
class Marked:
    """What the rules need to know of one mark."""

    seat: UUID | int
    thing: str
    on: date


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def both_marked(marks: Iterable[Marked]) -> set[tuple[str, date]]:
    """What two people marked in the same week: the thing and the week's Monday, and neither the days nor how often.

    A week and not a day: one presses on Saturday night, the other on Sunday morning, and both mean the same coffee. It
    also keeps the days to each (docs/decisions/0010).
    """
    seats: dict[tuple[str, date], set[UUID | int]] = {}
    for mark in marks:
        if mark.thing != OTHER:
            seats.setdefault((mark.thing, week_of(mark.on)), set()).add(mark.seat)
    return {what for what, who in seats.items() if len(who) > 1}


def everybody_answered(seats: Iterable[UUID | int], reviews: Iterable[Answered]) -> bool:
    """Whether each of `seats` has answered, and there is somebody at all."""
    expected = set(seats)
    return bool(expected) and expected <= {review.seat for review in reviews if review.answered}


def everybody_skipped(seats: Iterable[UUID | int], reviews: Iterable[Answered]) -> bool:
    """Whether each of `seats` said "not this time"."""
    expected = set(seats)
    return bool(expected) and expected <= {review.seat for review in reviews if review.skipped}


def everybody_later(seats: Iterable[UUID | int], reviews: Iterable[Answered]) -> bool:
    """Whether each of `seats` would rather look back a week later. One alone moves nothing (laws 2 and 3)."""
    expected = set(seats)
    return bool(expected) and expected <= {review.seat for review in reviews if review.later}


def revealed(closed_as: str) -> bool:
    """Whether both may read both answers: the round was held, so both had answered. No other end opens anything."""
    return closed_as == "held"


def answerable(*, local_date: date, due_at: datetime, today: date, now: datetime) -> bool:
    """Whether one may answer yet: from the day itself on, by one's own calendar."""
    return today >= local_date or now >= due_at


def rests(*, paused_at: datetime | None, quiet_rounds: int) -> bool:
    """Whether reminders rest: somebody let the rhythm rest, or two rounds in a row went by without both answering.

    One person's answers change nothing here; otherwise the reminders would tell the other about them (law 3).
    """
    return paused_at is not None or quiet_rounds >= QUIET_ROUNDS


def run_out(*, due_at: datetime, resting: bool, now: datetime) -> bool:
    """Whether a round that is still open closes by itself. One that rests waits for somebody to come back."""
    return not resting and now >= due_at + UNANSWERED_AFTER


def snoozed_until(*, days: int, today: date, closes: date) -> date | None:
    """The day on which somebody is reminded again; None for another number of days, or once the round has run out."""
    until = today + timedelta(days=days)
    return until if days in SNOOZES and until < closes else None


def goes_on(*, rhythm: str, paused_at: datetime | None, lines: int) -> bool:
    """Whether a next round follows: there is a rhythm, it does not rest, and a line is left to look at."""
    return rhythm != ONCE and paused_at is None and lines > 0


def quiet_after(*, closed_as: str, quiet_rounds: int) -> int:
    """How many rounds in a row went by without both answering, once this one has closed."""
    return 0 if closed_as == "held" else quiet_rounds + 1


def may_return(*, resting: bool, closed_as: str) -> bool:
    """Whether somebody may begin again: it rests, and it was not ended, replaced or left."""
    return resting and closed_as not in ("ended", "left", "superseded")


def no_shift(rated: Sequence[tuple[date, Mapping[str, int]]]) -> bool:
    """Whether nothing has become better by one person's own ratings, for several weeks (seed element A.n.weeks).

    `rated` are their rounds, oldest first. Looked at are the newest ones that are at least three and lie at least five
    weeks apart: none of the six was rated higher there than the first time, and one that was asked again is not good.
    """
    first: dict[str, int] = {}
    still = False
    for _day, ratings in _newest_weeks([one for one in rated if one[1]]):
        for name, value in ratings.items():
            if value > first.get(name, HIGHEST):
                return False
            still = still or (name in first and value < GOOD)
            first.setdefault(name, value)
    return still


def _newest_weeks(rounds: Sequence[tuple[date, Mapping[str, int]]]) -> Sequence[tuple[date, Mapping[str, int]]]:
    """The newest rounds that are enough to tell; none where there are too few or they lie too close together."""
    for begin in range(len(rounds) - NO_SHIFT_ROUNDS, -1, -1):
        if rounds[-1][0] - rounds[begin][0] >= NO_SHIFT_WEEKS:
            return rounds[begin:]
    return ()
