"""The rules as they stand in `rules/`, read once into frozen dataclasses. An unknown key is an error.

Each rule says what it catches, examples that it must catch and must leave alone (tests), and the reason shown.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence, Set
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
ONES = frozenset(["key", "label", "why", "piled_up", "listening", "mild", "beside", "part_of"])


class RulesError(ValueError):
    """A file of rules cannot be read; the message names file and place."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry. Frames, silence and praise use the same shape with fewer keys."""

    key: str
    catches: tuple[Pattern, ...]
    unless: tuple[str, ...] = ()  # patterns: one anywhere in the same sentence, and the rule is quiet there
    label: str = ""
    also: tuple[str, ...] = ()  # further labels of the same words, for the command line
    why: str = ""
    instead: tuple[str, ...] = ()  # rewordings with the names kept by the patterns; the first that fits is offered
    mutes: tuple[str, ...] = ()  # frames only: labels, or keys of rules, that are quiet after it in its sentence
    listening: bool = False  # frames only: holds while somebody gives back what they heard
    part_of: str = ""  # shown and silenced under the key of that rule
    mild: bool = False  # quiet where an own feeling follows and nothing harsher stands there
    beside: bool = False  # frames only: such an own feeling
    piled_up: int = 0  # found when so many other findings stand in one text
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()

    def is_quiet(self, sentence: Sentence, begins: Sequence[bool], words: frozenset[str]) -> bool:
        """Whether one of `unless` stands in the sentence, whose words are `words`."""
        return any(one.may_match(words) and one.find(sentence, begins) for one in map(quiet_pattern, self.unless))

    @property
    def shown_as(self) -> str:
        """The key that a finding carries, and that “not helpful” silences."""
        return self.part_of or self.key


@dataclass(frozen=True, slots=True)
class Book:
    """The rules of one name, and which of their patterns a sentence's words allow at all.

    Each pattern is one bit. It cannot match unless a word of its first need is there, and one of its second, and so
    on; `levels` holds for each such need the bits that a word fulfils, and the bits of patterns that have no such need.
    """

    rules: tuple[Rule, ...]
    patterns: tuple[tuple[int, Pattern], ...]  # by bit: the number of the rule, and the pattern
    levels: tuple[tuple[Mapping[str, int], int], ...]

    def possible(self, words: frozenset[str]) -> int:
        """The bits of the patterns whose needs these words fulfil."""
        bits = -1
        for fulfilled_by, without_need in self.levels:
            level = without_need
            for word in words:
                level |= fulfilled_by.get(word, 0)
            bits &= level
        return bits

    def matches(
        self, sentence: Sentence, begins: Sequence[bool], without: Set[str] = frozenset()
    ) -> list[tuple[Rule, Match]]:
        """Each rule that matches in this sentence with its first match, in the order of the file.

        `without` are keys of rules that are not asked any more.
        """
        words = frozenset(sentence.words)
        found: list[tuple[Rule, Match]] = []
        bits, last = self.possible(words), -1
        while bits:
            lowest = bits & -bits
            bits ^= lowest
            number, pattern = self.patterns[lowest.bit_length() - 1]
            rule = self.rules[number]
            if number == last or rule.key in without:
                continue
            match = pattern.find(sentence, begins)
            if match:
                last = number
                if not rule.is_quiet(sentence, begins, words):
                    found.append((rule, match))
        return found


@cache
def lists() -> Lists:
    """The word lists that patterns name."""
    return Lists(load("words.toml"))


@cache
def quiet_pattern(text: str) -> Pattern:
    """One pattern of an `unless`, read when its rule first has something to say. Raises PatternError."""
    return read(text, lists())


def files(name: str) -> list[str]:
    """The files of a book: `<name>.toml`, or those of the folder of that name, in their order."""
    return sorted(f"{name}/{one.name}" for one in (FOLDER / name).glob("*.toml")) or [f"{name}.toml"]


@cache
def book(name: str) -> Book:
    """The rules of all files of that name. Raises RulesError where one is wrong."""
    return bound({file: text_of(file) for file in files(name)})


def bound(texts: Mapping[str, str]) -> Book:
    """One book from the texts of files, by their names. Raises RulesError where one is wrong."""
    rows = [(file, number, row) for file in texts for number, row in enumerate(parsed(file, texts[file])["rule"])]
    rules = tuple(rule(*row) for row in rows)
    if len({one.key for one in rules}) != len(rules):
        raise RulesError(f"{', '.join(texts)}: a key is there twice")
    if wrong := sorted({one.part_of for one in rules if one.part_of} - {one.key for one in rules}):
        raise RulesError(f"{', '.join(texts)}: there is no rule “{wrong[0]}” to be part of")
    patterns = tuple((number, pattern) for number, one in enumerate(rules) for pattern in one.catches)
    return Book(rules, patterns, tuple(levels([pattern for _, pattern in patterns])))


def reasons() -> dict[str, str]:
    """Every rule that a page can show, by the key that “not helpful” silences, with its reason."""
    shown = (one for name in ("harm", "listening") for one in book(name).rules)
    return {one.key: one.why for one in shown if not one.part_of}


def levels(patterns: Sequence[Pattern]) -> Iterator[tuple[Mapping[str, int], int]]:
    """For the first, second … need of every pattern: the bits that each word fulfils, and those without such a need."""
    for depth in range(max((len(pattern.needs) for pattern in patterns), default=0)):
        fulfilled_by: dict[str, int] = {}
        without_need = 0
        for number, pattern in enumerate(patterns):
            if depth >= len(pattern.needs):
                without_need |= 1 << number
                continue
            for word in pattern.needs[depth]:
                fulfilled_by[word] = fulfilled_by.get(word, 0) | 1 << number
        yield fulfilled_by, without_need


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
        values["catches"] = tuple(read(text, lists()) for text in row.get("catches", ()))
    except PatternError as error:
        raise RulesError(f"{place}: {error}") from error
    return Rule(**values)


def load(file: str) -> dict[str, Any]:
    """A file of `rules/`, read anew. Raises RulesError where it is no TOML."""
    return parsed(file, text_of(file))


def text_of(file: str) -> str:
    return (FOLDER / file).read_text(encoding="utf-8")


def parsed(file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"{file}: {error}") from error
