"""What the wording promises: easy to read, kind, for every couple, and honest about what it serves."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.guides import library
from apps.guides.schema import Guide

WORDING = {"name", "title", "lead", "text", "prompt", "hint", "label", "placeholder", "low", "high", "instead"}
SEED_IDS = frozenset((Path(__file__).parent / "seed_ids.txt").read_text(encoding="utf-8").split())

# Served by no part of this guide yet, and what each still needs.
LATER = {
    "A.prep.timing": "appointments, with their timing guard",
    "A.prep.environment": "the list of place and surroundings on an appointment",
    "A.prep.commitment": "both saying that they wish to understand, before the joint steps open",
}
# Served here by wording or an exercise, while a part of what the element asks for is still to come.
PARTLY = {
    "A.prep.regulate": "the readiness check at the start of a talk",
    "A.prep.stance": "the readiness gate",
    "A.prep.observations": "one dated note a day, the coach telling fact from meaning",
    "A.s1.schedule": "proposed times with accept, other time, not now",
    "A.s1.i_statement": "the coach",
    "A.s2.no_fixing": "the coach's flag for advice in a reflection",
    "A.s3.stressors": "question cards about pressures, the shared picture",
    "A.s4.define": "the coach's flag for a vague picture",
    "A.s4.withdrawal_as_need": "dropping a guess before the reveal, the answer close or not quite",
    "A.s5.concrete": "the coach's flag for a vague line",
    "A.s6.novel_play": "filters, and the way from a match to an appointment",
    "A.m.pursuit": "the ready-made message that one is there",
    "A.m.kitchen_sink": "the coach",
    "A.m.intent": "the coach",
    "A.m.external": "marking less strength until a date, with the least both keep",
    "A.r.clarity": "the measure",
    "A.r.dialogue": "the measure",
    "A.r.intentional": "noticed moments",
    "A.n.weeks": "the private trend",
    "A.n.therapy": "the summary to print",
    "B.m.why_trap": "the coach",
    "B.m.past": "the coach",
    "B.m.silence": "the one open question on a proposal",
    "B.n.hostility": "the private answer to hostility",
}


@pytest.fixture(params=library.all_guides(), ids=lambda guide: f"{guide.slug}.v{guide.version}")
def guide(request: pytest.FixtureRequest) -> Guide:
    return request.param


def texts(part: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """All wording of a guide with its place."""
    for field in dataclasses.fields(part):
        here, value = f"{path}.{field.name}".lstrip("."), getattr(part, field.name)
        if isinstance(value, str) and value and field.name in WORDING:
            yield here, value
        for index, one in enumerate(value if isinstance(value, tuple) else ()):
            if dataclasses.is_dataclass(one):
                yield from texts(one, f"{here}[{index}]")
            elif field.name == "text":
                yield f"{here}[{index}]", one


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z]+(?:'[a-z]+)*", text.lower().replace("’", "'"))


def syllables(word: str) -> int:
    """Groups of vowels, less a silent e. Beside a pronouncing dictionary, the sum is right within one per cent."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = re.search(r"[^aeiouyl]e$|[^aeiouy]e[sd]$", word)
    spoken = re.search(r"([sxzcg]|ch|sh)es$|[td]ed$", word)
    return max(groups - bool(silent and not spoken), 1)


