"""The commitment judge: who does what, when, how often, how long, how both will know (A.s5.concrete)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from apps.coach.patterns import clause_starts
from apps.coach.rules import book, load
from apps.coach.words import Sentence, sentences

PARTS = ("who", "what", "when", "how_often", "how_long", "how_we_know")
Label = Literal["vague_commitment", "concrete_commitment"]
LONGEST_ACT = 9  # words: a longer line is no act that one could put a time to
A_TIME = "every Thursday at eight in the evening"


@dataclass(frozen=True, slots=True)
class CommitmentJudgement:
    """Whether a line is concrete, what is missing (of PARTS), and where it is vague a line to start from."""

    label: Label
    missing: tuple[str, ...]
    start_from: str | None = None
    about_safety: bool = False  # it is about being safe from somebody: nobody makes a nicer line of that


def judge_commitment(
    text: str, *, given: frozenset[str] = frozenset(), translate: Callable[[str], str] = str
) -> CommitmentJudgement:
    """A line of a plan, judged. `given` are parts that the form asks for beside the text and that are filled in.

    Concrete is: one's own part, an act, with a countable when or how often, a clear trigger, or an act that can be
    seen done. A quality (“more patient”) is not an act, unless a clock or a number stands beside it.
    """
    read = [(sentence, clause_starts(sentence.words)) for sentence in sentences(text)]
    keys = {rule.key for sentence, begins in read for rule, _ in book("commitments").matches(sentence, begins)}
    parts = {key.partition("-")[0] for key in keys} | given
    timed = bool(keys & {"when-clock", "how_often-counted"} or given & {"when", "how_often"})
    measured = bool(
        keys & {"when-clock", "how_long"} or ("how_often-counted" in keys and has_count(read)) or given & {"when"}
    )
    fixed = timed or bool(keys & {"when-occasion", "when-trigger", "what-act"})
    vague = "vague-quality" in keys and not measured
    loose = "vague-time" in keys and not timed and not keys & {"when-occasion", "when-trigger"}
    concrete = bool(read) and fixed and not vague and not loose and "what-wish" not in keys
    has = {
        "who": "who" in parts and "what-wish" not in keys,
        "what": bool(read) and not vague,
        "when": "when" in parts,
        "how_often": "how_often" in parts,
        "how_long": "how_long" in parts,
        "how_we_know": "how_we_know" in parts,
    }
    missing = tuple(part for part in PARTS if not has[part])
    about_safety = "about-safety" in keys
    if concrete:
        return CommitmentJudgement("concrete_commitment", missing, about_safety=about_safety)
    if about_safety:
        return CommitmentJudgement("vague_commitment", missing, about_safety=True)
    start = start_from(text, read, vague or bool(keys & {"vague-time", "what-wish", "timeless"}), translate)
    return CommitmentJudgement("vague_commitment", missing, start)


def has_count(read: list[tuple[Sentence, list[bool]]]) -> bool:
    """Whether a number of times or things is named, not only “every day”."""
    counts = {"once", "twice", "thrice", "one", "two", "three", "four", "five", "six", "seven", "ten", "at"}
    return any(word in counts or word[:1].isdigit() for sentence, _ in read for word in sentence.words)


def start_from(
    text: str, read: list[tuple[Sentence, list[bool]]], vague: bool, translate: Callable[[str], str]
) -> str | None:
    """The person's own act with a time put to it; for what has no time, or is long, a small line on the same matter."""
    words = {word for sentence, _ in read for word in sentence.words}
    both = not words.isdisjoint({"we", "us", "our", "both"})
    if not words:
        return None
    if not vague and len(read) == 1 and len(read[0][0].words) <= LONGEST_ACT:
        own = text.strip().rstrip(".!… ")
        return f"{own}, {translate(A_TIME)}"
    fitting = next((one for one in variants() if not words.isdisjoint(one.words)), variants()[-1])
    return translate(fitting.for_both if both else fitting.for_me)


class Variant(NamedTuple):
    """A small line in one mouth and for both, and the words that call for it."""

    words: frozenset[str]
    for_me: str
    for_both: str


@cache
def variants() -> tuple["Variant", ...]:
    """What to start from, in the file's order; the last is for everything else."""
    rows = load("commitments.toml")["variant"]
    return tuple(Variant(frozenset(row["words"]), row["i"], row["we"]) for row in rows)
