"""Small things to start a line of a plan from: data that anybody can extend, in `starters.toml` beside this file."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from apps.guides.schema import GuideError

FILE = Path(__file__).resolve().parent / "starters.toml"
Who = Literal["both", "me"]


@dataclass(frozen=True, slots=True)
class Starter:
    """One concrete line. `needs` and `loads` are keys of the choices with which the guides name needs and loads."""

    key: str
    what: str
    when: str
    how_often: str
    how_long: str
    how_we_know: str
    who: Who
    needs: tuple[str, ...]
    loads: tuple[str, ...]


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
    return made


def fitting(needs: frozenset[str], loads: frozenset[str]) -> list[Starter]:
    """All starters, those that serve most of these needs and loads first; the file's order where they are equal."""
    return sorted(starters(), key=lambda one: -(len(needs & set(one.needs)) + len(loads & set(one.loads))))
