"""What it has been like for me; the other says it back."""

from apps.plans.exercises.base import Kind


class Telling(Kind):
    name = "telling"
