"""A private record of what happened, an entry a day: for oneself, never shared."""

from apps.plans.exercises.base import Kind


class Log(Kind):
    name = "log"
