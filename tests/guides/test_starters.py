"""The small things to start from: enough of them, concrete, and sorted by what the two named."""

from apps.guides import library
from apps.guides.starters import fitting, starters


def choices(exercise: str, field: str) -> set[str]:
    return {choice.key for choice in library.find("bridge").exercise(exercise).item_field(field).choices}


def test_there_are_enough_and_each_is_concrete() -> None:
    assert len(starters()) >= 40
    assert [one.key for one in starters() if not (one.when or one.how_often) or not one.how_we_know] == []


def test_they_name_needs_and_loads_that_the_guide_knows() -> None:
    known_needs, known_loads = choices("needs", "need"), choices("stressors", "kind")
    assert {need for one in starters() for need in one.needs} <= known_needs
    assert {load for one in starters() for load in one.loads} <= known_loads


def test_every_need_of_the_guide_has_something_to_start_from() -> None:
    assert choices("needs", "need") - {need for one in starters() for need in one.needs} == {"other"}


def test_what_serves_the_named_needs_comes_first() -> None:
    found = fitting(frozenset({"play"}), frozenset({"work"}))
    assert [one.key for one in found[:2]] == ["game-night", "silly-picture"]
    assert len(found) == len(starters())
