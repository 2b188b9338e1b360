"""The rules as they stand in `rules/*.toml`, read once into frozen dataclasses. An unknown key is an error.

Each rule says what it catches, examples that it must catch and must leave alone (tests), and the reason shown.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from apps.coach.patterns import Lists, Match, Pattern, PatternError, read
from apps.coach.words import Sentence

FOLDER = Path(__file__).resolve().parent / "rules"
HARM = frozenset(
    [
        "accusation",
        "absolute",
        "mind_reading",
        "kitchen_sink",
        "past_as_evidence",
        "interrogation",
        "pressure",
        "contempt",
        "fake_i",
    ]
)
PRAISE = frozenset(["clean_i", "open_question", "validation"])
LISTENING = frozenset(["advice", "rebuttal", "but"])
TEXTS = frozenset(["catches", "unless", "mutes", "also", "must", "must_not", "instead"])
ONES = frozenset(["key", "label", "why", "with_others", "piled_up", "listening", "mild", "beside", "part_of"])


class RulesError(ValueError):
    """A file of rules cannot be read; the message names file and place."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry. Frames, silence and praise use the same shape with fewer keys."""

    key: str
    catches: tuple[Pattern, ...]
    unless: tuple[Pattern, ...] = ()  # anywhere in the same sentence, and the rule is quiet there
    label: str = ""
    also: tuple[str, ...] = ()  # further labels of the same words, for the command line
    why: str = ""
    instead: tuple[str, ...] = ()  # rewordings with the names kept by the patterns; the first that fits is offered
    mutes: tuple[str, ...] = ()  # frames only: labels that are quiet after it in its sentence
    listening: bool = False  # frames only: holds while somebody gives back what they heard
    with_others: bool = False  # counts only beside another finding
    part_of: str = ""  # shown and silenced under the key of that rule
    mild: bool = False  # quiet where an own feeling stands beside it and nothing harsher does
    beside: bool = False  # frames only: such an own feeling
    piled_up: int = 0  # found when so many other findings stand in one text
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()

    @property
    def shown_as(self) -> str:
        """The key that a finding carries, and that “not helpful” silences."""
        return self.part_of or self.key


@dataclass(frozen=True, slots=True)
class Book:
    """The rules of one file with an index from words to patterns."""

    rules: tuple[Rule, ...]
    index: Mapping[str, tuple[tuple[int, int], ...]]  # word → (rule, pattern)

    def matches(self, sentence: Sentence, begins: Sequence[bool]) -> list[tuple[Rule, Match]]:
        """Each rule that matches in this sentence with its first match, in the order of the file."""
        words = frozenset(sentence.words)
        wanted: set[tuple[int, int]] = set()
        for word in words:
            wanted.update(self.index.get(word, ()))
        found: list[tuple[Rule, Match]] = []
        last = -1
        for number, pattern in sorted(wanted):
            rule = self.rules[number]
            if number == last or not rule.catches[pattern].may_match(words):
                continue
            match = rule.catches[pattern].find(sentence, begins)
            if match and not any(one.may_match(words) and one.find(sentence, begins) for one in rule.unless):
                found.append((rule, match))
                last = number
        return found


@cache
def lists() -> Lists:
    """The word lists that patterns name."""
    return Lists(load("words.toml"))


@cache
def book(name: str) -> Book:
    """The rules of `rules/<name>.toml`. Raises RulesError where the file is wrong."""
    file = f"{name}.toml"
    rules = tuple(rule(file, number, row) for number, row in enumerate(load(file)["rule"]))
    if len({one.key for one in rules}) != len(rules):
        raise RulesError(f"{file}: a key is there twice")
    if wrong := sorted({one.part_of for one in rules if one.part_of} - {one.key for one in rules}):
        raise RulesError(f"{file}: there is no rule “{wrong[0]}” to be part of")
    index: dict[str, list[tuple[int, int]]] = {}
    for number, one in enumerate(rules):
        for place, pattern in enumerate(one.catches):
            for word in pattern.needs[0]:
                index.setdefault(word, []).append((number, place))
    return Book(rules, {word: tuple(places) for word, places in index.items()})


def rule(file: str, number: int, row: Mapping[str, Any]) -> Rule:
    """One entry of a file."""
    place = f"{file}: {row.get('key', f'rule {number + 1}')}"
    unknown = sorted(set(row) - TEXTS - ONES)
    if unknown:
        raise RulesError(f"{place}: unknown key “{unknown[0]}”")
    if "key" not in row or not (row.get("catches") or row.get("piled_up")):
        raise RulesError(f"{place}: needs a “key” and what it “catches”")
    wrong = (set(row.get("also", ())) | ({row["label"]} if "label" in row else set())) - HARM - PRAISE - LISTENING
    if wrong:
        raise RulesError(f"{place}: there is no label “{sorted(wrong)[0]}”")
    values: dict[str, Any] = {key: tuple(value) if key in TEXTS else value for key, value in row.items()}
    try:
        for key in ("catches", "unless"):
            values[key] = tuple(read(text, lists()) for text in row.get(key, ()))
    except PatternError as error:
        raise RulesError(f"{place}: {error}") from error
    return Rule(**values)


def load(file: str) -> dict[str, Any]:
    try:
        return tomllib.loads((FOLDER / file).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"{file}: {error}") from error
