"""Three quiet minutes. Nothing is written and nothing is kept."""

from apps.plans.exercises.base import Kind


class Settling(Kind):
    name = "settling"
    writes = False
