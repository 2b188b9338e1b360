"""What weighs on each of us from outside: cards, opened together, on one line of time."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.guides.schema import Exercise
from apps.plans.exercises.base import Kind, Part, cards
from apps.plans.exercises.forms import ExerciseForm, day_of
from apps.plans.exercises.pictures import timeline
from apps.plans.exercises.spans import spans


class Stressors(Kind):
    name = "stressors"
    above_template = "plans/exercises/stressors_map.html"

    def draws_from(self, exercises: tuple[Exercise, ...]) -> str:
        """What one looked at alone before (seed element B.prep.context)."""
        return next((one.key for one in exercises if one.kind == "context"), "")

    def pressed(self, form: ExerciseForm, body: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
        """ "Take this over": one load of the private review, into the first empty place."""
        number, offered = str(form.data.get("take", "")), other.get("items") or []
        if not number.isdecimal() or len(number) > 3 or int(number) >= len(offered):
            return body
        if len(body["items"]) >= form.slots:
            raise RuleBroken(_("All places are in use. Empty one of them first; nothing was lost."))
        return body | {"items": [*body["items"], taken(form.exercise, offered[int(number)])]}

    def shown(self, exercise: Exercise, body: Any) -> dict[str, Any]:
        """Adds each card's weight, 1 to 5, as a number that the page can draw."""
        shown = super().shown(exercise, body)
        shown["cards"] = cards(shown, body)
        return shown

    def picture(self, exercise: Exercise, parts: list[Part], today: date) -> dict[str, Any] | None:
        """Both lists on one line of time, each in its author's hue and order; neither is measured against the other."""
        rows = [(part, span) for part in parts for span in spans(exercise, part.body, part.hue)]
        if len(parts) < 2 or not rows:
            return None
        drawn = timeline([span for _part, span in rows], today)
        lists = [(part, cards(self.shown(exercise, part.body), part.body)) for part in parts]
        return {"drawn": drawn, "lists": lists}


def taken(exercise: Exercise, row: Mapping[str, Any]) -> dict[str, Any]:
    """A load of the private review as a card of this exercise: only what both ask for, in this one's own shape."""
    card: dict[str, Any] = {}
    for field in exercise.item_fields:
        value = row.get(field.key) or ""
        if field.kind == "choice" and value not in {choice.key for choice in field.choices}:
            value = ""
        if field.kind == "date" and day_of(value) is None:
            value = ""
        card[field.key] = value if field.kind != "scale" else (row.get(field.key) or None)
    return card
