"""The guides on the shelf: finds, reads and keeps them. Nothing here needs Django.

A guide is one file, `content/<slug>.v<version>.toml`. It is read once per process. What several guides share stands in
`content/parts.toml` and is laid into each where it says `use` (schema.resolved).
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

from apps.guides import schema
from apps.guides.schema import Guide, GuideError

CONTENT = Path(__file__).resolve().parent / "content"
PARTS = "parts.toml"
FILE_NAME = re.compile(r"(?P<slug>[a-z]+(?:-[a-z]+)*)\.v(?P<version>[1-9][0-9]*)\.toml")


class UnknownGuide(LookupError):
    """There is no guide of that slug and version."""


def find(slug: str, version: int | None = None) -> Guide:
    """One guide; the newest version where none is named. Raises UnknownGuide."""
    versions = {guide.version: guide for guide in all_guides() if guide.slug == slug}
    wanted = max(versions, default=0) if version is None else version
    if wanted not in versions:
        raise UnknownGuide(f"{slug} v{version}" if version else slug)
    return versions[wanted]


@cache
def all_guides() -> tuple[Guide, ...]:
    """Every version of every guide, by slug and version. Raises GuideError where a file is wrong."""
    return tuple(sorted((read(path) for path in files()), key=lambda guide: (guide.slug, guide.version)))


def files(folder: Path = CONTENT) -> list[Path]:
    """The guides' files."""
    return sorted(path for path in folder.glob("*.toml") if path.name != PARTS)


def read(path: Path) -> Guide:
    """The guide in one file. Raises GuideError, naming the file and the key."""
    name = FILE_NAME.fullmatch(path.name)
    if name is None:
        raise GuideError(f"{path.name}: a guide’s file is called <slug>.v<version>.toml")
    shared = path.with_name(PARTS)
    table = schema.resolved(path.name, _table(path), _table(shared) if shared.exists() else {})
    return schema.parse(path.name, name["slug"], int(name["version"]), table)


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GuideError(f"{path.name}: not valid TOML: {error}") from error


@cache
def in_language(guide: Guide, language: str, translate: Callable[[str], str]) -> Guide:
    """The guide with its wording as `translate` says it, in the language that is active; kept per language."""
    return cast(Guide, schema.in_words(guide, translate))


def covered_ids(guide: Guide) -> frozenset[str]:
    """The ids of the written guides' elements that some part of this guide serves."""
    return frozenset(element for _, element in schema.covers(guide))
