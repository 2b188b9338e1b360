"""When something is due. Pure: calendar dates, hours and zones in, instants and dates out; the clock is not read here.

A look back is a local date and an hour; the instant in UTC is derived from them. Two weeks later is the same hour on
the wall fourteen calendar days later, whatever the clocks did in between.
"""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

FIRST_HOUR, LAST_HOUR = 9, 19
HOURS = range(FIRST_HOUR, LAST_HOUR + 1)
WINDOW_OPENS, WINDOW_CLOSES = 9, 20
WEEKS = {"1w": 1, "2w": 2, "3w": 3, "4w": 4}
MONTHLY, ONCE = "monthly", "once"
RHYTHMS = (*WEEKS, MONTHLY, ONCE)
USUAL = "2w"
AS_IS_FOR = timedelta(days=3)
SOFTER_FOR = timedelta(days=14)
UNANSWERED_AFTER = timedelta(days=10)
REPAIRED_FOR = timedelta(days=14)
SHORTEST_BREAK = timedelta(days=3)
A_WEEK = timedelta(days=7)
AGAIN_AFTER = timedelta(days=3)
SHORTEST_MONTH = timedelta(days=14)


class Lateness(Enum):
    """How a reminder is worded by how late it is; `DROPPED` is not sent any more."""

    AS_IS = "as is"
    SOFTER = "softer"
    DROPPED = "dropped"


def instant(local_date: date, hour: int, zone: ZoneInfo | str) -> datetime:
    """The instant in UTC at which it is `hour` o'clock on `local_date` in `zone`.

    An hour that the clocks skip moves forward by what was skipped; of an hour that comes twice the first is taken
    (PEP 495, fold 0 for both).
    """
    where = ZoneInfo(zone) if isinstance(zone, str) else zone
    return datetime.combine(local_date, time(hour), tzinfo=where).astimezone(UTC)


def local_day(now: datetime, zone: ZoneInfo) -> date:
    """The calendar day that it is in `zone`."""
    return now.astimezone(zone).date()


def next_date(local_date: date, rhythm: str, month_day: int | None = None) -> date:
    """One round later: the same weekday for weeks; for "monthly" the day of the month on which the rhythm began.

    `month_day` is that day (by default the date's own). A month without it has its last one, and the next month that
    has it comes back to it. A round that was put off into the following month still gets that month's day, unless it
    would come within two weeks. Raises ValueError for "once" and for anything that is no rhythm.
    """
    if rhythm == MONTHLY:
        wanted = month_day or local_date.day
        here = _day_in(local_date.year, local_date.month, wanted)
        if here >= local_date + SHORTEST_MONTH:
            return here
        return _day_in(local_date.year + local_date.month // 12, local_date.month % 12 + 1, wanted)
    if rhythm not in WEEKS:
        raise ValueError(f"{rhythm!r} has no next date.")
    return local_date + timedelta(weeks=WEEKS[rhythm])


def _day_in(year: int, month: int, day: int) -> date:
    """That day of the month, or the month's last where it has none."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def following(local_date: date, rhythm: str, today: date, month_day: int | None = None) -> date:
    """The next date in the rhythm that is not over and leaves a few days to breathe."""
    upcoming = next_date(local_date, rhythm, month_day)
    while upcoming < today + SHORTEST_BREAK:
        upcoming = next_date(upcoming, rhythm, month_day)
    return upcoming


def lateness(due: datetime, now: datetime) -> Lateness:
    """How late a letter that was due at `due` is at `now`."""
    late = now - due
    if late <= AS_IS_FOR:
        return Lateness.AS_IS
    return Lateness.SOFTER if late <= SOFTER_FOR else Lateness.DROPPED


def in_window(now: datetime, zone: ZoneInfo) -> bool:
    """Whether a reminder may arrive now: by day, on the wall of the person who gets it."""
    return WINDOW_OPENS <= now.astimezone(zone).hour < WINDOW_CLOSES


def next_window(now: datetime, zone: ZoneInfo) -> datetime:
    """The next instant after `now` at which the window opens in `zone`."""
    day = local_day(now, zone)
    opens = instant(day, WINDOW_OPENS, zone)
    while opens <= now:
        day += timedelta(days=1)
        opens = instant(day, WINDOW_OPENS, zone)
    return opens


def day_bounds(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first instant of the calendar day that it is in `zone`, and the first instant of the next."""
    day = local_day(now, zone)
    return instant(day, 0, zone), instant(day + timedelta(days=1), 0, zone)
