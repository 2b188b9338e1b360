"""The kinds of exercise: what their forms take and hand over, and what may be shared."""

import pytest
from django.http import QueryDict

from apps.guides import library
from apps.plans import exercises
from apps.plans.exercises.forms import LONGEST, LONGEST_LINE, says_something


def exercise(key):
    return library.find("bridge").exercise(key)


def kind(key):
    return exercises.kind(exercise(key))


def filled(key, posted="", **data):
    """The form of an exercise with what was posted."""
    query = QueryDict(posted, mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return kind(key).form(exercise(key), query)


def body(key, posted="", **data):
    form = filled(key, posted, **data)
    assert form.is_valid(), form.errors
    return form.body()


def problems(form):
    return {name: list(errors) for name, errors in form.errors.items()}


@pytest.mark.parametrize("value", ["ab", "no", "é1", "I am", ["sad"], 3])
def test_two_letters_say_something(value):
    assert says_something(value)


@pytest.mark.parametrize("value", ["", ".", "a", "…!?", "  x  ", "- -", None, [], 0])
def test_a_dot_says_nothing(value):
    assert not says_something(value)


def test_every_kind_that_a_guide_names_is_there():
    for one in library.find("bridge").exercises():
        assert exercises.kind(one).name == one.kind


def test_the_clean_shape_of_plain_questions():
    assert body("opening", feeling=["sad"], situation="  We sit apart ", request="Sit with me") == {
        "fields": {
            "feeling": ["sad"],
            "feeling_words": "",
            "situation": "We sit apart",
            "need": "",
            "request": "Sit with me",
        },
        "items": [],
    }


def test_the_clean_shape_of_a_scale_is_a_number_or_nothing():
    assert body("stance", curious="4")["fields"] == {"curious": 4, "why": ""}
    assert body("stance", why="not sure")["fields"] == {"curious": None, "why": "not sure"}


def test_a_scale_and_a_choice_take_only_their_own_values():
    assert not filled("stance", curious="6").is_valid()
    assert not filled("question", card="no-such-card").is_valid()
    assert not filled("opening", feeling=["no-such-feeling"]).is_valid()


def test_items_are_kept_in_their_order_and_empty_ones_are_left_out():
    posted = {"item-0-idea": "Walk", "item-1-idea": "", "item-2-idea": "Cook", "item-4-idea": "Swim"}
    assert body("ideas", **posted) == {"fields": {}, "items": [{"idea": "Walk"}, {"idea": "Cook"}, {"idea": "Swim"}]}


def test_items_beyond_the_most_are_not_taken():
    posted = {f"item-{slot}-idea": f"Idea {slot}" for slot in range(9)}
    assert [row["idea"] for row in body("ideas", **posted)["items"]] == [f"Idea {slot}" for slot in range(5)]


def test_at_most_three_feelings():
    three = ["sad", "lonely", "tired"]
    keys = [choice.key for choice in exercise("opening").field("feeling").choices]
    assert filled("opening", feeling=keys[:3]).is_valid(), three
    assert problems(filled("opening", feeling=keys[:4])) == {"feeling": ["Please choose 3 at most."]}


def test_a_line_and_a_text_have_their_longest():
    assert filled("opening", situation="x" * LONGEST, need="x" * LONGEST_LINE).is_valid()
    assert set(filled("opening", situation="x" * (LONGEST + 1)).errors) == {"situation"}
    assert set(filled("opening", need="x" * (LONGEST_LINE + 1)).errors) == {"need"}


def test_nothing_is_required_to_keep_a_draft():
    for one in library.find("bridge").exercises():
        if exercises.kind(one).writes:
            assert exercises.kind(one).form(one, QueryDict("")).is_valid(), one.key


def test_sharing_needs_the_required_parts_said_beside_each():
    form = filled("opening", situation=".", request="Sit with me")
    assert form.is_valid()
    assert not form.require()
    assert problems(form) == {"situation": ["Please add a few words here first."]}
    complete = filled("opening", situation="We sit apart", request="Sit with me")
    assert complete.is_valid()
    assert complete.require()


def test_of_items_the_first_is_needed_and_the_others_once_begun():
    empty = filled("ideas")
    assert empty.is_valid()
    assert not empty.require()
    assert set(empty.errors) == {"item-0-idea"}
    half = filled("needs", **{"item-0-need": need(), "item-0-picture": "Tuesday", "item-1-picture": "Friday"})
    assert half.is_valid()
    assert not half.require()
    assert set(half.errors) == {"item-1-need"}


def need():
    return exercise("needs").item_field("need").choices[0].key


@pytest.mark.parametrize(
    ("key", "shared", "may"),
    [
        ("telling", {"fields": {"words": "It was a hard year"}}, True),
        ("telling", {"fields": {"words": "."}}, False),
        ("telling", {"fields": {}}, False),
        ("telling", {}, False),
        ("opening", {"fields": {"situation": "We sit apart", "request": "Sit with me"}}, True),
        ("opening", {"fields": {"situation": "We sit apart", "request": " . "}}, False),
        ("ideas", {"items": [{"idea": "Walk"}]}, True),
        ("ideas", {"items": []}, False),
        ("ideas", {"items": [{"idea": "."}]}, False),
        ("ideas", {"items": [{"idea": "Walk"}, {"idea": ""}]}, False),
        ("stressors", {"items": [{"kind": "work", "what": "Move", "weight": 4, "effect": "Quiet"}]}, True),
        ("stressors", {"items": [{"kind": "work", "what": "Move", "weight": None, "effect": "Quiet"}]}, False),
        ("deck", {"picks": []}, True),
        ("deck", {"picks": ["walk"]}, True),
    ],
)
def test_what_may_be_shared(key, shared, may):
    sentence = kind(key).missing(exercise(key), shared)
    assert sentence == ("" if may else "A needed part is still empty. Please add a few words first.")


@pytest.mark.parametrize(
    ("key", "kept", "begun"),
    [
        ("evening", {}, False),
        ("evening", {"fields": {"words": "", "more_of": []}, "items": []}, False),
        ("evening", {"fields": {"words": "", "more_of": ["talk"]}, "items": []}, True),
        ("ideas", {"fields": {}, "items": [{"idea": "Walk"}]}, True),
        ("deck", {"picks": []}, False),
        ("deck", {"picks": ["walk"]}, True),
    ],
)
def test_begun_is_when_something_is_written(key, kept, begun):
    assert kind(key).begun(kept) is begun


def test_what_is_kept_comes_back_into_the_form():
    kept = {"fields": {}, "items": [{"idea": "Walk"}, {"idea": "Cook"}]}
    form = kind("ideas").form(exercise("ideas"), body=kept)
    values = [field.value() for item in form.items() for field in item["fields"]]
    assert values == ["Walk", "Cook", None, None, None]
    again = kind("stance").form(exercise("stance"), body={"fields": {"curious": 4, "why": "so"}})
    assert [field.value() for field in again.own_fields()] == [4, "so"]


def test_empty_slots_are_folded_away():
    def folded(kept):
        return [item["folded"] for item in kind("ideas").form(exercise("ideas"), body=kept).items()]

    assert folded({}) == [False, True, True, True, True]
    assert folded({"items": [{"idea": "Walk"}, {"idea": "Cook"}]}) == [False, False, True, True, True]


def test_answers_are_read_with_their_labels_and_without_the_empty_ones():
    field = exercise("opening").field("feeling")
    first, second = field.choices[:2]
    values = {"fields": {"feeling": [first.key, second.key], "situation": "We sit apart", "need": ""}}
    shown = kind("opening").shown(exercise("opening"), values)
    assert [(one.key, one.text) for one in shown["answers"]] == [
        ("feeling", f"{first.label}, {second.label}"),
        ("situation", "We sit apart"),
    ]
    assert shown["items"] == []


def test_a_scale_is_read_with_the_words_of_its_ends():
    low, high = exercise("stance").field("curious").low, exercise("stance").field("curious").high

    def read(value):
        return kind("stance").shown(exercise("stance"), {"fields": {"curious": value}})["answers"][0].text

    assert (read(1), read(3), read(5)) == (f"1 / 5 ({low})", "3 / 5", f"5 / 5 ({high})")


def test_the_deck_takes_its_own_ideas_sorted_and_five_at_most():
    ideas = [idea.key for idea in exercise("deck").deck]
    assert body("deck", picks=[ideas[2], ideas[0]]) == {"picks": sorted([ideas[0], ideas[2]])}
    assert body("deck") == {"picks": []}
    assert problems(filled("deck", picks=ideas[:6])) == {"picks": ["Please choose 5 at most."]}
    assert set(filled("deck", picks=["no-such-idea"]).errors) == {"picks"}


def test_the_kinds_that_stand_for_another_page_write_nothing():
    assert [one.name for one in exercises.KINDS.values() if not one.writes] == [
        "settling",
        "agreement",
        "quiet",
        "appointment",
        "follow_up",
    ]
