"""Calendar days, hours on the wall, and what the clocks do in between."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.checkins import schedule
from apps.checkins.schedule import Lateness

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("day", "hour", "zone", "utc"),
    [
        (date(2026, 3, 20), 19, "Europe/Berlin", "2026-03-20T18:00"),
        (date(2026, 4, 3), 19, "Europe/Berlin", "2026-04-03T17:00"),  # two weeks later, the clocks went forward
        (date(2026, 3, 29), 2, "Europe/Berlin", "2026-03-29T01:00"),  # does not exist: 03:00 on the wall
        (date(2026, 10, 25), 2, "Europe/Berlin", "2026-10-25T00:00"),  # comes twice: the first
        (date(2026, 11, 1), 1, "America/New_York", "2026-11-01T05:00"),  # comes twice: the first
        (date(2026, 4, 24), 0, "Africa/Cairo", "2026-04-23T22:00"),  # does not exist
        (date(2026, 10, 4), 2, "Australia/Lord_Howe", "2026-10-03T15:30"),  # half an hour is skipped
        (date(2026, 10, 4), 9, "Australia/Lord_Howe", "2026-10-03T22:00"),
        (date(2011, 12, 29), 12, "Pacific/Apia", "2011-12-29T22:00"),
        (date(2011, 12, 31), 12, "Pacific/Apia", "2011-12-30T22:00"),  # the 30th never was
        (date(2028, 2, 29), 12, "UTC", "2028-02-29T12:00"),
    ],
)
def test_instant(day, hour, zone, utc):
    assert schedule.instant(day, hour, zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert schedule.instant(day, hour, ZoneInfo(zone)) == schedule.instant(day, hour, zone)


def test_the_day_that_apia_left_out_still_has_an_instant():
    assert schedule.instant(date(2011, 12, 30), 12, "Pacific/Apia") == datetime(2011, 12, 30, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "rhythm", "following"),
    [
        (date(2026, 3, 20), "2w", date(2026, 4, 3)),
        (date(2026, 3, 20), "1w", date(2026, 3, 27)),
        (date(2028, 2, 15), "2w", date(2028, 2, 29)),
        (date(2026, 12, 20), "3w", date(2027, 1, 10)),
        (date(2026, 12, 20), "4w", date(2027, 1, 17)),
        (date(2026, 1, 31), "monthly", date(2026, 2, 28)),
        (date(2028, 1, 31), "monthly", date(2028, 2, 29)),
        (date(2026, 12, 31), "monthly", date(2027, 1, 31)),
    ],
)
def test_next_date(day, rhythm, following):
    assert schedule.next_date(day, rhythm) == following


@pytest.mark.parametrize("rhythm", ["once", "", "5w", "daily"])
def test_what_is_no_rhythm_has_no_next_date(rhythm):
    with pytest.raises(ValueError, match="no next date"):
        schedule.next_date(date(2026, 3, 3), rhythm)


@given(
    day=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    rhythm=st.sampled_from(["1w", "2w", "3w", "4w", "monthly"]),
    late=st.integers(-40, 400),
)
def test_the_following_round_is_ahead_and_in_the_rhythm(day, rhythm, late):
    today = day + timedelta(days=late)
    following = schedule.following(day, rhythm, today)
    assert following >= today + schedule.SHORTEST_BREAK
    assert following > day
    if rhythm != "monthly":
        assert (following - day).days % 7 == 0
        assert following - max(today, day) <= timedelta(weeks=schedule.WEEKS[rhythm]) + schedule.SHORTEST_BREAK


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        (timedelta(days=-3), Lateness.AS_IS),
        (timedelta(0), Lateness.AS_IS),
        (timedelta(days=3), Lateness.AS_IS),
        (timedelta(days=3, seconds=1), Lateness.SOFTER),
        (timedelta(days=14), Lateness.SOFTER),
        (timedelta(days=14, seconds=1), Lateness.DROPPED),
    ],
)
def test_lateness(late, expected, now):
    assert schedule.lateness(now, now + late) is expected


@pytest.mark.parametrize(("hour", "inside"), [(0, False), (8, False), (9, True), (19, True), (20, False), (23, False)])
def test_the_window_is_by_day_on_ones_own_wall(hour, inside):
    moment = datetime(2026, 7, 1, hour, 30, tzinfo=BERLIN).astimezone(UTC)
    assert schedule.in_window(moment, BERLIN) is inside


@given(moment=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_the_next_window_opens_within_a_day(moment):
    for name in ("Europe/Berlin", "Pacific/Apia", "America/St_Johns"):
        zone = ZoneInfo(name)
        opens = schedule.next_window(moment, zone)
        assert moment < opens <= moment + timedelta(hours=25)
        assert opens.astimezone(zone).time() == time(9)


def test_the_bounds_of_a_day_of_23_hours():
    starts, ends = schedule.day_bounds(datetime(2026, 3, 29, 12, tzinfo=UTC), BERLIN)
    assert ends - starts == timedelta(hours=23)
