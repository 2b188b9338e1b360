"""The ready-made "I am here when you are ready": said once, then left alone (seed element A.m.pursuit)."""

from django.utils.translation import gettext_lazy as _

from apps.plans.exercises.base import Kind


class Here(Kind):
    name = "here"
    above_template = "plans/exercises/here_said.html"
    add_label = _("Say it once")
    once = True
    unasked = True
