"""What a kind of exercise is. A new kind is one module here, one line in `KINDS`, and two fragments in
`templates/plans/exercises/`: `<name>_form.html` and `<name>_show.html`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.guides.schema import Exercise, Field
from apps.plans.exercises.forms import ExerciseForm, says_something


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer as it is read: the question's label and the words."""

    label: str
    text: str
    key: str


class Kind:
    """The plain kind: the guide's fields as a form, read back one under the other."""

    name = ""
    writes = True  # has a form of its own on its page

    @property
    def form_template(self) -> str:
        return f"plans/exercises/{self.name}_form.html"

    @property
    def show_template(self) -> str:
        return f"plans/exercises/{self.name}_show.html"

    def form(
        self, exercise: Exercise, data: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None
    ) -> ExerciseForm:
        return ExerciseForm(exercise, data, body)

    def missing(self, exercise: Exercise, body: Any) -> str:
        """Empty where a body may be shared, else a sentence saying what is missing."""
        fields = body.get("fields") or {}
        items = body.get("items") or []
        complete = all(says_something(fields.get(field.key)) for field in exercise.fields if field.required)
        rows = all(
            says_something(row.get(field.key)) for row in items for field in exercise.item_fields if field.required
        )
        if complete and rows and len(items) >= (exercise.items_at_least if exercise.item_fields else 0):
            return ""
        return _("A needed part is still empty. Please add a few words first.")

    def begun(self, body: Any) -> bool:
        """Has anything been written at all?"""
        return bool(body) and (any((body.get("fields") or {}).values()) or bool(body.get("items")))

    def shown(self, exercise: Exercise, body: Any) -> dict[str, Any]:
        """What `show_template` draws: {"answers": [Shown], "items": [[Shown]]}."""
        fields = body.get("fields") or {}
        return {
            "answers": read(exercise.fields, fields),
            "items": [read(exercise.item_fields, row) for row in body.get("items") or []],
        }


def read(fields: tuple[Field, ...], values: Mapping[str, Any]) -> list[Shown]:
    """The answers that hold something, with choices as their labels."""
    return [
        Shown(field.label, text_of(field, values[field.key]), field.key)
        for field in fields
        if values.get(field.key) not in (None, "", [])
    ]


def text_of(field: Field, value: Any) -> str:
    labels = {choice.key: choice.label for choice in field.choices}
    if isinstance(value, list):
        return ", ".join(str(labels.get(one, one)) for one in value)
    if field.kind == "scale":
        ends = {1: field.low, 5: field.high}
        return f"{value} / 5" + (f" ({ends[value]})" if ends.get(value) else "")
    return labels.get(value, str(value))
