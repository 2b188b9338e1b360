"""The plan's own pages: the way, a step, the door to the joint steps, "we talked about this", rest."""

from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import RuleBroken
from apps.core.http import see_other
from apps.guides.schema import OwnStep, Step, UnknownKey
from apps.plans import actions, queries
from apps.plans.forms import DoorForm, FocusForm
from apps.plans.views.lookup import Found, find
from apps.spaces.decorators import needs_seat


@needs_seat
@require_safe
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """The whole way at a glance; of a closed plan what is left to read."""
    found = find(request, number)
    if found.plan.closed_at is not None:
        past = queries.past_plan(found.plan, found.seat)
        return render(request, "plans/closed.html", {"past": past, "plan": found.plan})
    standing = queries.standing(found.plan, found.seat)
    context = {
        "plan": found.plan,
        "standing": standing,
        "begun": queries.begun_exercises(standing),
        "focus_form": FocusForm(initial={"focus": found.plan.focus}),
    }
    return render(request, "plans/plan.html", context)


@needs_seat
@require_safe
def settle(request: HttpRequest) -> HttpResponse:
    """Leads to the minutes of settling in the open plan, for pages that know of no plan; home where there is none."""
    opened = queries.open_plan(request.seat)  # type: ignore[attr-defined]
    among = queries.guide_of(opened).preparation if opened else ()
    exercise = next((one for one in among if one.kind == "settling"), None)
    if opened is None or exercise is None:
        return redirect("home")
    return redirect("plans:exercise", opened.seen_number, "prepare", exercise.key)


@needs_seat
@require_http_methods(["GET", "POST"])
def focus(request: HttpRequest, number: int) -> HttpResponse:
    """What this walk is about, in one line."""
    found = find(request, number)
    form = FocusForm(request.POST if request.method == "POST" else None, initial={"focus": found.plan.focus})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_focus(by=found.seat, plan=found.plan, text=form.cleaned_data["focus"], now=found.now)
            return see_other(request, reverse("plans:plan", args=[number]))
        except RuleBroken as error:
            form.add_error(None, error.message)
    return render(request, "plans/focus.html", {"form": form, "plan": found.plan}, status=422 if form.errors else 200)


@needs_seat
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest, number: int) -> HttpResponse:
    """Two plain questions, answered alone and never stored, and the choice to begin the joint steps."""
    found = find(request, number)
    if request.method == "POST" and "take-back" in request.POST:
        return not_through_the_door(request, found)
    standing = queries.standing(found.plan, found.seat)
    form = DoorForm(request.POST if request.method == "POST" else None, partner=found.seat.other)
    if request.method == "POST" and form.is_valid():
        if not form.may_go_on():
            # A page left open may be answered after an earlier "go on": this answer is the one that counts.
            with suppress(RuleBroken):
                actions.leave_door(by=found.seat, plan=found.plan)
            return render(request, "plans/door_alone.html", {"plan": found.plan})
        try:
            actions.choose_door(by=found.seat, plan=found.plan, now=found.now)
            return see_other(request, reverse("plans:door", args=[number]))
        except RuleBroken as error:
            form.add_error(None, error.message)
    context = {"form": form, "standing": standing, "plan": found.plan}
    return render(request, "plans/door.html", context, status=422 if form.errors else 200)


def not_through_the_door(request: HttpRequest, found: Found) -> HttpResponse:
    """My half back, while the other has not given theirs."""
    with suppress(RuleBroken):  # the plan was closed meanwhile, and its door with it
        actions.leave_door(by=found.seat, plan=found.plan)
    return see_other(request, reverse("plans:door", args=[found.plan.seen_number]))


@needs_seat
@require_http_methods(["GET", "POST"])
def rest(request: HttpRequest, number: int) -> HttpResponse:
    """Let the whole plan rest: a page that says what happens, and one button."""
    found = find(request, number)
    if request.method == "POST":
        actions.close_plan(by=found.seat, plan=found.plan, now=found.now)
        return see_other(request, reverse("home"))
    return render(request, "plans/rest.html", {"plan": found.plan})


@needs_seat
@require_safe
def step(request: HttpRequest, number: int, place: str) -> HttpResponse:
    """One step, or the preparation: what it is about, its exercises, what tends to go wrong."""
    found = find(request, number)
    if found.plan.closed_at is not None:
        return redirect("plans:plan", number)
    return render(request, "plans/step.html", step_context(found, place))


def step_context(found: Found, place: str) -> dict[str, Any]:
    standing = queries.standing(found.plan, found.seat)
    context: dict[str, Any] = {"plan": found.plan, "standing": standing, "begun": queries.begun_exercises(standing)}
    if place == queries.PREPARE:
        return context | {"exercises": standing.guide.preparation}
    own = next((one for one in standing.own_steps if one.key == place), None)
    if own is not None:
        return context | stage(standing, own) | {"own_step": own}
    try:
        state = next(one for one in standing.steps if one.step.key == place)
    except StopIteration as error:
        raise Http404 from error
    i_talked, both_talked = standing.talked(place)
    shown = {"state": state, "i_talked": i_talked, "both_talked": both_talked}
    return context | stage(standing, state.step) | shown


def stage(standing: queries.Standing, step: Step | OwnStep) -> dict[str, Any]:
    """What the page of a step has in common with that of an own step."""
    return {
        "step": step,
        "exercises": step.exercises,
        "mistakes": [standing.guide.mistake(key) for key in step.mistakes],
        "hints": queries.own_hints(standing, step.key),
    }


@needs_seat
@require_POST
def talked(request: HttpRequest, number: int, place: str) -> HttpResponse:
    """My half of "we talked about this"."""
    found = find(request, number)
    try:
        queries.guide_of(found.plan).step(place)
        actions.talked(by=found.seat, plan=found.plan, step=place, now=found.now)
    except UnknownKey as error:
        raise Http404 from error
    except RuleBroken as error:
        context = step_context(found, place) | {"problem": error.message}
        return render(request, "plans/step.html", context, status=422)
    return see_other(request, reverse("plans:step", args=[number, place]))


@needs_seat
@require_POST
def untalked(request: HttpRequest, number: int, place: str) -> HttpResponse:
    """Take my half back while it stands alone."""
    found = find(request, number)
    with suppress(RuleBroken):  # the plan was closed meanwhile, so its mark stays; the page says so
        actions.untalked(by=found.seat, plan=found.plan, step=place)
    return see_other(request, reverse("plans:step", args=[number, place]))
