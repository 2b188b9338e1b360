"""Pages of times for two: look-up, form, one action, one answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.review import look_over
from apps.appointments import actions, ics, queries, rules
from apps.appointments.forms import HoursForm, ProposalForm, ReadinessForm, TimesForm
from apps.core import clock
from apps.core.errors import RuleBroken, Stale
from apps.core.http import see_other
from apps.core.links import absolute
from apps.spaces.decorators import needs_seat
from apps.spaces.models import Seat

READ_OR_POST = ["GET", "HEAD", "POST"]
WHOLE_NUMBER = 2**15


@require_safe
@needs_seat
def times(request: HttpRequest) -> HttpResponse:
    """What is open, what is agreed, what was; and the address for one's calendar program."""
    seat = seat_of(request)
    context = {"times": queries.times(seat, clock.now()), "has_feed": queries.has_feed(seat.user)}
    return render(request, "appointments/times.html", context)


# --- suggesting -------------------------------------------------------------------------------------------------------


@require_http_methods(READ_OR_POST)
@needs_seat
def new(request: HttpRequest) -> HttpResponse:
    """Up to three times for something, put before the other."""
    if seat_of(request).other is None:
        return render(request, "appointments/alone.html", status=422 if request.method == "POST" else 200)
    form = proposal_form(request)
    if request.method != "POST":
        return new_page(request, form)
    if not form.is_valid():
        return new_page(request, form, status=422)
    if noted := look_over(request, form):
        return new_page(request, form, coached=noted)
    words = form.words()
    try:
        made = actions.propose(
            by=seat_of(request),
            purpose=form.cleaned_data["purpose"],
            title=form.cleaned_data["title"],
            options=form.options,
            minutes=form.cleaned_data["length"],
            place=words.place,
            checklist=words.checklist,
            note=words.note,
            now=clock.now(),
        )
    except RuleBroken as broken:
        form.add_error(None, broken.message)
        return new_page(request, form, status=422)
    return see_other(request, address(made.number))


@require_POST
@needs_seat
def look(request: HttpRequest) -> HttpResponse:
    """The hints for what stands in the form, before anything is sent: for whoever fills it in, and kept nowhere."""
    seat = seat_of(request)
    if seat.other is None:
        return render(request, "appointments/alone.html", status=422)
    form = proposal_form(request)
    valid = form.is_valid()
    times = queries.looked_at(seat, form.options, form.minutes, clock.now())
    hinted = [one for one in times if one.hints or one.typed]
    looked_at = {"hinted": hinted, "nothing_against": bool(times) and not hinted}
    if request.headers.get("HX-Request"):
        return render(request, "appointments/_looked_at.html", looked_at)
    return new_page(request, form, status=200 if valid else 422, **looked_at)


def proposal_form(request: HttpRequest) -> ProposalForm:
    """With the purpose and the title that a link brings along."""
    purpose = request.GET.get("purpose", "")
    purpose = purpose if purpose in rules.PURPOSES else rules.TALK
    first = {"purpose": purpose, "title": request.GET.get("title", "")[:200], "length": rules.MINUTES[purpose]}
    return ProposalForm(
        request.POST if request.method == "POST" else None,
        zone=seat_of(request).user.zone.key,
        now=clock.now(),
        minutes=rules.MINUTES[purpose],
        initial=first,
    )


def new_page(request: HttpRequest, form: ProposalForm, *, status: int = 200, **extra: Any) -> HttpResponse:
    context = {"form": form, "seat": seat_of(request), **extra}
    return render(request, "appointments/new.html", context, status=status)


# --- one time ---------------------------------------------------------------------------------------------------------


@require_safe
@needs_seat
def appointment(request: HttpRequest, number: int) -> HttpResponse:
    """One time: what is offered or agreed, and what one may press."""
    return page(request, find(request, number))


