"""The first ten minutes: one question, kept privately, and one small thing for tonight."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import RuleBroken
from apps.core.http import see_other
from apps.guides import library
from apps.guides.schema import Guide, SmallThing
from apps.plans import actions, exercises, queries
from apps.spaces import actions as spaces

EVENING = "evening"


@require_http_methods(["GET", "POST"])
def evening(request: HttpRequest) -> HttpResponse:
    """What would you like more of? The answer is the first private text; keeping it opens a space of one's own."""
    now, plan = clock.now(), queries.open_plan(request.seat)  # type: ignore[attr-defined]
    guide = queries.guide_of(plan) if plan else queries.in_active_language(library.find(actions.GUIDE))
    exercise = guide.exercise(EVENING)
    kind = exercises.kind(exercise)
    kept = queries.own_draft(plan, request.seat, EVENING) if plan else None  # type: ignore[attr-defined]
    form = kind.form(exercise, request.POST if request.method == "POST" else None, body=kept.body if kept else None)
    if request.method == "POST" and form.is_valid() and form.require():
        try:
            user = cast(User, request.user)
            seat = request.seat or spaces.open_space(user=user, now=now)  # type: ignore[attr-defined]
            plan = actions.open_plan(by=seat, now=now)
            base = kept.revision if kept else 0
            actions.save_draft(
                by=seat, plan=plan, exercise=EVENING, body=form.body(), base=base, prompt=exercise.prompt, now=now
            )
            return see_other(request, "tonight/")
        except RuleBroken as error:
            form.add_error(None, error.message)
    status = 422 if form.errors else 200
    return render(request, "plans/first.html", {"form": form, "exercise": exercise}, status=status)


@require_safe
def tonight(request: HttpRequest) -> HttpResponse:
    """One small thing for tonight, chosen by what one would like more of. At first it leads on to the start page."""
    seat = request.seat  # type: ignore[attr-defined]
    plan = queries.open_plan(seat)
    kept = queries.own_draft(plan, seat, EVENING) if plan else None
    if plan is None or kept is None:
        return redirect("plans:first")
    wishes = kept.body.get("fields", {}).get("more_of") or []
    thing = small_thing(queries.guide_of(plan), wishes, clock.now().astimezone(seat.user.zone).toordinal())
    first_time = queries.may_choose_guide(plan, seat) and queries.has_only(plan, seat, EVENING)
    context = {"thing": thing, "words": kept.body["fields"].get("words", ""), "alone": seat.other is None}
    context |= {"first_time": first_time and plan.guide == actions.GUIDE}
    return render(request, "plans/tonight.html", context)


def small_thing(guide: Guide, wishes: list[str], day: int) -> SmallThing:
    """One of the small things that go with the wishes (any where none does), another one each day."""
    fitting = [thing for thing in guide.tonight if set(thing.goes_with) & set(wishes)] or list(guide.tonight)
    return fitting[day % len(fitting)]
