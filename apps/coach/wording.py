"""Everything in the rules that a person reads, for translators: reasons, frames of rewordings, lines to start from."""

from collections.abc import Iterator
from pathlib import Path

from apps.coach.commitments import A_TIME, variants
from apps.coach.rules import FOLDER, files, load

SHOWN = ("harm", "listening")  # frames, silence and praise say nothing to anybody


def messages(path: Path) -> Iterator[str]:
    """The wording in one file of rules, each text once; nothing for a file that is none of ours."""
    yield from dict.fromkeys(_read(path))


def _read(path: Path) -> Iterator[str]:
    file = "/".join(path.parts[path.parts.index(FOLDER.name) + 1 :]) if FOLDER.name in path.parts else ""
    if any(file in files(name) for name in SHOWN):
        for row in load(file)["rule"]:
            yield from (row["why"], *row.get("instead", ()))
    elif file == "commitments.toml":
        yield A_TIME
        for one in variants():
            yield from (one.for_me, one.for_both)


def as_source(path: Path) -> str:
    """The same as lines of Python that gettext's tools can read."""
    return "".join(f"gettext({text!r})\n" for text in messages(path))
