"""A commitment: whether it is concrete, what is missing, and what one could start from."""

import pytest

from apps.coach import judge, judge_commitment
from apps.coach.commitments import PARTS, variants
from apps.coach.judge import clauses
from apps.coach.rules import book

RULES = book("commitments").rules


def examples(which):
    return [pytest.param(rule.key, text, id=f"{rule.key}: {text}") for rule in RULES for text in getattr(rule, which)]


def found(text):
    return {rule.key for sentence, begins in clauses(text) for rule, _ in book("commitments").matches(sentence, begins)}


@pytest.mark.parametrize(("key", "text"), examples("must"))
def test_a_part_is_found(key, text) -> None:
    assert key in found(text)


@pytest.mark.parametrize(("key", "text"), examples("must_not"))
def test_what_is_not_that_part_is_not_taken_for_it(key, text) -> None:
    assert key not in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'll be a calmer person.", "We will try to argue less.", "I'll help you whenever I can.", "I will care more about us.",
        "From now on I'll be more attentive.", "We should talk more openly.", "I'll think before I speak.", "I’ll be there for you.",
        "I'll do better.", "Let's be kinder to each other.", "I'll try my best every day.", "We'll spend more time together this year.",
        "You will call me every Sunday.", "I want to work on my jealousy.", "I'll come home earlier.", "be nicer", "", "😀",
    ],
)  # fmt: skip
def test_vague(text) -> None:
    assert judge_commitment(text).label == "vague_commitment"


@pytest.mark.parametrize(
    "text",
    [
        "I cook on Wednesdays.", "I'll try to be home by six on weekdays.", "We walk for twenty minutes after dinner.", "When I feel a fight coming, I say “pause” and we stop.",
        "Phones stay in the hall from nine.", "I'll book the sitter tomorrow.", "We tell each other one good thing every night.", "I’ll ring my dad and cancel the visit.",
        "We spend more time together: every Sunday at ten we have breakfast out.", "I'll knock before entering your room.", "Twice a month we look at the money.",
        "As soon as I know that I'll be late, I text.", "No screens in the bedroom.", "I'll bring you tea at 7am each weekday.", "We go dancing every second Friday until midnight.",
    ],
)  # fmt: skip
def test_concrete(text) -> None:
    assert judge_commitment(text).label == "concrete_commitment"
    assert judge_commitment(text).start_from is None


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("We walk every Sunday at ten for half an hour; we tick it on the calendar.", ()),
        ("I'll cook on Friday.", ("how_often", "how_long", "how_we_know")),
        ("Coffee every Saturday at nine.", ("who", "how_long", "how_we_know")),
        ("I'll be more patient.", ("what", "when", "how_often", "how_long", "how_we_know")),
        ("", PARTS),
    ],
)
def test_what_is_missing(text, missing) -> None:
    assert judge_commitment(text).missing == missing


def test_what_stands_in_fields_beside_the_text_is_not_missing() -> None:
    given = frozenset({"who", "when", "how_often", "how_long", "how_we_know"})
    assert judge_commitment("Coffee together", given=given).label == "concrete_commitment"
    assert judge_commitment("Coffee together", given=given).missing == ()
    assert judge_commitment("Coffee together", given=frozenset({"how_we_know"})).label == "vague_commitment"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("I'll do the dishes.", "I'll do the dishes, every Thursday at eight in the evening"),
        ("We'll be more patient with each other.", "When a voice gets loud either of us says “ten minutes”; we part and meet again after ten minutes."),
        ("I'll listen better.", "On Tuesdays and Thursdays after supper I listen for ten minutes, phone away, and say back what I heard."),
        ("I'll be wonderful.", "On Saturday at half past nine I make coffee for two, half an hour, without my phone."),
        ("", None),
    ],
)  # fmt: skip
def test_a_line_to_start_from(text, start) -> None:
    assert judge_commitment(text).start_from == start


@pytest.mark.parametrize("line", [line for _, for_me, for_both in variants() for line in (for_me, for_both)])
def test_what_we_offer_is_concrete_and_kind(line) -> None:
    assert judge_commitment(line).label == "concrete_commitment"
    assert judge(line).findings == ()


def test_the_line_goes_through_the_translation() -> None:
    assert judge_commitment("I'll do the dishes.", translate=str.upper).start_from == (
        "I'll do the dishes, EVERY THURSDAY AT EIGHT IN THE EVENING"
    )
