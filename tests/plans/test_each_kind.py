"""Kind by kind what its form takes, keeps and hands over, beyond the plain questions."""

from datetime import date

import pytest
from django.http import QueryDict

from apps.core.errors import RuleBroken
from apps.guides import library
from apps.plans import exercises
from apps.plans.exercises.base import Around, Part
from apps.plans.exercises.deck import fits, own_idea
from apps.plans.exercises.log import names_what_is_theirs

TODAY = date(2026, 5, 3)
GUIDES = {slug: library.find(slug) for slug in ("bridge", "rebuild")}


def exercise(key, guide="bridge"):
    return GUIDES[guide].exercise(key)


def filled(key, body=None, around=Around(today=TODAY), guide="bridge", **data):  # noqa: B008 — it never changes
    query = QueryDict("", mutable=True)
    for name, value in data.items():
        query.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    kind = exercises.kind(exercise(key, guide))
    form = kind.form(exercise(key, guide), query, body or {}, around)
    return kind, form


def problems(form):
    return {name: list(errors) for name, errors in form.errors.items()}


# --- the log


ENTRY = {"on": "2026-05-02", "sign": "", "words": "We laughed at the dog", "good": True}


def test_an_entry_has_a_day_words_and_whether_it_was_good():
    kind, form = filled("observations", on="2026-05-02", words="We laughed at the dog", good="on")
    assert form.is_valid()
    assert form.require()
    assert form.final() == ENTRY
    assert kind.drafted(form.body(), {"entries": [ENTRY]}) == {"entries": [ENTRY], "typing": ENTRY}


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("", "Please choose a day."),
        ("2026-05-04", "Please choose today or a day before it."),
        ("2026-03-03", "Please choose a day of the last two months."),
        ("2026-05-03", None),
        ("2026-03-04", None),
    ],
)
def test_an_entry_is_for_today_or_a_day_of_the_last_sixty(on, sentence):
    _kind, form = filled("observations", on=on, words="We laughed")
    assert form.is_valid()
    assert form.require() is (sentence is None)
    assert problems(form) == ({"on": [sentence]} if sentence else {})


def test_a_second_entry_of_a_day_takes_the_first_ones_place_only_when_told_to():
    before = {"entries": [ENTRY]}
    kind, form = filled("observations", before, on="2026-05-02", words="We had tea")
    assert form.is_valid()
    assert not form.require()
    assert problems(form) == {"on": ["There is an entry for 2 May already. You can let this one take its place."]}
    assert [one.text for one in form.replaces_shown] == ["We laughed at the dog"]
    _kind, form = filled("observations", before, on="2026-05-02", words="We had tea", replace="2026-05-02")
    assert form.is_valid()
    assert form.require()
    assert kind.added(before, form.final())["entries"] == [form.final()]
    _kind, other_day = filled("observations", before, on="2026-05-02", words="We had tea", replace="2026-05-01")
    assert other_day.is_valid()
    assert not other_day.require()


def test_entries_stand_by_their_day_and_one_is_taken_out_alone():
    kind = exercises.kind(exercise("observations"))
    later = ENTRY | {"on": "2026-05-03"}
    body = kind.added({"entries": [later], "typing": ENTRY}, ENTRY)
    assert body == {"entries": [ENTRY, later], "typing": {}}
    assert kind.removed(body, "2026-05-02") == {"entries": [later], "typing": {}}
    assert kind.removed(body, "2026-05-01") == body


@pytest.mark.parametrize(
    ("words", "theirs"),
    [
        ("On the phone on Sunday we talked for five minutes", False),
        ("We both laughed at the dog", False),
        ("They went to bed at nine and I stayed up", False),
        ("I looked at her phone while she slept", True),
        ("I checked Jonas’s messages", True),
        ("I wonder where he was on Tuesday", True),
        ("Their location said the office", True),
    ],
)
def test_a_hint_follows_words_about_whereabouts_phone_or_company(words, theirs):
    assert names_what_is_theirs(words) is theirs


# --- loads


def test_a_load_ends_after_it_began():
    _kind, form = filled("stressors", item__0__since="2026-05-02", item__0__until="2026-05-01")
    assert problems(form) == {"item-0-until": ["This day is before the one on which it began."]}


@pytest.mark.parametrize("day", ["1066-10-14", "9999-12-31", "2026-02-30", "yesterday"])
def test_a_day_that_nobody_means_is_refused(day):
    _kind, form = filled("stressors", item__0__since=day)
    assert set(form.errors) == {"item-0-since"}


