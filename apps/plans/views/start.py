"""Which way to walk: one person's choice, before there is a plan or while they are alone in it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.core import clock
from apps.core.errors import RuleBroken
from apps.core.http import see_other
from apps.guides import library
from apps.plans import actions, queries
from apps.plans.forms import StartForm
from apps.plans.views.first import EVENING
from apps.spaces.decorators import needs_seat
from apps.spaces.models import Seat


@needs_seat
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Are both ready to talk, or is one pulling away? A plan that two walk has no such page, for either of them."""
    seat = request.seat  # type: ignore[attr-defined]
    plan = queries.open_plan(seat)
    if plan is not None and not queries.may_choose_guide(plan, seat):
        if request.method == "POST" and plan.opened_by_id == seat.pk:  # pressed twice, or the partner came meanwhile
            return see_other(request, after(seat))
        raise Http404
    guides = [queries.in_active_language(library.find(slug)) for slug in (actions.GUIDE, actions.GENTLE)]
    form = StartForm(
        request.POST if request.method == "POST" else None,
        ways=[(guide.slug, guide.name) for guide in guides],
        initial={"guide": plan.guide if plan else None},
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["guide"]
        try:
            slug = actions.GENTLE if chosen == StartForm.UNSURE else chosen
            actions.choose_guide(by=seat, slug=slug, now=clock.now())
            return see_other(request, after(seat))
        except RuleBroken as error:
            form.add_error(None, error.message)
    context = {"form": form, "guides": guides, "plan": plan, "alone": seat.other is None}
    return render(request, "plans/start.html", context, status=422 if form.errors else 200)


def after(seat: Seat) -> str:
    """The first question where it was not answered yet, else the way that was chosen."""
    plan = queries.open_plan(seat)
    if plan is None:
        return reverse("home")
    if seat.other is None and queries.own_draft(plan, seat, EVENING) is None:
        return reverse("plans:first")
    return reverse("plans:plan", args=[plan.seen_number])
