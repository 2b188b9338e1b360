"""An open question, picked from cards and made one's own."""

from apps.plans.exercises.base import Kind


class Question(Kind):
    name = "question"
