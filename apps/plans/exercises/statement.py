"""Feeling, situation, need, request: an opener said about oneself, read as one flowing sentence."""

from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from apps.guides.schema import Exercise
from apps.plans.exercises.base import Kind, text_of

PARTS = {"feeling", "feeling_words", "situation", "need", "request"}


class Statement(Kind):
    name = "statement"

    def shown(self, exercise: Exercise, body: Any) -> dict[str, Any]:
        """Adds "sentences", the statement as one would say it, and "rest", the answers that are no part of it."""
        shown = super().shown(exercise, body)
        shown["sentences"] = sentences(exercise, body.get("fields") or {})
        shown["rest"] = [answer for answer in shown["answers"] if answer.key not in PARTS]
        return shown


def sentences(exercise: Exercise, values: dict[str, Any]) -> list[str]:
    """ "I feel lonely when … What matters to me is … I would love …"; parts that are empty are left out."""
    feelings = [text_of(field, [one]) for field in exercise.fields if field.key == "feeling" for one in given(values)]
    feelings += [values["feeling_words"]] if values.get("feeling_words") else []
    words = {"feeling": get_text_list([str(one) for one in feelings], _("and"))}
    words |= {key: plain(values.get(key)) for key in ("situation", "need", "request")}
    found = []
    if words["feeling"] and words["situation"]:
        found.append(_("I feel %(feeling)s when %(situation)s") % words)
    elif words["feeling"]:
        found.append(_("I feel %(feeling)s") % words)
    elif words["situation"]:
        found.append(_("There are times when %(situation)s") % words)
    if words["need"]:
        found.append(_("What matters to me is %(need)s") % words)
    if words["request"]:
        asked = words["request"].endswith("?")
        found.append(words["request"] if asked else _("I would love %(request)s") % words)
    return [one if one.endswith((".", "!", "?", "…")) else f"{one}." for one in found]


def given(values: dict[str, Any]) -> list[Any]:
    return list(values.get("feeling") or [])


# People often write on from the label that stands before the field.
BEGINNINGS = ("when ", "because what matters to me is ", "what matters to me is ", "and i would love ", "i would love ")


def plain(value: Any) -> str:
    """Words without the label that was written once more before them."""
    text = str(value or "").strip()
    said = next((one for one in BEGINNINGS if text.lower().startswith(one)), "")
    return text[len(said) :]
