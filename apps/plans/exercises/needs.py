"""What is missing for each of us: needs in their order, each with a picture of an ordinary day."""

from collections.abc import Mapping
from typing import Any

from apps.plans.exercises.base import Kind
from apps.plans.exercises.forms import ExerciseForm

GUESS = "wonder"  # the field with "I wonder whether …", which its author may drop and the other answers


class Needs(Kind):
    name = "needs"
    ranked = True
    above_template = "plans/exercises/needs_guess.html"

    def pressed(self, form: ExerciseForm, body: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
        """Move up or down: the first one matters most."""
        for button, by in (("up", -1), ("down", 1)):
            slot = str(form.data.get(button, ""))
            if slot.isdecimal() and len(slot) < 4:
                return body | {"items": moved(body["items"], form.place_of(int(slot)), by)}
        return body


def moved(items: list[Any], place: int | None, by: int) -> list[Any]:
    """The items with the one at `place` changed against its neighbour; the same where there is none."""
    if place is None or not 0 <= place + by < len(items):
        return items
    changed = list(items)
    changed[place], changed[place + by] = changed[place + by], changed[place]
    return changed


def without_guess(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same words without "I wonder whether …"."""
    return {**body, "fields": {**(body.get("fields") or {}), GUESS: ""}}


def guess_of(body: Mapping[str, Any]) -> str:
    return str((body.get("fields") or {}).get(GUESS) or "")
