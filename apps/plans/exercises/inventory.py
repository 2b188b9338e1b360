"""How I am right now: a few taps and a few words."""

from apps.plans.exercises.base import Kind


class Inventory(Kind):
    name = "inventory"
