"""Everything in the rules that a person reads, for translators: reasons, frames of rewordings, lines to start from."""

from collections.abc import Iterator
from pathlib import Path

from apps.coach.commitments import A_TIME, variants
from apps.coach.rules import FOLDER, book

SHOWN = ("harm", "listening")  # frames, silence and praise say nothing to anybody


def messages(path: Path) -> Iterator[str]:
    """The wording in one file of rules, each text once; nothing for a file that is none of ours."""
    yield from dict.fromkeys(_read(path))


def _read(path: Path) -> Iterator[str]:
    if path.parent.name != FOLDER.name:
        return
    if path.stem in SHOWN:
        for rule in book(path.stem).rules:
            yield from (rule.why, *rule.instead)
    elif path.stem == "commitments":
        yield A_TIME
        for one in variants():
            yield from (one.for_me, one.for_both)


def as_source(path: Path) -> str:
    """The same as lines of Python that gettext's tools can read."""
    return "".join(f"gettext({text!r})\n" for text in messages(path))
