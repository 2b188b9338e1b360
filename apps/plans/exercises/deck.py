"""A deck of small ideas: each picks in secret, and only what both picked is ever shown."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.guides.schema import Exercise
from apps.plans.exercises.base import Kind
from apps.plans.exercises.forms import ExerciseForm, SomeChoices

LENGTHS = (
    (_("Up to half an hour"), 0, 30),
    (_("About an hour"), 30, 75),
    (_("A longer while"), 75, 10_000),
)


class DeckForm(ExerciseForm):
    """One field, `picks`: keys of ideas; none is an answer too."""

    def __init__(
        self, exercise: Exercise, data: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(exercise, data, body)
        self.fields["picks"] = SomeChoices(
            label=_("What would you enjoy?"),
            at_most=exercise.items_at_most,
            choices=[(idea.key, idea.text) for idea in exercise.deck],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=(body or {}).get("picks", []),
        )

    def groups(self) -> list[tuple[str, list[forms.boundfield.BoundWidget]]]:
        """The cards by the time they take, each with its heading."""
        minutes = {idea.key: idea.minutes for idea in self.exercise.deck}
        found: list[tuple[str, list[forms.boundfield.BoundWidget]]] = []
        for heading, least, most in LENGTHS:
            cards = [one for one in self["picks"] if least < minutes[str(one.data["value"])] <= most]
            if cards:
                found.append((str(heading), cards))
        return found

    def body(self) -> dict[str, Any]:
        return {"picks": sorted(self.cleaned_data["picks"])}


class Deck(Kind):
    name = "deck"

    def form(
        self, exercise: Exercise, data: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None
    ) -> DeckForm:
        return DeckForm(exercise, data, body)

    def missing(self, exercise: Exercise, body: Any) -> str:
        return ""  # to pick nothing is a whole answer: the other learns only of what both picked

    def begun(self, body: Any) -> bool:
        return bool(body) and bool(body.get("picks"))

    def shown(self, exercise: Exercise, body: Any) -> dict[str, Any]:
        return {"ideas": [exercise.idea(key) for key in body.get("picks", [])]}
