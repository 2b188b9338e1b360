"""Answering what the other put there: a reply, one tap for a guess, "we did this", one's own words anew."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from apps.accounts.review import look_over
from apps.core.errors import RuleBroken, Stale
from apps.core.http import see_other
from apps.guides.schema import Exercise
from apps.plans import actions, exercises, queries
from apps.plans.exercises.deck import DoneForm
from apps.plans.forms import ReplyForm
from apps.plans.views.lookup import Found, find, find_exercise
from apps.plans.views.write import address, page, today, whole
from apps.spaces.decorators import needs_seat


def replied(request: HttpRequest, number: int, place: str, key: str) -> tuple[Found, Exercise]:
    """The exercise, where it is one that is answered with words; raises Http404."""
    found = find(request, number)
    definition = find_exercise(found, place, key)
    if not definition.replied:
        raise Http404
    return found, definition


@needs_seat
@require_POST
def reply(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Send a reply to the other's newest words."""
    found, definition = replied(request, number, place, key)
    form = ReplyForm(request.POST, sending=True)
    try:
        if form.is_valid():
            if noted := look_over(request, form):
                keep_reply(found, key, form)
                return page(request, found, definition, reply_form=form, coached=noted)
            actions.reply(by=found.seat, plan=found.plan, exercise=key, body=form.body(), now=found.now)
            return see_other(request, address(number, place, key))
    except RuleBroken as error:
        form.add_error(None, error.message)
    return page(request, found, definition, status=422, reply_form=form)


def keep_reply(found: Found, key: str, form: ReplyForm) -> int:
    kept = actions.save_draft(
        by=found.seat,
        plan=found.plan,
        exercise=queries.reply_draft(key),
        body=form.body(),
        base=form.cleaned_data["revision"] or 0,
        now=found.now,
    )
    return kept.revision


@needs_seat
@require_POST
def reply_draft(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Keep an unsent reply; only mine until I send it."""
    found, definition = replied(request, number, place, key)
    form = ReplyForm(request.POST)
    enhanced = bool(request.headers.get("HX-Request"))
    if not form.is_valid():
        if enhanced:
            return render(request, "plans/_not_kept.html", {"form": form}, status=422)
        return page(request, found, definition, status=422, reply_form=form)
    try:
        revision = keep_reply(found, key, form)
    except RuleBroken as error:
        status = 409 if isinstance(error, Stale) else 422
        if enhanced:
            stored = queries.own_draft(found.plan, found.seat, queries.reply_draft(key))
            text = "\n".join(str(value) for value in (stored.body if stored else {}).values() if value)
            context = {"sentence": error.message, "text": text}
            return render(request, "plans/_stale_text.html", context, status=status)
        form.add_error(None, error.message)
        return page(request, found, definition, status=status, reply_form=form)
    if not enhanced:
        return see_other(request, address(number, place, key) + "?kept")
    response = render(request, "plans/_kept.html")
    response["X-Revision"] = str(revision)
    return response


@needs_seat
@require_POST
def guess(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """ "Close", or "not quite"."""
    return tap(request, number, place, key, "needs", actions.answer_guess, answer=request.POST.get("answer", ""))


@needs_seat
@require_POST
def drop_guess(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Leave my "I wonder whether …" out again."""
    return tap(request, number, place, key, "needs", actions.drop_guess)


def tap(request: HttpRequest, number: int, place: str, key: str, kind: str, action: Any, **given: Any) -> HttpResponse:
    """One press on an exercise of that kind."""
    found = find(request, number)
    definition = find_exercise(found, place, key)
    if definition.kind != kind:
        raise Http404
    try:
        action(by=found.seat, plan=found.plan, exercise=key, now=found.now, **given)
    except RuleBroken as error:
        return page(request, found, definition, status=422, problem=error.message)
    return see_other(request, address(number, place, key))


@needs_seat
@require_POST
def done(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """ "We did this on …", of something that both picked."""
    found = find(request, number)
    definition = find_exercise(found, place, key)
    if definition.kind != "deck":
        raise Http404
    form = DoneForm(request.POST)
    problem = " ".join(str(error) for errors in form.errors.values() for error in errors)
    try:
        if form.is_valid():
            clean = form.cleaned_data
            given: dict[str, Any] = {"idea": clean["idea"], "on": clean["on"], "today": today(found)}
            actions.did(by=found.seat, plan=found.plan, exercise=key, now=found.now, **given)
            return see_other(request, address(number, place, key))
    except RuleBroken as error:
        problem = error.message
    return page(request, found, definition, status=422, problem=problem)


@needs_seat
@require_POST
def correct(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Word an item of my own in a record of both anew."""
    found = find(request, number)
    definition = find_exercise(found, place, key)
    kind, entry = exercises.kind(definition), whole(request.POST.get("entry"))
    if not kind.corrects:
        raise Http404
    form = kind.form(definition, request.POST)
    form.within(f"correct-{entry}")
    try:
        if form.is_valid() and form.require():
            given: dict[str, Any] = {"number": entry or 0, "body": form.final()}
            actions.correct_entry(by=found.seat, plan=found.plan, exercise=key, now=found.now, **given)
            return see_other(request, address(number, place, key))
    except RuleBroken as error:
        form.add_error(None, error.message)
    return page(request, found, definition, status=422, correcting=(entry, form))
