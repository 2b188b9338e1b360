"""The door of every page of a space."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from apps.core.http import see_other

View = Callable[..., HttpResponse]


def needs_seat(view: View) -> View:
    """Lets only somebody with an open seat in; the others are brought home, which says why."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.seat is None:  # type: ignore[attr-defined]
            return see_other(request, reverse("home"))
        return view(request, *args, **kwargs)

    return wrapped
