"""Pictures over time: where bars and dots stand, and how much may be said of what came back."""

from datetime import date, timedelta

import pytest

from apps.plans.exercises.pictures import Noticed, Span, recurrence, timeline

TODAY = date(2026, 5, 3)


def days_ago(days):
    return TODAY - timedelta(days=days)


def noted(*entries):
    return recurrence([Noticed(days_ago(ago), sign, good) for ago, sign, good in entries], TODAY)


@pytest.mark.parametrize(
    ("entries", "says", "within"),
    [
        ([], "nothing", 0),
        ([(0, "talk", False)], "one", 1),
        ([(0, "talk", False), (40, "touch", True)], "apart", 41),
        ([(0, "talk", False), (12, "talk", False)], "close", 13),
        ([(0, "talk", False), (13, "talk", False)], "returns", 14),
        ([(0, "talk", False), (63, "talk", False)], "one", 1),  # nine weeks back is out of the picture
    ],
)
def test_how_much_may_be_said(entries, says, within):
    picture = noted(*entries)
    assert (picture.says, picture.within) == (says, within)


def test_a_row_for_each_sign_and_a_dot_for_each_day():
    picture = noted((0, "talk", False), (62, "talk", True), (10, "a laugh", True))
    assert [(row.sign, row.days, row.good, row.first, row.last) for row in picture.rows] == [
        ("a laugh", 1, 1, days_ago(10), days_ago(10)),
        ("talk", 2, 1, days_ago(62), TODAY),
    ]
    assert [(dot.x, dot.good) for dot in picture.rows[1].dots] == [("10.0", True), ("310.0", False)]
    assert [row.sign for row in picture.often] == ["talk"]


def test_bars_begin_and_end_where_their_days_are():
    drawn = timeline([Span("The move", days_ago(30), TODAY + timedelta(days=30), 5, "one")], TODAY)
    (bar,) = drawn.bars
    assert (bar.x, bar.width, bar.height, bar.hue, bar.dated) == ("4.0", "312.0", "12.0", "one", True)
    assert drawn.today_x == "160.0"
    assert [tick.day for tick in drawn.ticks] == [days_ago(30), TODAY + timedelta(days=30)]


def test_what_has_no_days_runs_through_and_is_marked():
    undated, open_end = timeline([Span("Money", None, None), Span("Work", TODAY, None)], TODAY).bars
    assert (undated.x, undated.width, undated.dated) == ("4.0", "312.0", False)
    assert (open_end.x, open_end.width, open_end.dated) == ("160.0", "156.0", True)


def test_a_picture_keeps_its_measures_whatever_the_days():
    """Thirty years ago, the year 2140, one day, an end before the picture: nothing leaves the drawing."""
    spans = [
        Span("Long", date(1990, 1, 1), date(2140, 1, 1)),
        Span("One day", TODAY, TODAY),
        Span("Long past", date(1990, 1, 1), date(1991, 1, 1)),
        Span("x" * 200, None, None),
    ]
    drawn = timeline(spans, TODAY)
    for bar in drawn.bars:
        assert 0 <= float(bar.x) <= 316
        assert 4 <= float(bar.width) <= 316
    assert drawn.bars[3].label == "x" * 37 + "…"
    assert drawn.height == 186
