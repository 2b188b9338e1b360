"""The law of looking back. Pure: facts in, answer out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from apps.checkins.schedule import ONCE, UNANSWERED_AFTER

QUIET_ROUNDS = 2
LONGEST_TEXT = 10_000
WENT = ("well", "partly", "not")


@dataclass(frozen=True)
class Answered:
    """What the rules need to know of one person's review."""

    seat: UUID | int
    answered: bool
    skipped: bool = False


def everybody_answered(seats: Iterable[UUID | int], reviews: Iterable[Answered]) -> bool:
    """Whether each of `seats` has answered, and there is somebody at all."""
    expected = set(seats)
    return bool(expected) and expected <= {review.seat for review in reviews if review.answered}


def everybody_skipped(seats: Iterable[UUID | int], reviews: Iterable[Answered]) -> bool:
    """Whether each of `seats` said "not this time"."""
    expected = set(seats)
    return bool(expected) and expected <= {review.seat for review in reviews if review.skipped}


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


def goes_on(*, rhythm: str, paused_at: datetime | None, lines: int) -> bool:
    """Whether a next round follows: there is a rhythm, it does not rest, and a line is left to look at."""
    return rhythm != ONCE and paused_at is None and lines > 0


def quiet_after(*, closed_as: str, quiet_rounds: int) -> int:
    """How many rounds in a row went by without both answering, once this one has closed."""
    return 0 if closed_as == "held" else quiet_rounds + 1


def may_return(*, resting: bool, closed_as: str) -> bool:
    """Whether somebody may begin again: it rests, and it was not ended, replaced or left."""
    return resting and closed_as not in ("ended", "left", "superseded")
