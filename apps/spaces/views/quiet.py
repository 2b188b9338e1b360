"""A quiet time: one person's page about it, alone with it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core import clock
from apps.core.errors import RuleBroken
from apps.core.http import see_other
from apps.spaces import actions, queries
from apps.spaces.decorators import needs_seat
from apps.spaces.forms import QuietForm


@require_safe
@needs_seat
def page(request: HttpRequest) -> HttpResponse:
    """Beginning one; while it runs, how long still, the words of today, and what waits."""
    return answer(request, QuietForm())


@require_POST
@needs_seat
def begin(request: HttpRequest) -> HttpResponse:
    """Begins one, unless one runs already."""
    form = QuietForm(request.POST)
    if not form.is_valid():
        return answer(request, form, status=422)
    try:
        begun = actions.begin_quiet(by=request.seat, now=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
    except RuleBroken as broken:
        form.add_error("hours", broken.message)
        return answer(request, form, status=422)
    if not begun:
        messages.info(request, _("Your quiet time runs already. It stays as it is."))
    return see_other(request, reverse("spaces:quiet"))


@require_POST
@needs_seat
def end(request: HttpRequest) -> HttpResponse:
    """Ends it now."""
    actions.end_quiet(by=request.seat, now=clock.now())  # type: ignore[attr-defined]
    return see_other(request, reverse("spaces:quiet"))


def answer(request: HttpRequest, form: QuietForm, *, status: int = 200) -> HttpResponse:
    """The page with `form`; nothing on it comes from the other person."""
    seat, now = request.seat, clock.now()  # type: ignore[attr-defined]
    quiet = queries.quiet(seat, now)
    offered = queries.offered(seat.space, now) if quiet is not None and seat.other is None else None
    held = offered if offered is not None and queries.is_held(offered, now) else None
    return render(request, "spaces/quiet.html", {"form": form, "quiet": quiet, "held": held}, status=status)