def reading_level(text: str) -> float:
    """The Flesch–Kincaid grade: the school year in which one reads this with ease."""
    sentences = [one for one in re.split(r"[.!?]+[”’)]*(?:\s|$)|\n", text) if words_of(one)]
    words = words_of(text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize(
    ("text", "level"),
    [  # reckoned by hand: 6 words of 6 syllables, 18 of 21, 5 of 12
        ("The cat sat on the mat.", -1.4),
        ("We sat on the old bench by the river, and for once nobody said that it was late.", 5.2),
        ("A different person remembers holidays.", 14.7),
    ],
)
def test_the_reading_level_is_measured_right(text: str, level: float) -> None:
    assert round(reading_level(text), 1) == level


def test_a_guide_reads_easily(guide: Guide) -> None:
    """Labels are left out of the sum, because their few words would flatter it."""
    long = [text for _, text in texts(guide) if len(words_of(text)) >= 12]
    assert reading_level("\n".join(long)) <= 7
    assert [
        (place, text) for place, text in texts(guide) if len(words_of(text)) >= 12 and reading_level(text) > 9
    ] == []


NOT_OURS = re.findall(
    r"\w+",
    # Who they are is theirs.
    "husband wife wives husbands spouse marriage married marital boyfriend girlfriend he she him her his hers "
    # Names that stick, and words from the clinic.
    "pursuer withdrawer distancer avoidant anxious attacher codependent toxic narcissist dysfunctional trigger "
    "triggers triggered boundary boundaries validate validation intimacy vulnerability dynamic dynamics journey "
    # Pushing and promising.
    "must should guaranteed guarantee proven fault blame fail failed failure streak score",
)


def test_the_wording_fits_every_couple(guide: Guide) -> None:
    found = [(place, word) for place, text in texts(guide) for word in words_of(text) if word in NOT_OURS]
    assert found == []


def test_the_typography_is_ours(guide: Guide) -> None:
    assert [(place, text) for place, text in texts(guide) if re.search(r"['\"!]|\.\.\.|  | - |<|>", text)] == []


def test_no_text_is_there_twice(guide: Guide) -> None:
    """A label may repeat its exercise's question; anything longer is said once."""
    seen: dict[str, str] = {}
    for place, text in texts(guide):
        if len(words_of(text)) > 10:
            assert text not in seen, (place, seen[text])
        seen[text] = place


def test_preparing_takes_little_time(guide: Guide) -> None:
    assert [one.key for one in guide.exercises() if one.reveal == "private" and not 1 <= one.minutes <= 10] == []


def test_every_exercise_offers_a_way_to_begin(guide: Guide) -> None:
    assert [one.key for one in guide.exercises() if not one.hint] == []
    fields = [field for one in guide.exercises() for field in one.fields + one.item_fields]
    assert [field.key for field in fields if field.kind in ("text", "long_text") and not field.placeholder] == []


def test_bridge_has_its_parts() -> None:
    bridge = library.find("bridge", 1)
    assert " ".join(exercise.key for exercise in bridge.exercises()) == (
        "evening inventory settle stance observations opening question telling stressors needs ideas agreement "
        "memories deck follow-up"
    )
    assert [f"{step.milestone.kind}:{step.milestone.exercise}" for step in bridge.steps] == [
        "shared:opening",
        "heard:telling",
        "shared:stressors",
        "shared:needs",
        "agreed:",
        "shared:deck",
        "looked_back:",
    ]
    assert " ".join(mistake.key for mistake in bridge.mistakes) == (
        "pursuit kitchen-sink intent external why-trap past silence"
    )
    assert [exercise.key for exercise in bridge.exercises() if exercise.always_open] == ["memories"]
    assert [exercise.key for exercise in bridge.exercises() if exercise.reflected] == ["telling"]


def test_bridge_has_enough_to_choose_from() -> None:
    bridge = library.find("bridge", 1)
    assert len(bridge.exercise("inventory").field("feelings").choices) >= 16
    assert len(bridge.exercise("needs").item_field("need").choices) >= 12
    assert len(bridge.exercise("stressors").item_field("kind").choices) >= 10
    assert len(bridge.exercise("question").field("card").choices) >= 10
    assert len(bridge.exercise("deck").deck) >= 36
    assert len(bridge.tonight) >= 8


def test_whatever_one_wants_more_of_there_is_something_for_tonight() -> None:
    bridge = library.find("bridge", 1)
    wanted = {choice.key for choice in bridge.exercise("evening").field("more_of").choices}
    assert {key for thing in bridge.tonight for key in thing.goes_with} == wanted


def test_question_cards_are_open_questions() -> None:
    cards = library.find("bridge", 1).exercise("question").field("card").choices
    assert [card.label for card in cards if not re.fullmatch(r"(What|How|When) .*\?", card.label)] == []
    assert [card.label for card in cards if card.label.startswith("Why")] == []


def test_the_deck_holds_something_for_a_tired_evening_without_money() -> None:
    deck = library.find("bridge", 1).exercise("deck").deck
    assert sum(idea.cost == "none" and idea.energy == "low" and idea.minutes <= 20 for idea in deck) >= 8
    assert sum(idea.novelty == "new" for idea in deck) >= 12
    assert {idea.energy for idea in deck} == {"low", "medium", "high"}
    assert {idea.cost for idea in deck} == {"none", "little", "some"}


@pytest.mark.parametrize("feeling", ["overwhelmed", "hopeless", "afraid"])
def test_a_heavy_feeling_is_answered_with_help(feeling: str) -> None:
    answers = library.find("bridge", 1).exercise("inventory").answers_to({"feelings": [feeling]})
    assert [answer.link for answer in answers] == ["help"]


@pytest.mark.parametrize(("rating", "links"), [(1, ["settle"]), (2, ["settle"]), (3, []), (4, [""]), (5, [""])])
def test_accusing_is_answered_with_settling(rating: int, links: list[str]) -> None:
    answers = library.find("bridge", 1).exercise("stance").answers_to({"curious": rating})
    assert [answer.link for answer in answers] == links


# What of the written guides is served.


def test_every_covered_id_is_known() -> None:
    for guide in library.all_guides():
        assert library.covered_ids(guide) - SEED_IDS == frozenset()


def test_bridge_serves_its_written_guide_but_for_what_is_listed() -> None:
    covered = library.covered_ids(library.find("bridge", 1))
    assert {one for one in SEED_IDS if one.startswith("A.")} - covered == set(LATER)


def test_the_lists_of_what_is_open_are_true() -> None:
    covered = library.covered_ids(library.find("bridge", 1))
    assert set(LATER) & covered == set()
    assert set(PARTLY) - covered == set()
