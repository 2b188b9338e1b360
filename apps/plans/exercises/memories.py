"""A box of good memories that both put into: a record of both, item by item."""

from django.utils.translation import gettext_lazy as _

from apps.plans.exercises.base import Kind


class Memories(Kind):
    name = "memories"
    above_template = "plans/exercises/memories_box.html"
    add_label = _("Put it in the box")
    corrects = True
