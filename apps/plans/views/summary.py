"""A summary to take to a counsellor: a preview for each, and a page to print once both agreed to the same words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.core.errors import RuleBroken, Stale
from apps.core.http import see_other
from apps.plans import actions, queries
from apps.plans.views.lookup import Found, find
from apps.spaces.decorators import needs_seat


@needs_seat
@require_safe
def summary(request: HttpRequest, number: int) -> HttpResponse:
    """What could go in, my own half, and what both agreed to."""
    found = find(request, number)
    if found.plan.closed_at is not None:
        return redirect("plans:plan", number)
    return page(request, found)


def page(request: HttpRequest, found: Found, *, status: int = 200, problem: str = "") -> HttpResponse:
    standing = queries.standing(found.plan, found.seat)
    context = {"plan": found.plan, "standing": standing, "summary": queries.summary(standing), "problem": problem}
    return render(request, "plans/summary.html", context, status=status)


@needs_seat
@require_POST
def agree(request: HttpRequest, number: int) -> HttpResponse:
    """My half, to the parts that are ticked, as they were seen."""
    found = find(request, number)
    try:
        actions.agree_to_summary(
            by=found.seat, plan=found.plan, digests=set(request.POST.getlist("part")), now=found.now
        )
    except RuleBroken as error:
        status = 409 if isinstance(error, Stale) else 422
        return page(request, found, status=status, problem=error.message)
    return see_other(request, reverse("plans:summary", args=[number]))


@needs_seat
@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """My half back, at any time."""
    found = find(request, number)
    try:
        actions.leave_summary(by=found.seat, plan=found.plan)
    except RuleBroken as error:
        return page(request, found, status=422, problem=error.message)
    return see_other(request, reverse("plans:summary", args=[number]))
