"""A box of good memories that both put into: a record of both, item by item."""

from apps.plans.exercises.base import Kind


class Memories(Kind):
    name = "memories"
