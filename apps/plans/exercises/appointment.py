"""A time for two is found on its own page; this leads there."""

from typing import Any

from apps.guides.schema import Exercise
from apps.plans.exercises.base import Kind


class AppointmentKind(Kind):
    name = "appointment"
    writes = False

    def leads(self, exercise: Exercise) -> dict[str, Any]:
        """What the time is for, as the appointments' page calls it."""
        return {"purpose": "moment" if exercise.key.endswith("moment") else "talk"}
