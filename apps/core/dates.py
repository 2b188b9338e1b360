"""Days and hours as the person's locale writes them (config/formats/).

A date or an aware instant goes in; an instant is first put on the wall of the active time zone, which is the person's.
"""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.utils import formats, timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import get_text_list
from django.utils.translation import gettext as _


def written(value: date | datetime | time | None, form: str) -> str:
    """`value` in the locale's format named `form`; an empty text for None."""
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    if isinstance(local, time):
        return formats.time_format(local, form)
    return formats.date_format(local, form)


def day(value: date | datetime | None) -> str:
    """3 May"""
    return written(value, "MONTH_DAY_FORMAT")


def day_year(value: date | datetime | None) -> str:
    """3 May 2026"""
    return written(value, "DATE_FORMAT")


def weekday(value: date | datetime | None) -> str:
    """Sunday 3 May"""
    return written(value, "WEEKDAY_FORMAT")


def clock_time(value: datetime | time | None) -> str:
    """18:30"""
    return written(value, "TIME_FORMAT")


def whole_hour(value: int) -> str:
    """18:00, of the hour 18."""
    return written(time(value), "HOUR_FORMAT")


def weekly(days: Iterable[int], at: str) -> str:
    """every Monday and Thursday at 7:30, of the days (Monday is 0) and the time as it is kept, "07:30"."""
    chosen = sorted(set(days))
    names = get_text_list([str(WEEKDAYS[one]) for one in chosen], _("and")) if len(chosen) < 7 else _("day")
    return _("every %(days)s at %(time)s") % {"days": names, "time": clock_time(time.fromisoformat(at))}


def place(zone: str) -> str:
    """The city of a time zone, as one says it: "Buenos Aires, Argentina". UTC stays UTC."""
    return ", ".join(reversed(zone.replace("_", " ").split("/")[1:])) or zone
