"""Closed spaces, read-only: my own texts and what both agreed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.me import queries
from apps.spaces.queries import past_seats


@require_safe
def spaces(request: HttpRequest) -> HttpResponse:
    """The list of my closed spaces."""
    return render(request, "me/past.html", {"past": past_seats(request.user)})  # type: ignore[arg-type]


@require_safe
def space(request: HttpRequest, number: int) -> HttpResponse:
    """One of them: what both agreed, and what I wrote."""
    found = queries.past_space(request.user, number)  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return render(request, "me/past_space.html", {"past": found.past, "plans": found.plans})


@require_safe
def look_backs(request: HttpRequest, number: int) -> HttpResponse:
    """Its look backs, in my own words."""
    found = queries.past_look_backs(request.user, number)  # type: ignore[arg-type]
    if found is None:
        raise Http404
    context = {"past": found.past, "look_backs": found.look_backs, "moments": found.moments}
    return render(request, "me/past_look_backs.html", context)
