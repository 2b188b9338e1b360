"""Writing for oneself."""

from apps.plans.exercises.base import Kind


class Journal(Kind):
    name = "journal"
