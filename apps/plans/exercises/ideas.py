"""Small things we could do, put in alone and opened together."""

from apps.plans.exercises.base import Kind


class Ideas(Kind):
    name = "ideas"
