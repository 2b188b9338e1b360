"""The coach's one look before words are sent, for whoever has no scripts running."""

from typing import Any

from django import forms
from django.http import HttpRequest

from apps.accounts import coaching

# What a form says of itself: that its notes were shown, and which of them were no help (NotHelpfulMiddleware).
SEEN, NOT_HELPFUL = "coached", "not-helpful"


def look_over(request: HttpRequest, *among: forms.Form) -> str:
    """The id of the first field beneath which these valid forms have something to show before they are sent; else "".

    Once: the page that shows it sends along that it did, and so does every page that asks while somebody writes.
    Nothing is said to words that a form names as `said_before`.
    """
    user: Any = request.user
    if SEEN in request.POST or not user.coach:
        return ""
    silenced = coaching.silenced_by(user)
    texts = [
        (form, name, text)
        for form in among
        for name, field in form.fields.items()
        if field.widget.attrs.get(coaching.READ_AS) not in (None, coaching.FACTS)
        and isinstance(text := form.cleaned_data.get(name), str)
    ]
    around = "\n".join(text for _form, _name, text in texts)
    noted = [form[name].auto_id for form, name, text in texts if note(form, name, text, around, silenced)]
    return noted[0] if noted else ""


def note(form: forms.Form, name: str, text: str, around: str, silenced: frozenset[str]) -> bool:
    """Puts what there is to say about a text beside its field; whether there is anything."""
    if text in getattr(form, "said_before", ()):
        return False
    field, bound = form.fields[name], form[name]
    reading = field.widget.attrs[coaching.READ_AS]
    said = coaching.notes(text, reading, silenced=silenced, beside=form.cleaned_data, around=around)
    field.notes = said  # type: ignore[attr-defined]
    if said:
        described = [f"{bound.auto_id}_helptext"] if bound.help_text else []
        field.widget.attrs["aria-describedby"] = " ".join([*described, f"{bound.auto_id}_notes"])
    return bool(said)
