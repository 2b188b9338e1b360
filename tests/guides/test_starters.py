"""The small things to start from: enough of them of each kind, concrete, and sorted by what the two named."""

from collections import Counter

import pytest

from apps.guides import library, starters
from apps.guides.never_owed import their_family
from apps.guides.schema import GuideError
from apps.guides.starters import fitting


def choices(exercise: str, field: str) -> set[str]:
    return {choice.key for choice in library.find("bridge").exercise(exercise).item_field(field).choices}


def test_there_are_enough_of_each_kind() -> None:
    counted = Counter(one.kind for one in starters.starters())
    assert sum(counted.values()) >= 60
    least = {"habit": 20, "boundary": 8, "minimum": 8, "appointment": 8, "gesture": 6, "play": 6}
    assert {kind for kind, number in least.items() if counted[kind] < number} == set()


def test_each_is_concrete() -> None:
    usual = [one for one in starters.starters() if one.kind not in ("appointment", "boundary")]
    assert [one.key for one in usual if not (one.when or one.how_often)] == []
    assert [one.key for one in starters.starters() if not one.how_we_know] == []
    boundaries = [one for one in starters.starters() if one.kind == "boundary"]
    assert [one.key for one in boundaries if not one.support or not one.how_often] == []


def test_nobody_words_what_touches_the_family_of_the_other() -> None:
    boundaries = [one for one in starters.starters() if one.kind == "boundary"]
    assert [one.key for one in boundaries if one.stressor == "your-family"] == []
    assert [one.key for one in boundaries if their_family().is_in(f"{one.what} {one.support}")] == []


def test_they_name_needs_and_loads_that_the_guide_knows() -> None:
    known_needs, known_loads = choices("needs", "need"), choices("stressors", "kind")
    assert {need for one in starters.starters() for need in one.needs} <= known_needs
    assert {load for one in starters.starters() for load in one.loads} <= known_loads
    assert {one.stressor for one in starters.starters()} - {""} <= known_loads
    assert (set(starters.need_names()), set(starters.loads())) == (known_needs, known_loads)


def test_every_need_of_the_guide_has_something_to_start_from() -> None:
    assert choices("needs", "need") - {need for one in starters.starters() for need in one.needs} == {"other"}


def test_what_serves_the_named_needs_comes_first() -> None:
    found = fitting(frozenset({"play"}), frozenset({"work"}))
    assert [one.key for one in found[:2]] == ["game-night", "silly-picture"]
    assert len(found) == len(starters.starters())


def test_one_can_ask_for_a_kind_and_for_a_need() -> None:
    nothing: frozenset[str] = frozenset()
    assert {one.kind for one in fitting(nothing, nothing, kind="boundary")} == {"boundary"}
    assert [one.key for one in fitting(nothing, nothing, kind="boundary", need="time")] == [
        "work-stays-out",
        "work-hour",
        "children-door",
        "caring-turns",
    ]
    assert fitting(nothing, nothing, kind="all", need="nothing of this name") == list(starters.starters())


GOOD = {"key": "x", "what": "A walk", "who": "both", "needs": [], "loads": []}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"who": "you"}, "“who” as both or me"),
        ({"what": ""}, "needs a “what”"),
        ({"kind": "promise"}, "needs a “kind”"),
        ({"kind": "boundary"}, "only a boundary a “stressor”"),
        ({"stressor": "work"}, "only a boundary a “stressor”"),
        ({"kind": "appointment", "days": [1], "time": "18:30", "minutes": 30}, "has days, time, minutes, weeks"),
        ({"days": [1], "time": "18:30", "minutes": 30, "weeks": 8}, "a fixed time, and nothing else"),
        ({"whom": "both"}, "whom"),
    ],
)
def test_a_wrong_one_is_named(wrong, said) -> None:
    with pytest.raises(GuideError, match=rf"starter\[7\]: .*{said}"):
        starters.read(7, GOOD | wrong)
