"""The door of every page of a space."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from apps.core.http import see_other
from apps.core.kept import holds_text, kept_page

View = Callable[..., HttpResponse]


def needs_seat(view: View) -> View:
    """Lets only somebody with an open seat in; the others are brought home, which says why.

    Somebody who was still writing when the space was closed gets their words back (409).
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.seat is not None:  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)
        if request.method == "POST" and holds_text(request):
            return words_back(request)
        return see_other(request, reverse("home"))

    return wrapped


def words_back(request: HttpRequest) -> HttpResponse:
    """As a page; to a save by itself as a fragment, since the page with the words is still open."""
    if request.headers.get("HX-Request"):
        return render(request, "_ui/closed_space.html", status=409)
    return kept_page(request, "core/kept_closed.html", status=409)
