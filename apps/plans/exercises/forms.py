"""The form of an exercise, made from the fields that its guide names.

Nothing is required to keep a draft; `require()` adds a sentence beside each needed field before sharing.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _

from apps.accounts import coaching
from apps.guides.schema import Choice, Exercise, Field

LONGEST = 10_000
LONGEST_LINE = 300
# The kinds whose texts the coach reads: what is said to the other, and one's own record of what one notices of the two.
COACHED = dict.fromkeys(("statement", "question", "telling", "needs"), coaching.WORDS) | {"log": coaching.FACTS}
SHORT = 36  # choices up to this length are drawn as chips, longer ones as a list
EARLIEST, LATEST = date(1900, 1, 1), date(2150, 1, 1)


def says_something(value: object) -> bool:
    """Does this hold an answer? A text needs at least two letters or digits, so that "." unlocks nothing."""
    if isinstance(value, str):
        return len(re.findall(r"\w", value)) >= 2
    return bool(value)


def form_field(field: Field) -> forms.Field:
    """One question of a guide. Nothing is required to keep a draft; `needed` says what sharing needs."""
    made = plain_field(field)
    made.needed = field.required  # type: ignore[attr-defined]
    made.low, made.high = field.low, field.high  # type: ignore[attr-defined]
    return made


def plain_field(field: Field) -> forms.Field:
    common: dict[str, Any] = {"label": field.label, "help_text": field.hint, "required": False}
    choices = [(choice.key, labelled(choice)) for choice in field.choices]
    if field.kind == "long_text":
        text = forms.Textarea(attrs={"rows": 5, "placeholder": field.placeholder})
        return forms.CharField(max_length=LONGEST, widget=text, **common)
    if field.kind == "choice":
        short = all(len(choice.label) <= SHORT and not choice.hint for choice in field.choices)
        one = forms.RadioSelect(attrs={"class": "chips"} if short else None)
        return forms.ChoiceField(choices=choices, widget=one, **common)
    if field.kind == "choices":
        chips = forms.CheckboxSelectMultiple(attrs={"class": "chips"})
        return SomeChoices(at_most=field.at_most, choices=choices, widget=chips, **common)
    if field.kind == "scale":
        return forms.TypedChoiceField(
            coerce=int,
            empty_value=None,
            choices=[(number, str(number)) for number in range(1, 6)],
            widget=forms.RadioSelect(attrs={"class": "scale"}),
            **common,
        )
    if field.kind == "date":
        return DayField(**common)
    line = forms.TextInput(attrs={"placeholder": field.placeholder})
    return forms.CharField(max_length=LONGEST_LINE, widget=line, **common)


def labelled(choice: Choice) -> str:
    """A choice as it stands in a list, with its examples in small beneath."""
    if not choice.hint:
        return choice.label
    return format_html('{} <span class="hint">{}</span>', choice.label, choice.hint)


class DayField(forms.DateField):
    """A day, as a date input of the browser gives it; a year that nobody means is refused."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        wrong = {"invalid": _("Please choose a day.")}
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], error_messages=wrong, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not EARLIEST <= value <= LATEST:
            raise forms.ValidationError(_("Please look at the year once more."))


def day_of(value: object) -> date | None:
    """The day that a body keeps as text; None for an empty one, and for words from an older guide."""
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        return None


def kept(field: Field, value: Any) -> Any:
    """What a form found, as a body keeps it: a day as its text, empty where there is none."""
    if field.kind == "date":
        return value.isoformat() if value else ""
    return value


class SomeChoices(forms.MultipleChoiceField):
    """Any of the choices, or at most so many (0: as many as one likes)."""

    def __init__(self, *, at_most: int = 0, **kwargs: Any) -> None:
        self.at_most = at_most
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.at_most and len(value) > self.at_most:
            raise forms.ValidationError(_("Please choose %(most)s at most.") % {"most": self.at_most})


