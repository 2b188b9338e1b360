"""Saying back what one heard, and the speaker's answer to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.review import look_over
from apps.core.errors import RuleBroken, Stale
from apps.core.http import see_other
from apps.guides.schema import Exercise
from apps.plans import actions, queries
from apps.plans.forms import AnswerForm, ReflectionForm
from apps.plans.views.lookup import Found, find, find_exercise
from apps.plans.views.write import page
from apps.spaces.decorators import needs_seat


@needs_seat
@require_POST
def draft(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Keep the words of a reflection that is not sent yet."""
    found = find(request, number)
    definition = find_exercise(found, place, key)
    form = ReflectionForm(request.POST)
    script = bool(request.headers.get("HX-Request"))
    if not form.is_valid():
        if script:
            return render(request, "plans/_not_kept.html", {"form": form}, status=422)
        return page(request, found, definition, reflection_form=form, status=422)
    try:
        revision = keep(found, key, form)
    except Stale as error:
        return stale(request, found, definition, form, error)
    except RuleBroken as error:
        form.add_error("text", error.message)
        return page(request, found, definition, reflection_form=form, status=422)
    if script:
        response = render(request, "plans/_kept.html")
        response["X-Revision"] = str(revision)
        return response
    return see_other(request, reverse("plans:exercise", args=[number, place, key]) + "?kept")


def keep(found: Found, key: str, form: ReflectionForm) -> int:
    """Keep the words of a reflection and return their revision. Raises Stale where another window kept some since."""
    kept = actions.save_draft(
        by=found.seat,
        plan=found.plan,
        exercise=queries.reflection_draft(key),
        body={"text": form.cleaned_data["text"]},
        base=form.cleaned_data["revision"] or 0,
        now=found.now,
    )
    return kept.revision


def stale(request: HttpRequest, found: Found, definition: Exercise, form: ReflectionForm, error: Stale) -> HttpResponse:
    """Both texts: what is stored, to read, and what was just typed, still in the form."""
    stored = queries.own_draft(found.plan, found.seat, queries.reflection_draft(definition.key))
    context = {"sentence": error.message, "text": stored.body.get("text", "") if stored else ""}
    if request.headers.get("HX-Request"):
        return render(request, "plans/_stale_text.html", context, status=409)
    return page(request, found, definition, reflection_form=form, stale_reflection=context, status=409)


@needs_seat
@require_POST
def reflect(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Send what I heard, in my own words."""
    found = find(request, number)
    definition = find_exercise(found, place, key)
    form = ReflectionForm(request.POST, sending=True)
    if not form.is_valid():
        return page(request, found, definition, reflection_form=form, status=422)
    try:
        if noted := look_over(request, form):
            keep(found, key, form)
            return page(request, found, definition, reflection_form=form, coached=noted)
        text = form.cleaned_data["text"]
        sent = actions.reflect(by=found.seat, plan=found.plan, exercise=key, text=text, now=found.now)
        if sent.body != text:
            raise RuleBroken(_("What you said back before waits for its answer. These words were not sent."))
    except Stale as error:
        return stale(request, found, definition, form, error)
    except RuleBroken as error:
        form.add_error("text", error.message)
        return page(request, found, definition, reflection_form=form, status=422)
    return see_other(request, reverse("plans:exercise", args=[number, place, key]))


@needs_seat
@require_POST
def answer(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """The speaker's answer: that is it, almost, not yet."""
    found = find(request, number)
    definition = find_exercise(found, place, key)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return page(request, found, definition, answer_form=form, status=422)
    if noted := look_over(request, form):
        return page(request, found, definition, answer_form=form, coached=noted)
    wanted: dict[str, Any] = form.cleaned_data
    try:
        answered = actions.answer_reflection(
            by=found.seat,
            plan=found.plan,
            exercise=key,
            verdict=wanted["verdict"],
            missed=wanted["missed"],
            number=wanted["number"],
            now=found.now,
        )
        if wanted["missed"] and answered.missed != wanted["missed"]:
            raise RuleBroken(_("This has its answer already. These words were not sent."))
    except RuleBroken as error:
        form.add_error(None, error.message)
        return page(request, found, definition, answer_form=form, status=422)
    return see_other(request, reverse("plans:exercise", args=[number, place, key]))


@needs_seat
@require_POST
def leave_for_today(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Leave one telling here for today; `speaker` is the number of the seat that told it."""
    found = find(request, number)
    definition = find_exercise(found, place, key)
    speaker = 1 if request.POST.get("speaker") == "1" else 2
    try:
        actions.leave_for_today(by=found.seat, plan=found.plan, exercise=key, speaker=speaker, now=found.now)
    except RuleBroken as error:
        return page(request, found, definition, status=422, problem=error.message)
    return see_other(request, reverse("plans:exercise", args=[number, place, key]))
