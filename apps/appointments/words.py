"""The wording of times for two that more than one file needs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.appointments.rules import MOMENT, OTHER, PLAY, REGULAR, TALK

# What stands in a calendar that other people may look at: nothing of the two (law 5's spirit).
NEUTRAL = _("Time set aside")

TITLES = {
    TALK: _("A talk"),
    MOMENT: _("A small moment together"),
    PLAY: _("Something to play or try"),
    OTHER: _("Some time for us two"),
    REGULAR: _("A regular time"),
}

# Why a time is refused, said next to the field.
REFUSED = {
    "past": _("This time has passed. Choose one that is still to come."),
    "far": _("This is more than a year ahead. Choose a day within a year."),
    "end": _("The end would be before the beginning. How many minutes will it take?"),
    "minutes": _("Choose between 5 minutes and 8 hours."),
    "days": _("Choose at least one day of the week."),
    "weeks": _("Choose between 1 and 26 weeks. After half a year you look at it anew."),
}

# The timing guard, to each person from their own hours.
HINTS = {
    "late": _("late in your day"),
    "early": _("before your morning begins"),
    "after-work": _("right after your work"),
}

CHECKLIST = (
    _("A quiet place that belongs to neither of us alone"),
    _("Nobody needs us during that time"),
    _("Phones and screens away"),
    _("We have both eaten"),
    _("Water on the table"),
)

FEELINGS = (
    ("stressed", _("stressed")),
    ("hungry", _("hungry")),
    ("tired", _("very tired")),
    ("rushing", _("in a rush")),
    ("angry", _("angry")),
    ("shaken", _("shaken")),
)
