"""The ready-made "I am here when you are ready" (seed element A.m.pursuit)."""

from apps.plans.exercises.base import Kind


class Here(Kind):
    name = "here"
