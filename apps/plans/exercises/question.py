"""An open question, picked from cards and made one's own."""

from collections.abc import Mapping
from typing import Any

from apps.guides.schema import Exercise
from apps.plans.exercises.base import NOWHERE, Around, Kind, text_of
from apps.plans.exercises.forms import ExerciseForm


class QuestionForm(ExerciseForm):
    """A card that is sent as it is needs no words: the card's own are the question."""

    def clean(self) -> dict[str, Any]:
        clean = super().clean()
        if self.sending and not clean.get("words"):
            clean["words"] = card_words(self.exercise, clean)
        return clean


class Question(Kind):
    name = "question"

    def form(
        self,
        exercise: Exercise,
        data: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        around: Around = NOWHERE,
    ) -> QuestionForm:
        return QuestionForm(exercise, data, body)

    def pressed(self, form: ExerciseForm, body: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
        """Put the card into my words, after what stands there already."""
        card = card_words(form.exercise, body["fields"])
        if "card-to-words" not in form.data or not card:
            return body
        words = body["fields"]["words"].strip()
        if card in words:
            return body
        return body | {"fields": body["fields"] | {"words": f"{words}\n{card}" if words else card}}


def card_words(exercise: Exercise, values: Mapping[str, Any]) -> str:
    """The chosen card as it reads; empty where none is chosen."""
    field = next((one for one in exercise.fields if one.key == "card"), None)
    return text_of(field, values["card"]) if field and values.get("card") else ""
