"""What has been going on around me lately: a private review, on a line of time (seed element B.prep.context)."""

from datetime import date
from typing import Any

from apps.guides.schema import Exercise
from apps.plans.exercises.base import Kind, Part
from apps.plans.exercises.pictures import timeline
from apps.plans.exercises.spans import spans


class Context(Kind):
    name = "context"
    below_template = "plans/exercises/context_picture.html"

    def picture(self, exercise: Exercise, parts: list[Part], today: date) -> dict[str, Any] | None:
        """One's own loads as bars; None where nothing is named yet."""
        rows = [span for part in parts for span in spans(exercise, part.body)]
        if not rows:
            return None
        items = [item for part in parts for item in self.shown(exercise, part.body)["items"]]
        return {"drawn": timeline(rows, today), "rows": [item for item in items if item]}
