"""What the wording promises: easy to read, kind, for every couple, and honest about what it serves."""

import re
from pathlib import Path

import pytest
import textstat

from apps.guides import library, schema
from apps.guides.schema import Exercise, Guide

SEED_IDS = frozenset((Path(__file__).parent / "seed_ids.txt").read_text(encoding="utf-8").split())
BRIDGE, REBUILD = library.find("bridge", 2), library.find("rebuild", 1)


@pytest.fixture(params=library.all_guides(), ids=lambda guide: f"{guide.slug}.v{guide.version}")
def guide(request: pytest.FixtureRequest) -> Guide:
    return request.param


@pytest.fixture(params=[BRIDGE, REBUILD], ids=["bridge", "rebuild"])
def newest(request: pytest.FixtureRequest) -> Guide:
    return request.param


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z]+(?:'[a-z]+)*", text.lower().replace("’", "'"))


def long_texts(guide: Guide) -> list[str]:
    """Labels are left out, because their few words would flatter the sum."""
    return [text for text in schema.wording(guide) if len(words_of(text)) >= 12]


def reading_level(text: str) -> float:
    """The Flesch–Kincaid grade: the school year in which one reads this with ease."""
    return textstat.flesch_kincaid_grade(text)


@pytest.mark.parametrize(
    ("text", "level"),
    [  # reckoned by hand: 6 words of 6 syllables, 18 of 21, 5 of 12
        ("The cat sat on the mat.", -1.4),
        ("We sat on the old bench by the river, and for once nobody said that it was late.", 5.2),
        ("A different person remembers holidays.", 14.7),
    ],
)
def test_the_reading_level_is_measured_right(text: str, level: float) -> None:
    assert reading_level(text) == pytest.approx(level, abs=0.06)


def test_a_guide_reads_easily(guide: Guide) -> None:
    assert reading_level("\n".join(long_texts(guide))) <= 7
    assert [text for text in long_texts(guide) if reading_level(text) > 9] == []


NOT_OURS = re.findall(
    r"\w+",
    # Who they are is theirs.
    "husband wife wives husbands spouse marriage married marital boyfriend girlfriend he she him her his hers "
    # Names that stick, and words from the clinic.
    "pursuer withdrawer distancer avoidant anxious attacher codependent toxic narcissist dysfunctional trigger "
    "triggers triggered boundary boundaries validate validation intimacy vulnerability dynamic dynamics journey "
    "withdraw withdrawal withdraws withdrawing stressor stressors partnership relational regulate "
    # Pushing and promising.
    "must should guaranteed guarantee proven fault blame fail failed failure streak score",
)


def test_the_wording_fits_every_couple(guide: Guide) -> None:
    assert [(text, word) for text in schema.wording(guide) for word in words_of(text) if word in NOT_OURS] == []


def test_the_typography_is_ours(guide: Guide) -> None:
    assert [text for text in schema.wording(guide) if re.search(r"['\"!]|\.\.\.|  | - |<|>", text)] == []


def test_no_text_is_there_twice(guide: Guide) -> None:
    """A label may repeat its exercise's question; anything longer is said once."""
    long = [text for text in schema.wording(guide) if len(words_of(text)) > 10]
    assert sorted(long) == sorted(set(long))


def test_preparing_takes_little_time(guide: Guide) -> None:
    private = [one for one in guide.exercises() if one.reveal == "private"]
    assert [one.key for one in [*private, *guide.alone] if not 1 <= one.minutes <= 10] == []


def test_every_exercise_offers_a_way_to_begin(guide: Guide) -> None:
    assert [one.key for one in guide.exercises() if not one.hint] == []
    fields = [field for one in guide.exercises() for field in one.fields + one.item_fields]
    assert [field.key for field in fields if field.kind in ("text", "long_text") and not field.placeholder] == []


# What each guide is made of.


def keys(guide: Guide, stage: str) -> dict[str, str]:
    return {step.key: " ".join(one.key for one in step.exercises) for step in getattr(guide, stage)}


def test_bridge_has_its_parts() -> None:
    assert " ".join(one.key for one in BRIDGE.preparation) == "evening inventory settle stance observations"
    assert BRIDGE.alone == ()
    assert keys(BRIDGE, "steps") == {
        "ask": "opening time here",
        "listen": "question telling",
        "outside": "pressure-question stressors",
        "missing": "needs",
        "agree": "ideas agreement",
        "play": "memories deck",
        "look-back": "follow-up began",
    }
    assert [f"{step.milestone.kind}:{step.milestone.exercise}" for step in BRIDGE.steps] == [
        "shared:opening",
        "heard:telling",
        "shared:stressors",
        "shared:needs",
        "agreed:",
        "shared:deck",
        "looked_back:",
    ]


def test_rebuild_has_its_parts() -> None:
    assert " ".join(one.key for one in REBUILD.preparation) == "evening inventory settle stance"
    assert keys(REBUILD, "alone") == {"signs": "onset reaction observations context", "space": "quiet"}
    assert keys(REBUILD, "steps") == {
        "moment": "deck time-moment memories here",
        "talk": "opening time question telling",
        "strategies": "stressors needs ideas agreement",
        "look-back": "follow-up began",
    }
    assert [f"{step.milestone.kind}:{step.milestone.exercise}" for step in REBUILD.steps] == [
        "shared:deck",
        "heard:telling",
        "agreed:",
        "looked_back:",
    ]


def test_both_guides_share_what_is_open_from_the_first_day_and_what_is_answered(newest: Guide) -> None:
    assert {one.key for one in newest.exercises() if one.always_open} == {"memories", "here"}
    assert {one.key for one in newest.exercises() if one.reflected} == {"telling"}
    replied = {one.key for one in newest.exercises() if one.replied}
    assert replied == {"opening", "question", "pressure-question"} & {one.key for one in newest.exercises()}


def test_somebody_who_joins_cannot_tell_which_guide_it_is() -> None:
    """The title is the same; what both read of `rebuild` names neither the own steps nor that one has drawn back."""
    assert BRIDGE.title == REBUILD.title
    read_by_both = "\n".join(text for text in schema.wording(REBUILD.for_both()) if text != REBUILD.name).lower()
    own = [REBUILD.lead_alone, *(step.title for step in REBUILD.alone)]
    own += [one.title for step in REBUILD.alone for one in step.exercises]
    telling = ["quiet time", "drawn back", "pulling away", "began alone", "already begun"]
    assert [text for text in [*own, *telling] if text.lower() in read_by_both] == []


def choices(exercise: Exercise, field: str) -> list[schema.Choice]:
    return list(next(one for one in exercise.fields + exercise.item_fields if one.key == field).choices)


def test_there_is_enough_to_choose_from(newest: Guide) -> None:
    assert len(choices(newest.exercise("inventory"), "feelings")) >= 16
    assert len(choices(newest.exercise("opening"), "feeling")) >= 20
    assert len(choices(newest.exercise("needs"), "need")) >= 12
    assert len(choices(newest.exercise("needs"), "distance")) >= 6
    assert len(choices(newest.exercise("stressors"), "kind")) >= 10
    assert len(choices(newest.exercise("question"), "card")) >= 14
    assert 3 <= len(choices(newest.exercise("here"), "words")) <= 4
    assert len(newest.exercise("deck").deck) >= 60
    assert len(newest.tonight) >= 8


def test_whatever_one_wants_more_of_there_is_something_for_tonight(newest: Guide) -> None:
    wanted = {choice.key for choice in choices(newest.exercise("evening"), "more_of")}
    assert {key for thing in newest.tonight for key in thing.goes_with} == wanted


def test_question_cards_are_open_questions() -> None:
    for key in ("question", "pressure-question"):
        cards = choices(BRIDGE.exercise(key), "card")
        assert [card.label for card in cards if not re.fullmatch(r"(What|How|When) .*\?", card.label)] == []


def test_there_is_a_card_for_every_kind_of_load_and_it_names_its_place_in_the_list() -> None:
    named = " ".join(card.hint.lower() for card in choices(BRIDGE.exercise("pressure-question"), "card"))
    kinds = choices(BRIDGE.exercise("stressors"), "kind")
    assert [kind.label for kind in kinds if kind.label.lower() not in named] == []
    assert [card.label for card in choices(BRIDGE.exercise("pressure-question"), "card") if not card.hint] == []


def test_a_sign_says_what_one_could_have_seen_and_good_ones_are_there_too(newest: Guide) -> None:
    signs = choices(newest.exercise("observations"), "sign")
    assert [sign.key for sign in signs if not re.fullmatch(r"(“[^”]+” ?)+", sign.hint)] == []
    assert [sign.key for sign in signs if not sign.label.startswith("Good")] == [
        "first-moves",
        "short-answers",
        "alone",
        "touch",
        "meals",
        "talks",
    ]
    assert sum(sign.label.startswith("Good") for sign in signs) >= 4


def test_the_deck_holds_something_for_everybody() -> None:
    deck = BRIDGE.exercise("deck").deck
    assert sum(idea.cost == "none" and idea.energy == "low" and idea.minutes <= 20 for idea in deck) >= 14
    assert sum(idea.novelty == "new" for idea in deck) >= 24
    assert sum(idea.novelty == "known" for idea in deck) >= 20
    assert sum("Far from each other" in idea.text for idea in deck) >= 3
    assert sum("children" in idea.text for idea in deck) >= 2
    assert {idea.energy for idea in deck} == {"low", "medium", "high"}
    assert {idea.cost for idea in deck} == {"none", "little", "some"}


@pytest.mark.parametrize("feeling", ["overwhelmed", "hopeless", "afraid"])
def test_a_heavy_feeling_is_answered_with_help(newest: Guide, feeling: str) -> None:
    answers = newest.exercise("inventory").answers_to({"feelings": [feeling]})
    assert [answer.link for answer in answers] == ["help"]


@pytest.mark.parametrize(("rating", "links"), [(1, ["settle"]), (2, ["settle"]), (3, []), (4, [""]), (5, [""])])
def test_accusing_is_answered_with_settling(newest: Guide, rating: int, links: list[str]) -> None:
    answers = newest.exercise("stance").answers_to({"curious": rating})
    assert [answer.link for answer in answers] == links


@pytest.mark.parametrize(
    ("way", "link"),
    [("ask", "quiet"), ("smooth", "quiet"), ("both", "quiet"), ("quiet", ""), ("busy", ""), ("unsure", "")],
)
def test_what_one_does_when_it_grows_cold_is_answered_with_room_or_with_sharing_a_little(way: str, link: str) -> None:
    reaction = REBUILD.exercise("reaction")
    assert [answer.link for answer in reaction.answers_to({"way": way})] == [link]
    assert {choice.key for choice in choices(reaction, "way")} == {"ask", "smooth", "both", "quiet", "busy", "unsure"}


@pytest.mark.parametrize("key", ["opening", "time", "here", "question", "telling", "needs", "agreement", "follow-up"])
def test_what_easily_goes_wrong_is_said_where_one_sends_listens_or_proposes(newest: Guide, key: str) -> None:
    assert newest.exercise(key).mistakes != ()


def test_every_mistake_is_shown_where_it_happens(newest: Guide) -> None:
    places = [*newest.alone, *newest.steps, *newest.exercises()]
    assert {key for place in places for key in place.mistakes} == {mistake.key for mistake in newest.mistakes}


# What of the written guides is served.


def test_every_covered_id_is_known(guide: Guide) -> None:
    assert library.covered_ids(guide) - SEED_IDS == frozenset()


@pytest.mark.parametrize(("own", "letter"), [(BRIDGE, "A."), (REBUILD, "B.")], ids=["bridge", "rebuild"])
def test_a_guide_serves_the_whole_of_its_written_guide(own: Guide, letter: str) -> None:
    assert {one for one in SEED_IDS if one.startswith(letter)} - library.covered_ids(own) == set()
