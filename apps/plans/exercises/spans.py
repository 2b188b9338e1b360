"""Rows of an exercise as spans of time, for the picture of loads."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.guides.schema import Exercise
from apps.plans.exercises.base import text_of
from apps.plans.exercises.forms import day_of
from apps.plans.exercises.pictures import Span

UNWEIGHED = 3


def spans(exercise: Exercise, body: Mapping[str, Any], hue: str = "") -> list[Span]:
    """Each load that has words or a kind, in the order of its author."""
    fields = {field.key: field for field in exercise.item_fields}
    found = []
    for row in body.get("items") or []:
        named = [text_of(fields[key], row[key]) for key in ("what", "kind") if key in fields and row.get(key)]
        found.append(
            Span(
                label=named[0] if named else _("A load"),
                since=day_of(row.get("since")),
                until=day_of(row.get("until")),
                weight=row.get("weight") or UNWEIGHED,
                hue=hue,
            )
        )
    return found