LOAD = {"kind": "work", "what": "The move", "weight": 4, "since": "2026-02-01", "until": "", "effect": "I go quiet"}


def test_days_are_kept_as_text_and_read_as_days():
    posted = {f"item__0__{key}": str(value) for key, value in LOAD.items()}
    kind, form = filled("stressors", **posted)
    assert form.is_valid()
    assert form.body()["items"] == [LOAD]
    shown = kind.shown(exercise("stressors"), form.body())["items"][0]
    assert {one.key: one.text for one in shown}["since"] == "1 February 2026"


def test_words_of_an_older_guide_are_still_read():
    old = {"items": [LOAD | {"since": "Since Dad’s operation"}]}
    kind = exercises.kind(exercise("stressors"))
    shown = kind.shown(exercise("stressors"), old)["items"][0]
    assert {one.key: one.text for one in shown}["since"] == "Since Dad’s operation"
    assert kind.picture(exercise("stressors"), [Part("one", "Mara", old), Part("two", "Jonas", old)], TODAY)


def test_one_load_of_the_private_review_goes_into_the_first_empty_place():
    context = {"items": [{"kind": "work", "what": "The stocktaking", "since": "2026-02-01", "until": "", "weight": 3}]}
    kind, form = filled("stressors", item__0__what="The heating bill", take="0")
    assert form.is_valid()
    first, second = kind.pressed(form, form.body(), context)["items"]
    assert first["what"] == "The heating bill"
    assert second == {
        "kind": "work",
        "what": "The stocktaking",
        "weight": 3,
        "since": "2026-02-01",
        "until": "",
        "effect": "",
    }


@pytest.mark.parametrize("take", ["1", "-1", "x", "99999999", ""])
def test_what_is_not_there_cannot_be_taken_over(take):
    kind, form = filled("stressors", item__0__what="The heating bill", take=take)
    assert form.is_valid()
    assert kind.pressed(form, form.body(), {"items": [{"what": "The stocktaking"}]}) == form.body()


def test_where_all_places_are_in_use_nothing_is_taken_over():
    kind, form = filled("stressors", take="0", **{f"item__{slot}__what": f"Load {slot}" for slot in range(6)})
    assert form.is_valid()
    with pytest.raises(RuleBroken, match="All places are in use"):
        kind.pressed(form, form.body(), {"items": [{"what": "The stocktaking"}]})


def test_the_picture_of_loads_needs_both():
    kind, body = exercises.kind(exercise("stressors")), {"items": [LOAD]}
    mara, jonas = Part("one", "Mara", body), Part("two", "Jonas", {"items": [LOAD, LOAD]})
    assert kind.picture(exercise("stressors"), [mara], TODAY) is None
    picture = kind.picture(exercise("stressors"), [mara, jonas], TODAY)
    assert [bar.hue for bar in picture["drawn"].bars] == ["one", "two", "two"]


def test_the_review_alone_is_one_list():
    kind, one = exercises.kind(exercise("context", "rebuild")), exercise("context", "rebuild")
    picture = kind.picture(one, [Part("", "Mara", {"items": [LOAD]})], TODAY)
    assert [bar.label for bar in picture["drawn"].bars] == ["The move"]
    assert kind.picture(one, [Part("", "Mara", {})], TODAY) is None


# --- needs


@pytest.mark.parametrize(
    ("press", "order"),
    [
        ({"up": "1"}, ["Cards", "Balcony", "Sea"]),
        ({"down": "0"}, ["Cards", "Balcony", "Sea"]),
        ({"up": "0"}, ["Balcony", "Cards", "Sea"]),
        ({"down": "2"}, ["Balcony", "Cards", "Sea"]),
        ({"up": "77"}, ["Balcony", "Cards", "Sea"]),
        ({"up": "x"}, ["Balcony", "Cards", "Sea"]),
    ],
)
def test_needs_are_moved(press, order):
    pictures = {f"item__{slot}__picture": words for slot, words in enumerate(("Balcony", "Cards", "Sea"))}
    kind, form = filled("needs", **pictures, **press)
    assert form.is_valid()
    assert [row["picture"] for row in kind.pressed(form, form.body(), {})["items"]] == order


