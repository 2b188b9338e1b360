"""Leaving: one page that says what happens to whose words, and one press."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from apps.core import clock
from apps.core.http import see_other
from apps.me import actions
from apps.spaces.decorators import needs_seat


@require_http_methods(["GET", "HEAD", "POST"])
@needs_seat
def leave(request: HttpRequest) -> HttpResponse:
    """What leaving means; the POST leaves. No password and no second question (law 6)."""
    seat = request.seat  # type: ignore[attr-defined]
    if request.method == "POST":
        actions.leave(seat=seat, now=clock.now())
        return see_other(request, reverse("home"))
    return render(request, "me/leave.html", {"other": seat.other})


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begins anew in a space of one's own, with the choice of a way."""
    actions.begin(user=request.user, now=clock.now())  # type: ignore[arg-type]
    return see_other(request, reverse("plans:start"))
