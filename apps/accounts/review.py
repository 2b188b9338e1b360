"""The coach's one look before words are sent, for whoever has no scripts running."""

from typing import Any

from django import forms
from django.http import HttpRequest

from apps.accounts import actions, coaching

SEEN, NOT_HELPFUL = "coached", "not-helpful"  # what a form says of itself: its notes were shown; these were no help


def look_over(request: HttpRequest, *among: forms.Form) -> str:
    """The id of the first field beneath which these valid forms have something to show before they are sent; else "".

    Once: the page that shows it sends along that it did, and so does every page that asks while somebody writes.
    What was ticked as not helpful is silenced first.
    """
    user: Any = request.user
    for rule in request.POST.getlist(NOT_HELPFUL):
        actions.silence_rule(by=user, rule=rule)
    if SEEN in request.POST or not user.coach:
        return ""
    noted = []
    for form in among:
        for name, field in form.fields.items():
            reading, text = field.widget.attrs.get("data-coach"), form.cleaned_data.get(name)
            if reading and isinstance(text, str):
                field.notes = coaching.notes(user, text, reading, form.cleaned_data)  # type: ignore[attr-defined]
                noted += [form[name].auto_id] if field.notes else []  # type: ignore[attr-defined]
    return noted[0] if noted else ""
