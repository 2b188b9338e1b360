"""The words for a quiet time, shared by all guides: thoughts for being together, ideas for one's own days.

Data that anybody can extend, in `quiet.toml` beside this file. Both are shown through gettext.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from apps.guides.schema import GuideError, Wording

FILE = Path(__file__).resolve().parent / "quiet.toml"


@dataclass(frozen=True, slots=True)
class QuietWords:
    """`prompts`: one a day, for being together without expecting anything. `ideas`: several, for one's own life."""

    prompts: tuple[Wording, ...]
    ideas: tuple[Wording, ...]


@cache
def quiet_words() -> QuietWords:
    """All of them, in the file's order. Raises GuideError where the file is wrong."""
    lists = tomllib.loads(FILE.read_text(encoding="utf-8"))
    if set(lists) != {"prompts", "ideas"}:
        raise GuideError(f"{FILE.name}: holds “prompts” and “ideas” and nothing else")
    for name, words in lists.items():
        if not words or not all(isinstance(text, str) and text.strip() for text in words):
            raise GuideError(f"{FILE.name}: {name}: each is a text")
        if len(set(words)) != len(words):
            raise GuideError(f"{FILE.name}: {name}: a text is there twice")
    return QuietWords(prompts=tuple(lists["prompts"]), ideas=tuple(lists["ideas"]))
