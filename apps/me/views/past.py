"""Closed spaces, read-only: my own texts and what both agreed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.checkins import queries as checkins
from apps.plans import queries as plans
from apps.spaces import queries


@require_safe
def spaces(request: HttpRequest) -> HttpResponse:
    """The list of my closed spaces."""
    return render(request, "me/past.html", {"past": queries.past_seats(request.user)})  # type: ignore[arg-type]


@require_safe
def space(request: HttpRequest, number: int) -> HttpResponse:
    """One of them. Nothing in it can be changed."""
    past = queries.past_seat(request.user, number)  # type: ignore[arg-type]
    if past is None:
        raise Http404
    context = {"past": past, "plans": plans.past(past.seat), "checkins": checkins.past(past.seat)}
    return render(request, "me/past_space.html", context)
