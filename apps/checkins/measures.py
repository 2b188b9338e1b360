"""The words of the six private ratings. Their names are in rules.MEASURES and never change; the words may."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Words:
    """How one rating is called, asked for, and what its two ends mean."""

    name: str
    title: Promise
    question: Promise
    low: Promise
    high: Promise


ALL = (
    # A.r.clarity
    Words(
        "clarity",
        _("Seeing clearly"),
        _("How well do you understand what has come between you two?"),
        _("Hardly"),
        _("Well"),
    ),
    # A.r.dialogue
    Words(
        "dialogue",
        _("Saying what is so"),
        _("How freely could you say what was on your mind, without being judged for it?"),
        _("Not freely"),
        _("Freely"),
    ),
    # A.r.intentional
    Words(
        "acts",
        _("Small things"),
        _("How often did something small bring you two a little closer?"),
        _("Hardly ever"),
        _("Often"),
    ),
    # B.r.safety
    Words(
        "safety",
        _("Feeling safe"),
        _("How safe did you feel together, the way you are?"),
        _("Not safe"),
        _("Safe"),
    ),
    # B.r.reciprocity
    Words(
        "both_begin",
        _("Both beginning"),
        _("How much did it feel as if you both make a start now and then, each in your own way?"),
        _("Not at all"),
        _("Very much"),
    ),
    # B.r.clear_talk
    Words(
        "talk",
        _("Talking clearly"),
        _("How clear and kind was the way you two spoke with each other?"),
        _("Hardly"),
        _("Very"),
    ),
)
