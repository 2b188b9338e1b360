"""The next time to look back stands for this exercise; it has no form of its own."""

from apps.plans.exercises.base import Kind


class FollowUp(Kind):
    name = "follow_up"
    writes = False
