"""What the coach says to one person about words that they have not sent yet. The words are kept nowhere.

A form field that the coach reads names a reading (`reads`); `facts` are one's own records, which are never sent. Where
scripts run, the page asks while somebody writes (`coach_views.notes`) and says so with its form; where none run, a view
asks once before it sends (`review.look_over`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps import coach
from apps.accounts.models import SilencedRule, User

WORDS, LISTENING, COMMITMENT, PICTURE, FACTS = READINGS = ("words", "listening", "commitment", "picture", "facts")
# What is said of lines, pictures and one's own records, under keys of its own that one can silence as a rule.
VAGUE, NO_PICTURE, NOT_SEEN = "vague-line", "vague-picture", "not-seen"
READ_AS = "data-coach"  # the attribute that names a field's reading, for the page's script too
LONGEST = 30_000  # of a longer text this much is read
MEANINGS = {"mind_reading", "absolute", "contempt", "past_as_evidence", "accusation"}
MOST = 3  # of more than this at once nobody reads any

MISSING = {
    "what": _("what one would see"),
    "when": _("when"),
    "how_often": _("how often"),
}
VAGUE_WHY = _("Said so openly, it is hard to tell later whether it happened.")
FACTS_WHY = _("Part of this is what it means to you. What would somebody else in the room have seen or heard?")
PICTURE_WHY = _("What would one see or hear if it were so? A small scene is easier to meet than a word.")


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to think of: the rule behind it, the words it is about, why, and another wording if there is one."""

    rule: str
    quote: str
    why: str
    instead: str | None


def reads(field: forms.Field, reading: str) -> None:
    """Has the coach read what stands in this field."""
    field.widget.attrs[READ_AS] = reading


def silenced_by(user: User) -> frozenset[str]:
    """The keys of the rules that this person does not want to hear. One query."""
    return frozenset(SilencedRule.objects.filter(user=user).values_list("rule", flat=True))


def notes(
    text: str,
    reading: str,
    *,
    silenced: frozenset[str] = frozenset(),
    beside: Mapping[str, Any] | None = None,
    around: str = "",
    finished: bool = True,
) -> list[Note]:
    """What the coach says about a text to somebody who lets it, each rule once, less those that are `silenced`.

    `around` are the other words of the same form: where harm is told anywhere in it, nothing is said to any of it.
    `beside`, for a commitment, are the other fields of its line, of which only is asked whether they hold something;
    while the line is not `finished`, nobody says what is missing in it.
    """
    text = text[:LONGEST]
    if not text.strip() or coach.harm_told(around[:LONGEST]):
        return []
    judged = coach.judge(text, listening=reading == LISTENING, silenced=silenced, translate=gettext)
    if judged.harm_told or (reading in (COMMITMENT, PICTURE) and coach.judge_commitment(text).about_safety):
        return []
    if reading == FACTS:
        return [] if NOT_SEEN in silenced else what_it_means(text, judged)
    said: dict[str, Note] = {}
    read_to = 0
    for one in judged.findings:
        # Of two about the same words the first is enough. “Too much at once” is about the whole, wherever it points.
        if one.rule not in said and (one.start >= read_to or one.label == "kitchen_sink"):
            said[one.rule] = Note(one.rule, text[one.start : one.end], one.why, one.instead)
            read_to = max(read_to, one.end)
    if said or reading not in (COMMITMENT, PICTURE):
        return list(said.values())[:MOST]
    if reading == COMMITMENT and finished and VAGUE not in silenced:
        return vague_line(text, beside or {})
    return no_picture(text) if reading == PICTURE and NO_PICTURE not in silenced else []


def what_it_means(text: str, judged: coach.Judgement) -> list[Note]:
    """In a record of what one notices: the words that are a meaning and no observation (A.prep.observations)."""
    found = next((one for one in judged.findings if MEANINGS & {one.label, *one.also}), None)
    return [Note(NOT_SEEN, text[found.start : found.end], str(FACTS_WHY), None)] if found else []


def no_picture(text: str) -> list[Note]:
    """A need in a word that shows nothing (A.s4.define)."""
    judged = coach.judge_commitment(text)
    return [Note(NO_PICTURE, "", str(PICTURE_WHY), None)] if "what" in judged.missing else []


def vague_line(text: str, beside: Mapping[str, Any]) -> list[Note]:
    """A line of a plan that nobody could tell kept from not kept, with what is missing and a line to start from."""
    if beside.get("kind") in ("boundary", "appointment"):
        return []  # the one has its days and hours, the other holds whenever it comes up
    given = frozenset(part for part in ("who", "when", "how_often", "how_long", "how_we_know") if beside.get(part))
    judged = coach.judge_commitment(text, given=given, translate=gettext)
    if judged.label == "concrete_commitment":
        return []
    either = {"when", "how_often"} if given & {"when", "how_often"} else set()  # the form asks for one of the two
    missing = [str(MISSING[part]) for part in judged.missing if part in MISSING and part not in either]
    why = str(VAGUE_WHY)
    if missing:
        why += " " + gettext("Not said yet: %(parts)s.") % {"parts": get_text_list(missing, gettext("and"))}
    return [Note(VAGUE, "", why, judged.start_from)]


@cache
def reasons() -> dict[str, Any]:
    """Every rule that can be silenced, by its key, with the reason it gives (not translated yet)."""
    return {**coach.reasons(), VAGUE: VAGUE_WHY, NO_PICTURE: PICTURE_WHY, NOT_SEEN: FACTS_WHY}


def silenced(user: User) -> list[tuple[str, str]]:
    """What this person does not want to hear, as (key, reason), in the order of the reasons."""
    found = [(key, gettext(str(reasons()[key]))) for key in sorted(silenced_by(user)) if key in reasons()]
    return sorted(found, key=lambda one: one[1])
