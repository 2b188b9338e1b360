"""Everything in the data files here that a person reads: what a translator gets. Nothing here needs Django."""

from collections.abc import Iterator
from pathlib import Path

from apps.guides import library, quiet, schema, starters


def messages(path: Path) -> Iterator[str]:
    """The wording in one data file, each text once; nothing for a file that is none of ours.

    What guides share (parts.toml) is found in each guide that lays it in.
    """
    yield from dict.fromkeys(_read(path))


def _read(path: Path) -> Iterator[str]:
    if path.parent.name == library.CONTENT.name and library.FILE_NAME.fullmatch(path.name):
        yield from schema.wording(library.read(path))
    elif path.name == starters.FILE.name:
        for one in starters.starters():
            yield from schema.wording(one)
    elif path.name == quiet.FILE.name:
        yield from schema.wording(quiet.quiet_words())


def as_source(path: Path) -> str:
    """The same as lines of Python that gettext's tools can read."""
    return "".join(f"gettext({text!r})\n" for text in messages(path))
