from datetime import UTC, date, datetime, timedelta

import pytest

from apps.checkins import rules
from apps.checkins.rules import Answered

DUE = datetime(2026, 3, 17, 18, tzinfo=UTC)


def test_everybody_answered():
    one, two = Answered(1, answered=True), Answered(2, answered=True)
    assert rules.everybody_answered([1, 2], [one, two])
    assert rules.everybody_answered([1], [one, two])
    assert not rules.everybody_answered([1, 2], [one])
    assert not rules.everybody_answered([1, 2], [one, Answered(2, answered=False, skipped=True)])
    assert not rules.everybody_answered([], [one, two])


def test_everybody_skipped():
    one, two = Answered(1, answered=False, skipped=True), Answered(2, answered=False, skipped=True)
    assert rules.everybody_skipped([1, 2], [one, two])
    assert not rules.everybody_skipped([1, 2], [one, Answered(2, answered=True)])
    assert not rules.everybody_skipped([], [one])


@pytest.mark.parametrize("closed_as", ["", "skipped", "unanswered", "superseded", "ended", "left"])
def test_no_other_end_reveals(closed_as):
    assert not rules.revealed(closed_as)
    assert rules.revealed("held")


def test_answerable_from_the_day_itself():
    day = date(2026, 3, 17)
    at = {"local_date": day, "due_at": DUE}
    assert rules.answerable(**at, today=day, now=DUE - timedelta(hours=10))
    assert rules.answerable(**at, today=day - timedelta(days=1), now=DUE)  # far in the west the day comes later
    assert not rules.answerable(**at, today=day - timedelta(days=1), now=DUE - timedelta(hours=20))


def test_rests():
    assert rules.rests(paused_at=DUE, quiet_rounds=0)
    assert rules.rests(paused_at=None, quiet_rounds=2)
    assert not rules.rests(paused_at=None, quiet_rounds=1)


def test_run_out_after_ten_days_unless_it_rests():
    later = DUE + timedelta(days=10)
    assert rules.run_out(due_at=DUE, resting=False, now=later)
    assert not rules.run_out(due_at=DUE, resting=True, now=later)
    assert not rules.run_out(due_at=DUE, resting=False, now=later - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("rhythm", "paused_at", "lines", "on"),
    [("2w", None, 1, True), ("once", None, 1, False), ("2w", DUE, 1, False), ("2w", None, 0, False)],
)
def test_goes_on(rhythm, paused_at, lines, on):
    assert rules.goes_on(rhythm=rhythm, paused_at=paused_at, lines=lines) is on


def test_quiet_after():
    assert rules.quiet_after(closed_as="held", quiet_rounds=2) == 0
    assert rules.quiet_after(closed_as="unanswered", quiet_rounds=1) == 2
    assert rules.quiet_after(closed_as="skipped", quiet_rounds=0) == 1


@pytest.mark.parametrize("closed_as", ["ended", "left", "superseded"])
def test_may_return(closed_as):
    assert not rules.may_return(resting=True, closed_as=closed_as)
    assert rules.may_return(resting=True, closed_as="")
    assert rules.may_return(resting=True, closed_as="held")
    assert not rules.may_return(resting=False, closed_as="held")
