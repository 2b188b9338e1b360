"""When a time for two is. Pure: a day and an hour on somebody's wall in, instants out; the clock is not read here.

A time is kept as it was typed, with its zone; the instant is derived. An hour that the clocks skip moves forward by
what was skipped, and of an hour that comes twice the first is taken (PEP 495, fold 0), as RFC 5545 reads both (3.3.5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

REMINDED_BEFORE = timedelta(hours=3)
DAY_BEGINS, DAY_ENDS, EVENING = 9, 20, 18
DAYS_LATER = (1, 2, 7)  # what “move it” suggests
TimeOfDay = time


@dataclass(frozen=True)
class Option:
    """One time as somebody typed it: a day and an hour on the wall of `zone`."""

    local_date: date
    time: TimeOfDay
    zone: str

    @property
    def instant(self) -> datetime:
        """When that is, in UTC."""
        return instant(self.local_date, self.time, self.zone)


def instant(local_date: date, at: time, zone: str) -> datetime:
    """The instant in UTC at which it is `at` on `local_date` in `zone`; a skipped time moves forward."""
    return datetime.combine(local_date, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def wall(moment: datetime, zone: str) -> datetime:
    """What the clock on a wall in `zone` shows at `moment`, without the zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def is_skipped(local_date: date, at: time, zone: str) -> bool:
    """Whether no clock in `zone` shows `at` on `local_date`: the hour before summer, or a day that was left out."""
    return wall(instant(local_date, at, zone), zone) != datetime.combine(local_date, at)


def suggested(local_date: date, at: time, zone: str, now: datetime) -> list[Option]:
    """The same hour one, two and seven days later: counted from the old day, or from today once that is over."""
    start = max(local_date, now.astimezone(ZoneInfo(zone)).date())
    return [Option(start + timedelta(days=days), at, zone) for days in DAYS_LATER]


def occurrences(first: date, days: Sequence[int], weeks: int) -> list[date]:
    """The days of a regular time (Monday is 0) within `weeks` weeks from `first` on."""
    every = (first + timedelta(days=number) for number in range(weeks * 7))
    return [day for day in every if day.weekday() in days]


def upcoming(dates: Sequence[date], at: time, zone: str, *, minutes: int, now: datetime) -> datetime | None:
    """The start of the first of `dates` that is not over; None where all are."""
    starts = (instant(day, at, zone) for day in dates)
    return next((start for start in starts if now < start + timedelta(minutes=minutes)), None)


def reminder_at(starts_at: datetime, zone: ZoneInfo) -> datetime:
    """When somebody is reminded of a time: three hours before, or the evening before where that would be by night.

    By day is from 9 to 20 o'clock on the wall of the person who gets it.
    """
    before = starts_at - REMINDED_BEFORE
    local = before.astimezone(zone)
    if DAY_BEGINS <= local.hour < DAY_ENDS:
        return before
    day = local.date() if local.hour >= DAY_ENDS else local.date() - timedelta(days=1)
    return datetime.combine(day, time(EVENING), tzinfo=zone).astimezone(UTC)
