from datetime import UTC, datetime, timedelta

import pytest

from apps.plans import rules

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def facts(*, shared=None, walked=None, marks=None, agreed_at=None, looked_back_at=None):
    return rules.Milestones(shared or {}, walked or {}, marks or {}, agreed_at, looked_back_at)


@pytest.mark.parametrize(
    ("times", "answer"),
    [
        (None, None),
        ({}, None),
        ({1: NOW}, None),
        ({2: NOW}, None),
        ({1: NOW, 2: LATER}, LATER),
        ({1: LATER, 2: NOW}, LATER),
    ],
)
def test_both_is_when_the_second_of_two_has(times, answer):
    assert rules.both_at(times) == answer


def test_the_door_is_open_when_both_chose_it():
    assert rules.door_open_at(facts(marks={"door": {1: NOW, 2: LATER}})) == LATER
    assert rules.door_open_at(facts(marks={"door": {2: LATER}})) is None
    assert rules.door_open_at(facts(marks={"aloud:ask": {1: NOW, 2: LATER}})) is None


def test_a_milestone_of_sharing_needs_both_to_share_that_exercise():
    both, one = {1: NOW, 2: LATER}, {1: NOW}
    assert rules.reached_at("ask", "shared", "opening", facts(shared={"opening": both})) == LATER
    assert rules.reached_at("ask", "shared", "opening", facts(shared={"opening": one})) is None
    assert rules.reached_at("ask", "shared", "opening", facts(shared={"needs": both})) is None
    assert rules.reached_at("ask", "shared", "opening", facts(walked={"opening": both})) is None


def test_a_milestone_of_listening_needs_both_tellings_walked():
    both, one = {1: NOW, 2: LATER}, {2: NOW}
    assert rules.reached_at("listen", "heard", "telling", facts(walked={"telling": both})) == LATER
    assert rules.reached_at("listen", "heard", "telling", facts(walked={"telling": one})) is None
    assert rules.reached_at("listen", "heard", "telling", facts(shared={"telling": both})) is None


def test_the_milestones_of_agreeing_and_of_looking_back():
    assert rules.reached_at("agree", "agreed", "", facts(agreed_at=NOW)) == NOW
    assert rules.reached_at("agree", "agreed", "", facts(looked_back_at=NOW)) is None
    assert rules.reached_at("look-back", "looked_back", "", facts(looked_back_at=NOW)) == NOW
    assert rules.reached_at("look-back", "looked_back", "", facts(agreed_at=NOW)) is None


def test_aloud_counts_for_its_own_step_and_the_earlier_way_wins():
    spoken = {"aloud:ask": {1: NOW, 2: NOW}}
    assert rules.reached_at("ask", "shared", "opening", facts(marks=spoken)) == NOW
    assert rules.reached_at("listen", "heard", "telling", facts(marks=spoken)) is None
    written = {"opening": {1: LATER, 2: LATER}}
    assert rules.reached_at("ask", "shared", "opening", facts(marks=spoken, shared=written)) == NOW
    assert rules.reached_at("ask", "shared", "opening", facts(marks={"aloud:ask": {1: NOW}})) is None


@pytest.mark.parametrize(
    ("reached", "door", "opened"),
    [
        ([None, None, None], True, [True, False, False]),
        ([None, None, None], False, [False, False, False]),
        ([NOW, None, None], True, [True, True, False]),
        ([NOW, NOW, None], True, [True, True, True]),
        ([NOW, NOW, NOW], False, [False, False, False]),
        ([None, NOW, None], True, [True, False, True]),
    ],
)
def test_each_step_waits_for_the_one_before_and_the_first_for_the_door(reached, door, opened):
    assert rules.joint_open(reached, door=door) == opened


@pytest.mark.parametrize(
    ("reveal", "neither", "mine", "theirs", "both"),
    [
        ("private", False, False, False, False),
        ("joint", False, False, False, False),
        ("shared", False, False, True, True),
        ("mutual", False, False, False, True),
        ("matches", False, False, False, True),
    ],
)
def test_what_the_other_shared_opens_by_its_way_of_revealing(reveal, neither, mine, theirs, both):
    def seen(mine_shared, theirs_shared):
        return rules.theirs_visible(reveal, mine_shared=mine_shared, theirs_shared=theirs_shared)

    assert [seen(False, False), seen(True, False), seen(False, True), seen(True, True)] == [neither, mine, theirs, both]


@pytest.mark.parametrize(
    ("after", "answered", "revealed", "may"),
    [
        (timedelta(0), False, False, True),
        (10 * MINUTE - timedelta(seconds=1), False, False, True),
        (10 * MINUTE, False, False, False),
        (MINUTE, True, False, False),
        (MINUTE, False, True, False),
    ],
)
def test_undoing_is_for_ten_minutes_while_nothing_came_of_it(after, answered, revealed, may):
    assert rules.may_undo(NOW, now=NOW + after, answered=answered, revealed=revealed) is may


@pytest.mark.parametrize(
    ("verdicts", "rest", "reflect"),
    [
        ([], False, True),
        ([""], False, False),
        (["almost"], False, True),
        (["heard"], False, False),
        (["almost", ""], True, False),
        (["almost", "not-yet"], True, True),
        (["almost", "heard"], False, False),
    ],
)
def test_when_it_may_be_said_back_again_and_when_it_may_rest(verdicts, rest, reflect):
    assert (rules.may_rest(verdicts), rules.may_reflect(verdicts)) == (rest, reflect)


@pytest.mark.parametrize(
    ("newest", "number", "yeses", "agreed"),
    [
        (2, 2, [1, 2], True),
        (2, 2, [2, 1], True),
        (2, 2, [1], False),
        (2, 2, [], False),
        (2, 2, [1, 1], False),
        (3, 2, [1, 2], False),
    ],
)
def test_agreed_is_both_yeses_to_the_same_newest(newest, number, yeses, agreed):
    assert rules.is_agreed(newest=newest, number=number, yeses=yeses) is agreed


def test_a_line_is_ones_own_or_for_both():
    assert rules.line_is_own(author=1, for_seat=1)
    assert rules.line_is_own(author=1, for_seat=None)
    assert not rules.line_is_own(author=1, for_seat=2)


@pytest.mark.parametrize(
    ("days", "next_look", "quiet"),
    [
        (14, None, True),
        (13, None, False),
        (40, timedelta(days=1), False),
        (40, -timedelta(days=1), True),
    ],
)
def test_quiet_is_two_weeks_without_a_milestone_and_nothing_ahead(days, next_look, quiet):
    ahead = NOW + next_look if next_look is not None else None
    assert rules.is_quiet(since=NOW - timedelta(days=days), next_look=ahead, now=NOW) is quiet


def test_where_nothing_has_begun_nothing_is_quiet():
    assert rules.is_quiet(since=None, next_look=None, now=NOW) is False


def test_matches_are_what_both_picked_and_tell_nothing_of_the_order():
    assert rules.matches(["walk", "dance", "cook"], ["cook", "swim", "walk"]) == ["cook", "walk"]
    assert rules.matches(["walk"], ["swim"]) == []
