"""Whatever is typed is answered, and twice the text is about twice the work."""

import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.coach import Judgement, judge, judge_commitment
from apps.coach.judge import praise

BAIT = [
    "you",
    "never",
    "always",
    "why",
    "can't",
    "if",
    "loved",
    "me",
    "or",
    "I'm",
    "leaving",
    "so",
    "selfish",
    "but",
    "feel",
    "like",
    "“",
    "”",
    "'",
    '"',
    "(",
    ")",
    "?",
    "!",
    "…",
    "…",
    "\u202e",
    "\u200b",
    "\x00",
    "😀",
    "7pm",
]
anything = st.text(st.characters(exclude_categories=()), max_size=300)
baited = st.lists(st.sampled_from(BAIT) | st.text(max_size=4), max_size=60).map(" ".join)
fuzz = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, database=None
)


@fuzz
@given(anything | baited | st.binary(max_size=300).map(lambda data: data.decode("utf-8", "replace")), st.booleans())
def test_every_text_is_answered_with_places_inside_it(text, listening) -> None:
    made = judge(text, listening=listening)
    places = [(one.start, one.end) for one in made.findings]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)
    assert judge(text, listening=listening) == made
    assert judge_commitment(text).label in {"vague_commitment", "concrete_commitment"}
    if made.findings and not listening:
        assert praise(text) == ()


@fuzz
@given(baited)
def test_no_rewording_is_itself_harsh(text) -> None:
    offered = [one.instead for one in judge(text).findings if one.instead]
    assert [instead for instead in offered if judge(instead) != Judgement()] == []


LONG = {
    "one word": "a",
    "words": "you never why always if so ",
    "sentences": "You never listen. Why can't you just be happy? I feel sad. ",
    "open quotes": '“you "',
    "single quotes": "'you ",
    "marks": "?! , - (",
    "gaps": "you work all the you tired time or i ",
    "zero width": "y\u200bo\u200bu never ",
    "noise": "\x00\u202e\ufffd\ud83d",
    "figures": "1.2:3,",
    "apostrophes": "a'",
    "lines": "\n",
    "dots": "p.m. ",
    "combining": "e\u0301\u0301",
}


def calls(text: str) -> int:
    """How many functions are called to judge a text: a measure of work that no busy machine disturbs."""
    count = 0

    def counting(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        judge(text, listening=True)
        judge_commitment(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG.keys())
def test_four_times_the_text_is_at_most_about_four_times_the_work(piece) -> None:
    judge("You never call."), judge_commitment("I call.")  # the rules are read once, before anything is counted
    small = piece * (1_200 // len(piece))
    assert calls(small * 4) <= 4.5 * calls(small) + 1_000


def seconds(text: str) -> float:
    """Processor time to judge a text, the best of three."""
    took = []
    for _turn in range(3):
        before = time.process_time()
        judge(text, listening=True)
        judge_commitment(text)
        took.append(time.process_time() - before)
    return min(took)


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG.keys())
def test_four_times_the_text_takes_at_most_about_four_times_as_long(piece) -> None:
    """Long enough that a square would show: sixteen times as long, whatever the machine is."""
    judge("You never call."), judge_commitment("I call.")
    small = piece * (12_000 // len(piece))
    assert seconds(small * 4) <= 7 * seconds(small) + 0.02


@pytest.mark.parametrize("piece", ["a", "\x00", "you never , "])
def test_a_megabyte_is_answered(piece) -> None:
    text = piece * (1_000_000 // len(piece))
    assert len(judge(text).findings) <= 20


def test_of_a_very_long_text_only_the_beginning_is_judged_but_harm_is_looked_for_in_all_of_it() -> None:
    kind, harsh = "The tea is on the table. " * 2_000, "You never listen to me."
    assert len(judge(f"{harsh} {kind}").findings) == 1
    assert judge(f"{kind}{harsh}").findings == ()
    assert judge(f"{harsh} {kind}Last night he hit me.") == Judgement(harm_told=True)
