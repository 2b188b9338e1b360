"""One's own quiet time has a page of its own; this leads there."""

from apps.plans.exercises.base import Kind


class Quiet(Kind):
    name = "quiet"
    writes = False
