"""Every way in which a guide's file can be wrong, and the sentence that says so."""

import copy
import dataclasses
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from apps.guides import library, schema
from apps.guides.schema import Answer, GuideError, UnknownKey

FILE = "bridge.v1.toml"
TABLE = tomllib.loads((library.CONTENT / FILE).read_text(encoding="utf-8"))
Table = dict[str, Any]


def parse(table: Table) -> schema.Guide:
    return schema.parse(FILE, "bridge", 1, table)


def opening(table: Table) -> Table:
    """The first exercise of the first step."""
    return table["steps"][0]["exercises"][0]


def without(*path: Any) -> Callable[[Table], None]:
    def change(table: Any) -> None:
        for key in path[:-1]:
            table = table[key]
        del table[path[-1]]

    return change


def with_value(value: Any, *path: Any) -> Callable[[Table], None]:
    def change(table: Any) -> None:
        for key in path[:-1]:
            table = table[key]
        table[path[-1]] = value

    return change


EXERCISE = ("steps", 0, "exercises", 0)
FIELD = (*EXERCISE, "fields", 1)

WRONG = [
    # Keys and types.
    (with_value("x", "colour"), "colour: unknown key"),
    (with_value("text", *FIELD, "kidn"), "steps[0].exercises[0].fields[1].kidn: unknown key"),
    (with_value(1, "steps", 0, "number"), "steps[0].number: unknown key"),
    (without("title"), "title: missing"),
    (without(*FIELD, "kind"), "steps[0].exercises[0].fields[1].kind: missing"),
    (without("steps", 3, "milestone", "kind"), "steps[3].milestone.kind: missing"),
    (with_value("", "lead"), "lead: must not be empty"),
    (with_value([], "steps", 1, "text"), "steps[1].text: must not be empty"),
    (with_value([], "tonight"), "tonight: must not be empty"),
    (with_value("1", "version"), "version: must be a whole number"),
    (with_value(True, "steps", 0, "minutes"), "steps[0].minutes: must be a whole number"),
    (with_value(3, "name"), "name: must be text"),
    (with_value(" Ask", "steps", 0, "title"), "steps[0].title: must not begin or end with white space"),
    (with_value("yes", *EXERCISE, "reflected"), "steps[0].exercises[0].reflected: must be true or false"),
    (with_value("One.", "steps", 0, "text"), "steps[0].text: must be a list"),
    (with_value(["One.", 2], "steps", 0, "text"), "steps[0].text[1]: must be text"),
    (with_value("heard", "steps", 0, "milestone"), "steps[0].milestone: must be a table"),
    (with_value(["a"], "results"), "results[0]: must be a table"),
    (
        with_value("open", *EXERCISE, "reveal"),
        "steps[0].exercises[0].reveal: must be one of 'private', 'shared', 'mutual', 'matches', 'joint'",
    ),
    (
        with_value("number", *FIELD, "kind"),
        "steps[0].exercises[0].fields[1].kind: "
        "must be one of 'text', 'long_text', 'choice', 'choices', 'scale', 'date'",
    ),
    (
        with_value("free", "steps", 5, "exercises", 1, "deck", 2, "cost"),
        "steps[5].exercises[1].deck[2].cost: must be one of 'none', 'little', 'some'",
    ),
    # The file's name.
    (with_value("bridges", "slug"), "slug: must be 'bridge' as in the file’s name"),
    (with_value(2, "version"), "version: must be 1 as in the file’s name"),
    # Keys: their form, and each only once.
    (with_value("Ask Now", "steps", 0, "key"), "steps[0].key: 'Ask Now' is no key: lower-case words only"),
    (with_value("listen", "steps", 0, "key"), "steps[1].key: 'listen' is there twice"),
    (with_value("evening", *EXERCISE, "key"), "steps[0].exercises[0].key: 'evening' is there twice"),
    (
        with_value("feeling-words", *FIELD, "key"),
        "steps[0].exercises[0].fields[1].key: 'feeling-words' is no key: lower-case words only",
    ),
    (with_value("feeling", *FIELD, "key"), "steps[0].exercises[0].fields[1].key: 'feeling' is there twice"),
    (
        with_value("sad", *EXERCISE, "fields", 0, "choices", 0, "key"),
        "steps[0].exercises[0].fields[0].choices[1].key: 'sad' is there twice",
    ),
    (
        with_value("effect", "steps", 2, "exercises", 0, "item_fields", 0, "key"),
        "steps[2].exercises[0].item_fields[5].key: 'effect' is there twice",
    ),
    (
        with_value("board-game", "steps", 5, "exercises", 1, "deck", 0, "key"),
        "steps[5].exercises[1].deck[1].key: 'board-game' is there twice",
    ),
    (with_value("intent", "mistakes", 0, "key"), "mistakes[2].key: 'intent' is there twice"),
    (with_value("clarity", "results", 1, "key"), "results[1].key: 'clarity' is there twice"),
    (with_value("weeks", "next_steps", 0, "key"), "next_steps[1].key: 'weeks' is there twice"),
    (with_value("old-song", "tonight", 0, "key"), "tonight[10].key: 'old-song' is there twice"),
    # References.
    (
        with_value("closing", "steps", 0, "milestone", "exercise"),
        "steps[0].milestone.exercise: this step has no exercise 'closing'",
    ),
    (
        with_value("opening", "steps", 1, "milestone", "exercise"),
        "steps[1].milestone.exercise: this step has no exercise 'opening'",
    ),
    (
        with_value("question", "steps", 1, "milestone", "exercise"),
        "steps[1].milestone.exercise: 'question' is not reflected, so it can never be heard",
    ),
    (
        with_value("memories", "steps", 5, "milestone", "exercise"),
        "steps[5].milestone.exercise: 'memories' is joint, so it can never be shared",
    ),
    (
        with_value("agreement", "steps", 4, "milestone", "exercise"),
        "steps[4].milestone.exercise: must be empty for 'agreed'",
    ),
    (with_value(["intents"], "steps", 0, "mistakes"), "steps[0].mistakes[0]: there is no mistake 'intents'"),
    (
        with_value("mood", "preparation", 1, "answers", 0, "field"),
        "preparation[1].answers[0].field: there is no field 'mood'",
    ),
    (
        with_value(["sad", "blue"], "preparation", 1, "answers", 0, "values"),
        "preparation[1].answers[0].values[1]: 'feelings' can never be 'blue'",
    ),
    (
        with_value(["6"], "preparation", 3, "answers", 0, "values"),
        "preparation[3].answers[0].values[0]: 'curious' can never be '6'",
    ),
    (
        with_value(["talk", "peace"], "tonight", 0, "goes_with"),
        "tonight[0].goes_with[1]: there is no choice 'peace' in evening’s more_of",
    ),
    (with_value("calm-down", "preparation", 2, "key"), "preparation[1].answers[2].link: there is no exercise 'settle'"),
    (
        with_value(["A.s1"], *EXERCISE, "covers"),
        "steps[0].exercises[0].covers[0]: 'A.s1' is no id of a guide’s element",
    ),
    # Parts that do not fit each other.
    (with_value("shared", "preparation", 0, "reveal"), "preparation[0].reveal: must be 'private': one prepares alone"),
    (with_value(0, "steps", 0, "minutes"), "steps[0].minutes: must be at least 1"),
    (with_value(0, *EXERCISE, "minutes"), "steps[0].exercises[0].minutes: must be at least 1"),
    (
        with_value(True, "steps", 3, "exercises", 0, "reflected"),
        "steps[3].exercises[0].reflected: only a shared exercise can be reflected",
    ),
    (without(*EXERCISE, "fields", 0, "choices"), "steps[0].exercises[0].fields[0].choices: needs at least two choices"),
    (
        with_value("text", *EXERCISE, "fields", 0, "kind"),
        "steps[0].exercises[0].fields[0].choices: a text field has no choices",
    ),
    (with_value(2, *FIELD, "at_most"), "steps[0].exercises[0].fields[1].at_most: a text field has no at_most"),
    (
        with_value(99, *EXERCISE, "fields", 0, "at_most"),
        "steps[0].exercises[0].fields[0].at_most: must lie between 1 and the number of choices",
    ),
    (
        without("preparation", 3, "fields", 0, "high"),
        "preparation[3].fields[0].low: a scale names both ends, low and high; nothing else has them",
    ),
    (
        with_value("Never", *FIELD, "low"),
        "steps[0].exercises[0].fields[1].low: a scale names both ends, low and high; nothing else has them",
    ),
    (
        without("steps", 5, "exercises", 1, "deck"),
        "steps[5].exercises[1].deck: cards belong to the kind 'deck', and only to it",
    ),
    (
        with_value("ideas", "steps", 5, "exercises", 1, "kind"),
        "steps[5].exercises[1].deck: cards belong to the kind 'deck', and only to it",
    ),
    (
        with_value(0, "steps", 5, "exercises", 1, "deck", 0, "minutes"),
        "steps[5].exercises[1].deck[0].minutes: must be at least 1",
    ),
    (
        without("steps", 2, "exercises", 0, "item_name"),
        "steps[2].exercises[0].item_name: items need a name and fields, or neither",
    ),
    (
        with_value(0, "steps", 2, "exercises", 0, "items_at_most"),
        "steps[2].exercises[0].items_at_most: must be at least 1 where there are items, and 0 where there are none",
    ),
    (
        with_value(3, *EXERCISE, "items_at_most"),
        "steps[0].exercises[0].items_at_most: must be at least 1 where there are items, and 0 where there are none",
    ),
    (
        with_value(7, "steps", 2, "exercises", 0, "items_at_least"),
        "steps[2].exercises[0].items_at_least: must lie between 0 and items_at_most",
    ),
    (
        without("steps", 4, "exercises", 0, "item_fields", 0, "required"),
        "steps[4].exercises[0].fields: a mutual exercise needs a required field, "
        "or an empty share would open the other’s",
    ),
]


