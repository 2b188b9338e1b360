"""The page of the plan's agreement stands for this exercise; it has no form of its own."""

from apps.plans.exercises.base import Kind


class AgreementKind(Kind):
    name = "agreement"
    writes = False
