from datetime import date, datetime, timedelta
from typing import Any

import pytest

from apps.spaces import rules


def facts(now: Any, **given: Any) -> dict[str, Any]:
    return {"created_at": now, "used_at": None, "revoked_at": None, **given}


def test_an_invitation_lasts_72_hours(now):
    assert rules.ends_at(now) - now == timedelta(hours=72)
    assert rules.looks_open(**facts(now), now=now + timedelta(hours=72) - timedelta(microseconds=1))
    assert not rules.looks_open(**facts(now), now=now + timedelta(hours=72))


@pytest.mark.parametrize("fact", ["used_at", "revoked_at"])
def test_used_or_revoked_is_not_open_for_the_inviter(now, fact):
    assert not rules.looks_open(**facts(now, **{fact: now}), now=now)


@pytest.mark.parametrize("fact", ["used_at", "revoked_at", "declined_at", "space_closed_at"])
def test_what_ends_an_invitation_for_the_invited(now, fact):
    given = {"declined_at": None, "space_closed_at": None}
    assert rules.is_open(**facts(now, **given), now=now)
    assert not rules.is_open(**facts(now, **{**given, fact: now}), now=now)


@pytest.mark.parametrize(
    ("lately", "refused", "blocked", "goes"),
    [
        (0, False, False, True),
        (1, False, False, True),
        (2, False, False, False),
        (0, True, False, False),
        (0, False, True, False),
    ],
)
def test_whether_a_mail_really_goes(lately, refused, blocked, goes):
    assert rules.may_mail(sent_lately=lately, refused=refused, blocked=blocked) is goes


@pytest.mark.parametrize(("taken", "free"), [(set(), 1), ({1}, 2), ({2}, 1), ({1, 2}, None)])
def test_the_free_seat(taken, free):
    assert rules.free_number(taken) == free


@pytest.mark.parametrize(("name", "first"), [("Mara", "Mara"), ("Mara Lind", "Mara"), ("", ""), ("  ", "")])
def test_a_mail_says_at_most_the_first_word_of_a_name(name, first):
    assert rules.first_name(name) == first


def test_an_invitation_whose_mail_was_held_lasts_72_hours_from_then(now):
    held_until = now + timedelta(days=7)
    assert rules.ends_at(now, held_until) == datetime.fromisoformat("2026-03-13T12:00+00:00")
    assert rules.ends_at(now, now - timedelta(days=1)) == rules.ends_at(now)
    last = held_until + timedelta(hours=72) - timedelta(microseconds=1)
    assert rules.looks_open(**facts(now), held_until=held_until, now=last)
    assert not rules.looks_open(**facts(now), held_until=held_until, now=last + timedelta(microseconds=1))


@pytest.mark.parametrize(("hours", "days"), [(12, 0.5), (24, 1), (48, 2), (168, 7)])
def test_a_quiet_time_lasts_between_half_a_day_and_a_week(hours, days):
    assert rules.quiet_for(hours) == timedelta(days=days)


@pytest.mark.parametrize("hours", [-48, 0, 11, 169, 10**9])
def test_neither_shorter_nor_longer(hours):
    assert rules.quiet_for(hours) is None


def test_what_is_offered_can_be_chosen():
    assert [rules.quiet_for(hours) for hours in rules.QUIET_HOURS] == [timedelta(days=n) for n in (1, 2, 3, 5, 7)]
    assert rules.QUIET_USUAL == 48


def test_a_quiet_time_runs_until_its_last_instant(now):
    assert rules.runs_until(None, now) is None
    assert rules.runs_until(now, now - timedelta(microseconds=1)) == now
    assert rules.runs_until(now, now) is None


@pytest.mark.parametrize(
    ("hours", "left"),
    [
        (168, (7, 0)),
        (100, (4, 0)),
        (71.9, (3, 0)),
        (60, (2, 0)),
        (59.9, (0, 60)),
        (31.2, (0, 31)),
        (1, (0, 1)),
        (0.99, (0, 0)),
        (0, (0, 0)),
    ],
)
def test_about_how_long_it_still_runs(now, hours, left):
    assert rules.quiet_left(now + timedelta(hours=hours), now) == left


def test_each_day_shows_the_next_things():
    day = date(2026, 3, 3)
    shown = [rules.of_the_day(5, of=12, on=day + timedelta(days=number)) for number in range(3)]
    assert shown == [[2, 3, 4, 5, 6], [7, 8, 9, 10, 11], [0, 1, 2, 3, 4]]
    assert rules.of_the_day(5, of=3, on=day) == [2, 0, 1]
