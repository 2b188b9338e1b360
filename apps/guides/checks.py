"""The system check of the guides: runs at every start, so a wrong guide stops the process and not a person."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error, Warning

from apps.guides import library, lock
from apps.guides.schema import GuideError


def check_guides(app_configs: Any = None, folder: Path = library.CONTENT, **kwargs: Any) -> list[CheckMessage]:
    """E001: a file is wrong. E002: a published guide changed its shape. W001: a guide that is not locked yet."""
    locked = lock.read(folder / lock.LOCK.name)
    return [message for path in library.files(folder) for message in _check(path, locked)]


def _check(path: Path, locked: dict[str, Any]) -> Iterator[CheckMessage]:
    try:
        guide = library.read(path)
    except GuideError as error:
        yield Error(str(error), id="guides.E001")
        return
    name = lock.name(guide)
    if name not in locked:
        hint = f"Publish it with: manage.py lock_guide {guide.slug} {guide.version}"
        yield Warning(f"{path.name} is not locked yet.", hint=hint, id="guides.W001")
        return
    for change in lock.changes(locked[name], lock.shape(guide)):
        hint = "Wording may change in place; another structure is a new version in a new file."
        yield Error(f"{path.name}: {change}", hint=hint, id="guides.E002")
