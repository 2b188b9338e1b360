"""Small things to start a line of a plan from: data that anybody can extend, in `starters.toml` beside this file."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from apps.guides import library
from apps.guides.schema import GuideError, Wording

FILE = Path(__file__).resolve().parent / "starters.toml"
Who = Literal["both", "me"]
Kind = Literal["habit", "gesture", "appointment", "boundary", "play", "minimum"]


@dataclass(frozen=True, slots=True)
class Starter:
    """One concrete line. `needs` and `loads` are keys of the choices with which the guides name needs and loads.

    A fixed time has `days` (Monday is 0), `time`, `minutes` and `weeks` instead of "when", "how often" and "how long";
    a boundary also has the load it is about and how we support each other.
    """

    key: str
    what: Wording
    who: Who
    needs: tuple[str, ...]
    loads: tuple[str, ...]
    kind: Kind = "habit"
    when: Wording = ""
    how_often: Wording = ""
    how_long: Wording = ""
    how_we_know: Wording = ""
    stressor: str = ""
    support: Wording = ""
    days: tuple[int, ...] = ()
    time: str = ""
    minutes: int = 0
    weeks: int = 0


@cache
def starters() -> tuple[Starter, ...]:
    """All of them, in the file's order. Raises GuideError where the file is wrong, naming the entry."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["starter"]
    made = tuple(read(number, row) for number, row in enumerate(rows))
    if len({starter.key for starter in made}) != len(made):
        raise GuideError(f"{FILE.name}: a key is there twice")
    return made


def read(number: int, row: dict[str, object]) -> Starter:
    try:
        made = Starter(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})  # type: ignore[arg-type]
    except TypeError as error:
        raise GuideError(f"{FILE.name}: starter[{number}]: {error}") from error
    if made.who not in get_args(Who) or not made.what:
        raise GuideError(f"{FILE.name}: starter[{number}]: needs a “what”, and “who” as both or me")
    if made.kind not in get_args(Kind) or (made.kind == "boundary") != bool(made.stressor):
        raise GuideError(f"{FILE.name}: starter[{number}]: needs a “kind”, and only a boundary a “stressor”")
    if (made.kind == "appointment") != bool(made.days and made.time and made.minutes and made.weeks):
        raise GuideError(
            f"{FILE.name}: starter[{number}]: a fixed time, and nothing else, has days, time, minutes, weeks"
        )
    return made


def fitting(needs: frozenset[str], loads: frozenset[str], *, kind: str = "", need: str = "") -> list[Starter]:
    """The starters, those that serve most of these needs and loads first; the file's order where they are equal.

    `kind` and `need` leave only those of that kind and for that need; empty, or of no known name, they leave all.
    """
    chosen = [
        one
        for one in starters()
        if (kind not in get_args(Kind) or one.kind == kind) and (need not in need_names() or need in one.needs)
    ]
    return sorted(chosen, key=lambda one: -(len(needs & set(one.needs)) + len(loads & set(one.loads))))


def loads() -> dict[str, str]:
    """Key and label of what a load or a boundary can be about, in the guide's order."""
    return choices("stressors", "kind")


def need_names() -> dict[str, str]:
    """Key and label of the needs, in the guide's order."""
    return choices("needs", "need")


@cache
def choices(exercise: str, field: str) -> dict[str, str]:
    return {one.key: one.label for one in library.find("bridge").exercise(exercise).item_field(field).choices}
