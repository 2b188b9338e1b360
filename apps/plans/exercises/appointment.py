"""A time for two is found on its own page; this leads there."""

from apps.plans.exercises.base import Kind


class AppointmentKind(Kind):
    name = "appointment"
    writes = False