@require_POST
@needs_seat
def accept(request: HttpRequest, number: int) -> HttpResponse:
    """Takes one of the offered times."""
    shown, seen = find(request, number), posted_number(request, "seen")
    try:
        position = posted_number(request, "position")
        actions.accept(by=seat_of(request), number=number, seen=seen, position=position, now=clock.now())
    except RuleBroken as broken:
        return refused(request, shown.number, broken)
    return see_other(request, address(number))


@require_http_methods(READ_OR_POST)
@needs_seat
def other(request: HttpRequest, number: int) -> HttpResponse:
    """Other times: in answer to the other's, or in place of the agreed one."""
    shown = find(request, number)
    form = times_form(request, shown)
    if request.method != "POST":
        return other_page(request, shown, form) if shown.may_offer else see_other(request, address(number))
    if not form.is_valid():
        return other_page(request, shown, form, status=422)
    if noted := look_over(request, form):
        return other_page(request, shown, form, coached=noted)
    seen = form.cleaned_data["seen"] or 0
    try:
        actions.offer_times(
            by=seat_of(request), number=number, seen=seen, options=form.options, words=form.words(), now=clock.now()
        )
    except RuleBroken as broken:
        form.add_error(None, broken.message)
        stale = isinstance(broken, Stale)
        return other_page(request, find(request, number), form, stale=stale, status=409 if stale else 422)
    return see_other(request, address(number))


@require_POST
@needs_seat
def move(request: HttpRequest, number: int) -> HttpResponse:
    """Moves what is agreed in one press and without a reason: the same hour on other days is offered instead."""
    find(request, number)
    try:
        actions.move(by=seat_of(request), number=number, seen=posted_number(request, "seen"), now=clock.now())
    except RuleBroken as broken:
        return refused(request, number, broken)
    return see_other(request, address(number))


@require_POST
@needs_seat
def not_now(request: HttpRequest, number: int) -> HttpResponse:
    """Hides an offer on my own pages. Nobody is told."""
    find(request, number)
    actions.put_aside(by=seat_of(request), number=number, seen=posted_number(request, "seen"), now=clock.now())
    messages.success(request, _("Put aside. Nobody is told, and no reason is needed."))
    return see_other(request, reverse("home"))


@require_POST
@needs_seat
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Takes back what I suggested, or calls off what is agreed."""
    find(request, number)
    try:
        actions.end(by=seat_of(request), number=number, seen=posted_number(request, "seen"), now=clock.now())
    except RuleBroken as broken:
        return refused(request, number, broken)
    return see_other(request, address(number))


@require_http_methods(READ_OR_POST)
@needs_seat
def start(request: HttpRequest, number: int) -> HttpResponse:
    """Right before it: the place, the list, and how I am. What is ticked is answered here and kept nowhere."""
    shown = find(request, number)
    if shown.state != rules.AGREED:
        return see_other(request, address(number))
    form = ReadinessForm(request.POST if request.method == "POST" else None)
    asked = request.method == "POST" and form.is_valid()
    feelings = form.cleaned_data.get("feelings", []) if asked else []
    context = {"shown": shown, "form": form, "asked": asked, "feelings": feelings}
    return render(request, "appointments/start.html", context, status=422 if form.errors else 200)


@require_safe
@needs_seat
def calendar_file(request: HttpRequest, number: int) -> HttpResponse:
    """The time as a file for one's own calendar; also when it was moved or called off, so that it can be taken out."""
    event = find(request, number).event
    if event is None:
        raise Http404
    return calendar(ics.file_of(event), name=f"time-{number}.ics")


# --- one's own --------------------------------------------------------------------------------------------------------