def test_an_empty_place_between_is_not_counted():
    kind, form = filled("needs", item__0__picture="Balcony", item__2__picture="Sea", up="2")
    assert form.is_valid()
    assert [row["picture"] for row in kind.pressed(form, form.body(), {})["items"]] == ["Sea", "Balcony"]


# --- a question, a statement


def card():
    return exercise("question").field("card").choices[0]


def test_a_card_goes_into_ones_words_after_what_stands_there():
    press = {"card": card().key, "card-to-words": "1"}
    kind, form = filled("question", **press, words="Tell me:")
    assert form.is_valid()
    body = kind.pressed(form, form.body(), {})
    assert body["fields"]["words"] == f"Tell me:\n{card().label}"
    _kind, again = filled("question", **press, words=body["fields"]["words"])
    assert again.is_valid()
    assert kind.pressed(again, again.body(), {}) == body


def test_a_card_that_is_sent_as_it_is_needs_no_words():
    _kind, form = filled("question", card=card().key)
    form.sending = True
    assert form.is_valid()
    assert form.require()
    assert form.final()["fields"]["words"] == card().label
    _kind, kept = filled("question", card=card().key)
    assert kept.is_valid()
    assert kept.body()["fields"]["words"] == ""


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        (
            {"feeling": ["lonely", "tired"], "situation": "we say good night in the hall", "request": "tea with you"},
            ["I feel lonely and tired when we say good night in the hall.", "I would love tea with you."],
        ),
        (
            {"feeling_words": "a bit lost", "situation": "When you go up first.", "need": "knowing how you are"},
            ["I feel a bit lost when you go up first.", "What matters to me is knowing how you are."],
        ),
        ({"situation": "we eat apart"}, ["There are times when we eat apart."]),
        (
            {"feeling": ["sad"], "request": "Would you sit with me?"},
            ["I feel sad.", "Would you sit with me?"],
        ),
        ({}, []),
    ],
)
def test_a_statement_reads_as_one_would_say_it(values, sentences):
    shown = exercises.kind(exercise("opening")).shown(exercise("opening"), {"fields": values})
    assert shown["sentences"] == sentences


# --- the deck


def ideas():
    return exercise("deck").deck


def test_a_filter_hides_cards_and_no_pick():
    picked = next(idea for idea in ideas() if idea.minutes > 60)
    kind, form = filled("deck", picks=[picked.key], time="30", cost="none")
    assert form.is_valid()
    assert form.body() == {"picks": [picked.key], "filters": {"time": "30", "cost": "none"}}
    assert form.final() == {"picks": [picked.key]}
    groups = dict(form.groups())
    assert [card["idea"].key for card in groups["Picked so far"]] == [picked.key]
    shown = {card["idea"].key for heading, cards in groups.items() if heading != "Picked so far" for card in cards}
    assert shown == {idea.key for idea in ideas() if idea.minutes <= 30 and idea.cost == "none"}
    again = kind.form(exercise("deck"), body=form.body())
    assert again["time"].value() == "30"


def test_each_filter_lets_through_what_is_no_more_than_it():
    idea = own_idea("x", {"text": "Tea", "minutes": 30, "cost": "little", "energy": "medium", "novelty": "new"})
    assert fits(idea, {})
    assert fits(idea, {"time": "30", "cost": "little", "energy": "medium", "novelty": "new"})
    for name, value in (("cost", "none"), ("energy", "low"), ("novelty", "known")):
        assert not fits(idea, {name: value})


def test_a_new_round_begins_with_nothing_picked():
    kind, body = exercises.kind(exercise("deck")), {"picks": [ideas()[0].key], "round": 1}
    assert kind.form(exercise("deck"), body=body, around=Around(round=1))["picks"].value() == [ideas()[0].key]
    assert kind.form(exercise("deck"), body=body, around=Around(round=2))["picks"].value() == []


def test_ideas_of_their_own_are_cards_with_when_they_were_last_done():
    own = own_idea("abc", {"text": "Row", "minutes": 60, "cost": "none", "energy": "low", "novelty": "new"})
    around = Around(own_ideas=(own,), last_done={own.key: date(2026, 5, 1)})
    _kind, form = filled("deck", around=around, picks=["own-abc", "own-gone"], round="3")
    assert form.is_valid()
    assert form.final() == {"picks": ["own-abc"], "round": 3}
    assert [(heading, cards[0]["idea"].text, cards[0]["last_done"]) for heading, cards in form.groups()[:1]] == [
        ("Picked so far", "Row", date(2026, 5, 1))
    ]
