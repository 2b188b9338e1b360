"""What a kind of exercise is. A new kind is one module here, one line in `KINDS`, and two fragments in
`templates/plans/exercises/`: `<name>_form.html` and `<name>_show.html`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.core import dates
from apps.guides.schema import Exercise, Field, Idea
from apps.plans.exercises.forms import ExerciseForm, day_of, says_something


@dataclass(frozen=True, slots=True)
class Around:
    """What a form may have to know beyond its guide: the day on the person's wall, and what both put into a deck."""

    today: date = date.min
    own_ideas: tuple[Idea, ...] = ()
    last_done: Mapping[str, date] = field(default_factory=dict)
    round: int = 1


NOWHERE = Around()


@dataclass(frozen=True, slots=True)
class Part:
    """One person's words, as a picture draws them: whose hue, whose name."""

    hue: str
    name: str
    body: Mapping[str, Any]


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
    record = False  # a private record, item by item: what is added leaves the form
    ranked = False  # its items stand in an order that one can change
    joins = False  # takes items of both, whatever its own reveal
    corrects = False  # of a record of both: its author can word an item anew
    once = False  # of a record of both: said, and then not again for a week
    unasked = False  # comes before the other without their doing anything: refused during one's own quiet time
    above_template = ""  # what stands on its page above the form, beside what was shared
    below_template = ""  # … and below it
    add_label: Any = _lazy("Put it in")

    @property
    def form_template(self) -> str:
        return f"plans/exercises/{self.name}_form.html"

    @property
    def show_template(self) -> str:
        return f"plans/exercises/{self.name}_show.html"

    def form(
        self,
        exercise: Exercise,
        data: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        around: Around = NOWHERE,
    ) -> ExerciseForm:
        return ExerciseForm(exercise, data, body)

    def drafted(self, body: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """What is kept of a form's `body` while somebody writes, given what was kept `before`."""
        return body

    def pressed(self, form: ExerciseForm, body: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
        """The body after one of the form's own small buttons (move up, take this over), which only ever keep.

        `other` is the body of the exercise that `draws_from` names. Raises RuleBroken where there is no room.
        """
        return body

    def draws_from(self, exercises: tuple[Exercise, ...]) -> str:
        """The key of an exercise of one's own whose answers can be taken over into this one; empty for none."""
        return ""

    def leads(self, exercise: Exercise) -> dict[str, Any]:
        """What the page of a kind without a form needs beyond its prompt."""
        return {}

    def added(self, body: Mapping[str, Any], item: dict[str, Any]) -> dict[str, Any]:
        """A private record with one more item (only where `record`)."""
        raise NotImplementedError

    def removed(self, body: Mapping[str, Any], item: str) -> dict[str, Any]:
        """A private record without one item; the same where it is not there (only where `record`)."""
        raise NotImplementedError

    def differs(self, body: Mapping[str, Any], shared: Mapping[str, Any]) -> bool:
        """Does the draft say something else than what was shared last?"""
        return body != shared

    def picture(self, exercise: Exercise, parts: list[Part], today: date) -> Any:
        """What the page draws of the words that this person may see; None for no picture."""
        return None

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


def cards(shown: Mapping[str, Any], body: Mapping[str, Any]) -> list[tuple[list[Shown], int]]:
    """Each item as it is read, with its weight, 1 to 5 (0: not said)."""
    weights = [row.get("weight") or 0 for row in body.get("items") or []]
    return list(zip(shown["items"], weights, strict=True))


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
    if field.kind == "date":
        day = day_of(value)
        return dates.day_year(day) if day else str(value)
    if field.kind == "scale":
        ends = {1: field.low, 5: field.high}
        return f"{value} / 5" + (f" ({ends[value]})" if ends.get(value) else "")
    return labels.get(value, str(value))
