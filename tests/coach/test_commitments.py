"""A commitment: whether it is concrete, what is missing, and what one could start from."""

import pytest

from apps.coach import judge, judge_commitment
from apps.coach.commitments import PARTS, variants
from apps.coach.judge import clauses
from apps.coach.rules import book, load

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


@pytest.mark.parametrize("text", [*load("commitments.toml")["vague"], "", "😀"])
def test_vague(text) -> None:
    assert judge_commitment(text).label == "vague_commitment"


@pytest.mark.parametrize("text", load("commitments.toml")["concrete"])
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
        ("We'll be more patient.", variants()[5].for_both),
        ("I'll listen better.", variants()[0].for_me),
        ("I'll be wonderful.", variants()[-1].for_me),
        ("I'll carry the heavy shopping bags up the stairs for both of us.", variants()[-1].for_both),
        ("I will never shout at you again.", variants()[5].for_me),  # no time can be put behind what shall not be
        (
            "It won't happen again.",
            "Every Sunday at six I ask you what was hard for you that week, and listen for ten minutes.",
        ),
        ("", None),
    ],
)
def test_a_line_to_start_from(text, start) -> None:
    assert judge_commitment(text).start_from == start


@pytest.mark.parametrize("line", [line for one in variants() for line in (one.for_me, one.for_both)])
def test_what_we_offer_is_concrete_and_kind(line) -> None:
    assert judge_commitment(line).label == "concrete_commitment"
    assert judge(line).findings == ()


def test_the_line_goes_through_the_translation() -> None:
    assert judge_commitment("I'll do the dishes.", translate=str.upper).start_from == (
        "I'll do the dishes, EVERY THURSDAY AT EIGHT IN THE EVENING"
    )
