"""The law of a time for two. Pure: facts in, answer out.

“Not now” is in none of these: whoever suggested a time cannot tell it from a page that was never opened (law 3).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

TALK, MOMENT, PLAY, OTHER = "talk", "moment", "play", "other"
PURPOSES = (TALK, MOMENT, PLAY, OTHER)
REGULAR = "regular"
MINUTES = {TALK: 60, MOMENT: 30, PLAY: 60, OTHER: 60}  # the usual length (A.prep.timing)
SHORTEST, LONGEST = 5, 480
MOST_TIMES = 3
FURTHEST = timedelta(days=366)
MOST_WEEKS = 26
PAUSE = timedelta(days=3)
AFTER_WORK = timedelta(minutes=60)
NIGHT_ENDS = 5
FEELINGS = ("stressed", "hungry", "tired", "rushing", "angry", "shaken")

# The states of a time for two.
OPEN, PASSED, AGREED, OVER, TAKEN_BACK, CALLED_OFF = "open", "passed", "agreed", "over", "taken-back", "called-off"


@dataclass(frozen=True)
class Facts:
    """What is known of one time: the newest offer, which of its times was taken, and whether one ever was."""

    minutes: int
    offered: tuple[datetime, ...]
    accepted: datetime | None
    was_agreed: bool
    ended_at: datetime | None


def state(facts: Facts, now: datetime) -> str:
    """Where this time stands, by what both may see. Times that have passed say the same, whatever anybody did."""
    if facts.ended_at is not None:
        return CALLED_OFF if facts.was_agreed else TAKEN_BACK
    if facts.accepted is not None:
        return AGREED if now < facts.accepted + timedelta(minutes=facts.minutes) else OVER
    return OPEN if any(now < start for start in facts.offered) else PASSED


def regular_state(*, ended_at: datetime | None, following: datetime | None) -> str:
    """The same for a time that comes again and again; `following` is its next start."""
    if ended_at is not None:
        return CALLED_OFF
    return AGREED if following is not None else OVER


def may_offer(state: str, *, newest_is_mine: bool) -> bool:
    """Whether one may put other times: in answer to the other's, or to move what is agreed. Never after one's own."""
    return state == AGREED or (state == OPEN and not newest_is_mine)


def may_end(state: str, *, newest_is_mine: bool) -> bool:
    """Whether one may call it off (either, once it is agreed) or take it back (whoever suggested it)."""
    return state == AGREED or (state == OPEN and newest_is_mine)


@dataclass(frozen=True)
class Earlier:
    """A suggestion of the same kind by the same person, and whether the other answered it so that both saw it."""

    created_at: datetime
    answered: bool


def waits_until(earlier: Iterable[Earlier], now: datetime) -> datetime | None:
    """Until when one waits with the next suggestion of a kind, so that nobody is pushed (A.m.pursuit); else None."""
    ends = [one.created_at + PAUSE for one in earlier if not one.answered]
    return max((end for end in ends if now < end), default=None)


def time_problem(start: datetime, now: datetime) -> str:
    """What keeps a time from being suggested: “past”, “far” (more than a year ahead), or nothing."""
    if start <= now:
        return "past"
    return "far" if start > now + FURTHEST else ""


def minutes_problem(minutes: int) -> str:
    """“end” where it would be over before it has begun, “minutes” where it is too short or too long; or nothing."""
    if minutes <= 0:
        return "end"
    return "" if SHORTEST <= minutes <= LONGEST else "minutes"


def recurrence_problem(*, days: Sequence[int], minutes: int, first: date, weeks: int, today: date) -> str:
    """What keeps a regular time from being kept; the sentences are in `words.REFUSED`. Nothing where it can be.

    “days” (none, or no weekday), “end”, “minutes”, “past”, “far” (begins more than a year ahead), “weeks” (none, or
    more than 26: B.s5.protected_time is looked at again by then).
    """
    if not days or not set(days) <= set(range(7)):
        return "days"
    if problem := minutes_problem(minutes):
        return problem
    if first < today:
        return "past"
    if first > today + FURTHEST:
        return "far"
    return "" if 1 <= weeks <= MOST_WEEKS else "weeks"


# --- the timing guard (A.prep.timing, B.s3.setting) -------------------------------------------------------------------


@dataclass(frozen=True)
class Hours:
    """One person's own hours: when their evening ends and their morning begins, and when work ends on which days."""

    evening_ends: int = 22
    morning_begins: int = 8
    work_ends: int | None = None
    work_days: tuple[int, ...] = ()


def hints(start: datetime, minutes: int, hours: Hours) -> tuple[str, ...]:
    """What makes `start`, on this person's own wall, a hard time: “late”, “early”, “after-work”. It forbids nothing."""
    begins = timedelta(hours=start.hour, minutes=start.minute)
    if start.hour < NIGHT_ENDS or begins + timedelta(minutes=minutes) > timedelta(hours=hours.evening_ends):
        return ("late",)
    if start.hour < hours.morning_begins:
        return ("early",)
    if hours.work_ends is not None and start.weekday() in hours.work_days:
        work_ends = timedelta(hours=hours.work_ends)
        if work_ends <= begins < work_ends + AFTER_WORK:
            return ("after-work",)
    return ()
