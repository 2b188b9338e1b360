"""Own steps, shared parts and the door: what a guide's file may say, and who reads it."""

import copy
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from apps.guides import library, lock, schema
from apps.guides.schema import GuideError, UnknownKey

FILE = "rebuild.v1.toml"


def document(name: str) -> dict[str, Any]:
    return tomllib.loads((library.CONTENT / name).read_text(encoding="utf-8"))


TABLE = schema.resolved(FILE, document(FILE), document(library.PARTS))
OWN = TABLE["alone"][0]


def parse(table: dict[str, Any]) -> schema.Guide:
    return schema.parse(FILE, "rebuild", 1, table)


def change(value: Any, *path: Any) -> Callable[[Any], None]:
    def apply(table: Any) -> None:
        for key in path[:-1]:
            table = table[key]
        table[path[-1]] = value

    return apply


WRONG = [
    (change("shared", "alone", 0, "exercises", 0, "reveal"), "alone[0].exercises[0].reveal: must be 'private'"),
    (change("moment", "alone", 0, "key"), "alone[0].key: 'moment' is there twice"),
    (change("prepare", "alone", 0, "key"), "alone[0].key: 'prepare' is there twice"),
    (change(OWN["key"], "alone", 1, "key"), f"alone[1].key: '{OWN['key']}' is there twice"),
    (change("evening", "alone", 0, "exercises", 0, "key"), "alone[0].exercises[0].key: 'evening' is there twice"),
    (change(0, "alone", 0, "minutes"), "alone[0].minutes: must be at least 1"),
    (change(["haste"], "alone", 0, "mistakes"), "alone[0].mistakes[0]: there is no mistake 'haste'"),
    (
        change(["haste"], "steps", 0, "exercises", 0, "mistakes"),
        "steps[0].exercises[0].mistakes[0]: there is no mistake",
    ),
    (change(True, "preparation", 0, "replied"), "preparation[0].replied: only a shared exercise can be answered"),
    (change("nowhere", "door", 0, "link"), "door[0].link: must be one of ''"),
    (change({"kind": "agreed"}, "alone", 0, "milestone"), "alone[0].milestone: unknown key"),
]


@pytest.mark.parametrize(("spoil", "message"), WRONG, ids=[message for _spoil, message in WRONG])
def test_a_wrong_file_is_refused_with_its_place(spoil: Callable[[Any], None], message: str) -> None:
    table = copy.deepcopy(TABLE)
    spoil(table)
    with pytest.raises(GuideError) as error:
        parse(table)
    assert str(error.value).startswith(f"{FILE}: {message}")


def test_an_answer_is_read_again_only_on_steps_that_are_there() -> None:
    table = copy.deepcopy(TABLE)
    reaction = next(
        one for one in table["alone"][0]["exercises"] + table["alone"][1]["exercises"] if one["key"] == "reaction"
    )
    reaction["answers"][0]["again"] = ["nowhere"]
    with pytest.raises(GuideError, match=r"answers\[0\]\.again: there is no step 'nowhere'"):
        parse(table)


# Shared parts.

PARTS = {
    "thing": {"tea": {"key": "tea", "text": "Drink tea.", "goes_with": ["quiet"]}},
    "exercise": {
        "pick": {"title": "Pick", "fields": [{"use": "field.words"}]},
        "ring": {"title": "Ring", "fields": [{"use": "exercise.ring"}]},
    },
    "field": {"words": {"key": "words", "label": "In a few words"}},
}


def test_a_part_is_laid_in_and_the_keys_beside_it_replace_its_own() -> None:
    given = {"tonight": [{"use": "thing.tea", "text": "Drink tea slowly."}], "steps": [{"use": "exercise.pick"}]}
    assert schema.resolved("x.toml", given, PARTS) == {
        "tonight": [{"key": "tea", "text": "Drink tea slowly.", "goes_with": ["quiet"]}],
        "steps": [{"title": "Pick", "fields": [{"key": "words", "label": "In a few words"}]}],
    }
    assert PARTS["thing"]["tea"]["text"] == "Drink tea."


@pytest.mark.parametrize(
    ("use", "problem"),
    [
        ("thing.coffee", "tonight[0].use: there is no 'thing.coffee'"),
        ("coffee", "tonight[0].use: there is no 'coffee'"),
        (7, "tonight[0].use: there is no 7"),
        ("exercise.ring", "tonight[0].fields[0].use: 'exercise.ring' uses itself"),
    ],
)
def test_a_part_that_is_not_there_is_named_with_its_place(use: object, problem: str) -> None:
    with pytest.raises(GuideError) as error:
        schema.resolved("x.toml", {"tonight": [{"use": use}]}, PARTS)
    assert str(error.value) == f"x.toml: {problem}"


# Who reads what.


def test_for_who_did_not_begin_there_are_no_own_steps() -> None:
    guide = library.find("rebuild")
    both = guide.for_both()
    assert ([step.key for step in guide.alone], both.alone, both.lead_alone, both.name) == (
        ["signs", "space"],
        (),
        "",
        guide.title,
    )
    assert both.steps == guide.steps
    assert guide.for_both() is both
    for step in guide.alone:
        for exercise in step.exercises:
            assert guide.place_of(exercise.key) is step
            assert guide.step_of(exercise.key) is None
            for look_up in (both.exercise, both.place_of, both.step_of):
                with pytest.raises(UnknownKey):
                    look_up(exercise.key)
        with pytest.raises(UnknownKey):
            both.own_step(step.key)


def test_both_guides_have_the_same_neutral_title_and_the_same_preparation() -> None:
    bridge, rebuild = library.find("bridge"), library.find("rebuild")
    assert bridge.title == rebuild.title
    first = ["evening", "inventory", "settle", "stance"]
    assert [exercise.key for exercise in rebuild.preparation] == first
    assert [exercise.key for exercise in bridge.preparation][:4] == first


def test_what_both_guides_share_has_one_shape() -> None:
    """Else a change of way would hide what was written."""
    bridge, rebuild = library.find("bridge"), library.find("rebuild")
    there = {exercise.key: lock.exercise_shape(exercise) for exercise in rebuild.exercises()}
    assert [
        exercise.key
        for exercise in bridge.exercises()
        if exercise.key in there and there[exercise.key] != lock.exercise_shape(exercise)
    ] == []


def test_the_lock_holds_own_steps_and_the_door_only_where_there_are_any() -> None:
    assert {"alone", "door"} <= lock.shape(library.find("rebuild")).keys()
    assert {"alone", "door"} & lock.shape(library.find("bridge", 1)).keys() == set()