@pytest.mark.parametrize(("change", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_wrong_file_is_refused_with_its_place(change: Callable[[Table], None], message: str) -> None:
    table = copy.deepcopy(TABLE)
    change(table)
    with pytest.raises(GuideError) as error:
        parse(table)
    assert str(error.value) == f"{FILE}: {message}"


def test_the_table_itself_is_right() -> None:
    assert parse(TABLE) == library.find("bridge", 1)


def test_steps_are_numbered_by_their_place() -> None:
    assert [(step.number, step.key) for step in parse(TABLE).steps] == [
        (1, "ask"),
        (2, "listen"),
        (3, "outside"),
        (4, "missing"),
        (5, "agree"),
        (6, "play"),
        (7, "look-back"),
    ]


def test_parts_are_found_by_key() -> None:
    guide = parse(TABLE)
    assert guide.exercise("telling") is guide.steps[1].exercises[1]
    assert guide.exercise("telling").field("words").kind == "long_text"
    assert guide.exercise("needs").item_field("need").choice("space").label == "Room for myself"
    assert guide.exercise("deck").idea("quiz").minutes == 20
    assert guide.step("play").number == 6
    assert guide.mistake("silence").title == "Taking silence for a yes"
    assert guide.step_of("telling") is guide.steps[1]
    assert guide.step_of("evening") is None


def test_an_unknown_key_is_an_error() -> None:
    guide = parse(TABLE)
    for look_up in (guide.exercise, guide.step, guide.step_of, guide.mistake, guide.exercises()[0].field):
        with pytest.raises(UnknownKey):
            look_up("nowhere")


def test_a_guide_cannot_be_changed() -> None:
    guide = parse(TABLE)
    exercise = guide.exercise("needs")
    for part in (guide, guide.steps[0], exercise, exercise.fields[0], guide.tonight[0], guide.mistakes[0]):
        assert not hasattr(part, "__dict__")
        for field in dataclasses.fields(part):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(part, field.name, "another")


@pytest.mark.parametrize(
    ("values", "value", "fits"),
    [
        (("1", "2"), 2, True),
        (("1", "2"), 3, False),
        (("1", "2"), None, False),
        (("afraid",), ["sad", "afraid"], True),
        (("afraid",), ["sad"], False),
        (("afraid",), [], False),
        (("rest",), "rest", True),
        (("rest",), "", False),
    ],
)
def test_an_answer_fits_a_saved_value(values: tuple[str, ...], value: object, fits: bool) -> None:
    assert Answer(field="any", values=values, text="Be kind to yourself.").fits(value) is fits


def test_an_exercise_answers_what_was_saved() -> None:
    inventory = parse(TABLE).exercise("inventory")
    saved = {"feelings": ["overwhelmed", "warm"], "energy": 1, "fear": ""}
    assert [answer.link for answer in inventory.answers_to(saved)] == ["help", "rest"]
    assert inventory.answers_to({"feelings": ["calm"], "energy": 4}) == ()
    assert inventory.answers_to({}) == ()
