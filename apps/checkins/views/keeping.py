"""One tap a line, small moments, and the page on which both become pictures."""

from contextlib import suppress
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.checkins import actions, queries
from apps.checkins.forms import NoticedForm, UnmarkForm
from apps.checkins.views.looking_back import seat_of
from apps.core import clock
from apps.core.errors import RuleBroken
from apps.core.http import see_other
from apps.spaces.decorators import needs_seat


@require_POST
@needs_seat
def kept(request: HttpRequest, lineage: UUID) -> HttpResponse:
    """“We did it”, for today. A line that is not agreed, or not of this space, is not there."""
    try:
        actions.mark(seat=seat_of(request), lineage=lineage, now=clock.now())
    except RuleBroken as broken:
        raise Http404 from broken
    return see_other(request, reverse("home") + "#kept")


@require_POST
@needs_seat
def not_kept(request: HttpRequest, lineage: UUID) -> HttpResponse:
    """Takes my own mark back; where both have marked it in that week it stays."""
    return unmarked(request, reverse("home") + "#kept", lineage=lineage)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_seat
def noticed(request: HttpRequest) -> HttpResponse:
    """Small moments: my own, with a tap and a few words; which of them the other sees, the page says."""
    form = NoticedForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.mark(seat=seat_of(request), now=clock.now(), **form.cleaned_data)
        return see_other(request, reverse("checkins:noticed"))
    context = {"form": form, "noticed": queries.noticed(seat_of(request), clock.now())}
    return render(request, "checkins/noticed.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs_seat
def not_noticed(request: HttpRequest) -> HttpResponse:
    """Takes one of my own small moments away."""
    return unmarked(request, reverse("checkins:noticed"))


def unmarked(request: HttpRequest, to: str, lineage: UUID | None = None) -> HttpResponse:
    """Takes the mark away that the form names, and leads back to the page, which says how it stands now."""
    form = UnmarkForm(request.POST)
    if not form.is_valid():
        raise Http404
    moment = "" if lineage else form.cleaned_data["moment"]
    with suppress(RuleBroken):  # both have marked it meanwhile: the page it leads to says so
        actions.unmark(
            seat=seat_of(request), lineage=lineage, moment=moment, on=form.cleaned_data["on"], now=clock.now()
        )
    return see_other(request, to)


@require_safe
@needs_seat
def progress(request: HttpRequest) -> HttpResponse:
    """My ratings over time, what both marked, and the rounds that both held."""
    return render(request, "checkins/progress.html", {"progress": queries.progress(seat_of(request))})
