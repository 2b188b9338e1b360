"""What nobody ever owes a partner, and whose family a line speaks of: data that anybody can extend, in
`never_owed.toml` beside this file. English words; standard library only."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from apps.guides.schema import GuideError

FILE = Path(__file__).resolve().parent / "never_owed.toml"
QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‑": "-", "–": "-"})


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that is never owed. `catches` and `spares` are examples; a test tries each of them."""

    key: str
    words: tuple[str, ...]
    note: str = ""
    unless: tuple[str, ...] = ()
    catches: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()

    def is_in(self, text: str) -> bool:
        """Does `text` speak of it?"""
        plain = text.translate(QUOTES)
        if self.unless:
            plain = pattern(self.unless).sub(" · ", plain)
        return pattern(self.words).search(plain) is not None


@cache
def pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of `words`, whole: "*" stands for any ending, a blank for any white space. Longer ones come first."""
    parts = [
        r"\s+".join(re.escape(part).replace(r"\*", r"\w*") for part in word.translate(QUOTES).split())
        for word in sorted(words, key=len, reverse=True)
    ]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w-])", re.IGNORECASE)


@cache
def read() -> tuple[tuple[Topic, ...], Topic]:
    """The topics, and the other's family. Raises GuideError where the file is wrong, naming the entry."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    topics = tuple(made(row, f"topic[{number}]") for number, row in enumerate(data["topic"]))
    if len({topic.key for topic in topics}) != len(topics) or not all(topic.note for topic in topics):
        raise GuideError(f"{FILE.name}: each topic needs a key of its own and a note")
    return topics, made({"key": "their_family"} | data["their_family"], "their_family")


def made(row: dict[str, object], where: str) -> Topic:
    try:
        topic = Topic(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})  # type: ignore[arg-type]
    except TypeError as error:
        raise GuideError(f"{FILE.name}: {where}: {error}") from error
    if not topic.words or not all(word.strip(" *") for word in topic.words):
        raise GuideError(f"{FILE.name}: {where}: needs words, each with at least a letter")
    return topic


def topics() -> tuple[Topic, ...]:
    """All of them, in the file's order."""
    return read()[0]


def their_family() -> Topic:
    """How somebody speaks of their partner's side of the family."""
    return read()[1]


def named_in(texts: Iterable[str]) -> list[Topic]:
    """The topics that these texts speak of, in the file's order: the same for whoever reads them."""
    said = "\n".join(texts)
    return [topic for topic in topics() if topic.is_in(said)]
