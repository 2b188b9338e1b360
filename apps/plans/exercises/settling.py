"""Three quiet minutes. Nothing is written and nothing is kept."""

from typing import Any

from apps.guides.schema import Exercise
from apps.plans.exercises.base import Kind


class Settling(Kind):
    name = "settling"
    writes = False

    def leads(self, exercise: Exercise) -> dict[str, Any]:
        """How one gets there, then one paragraph for each minute."""
        return {"paragraphs": [one.strip() for one in exercise.prompt.split("\n\n") if one.strip()]}