@require_http_methods(READ_OR_POST)
@needs_seat
def hours(request: HttpRequest) -> HttpResponse:
    """My own hours, for my own hints."""
    user = seat_of(request).user
    form = HoursForm(request.POST if request.method == "POST" else None, hours=queries.hours_of(user))
    if request.method == "POST" and form.is_valid():
        actions.save_hours(user=user, hours=form.hours())
        messages.success(request, _("Saved. Only you can see it."))
        return see_other(request, reverse("appointments:list"))
    return render(request, "appointments/hours.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@needs_seat
def make_feed(request: HttpRequest) -> HttpResponse:
    """A private address for one's calendar program, shown this once."""
    token = actions.make_feed(user=seat_of(request).user, now=clock.now())
    context = {"address": absolute(reverse("appointments:feed", kwargs={"token": token}))}
    response = render(request, "appointments/feed.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_POST
@needs_seat
def end_feed(request: HttpRequest) -> HttpResponse:
    """The address leads nowhere any more."""
    actions.end_feed(user=seat_of(request).user)
    messages.success(request, _("The calendar address has ended."))
    return see_other(request, reverse("appointments:list"))


@require_safe
@login_not_required
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The times of one person for their calendar program, which has no session: the address is the key."""
    events = queries.feed_events(token, clock.now())
    if events is None:  # unknown, renewed and ended are the same
        response = render(request, "404.html", status=404)
    else:
        response = calendar(ics.feed_of(events), name="times.ics")
    response["Referrer-Policy"] = "no-referrer"
    return response


# --- what the views share ---------------------------------------------------------------------------------------------


def seat_of(request: HttpRequest) -> Seat:
    """The open seat of whoever asks; `needs_seat` has made sure of it."""
    return request.seat  # type: ignore[attr-defined]


def find(request: HttpRequest, number: int) -> queries.Shown:
    """The time with this number; 404 where there is none."""
    found = queries.page_of(seat_of(request), number, clock.now()) if number < WHOLE_NUMBER else None
    if found is None:
        raise Http404
    return found


def address(number: int) -> str:
    """Where one reads this time."""
    return reverse("appointments:appointment", kwargs={"number": number})


def posted_number(request: HttpRequest, name: str) -> int:
    """A number that a button carries; 0, which is nothing's number, for everything else."""
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 5 else 0


def times_form(request: HttpRequest, shown: queries.Shown) -> TimesForm:
    """In answer to the other's times it is empty; to move, the same hour on other days stands there already."""
    first: dict[str, Any] = {"seen": shown.newest, "place": shown.place}
    for position, option in enumerate(shown.suggested, start=1):
        local = option.instant.astimezone(seat_of(request).user.zone)
        first |= {f"date_{position}": local.date(), f"time_{position}": local.time()}
    return TimesForm(
        request.POST if request.method == "POST" else None,
        zone=seat_of(request).user.zone.key,
        now=clock.now(),
        minutes=shown.minutes,
        on_the_list=shown.checklist,
        initial=first,
    )


def page(request: HttpRequest, shown: queries.Shown, *, said: str = "", status: int = 200) -> HttpResponse:
    return render(request, "appointments/appointment.html", {"shown": shown, "said": said}, status=status)


def other_page(
    request: HttpRequest,
    shown: queries.Shown,
    form: TimesForm,
    *,
    stale: bool = False,
    status: int = 200,
    coached: str = "",
) -> HttpResponse:
    """After a stale press the page has seen the newest offer: sending again answers that one."""
    if stale:
        data = request.POST.copy()
        data["seen"] = str(shown.newest)
        form.data = data
    context = {"shown": shown, "form": form, "stale": stale, "seat": seat_of(request), "coached": coached}
    return render(request, "appointments/other.html", context, status=status)


def refused(request: HttpRequest, number: int, broken: RuleBroken) -> HttpResponse:
    """The page as it is now, with the sentence: 409 where it had grown old, else 422."""
    status = 409 if isinstance(broken, Stale) else 422
    return page(request, find(request, number), said=broken.message, status=status)


def calendar(content: bytes, *, name: str) -> HttpResponse:
    """A calendar file that no cache between here and its reader keeps."""
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
