"""What is missing for each of us: needs in their order, each with a picture of an ordinary day."""

from apps.plans.exercises.base import Kind


class Needs(Kind):
    name = "needs"
