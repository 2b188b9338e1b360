"""Walls and instants, over every kind of change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from apps.appointments import schedule
from apps.appointments.schedule import Option

# What is typed, and what the clock shows when it begins. In Samoa the 30th of December 2011 was left out.
SKIPPED = {
    "Berlin, 29 March": ("Europe/Berlin", date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 3, 30)),
    "New York, 8 March": ("America/New_York", date(2026, 3, 8), time(2, 0), datetime(2026, 3, 8, 3, 0)),
    "Lord Howe, half an hour": ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), datetime(2026, 10, 4, 2, 45)),
    "Apia, a whole day": ("Pacific/Apia", date(2011, 12, 30), time(18, 30), datetime(2011, 12, 31, 18, 30)),
}


@pytest.mark.parametrize(("zone", "day", "at", "shown"), SKIPPED.values(), ids=SKIPPED)
def test_what_the_clocks_skip_moves_forward(zone, day, at, shown):
    assert schedule.is_skipped(day, at, zone)
    assert schedule.wall(schedule.instant(day, at, zone), zone) == shown
    assert not schedule.is_skipped(shown.date(), shown.time(), zone)


@pytest.mark.parametrize(
    ("zone", "day", "at", "instant"),
    [
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("America/New_York", date(2026, 11, 1), time(1, 30), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
    ],
)
def test_of_an_hour_that_comes_twice_the_first_is_taken(zone, day, at, instant):
    assert schedule.instant(day, at, zone) == instant
    assert not schedule.is_skipped(day, at, zone)


def test_the_days_around_the_one_that_samoa_left_out_are_an_hour_of_the_wall_apart():
    before, after = (schedule.instant(date(2011, 12, day), time(8), "Pacific/Apia") for day in (29, 31))
    assert after - before == timedelta(days=1)


def test_what_moving_suggests():
    now = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert schedule.suggested(date(2026, 3, 28), time(18), "Europe/Berlin", now) == [
        Option(date(2026, 3, 29), time(18), "Europe/Berlin"),
        Option(date(2026, 3, 30), time(18), "Europe/Berlin"),
        Option(date(2026, 4, 4), time(18), "Europe/Berlin"),
    ]
    # The clocks go forward in between: the wall shows the same hour.
    assert schedule.suggested(date(2026, 3, 28), time(18), "Europe/Berlin", now)[0].instant.hour == 16


def test_a_day_that_is_over_is_counted_from_today():
    late = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)  # the 10th, in Berlin
    days = [option.local_date.day for option in schedule.suggested(date(2026, 3, 6), time(18), "Europe/Berlin", late)]
    assert days == [11, 12, 17]


def test_occurrences():
    monday = date(2026, 3, 2)
    assert schedule.occurrences(monday, (0, 5), 2) == [date(2026, 3, day) for day in (2, 7, 9, 14)]
    assert schedule.occurrences(date(2026, 3, 3), (0,), 1) == [date(2026, 3, 9)]
    assert len(schedule.occurrences(monday, range(7), 26)) == 182


def test_the_next_one_is_the_one_that_is_not_over():
    days = schedule.occurrences(date(2026, 3, 27), range(7), 1)  # the clocks go forward on the 29th

    def upcoming(now):
        return schedule.upcoming(days, time(8), "Europe/Berlin", minutes=15, now=now)

    assert upcoming(datetime(2026, 3, 1, tzinfo=UTC)) == datetime(2026, 3, 27, 7, tzinfo=UTC)
    assert upcoming(datetime(2026, 3, 27, 7, 14, tzinfo=UTC)) == datetime(2026, 3, 27, 7, tzinfo=UTC)
    assert upcoming(datetime(2026, 3, 27, 7, 15, tzinfo=UTC)) == datetime(2026, 3, 28, 7, tzinfo=UTC)
    assert upcoming(datetime(2026, 3, 28, 8, tzinfo=UTC)) == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert upcoming(datetime(2026, 4, 2, 6, 15, tzinfo=UTC)) is None
