"""The law of a time for two, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.appointments import rules
from apps.appointments.rules import Earlier, Facts, Hours

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def facts(*, offered=(NOW + DAY,), accepted=None, was_agreed=False, ended_at=None) -> Facts:
    return Facts(minutes=60, offered=offered, accepted=accepted, was_agreed=was_agreed, ended_at=ended_at)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (facts(), "open"),
        (facts(offered=(NOW - DAY, NOW + HOUR)), "open"),
        (facts(offered=(NOW - DAY, NOW)), "passed"),
        (facts(accepted=NOW + DAY, was_agreed=True), "agreed"),
        (facts(accepted=NOW - HOUR + timedelta(minutes=1), was_agreed=True), "agreed"),
        (facts(accepted=NOW - HOUR, was_agreed=True), "over"),
        (facts(was_agreed=True), "open"),
        (facts(ended_at=NOW), "taken-back"),
        (facts(accepted=NOW + DAY, was_agreed=True, ended_at=NOW), "called-off"),
        (facts(was_agreed=True, ended_at=NOW), "called-off"),
    ],
)
def test_states(given, state):
    assert rules.state(given, NOW) == state


@pytest.mark.parametrize(
    ("state", "mine", "offer", "end"),
    [
        ("open", True, False, True),
        ("open", False, True, False),
        ("agreed", True, True, True),
        ("agreed", False, True, True),
        ("passed", True, False, False),
        ("passed", False, False, False),
        ("over", False, False, False),
        ("called-off", False, False, False),
        ("taken-back", True, False, False),
    ],
)
def test_whose_turn_it_is(state, mine, offer, end):
    assert rules.may_offer(state, newest_is_mine=mine) is offer
    assert rules.may_end(state, newest_is_mine=mine) is end


def test_nobody_is_pushed_within_three_days():
    recent, old = NOW - 2 * DAY, NOW - 3 * DAY
    assert rules.waits_until([], NOW) is None
    assert rules.waits_until([Earlier(recent, answered=False)], NOW) == NOW + DAY
    assert rules.waits_until([Earlier(recent, answered=True)], NOW) is None
    assert rules.waits_until([Earlier(old, answered=False)], NOW) is None
    assert rules.waits_until([Earlier(recent, answered=True), Earlier(recent, answered=False)], NOW) == NOW + DAY


def test_times_that_cannot_be():
    problems = [rules.time_problem(start, NOW) for start in (NOW, NOW + HOUR, NOW + 366 * DAY, NOW + 366 * DAY + HOUR)]
    assert problems == ["past", "", "", "far"]
    assert [rules.minutes_problem(minutes) for minutes in (-60, 0, 4, 5, 480, 481)] == [
        "end", "end", "minutes", "", "", "minutes",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, ""),
        ({"weeks": 26}, ""),
        ({"weeks": 27}, "weeks"),
        ({"weeks": 0}, "weeks"),
        ({"days": ()}, "days"),
        ({"days": (7,)}, "days"),
        ({"minutes": 0}, "end"),
        ({"minutes": 481}, "minutes"),
        ({"first": date(2026, 3, 2)}, "past"),
        ({"first": date(2027, 3, 5)}, "far"),
    ],
)
def test_regular_times_that_cannot_be(change, problem):
    given = {"days": (0, 5), "minutes": 15, "first": date(2026, 3, 3), "weeks": 8, "today": date(2026, 3, 3)}
    assert rules.recurrence_problem(**(given | change)) == problem


WORKING = Hours(evening_ends=22, morning_begins=8, work_ends=17, work_days=(0, 1, 2, 3, 4))


@pytest.mark.parametrize(
    ("hour", "minute", "hint"),
    [
        (21, 0, ()),
        (21, 1, ("late",)),
        (23, 30, ("late",)),
        (0, 0, ("late",)),
        (4, 59, ("late",)),
        (5, 0, ("early",)),
        (7, 59, ("early",)),
        (8, 0, ()),
        (16, 59, ()),
        (17, 0, ("after-work",)),
        (17, 59, ("after-work",)),
        (18, 0, ()),
    ],
)
def test_hints_by_ones_own_hours(hour, minute, hint):
    tuesday = datetime(2026, 3, 3, hour, minute)
    assert rules.hints(tuesday, 60, WORKING) == hint


def test_no_hint_about_work_on_a_day_without_it_or_without_hours():
    saturday, tuesday = datetime(2026, 3, 7, 17, 30), datetime(2026, 3, 3, 17, 30)
    assert rules.hints(saturday, 60, WORKING) == ()
    assert rules.hints(tuesday, 60, Hours()) == ()


def test_an_evening_until_midnight():
    assert rules.hints(datetime(2026, 3, 3, 23, 0), 60, Hours(evening_ends=24)) == ()
    assert rules.hints(datetime(2026, 3, 3, 23, 1), 60, Hours(evening_ends=24)) == ("late",)
