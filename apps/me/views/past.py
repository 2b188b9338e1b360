"""Closed spaces, read-only: my own texts and what both agreed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.me import queries


@require_safe
def spaces(request: HttpRequest) -> HttpResponse:
    """The list of my closed spaces."""
    return render(request, "me/past.html", {"past": queries.past_spaces(request.user)})  # type: ignore[arg-type]


@require_safe
def space(request: HttpRequest, number: int) -> HttpResponse:
    """One of them. Nothing in it can be changed."""
    found = queries.past_space(request.user, number)  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return render(request, "me/past_space.html", {"found": found, "past": found.past})
