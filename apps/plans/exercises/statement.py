"""Feeling, situation, need, request: an opener said about oneself."""

from apps.plans.exercises.base import Kind


class Statement(Kind):
    name = "statement"
