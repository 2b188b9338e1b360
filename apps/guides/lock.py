"""The lock: the keys and kinds of every published guide, so that a published version never changes its shape.

People's drafts, shares and agreements are stored under these keys. Wording may be edited in place; another structure or
meaning is a new version of the guide. Nothing here needs Django.
"""

import json
from pathlib import Path
from typing import Any

from apps.guides.library import CONTENT
from apps.guides.schema import Exercise, Field, Guide, Step

LOCK = CONTENT / "keys.lock.json"


class AlreadyLocked(Exception):
    """This version is in the lock already, and a locked version is never replaced."""


def name(guide: Guide) -> str:
    return f"{guide.slug}.v{guide.version}"


def shape(guide: Guide) -> dict[str, Any]:
    """All of a guide that stored texts and the rules depend on, without a word of its wording."""
    made: dict[str, Any] = {
        "tonight": [thing.key for thing in guide.tonight],
        "preparation": [exercise_shape(exercise) for exercise in guide.preparation],
        "steps": [_step(step) for step in guide.steps],
        "mistakes": [mistake.key for mistake in guide.mistakes],
        "results": [part.key for part in guide.results],
        "next_steps": [part.key for part in guide.next_steps],
    }
    # What came later stands only where it is used, so that older versions keep the shape they were locked in.
    if guide.door:
        made["door"] = [part.key for part in guide.door]
    if guide.alone:
        made["alone"] = [
            {"key": step.key, "exercises": [exercise_shape(exercise) for exercise in step.exercises]}
            for step in guide.alone
        ]
    return made


def _step(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "milestone": f"{step.milestone.kind}:{step.milestone.exercise}".rstrip(":"),
        "exercises": [exercise_shape(exercise) for exercise in step.exercises],
    }


def exercise_shape(exercise: Exercise) -> dict[str, Any]:
    """The shape in which the answers to one exercise are kept."""
    made = {
        "key": exercise.key,
        "kind": exercise.kind,
        "reveal": exercise.reveal,
        "always_open": exercise.always_open,
        "reflected": exercise.reflected,
        "fields": [_field(field) for field in exercise.fields],
        "items": [exercise.items_at_least, exercise.items_at_most],
        "item_fields": [_field(field) for field in exercise.item_fields],
        "deck": [idea.key for idea in exercise.deck],
    }
    return made | ({"replied": True} if exercise.replied else {})


def _field(field: Field) -> dict[str, Any]:
    return {
        "key": field.key,
        "kind": field.kind,
        "required": field.required,
        "choices": [choice.key for choice in field.choices],
        "at_most": field.at_most,
    }


def read(path: Path = LOCK) -> dict[str, Any]:
    """The shapes that are locked, by the guide's name and version ("bridge.v1")."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(guide: Guide, path: Path = LOCK) -> None:
    """Lock a new version. Raises AlreadyLocked where it is locked, even in the same shape."""
    locked = read(path)
    if name(guide) in locked:
        raise AlreadyLocked(name(guide))
    locked[name(guide)] = shape(guide)
    path.write_text(json.dumps(locked, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def changes(locked: Any, now: Any, path: str = "") -> list[str]:
    """Where two shapes differ: the paths of what changed, went or came, with a part named by its own key."""
    if isinstance(locked, list) and isinstance(now, list):
        locked, now = _by_place(locked), _by_place(now)
        if list(locked) != list(now) and set(locked) == set(now):
            return [f"{path}: another order"]
    if isinstance(locked, dict) and isinstance(now, dict):
        found = [f"{path}/{key}: is gone" for key in locked if key not in now]
        found += [f"{path}/{key}: is new" for key in now if key not in locked]
        for key in locked:
            found += changes(locked[key], now[key], f"{path}/{key}") if key in now else []
        return found
    return [] if locked == now else [f"{path}: was {locked!r}, is {now!r}"]


def _by_place(parts: list[Any]) -> dict[str, Any]:
    """A list as a dict: a part by its own key, a plain key by itself, a number by its place."""
    return {
        part["key"] if isinstance(part, dict) else part if isinstance(part, str) else str(place): part
        for place, part in enumerate(parts)
    }
