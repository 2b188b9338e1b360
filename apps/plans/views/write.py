"""One exercise: read it, keep a draft, share, undo, take back, add to a record of both."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.core.errors import RuleBroken, Stale
from apps.core.http import see_other
from apps.guides.schema import Exercise
from apps.plans import actions, exercises, queries
from apps.plans.exercises.forms import ExerciseForm
from apps.plans.forms import AnswerForm, ReflectionForm
from apps.plans.views.lookup import Found, find, find_exercise
from apps.spaces.decorators import needs_seat


@needs_seat
@require_safe
def exercise(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """The page of one exercise."""
    found = find(request, number)
    definition = find_exercise(found, place, key)
    if found.plan.closed_at is not None:
        return redirect("plans:plan", number)
    if definition.kind == "agreement":
        return redirect("plans:agreement", number)
    return page(request, found, definition)


def page(
    request: HttpRequest,
    found: Found,
    definition: Exercise,
    *,
    form: ExerciseForm | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    """Draw the exercise; `form` is what was just posted, where something stood in its way."""
    standing = queries.standing(found.plan, found.seat)
    shown = queries.exercise_page(standing, definition, now=found.now)
    if shown.kind.writes and form is None:
        form = shown.kind.form(definition, body=shown.body)
    place = shown.place.key if shown.place else queries.PREPARE
    context = {"page": shown, "form": form, "plan": found.plan, "place": place, "standing": standing}
    context |= listening_forms(shown) | extra
    return render(request, "plans/exercise.html", context, status=status)


def listening_forms(shown: queries.ExercisePage) -> dict[str, Any]:
    """The forms with which one says back, and answers what was said back."""
    waiting = shown.heard.may_answer if shown.heard else None
    return {
        "reflection_form": ReflectionForm(initial={"text": shown.reflection_draft}),
        "answer_form": AnswerForm(initial={"number": waiting.number if waiting else None}),
    }


def posted(request: HttpRequest, number: int, place: str, key: str) -> tuple[Found, Exercise, ExerciseForm]:
    found = find(request, number)
    definition = find_exercise(found, place, key)
    if not exercises.kind(definition).writes:
        raise Http404
    return found, definition, exercises.kind(definition).form(definition, request.POST)


def keep(request: HttpRequest, found: Found, definition: Exercise, form: ExerciseForm) -> int:
    """Keep what was posted as the draft and return its revision."""
    revision = request.POST.get("revision", "")
    kept = actions.save_draft(
        by=found.seat,
        plan=found.plan,
        exercise=definition.key,
        body=form.body(),
        base=int(revision) if revision.isdecimal() and len(revision) < 9 else 0,
        prompt=definition.prompt,
        now=found.now,
    )
    return kept.revision


@needs_seat
@require_POST
def draft(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Keep a draft: after a pause in typing, or by pressing Save."""
    found, definition, form = posted(request, number, place, key)
    if not form.is_valid():
        if request.headers.get("HX-Request"):
            return render(request, "plans/_not_kept.html", {"form": form}, status=422)
        return page(request, found, definition, form=form, status=422)
    try:
        revision = keep(request, found, definition, form)
    except Stale as error:
        return stale(request, found, definition, form, error)
    except RuleBroken as error:
        form.add_error(None, error.message)
        return page(request, found, definition, form=form, status=422)
    if request.headers.get("HX-Request"):
        response = render(request, "plans/_kept.html")
        response["X-Revision"] = str(revision)
        return response
    return see_other(request, reverse("plans:exercise", args=[number, place, key]) + "?kept")


def stale(request: HttpRequest, found: Found, definition: Exercise, form: ExerciseForm, error: Stale) -> HttpResponse:
    """Both texts: what is stored, to read, and what was just typed, still in the form."""
    if request.headers.get("HX-Request"):
        kept = queries.own_draft(found.plan, found.seat, definition.key)
        shown = exercises.kind(definition).shown(definition, kept.body if kept else {})
        context = {
            "shown": shown,
            "kind": exercises.kind(definition),
            "exercise": definition,
            "sentence": error.message,
        }
        return render(request, "plans/_stale_draft.html", context, status=409)
    return page(request, found, definition, form=form, status=409, stale=error.message)


@needs_seat
@require_POST
def share(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Publish what is in the form; it stays as a draft too."""
    found, definition, form = posted(request, number, place, key)
    return publish(request, found, definition, form, actions.share)


@needs_seat
@require_POST
def add(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Put what is in the form into the record of both."""
    found, definition, form = posted(request, number, place, key)
    return publish(request, found, definition, form, actions.add_entry)


def publish(request: HttpRequest, found: Found, definition: Exercise, form: ExerciseForm, action: Any) -> HttpResponse:
    if not form.is_valid():
        return page(request, found, definition, form=form, status=422)
    try:
        keep(request, found, definition, form)
        if not form.require():
            return page(request, found, definition, form=form, status=422)
        action(by=found.seat, plan=found.plan, exercise=definition.key, body=form.body(), now=found.now)
    except Stale as error:
        return stale(request, found, definition, form, error)
    except RuleBroken as error:
        form.add_error(None, error.message)
        return page(request, found, definition, form=form, status=422)
    return see_other(request, request.path.rsplit("/", 2)[0] + "/")


@needs_seat
@require_POST
def undo(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Within ten minutes: as if it had not been shared."""
    return change(request, number, place, key, actions.undo_share)


@needs_seat
@require_POST
def take_back(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Mark what I shared as taken back."""
    return change(request, number, place, key, actions.take_back)


def change(request: HttpRequest, number: int, place: str, key: str, action: Any) -> HttpResponse:
    """Undo or take back the version that the person saw."""
    found = find(request, number)
    definition = find_exercise(found, place, key)
    version = request.POST.get("version", "")
    seen = int(version) if version.isdecimal() and len(version) < 5 else None
    try:
        action(by=found.seat, plan=found.plan, exercise=key, version=seen, now=found.now)
    except RuleBroken as error:
        return page(request, found, definition, status=422, problem=error.message)
    return see_other(request, reverse("plans:exercise", args=[number, place, key]))
