"""What weighs on each of us from outside: cards, opened together."""

from typing import Any

from apps.guides.schema import Exercise
from apps.plans.exercises.base import Kind


class Stressors(Kind):
    name = "stressors"

    def shown(self, exercise: Exercise, body: Any) -> dict[str, Any]:
        """Adds each card's weight, 1 to 5, as a number that the page can draw."""
        shown = super().shown(exercise, body)
        shown["weights"] = [row.get("weight") or 0 for row in body.get("items") or []]
        shown["cards"] = list(zip(shown["items"], shown["weights"], strict=True))
        return shown