class ExerciseForm(forms.Form):
    """`exercise`: the guide's part. `body`: what was kept before, in the shape of `ExerciseForm.body`."""

    def __init__(
        self, exercise: Exercise, data: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None
    ) -> None:
        self.exercise, self.before, self.sending = exercise, body or {}, False
        super().__init__(data, initial=initial(exercise, body or {}), prefix=None)
        for field in exercise.fields:
            self.fields[field.key] = form_field(field)
        for slot in range(self.slots):
            for field in exercise.item_fields:
                self.fields[item_name(slot, field)] = form_field(field)
        if reading := COACHED.get(exercise.kind):
            for name, made in self.fields.items():
                if type(made) is forms.CharField:
                    coaching.reads(made, coaching.PICTURE if name.endswith("-picture") else reading)

    @property
    def slots(self) -> int:
        return self.exercise.items_at_most if self.exercise.item_fields else 0

    def within(self, name: str) -> "ExerciseForm":
        """The same form as one of several on a page: its fields' ids begin with that name."""
        self.auto_id = f"{name}_%s"
        return self

    def place_of(self, slot: int) -> int | None:
        """Where the item of that slot stands among those that are filled in, from 0; None where it is empty."""
        filled = [self.filled(one) for one in range(self.slots)]
        return sum(filled[:slot]) if slot < len(filled) and filled[slot] else None

    def filled(self, slot: int) -> bool:
        return any(self.cleaned_data.get(item_name(slot, field)) for field in self.exercise.item_fields)

    def own_fields(self) -> list[forms.BoundField]:
        """The questions that are asked once."""
        return [self[field.key] for field in self.exercise.fields]

    def items(self) -> Iterator[dict[str, Any]]:
        """The repeated questions, slot by slot; the empty ones beyond what is needed are folded away."""
        for slot in range(self.slots):
            fields = [self[item_name(slot, field)] for field in self.exercise.item_fields]
            needed = slot < max(1, self.exercise.items_at_least)
            in_use = any(field.value() or field.errors for field in fields)
            yield {"number": slot + 1, "slot": slot, "fields": fields, "folded": not needed and not in_use}

    def clean(self) -> dict[str, Any]:
        """Where a question asks since when and another until when, time runs forward."""
        clean: dict[str, Any] = super().clean() or {}
        names = {field.key for field in self.exercise.item_fields if field.kind == "date"}
        for slot in range(self.slots if {"since", "until"} <= names else 0):
            since, until = clean.get(f"item-{slot}-since"), clean.get(f"item-{slot}-until")
            if since and until and until < since:
                self.add_error(f"item-{slot}-until", _("This day is before the one on which it began."))
        return clean

    def body(self) -> dict[str, Any]:
        """The clean data: {"fields": {key: value}, "items": [{key: value}, …]}, empty items left out."""
        clean = self.cleaned_data
        rows = [
            {field.key: kept(field, clean[item_name(slot, field)]) for field in self.exercise.item_fields}
            for slot in range(self.slots)
        ]
        return {
            "fields": {field.key: kept(field, clean[field.key]) for field in self.exercise.fields},
            "items": [row for row in rows if any(row.values())],
        }

    def final(self) -> dict[str, Any]:
        """What is shared or put into a record, where that is less than what is kept."""
        return self.body()

    def require(self) -> bool:
        """Add a sentence beside each needed answer that is missing; true where none is."""
        for field in self.exercise.fields:
            if field.required and not says_something(self.cleaned_data.get(field.key)):
                self.add_error(field.key, missing(field))
        begun = 0
        for slot in range(self.slots):
            values = {field: self.cleaned_data.get(item_name(slot, field)) for field in self.exercise.item_fields}
            if not any(values.values()) and not (slot < self.exercise.items_at_least):
                continue
            begun += 1
            for field, value in values.items():
                if field.required and not says_something(value):
                    self.add_error(item_name(slot, field), missing(field))
        return self.is_valid()


def missing(field: Field) -> str:
    if field.choices or field.kind in ("scale", "date"):
        return _("Please choose something here first.")
    return _("Please add a few words here first.")


def item_name(slot: int, field: Field) -> str:
    """The form's name for one question of one item; slots count from 0."""
    return f"item-{slot}-{field.key}"


def initial(exercise: Exercise, body: Mapping[str, Any]) -> dict[str, Any]:
    """A kept body as the form's first values."""
    values = dict(body.get("fields") or {})
    for slot, row in enumerate(body.get("items") or []):
        for field in exercise.item_fields:
            values[item_name(slot, field)] = row.get(field.key)
    return values
