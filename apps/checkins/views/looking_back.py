"""Looking back: the couple's rounds and, under /mine/, one's own. What is not of this seat is not there (404)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.checkins import actions, queries
from apps.checkins.forms import IntentionsForm, ReviewForm
from apps.checkins.models import CheckIn, Review
from apps.checkins.schedule import local_day
from apps.core import clock
from apps.core.errors import RuleBroken, Stale
from apps.core.http import see_other
from apps.spaces.decorators import needs_seat
from apps.spaces.models import Seat


@require_safe
@needs_seat
def check_ins(request: HttpRequest) -> HttpResponse:
    """The rounds of both so far."""
    rounds = queries.rounds(seat_of(request), clock.now())
    return render(request, "checkins/check_ins.html", {"rounds": rounds})


@require_safe
@needs_seat
def due(request: HttpRequest) -> HttpResponse:
    """Where every reminder's link leads."""
    check_in = queries.due(seat_of(request), clock.now())
    return redirect(address(check_in) if check_in else reverse("checkins:check_ins"))


@require_safe
@needs_seat
def look_back(request: HttpRequest, number: int, own: bool = False) -> HttpResponse:
    """One round: what was agreed, and from its day on how it went."""
    return page(request, find(request, number, own))


@require_POST
@needs_seat
def save(request: HttpRequest, number: int, own: bool = False) -> HttpResponse:
    """Keeps what is being written, by itself or by the button. Only its author sees it."""
    check_in = find(request, number, own)
    form = read_form(request, check_in)
    if not form.is_valid():
        return refused(request, check_in, form, 422)
    try:
        review = keep(request, check_in, form)
    except RuleBroken as broken:
        return refused(request, check_in, form, 409 if isinstance(broken, Stale) else 422, broken)
    if not request.headers.get("HX-Request"):
        messages.success(request, _("Saved. Only you can see it."))
        return see_other(request, address(check_in))
    response = render(request, "checkins/_saved.html", {"saved_at": review.saved_at})
    response["X-Revision"] = str(review.revision)
    return response


@require_POST
@needs_seat
def share(request: HttpRequest, number: int, own: bool = False) -> HttpResponse:
    """My answers become final; with the other's they open for both."""
    check_in = find(request, number, own)
    form = read_form(request, check_in, final=True)
    if not form.is_valid():
        return refused(request, check_in, form, 422)
    try:
        actions.answer(
            check_in=check_in,
            seat=seat_of(request),
            answers=form.answers(),
            base=form.cleaned_data["revision"],
            now=clock.now(),
        )
    except RuleBroken as broken:
        return refused(request, check_in, form, 409 if isinstance(broken, Stale) else 422, broken)
    return see_other(request, address(check_in))


@require_POST
@needs_seat
def skip(request: HttpRequest, number: int, own: bool = False) -> HttpResponse:
    """Says “not this time”: the other's pages do not change by it. What stands in the form is kept."""
    check_in = find(request, number, own)
    return keep_then(request, check_in, lambda: actions.skip(check_in=check_in, seat=seat_of(request), now=clock.now()))


@require_POST
@needs_seat
def later(request: HttpRequest, number: int, own: bool = False) -> HttpResponse:
    """Says “a week later”: my half. What stands in the form is kept."""
    check_in = find(request, number, own)
    moved = partial(actions.later, check_in=check_in, seat=seat_of(request), now=clock.now())
    return keep_then(request, check_in, moved)


@require_POST
@needs_seat
def not_later(request: HttpRequest, number: int) -> HttpResponse:
    """Takes my half back."""
    check_in = find(request, number, own=False)
    actions.not_later(check_in=check_in, seat=seat_of(request), now=clock.now())
    return see_other(request, address(check_in))


@require_POST
@needs_seat
def afraid(request: HttpRequest, number: int, own: bool = False) -> HttpResponse:
    """“Yes, something scared me”: what stands in the form is kept, and the answer itself is not (law 1)."""
    return keep_then(request, find(request, number, own), lambda: None, to=reverse("checkins:care"))


@require_safe
@needs_seat
def care(request: HttpRequest) -> HttpResponse:
    """Who listens when something was frightening or hostile. Anybody may open it, and that is kept nowhere."""
    return render(request, "checkins/care.html")


@require_POST
@needs_seat
def awake(request: HttpRequest, number: int, own: bool = False) -> HttpResponse:
    """The reminder that I had put off does not come."""
    check_in = find(request, number, own)
    actions.wake(check_in=check_in, seat=seat_of(request), now=clock.now())
    return see_other(request, address(check_in))


@require_POST
@needs_seat
def rest(request: HttpRequest, number: int) -> HttpResponse:
    """Lets the rhythm of both rest."""
    check_in = find(request, number, own=False)
    actions.pause(check_in=check_in, seat=seat_of(request), now=clock.now())
    return see_other(request, address(check_in))


@require_POST
@needs_seat
def come_back(request: HttpRequest, number: int, own: bool = False) -> HttpResponse:
    """Begins again after a rest."""
    check_in = find(request, number, own)
    return see_other(request, address(actions.return_(check_in=check_in, seat=seat_of(request), now=clock.now())))


@require_POST
@needs_seat
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """Ends my own intentions; no reminder comes any more."""
    actions.close(check_in=find(request, number, own=True), as_="ended", now=clock.now())
    return see_other(request, reverse("checkins:intentions"))


@require_http_methods(["GET", "HEAD", "POST"])
@needs_seat
def intentions(request: HttpRequest) -> HttpResponse:
    """One to three things for myself, with a look back that nobody else learns of."""
    seat, now = seat_of(request), clock.now()
    rounds = queries.own_rounds(seat, now)
    current = next((one for one in rounds if one.check_in.closed_at is None), None)
    first = {"hour": current.check_in.hour, "rhythm": current.check_in.rhythm} if current else {}
    form = IntentionsForm(
        request.POST if request.method == "POST" else None,
        today=local_day(now, seat.user.zone),
        lines=current.lines if current else (),
        **first,
    )
    if request.method == "POST" and form.is_valid():
        check_in = actions.set_intentions(
            seat=seat,
            lines=form.intentions(),
            local_date=form.cleaned_data["local_date"],
            hour=form.cleaned_data["hour"],
            rhythm=form.cleaned_data["rhythm"],
            now=now,
        )
        return see_other(request, address(check_in))
    context = {"form": form, "current": current, "earlier": [one for one in rounds if one is not current]}
    return render(request, "checkins/intentions.html", context, status=422 if form.is_bound else 200)


# --- what the views share ---------------------------------------------------------------------------------------------


def seat_of(request: HttpRequest) -> Seat:
    """The open seat of whoever asks; `needs_seat` has made sure of it."""
    return request.seat  # type: ignore[attr-defined]


def find(request: HttpRequest, number: int, own: bool) -> CheckIn:
    """The round with this number, of both or my own; 404 where there is none."""
    found = (queries.find_own if own else queries.find)(seat_of(request), number)
    if found is None:
        raise Http404
    return found


def address(check_in: CheckIn) -> str:
    """Where one reads this round."""
    name = "checkins:check_in" if check_in.seat_id is None else "checkins:intention"
    return reverse(name, kwargs={"number": check_in.number})


def read_form(request: HttpRequest, check_in: CheckIn, *, final: bool = False) -> ReviewForm:
    """What was posted, for the lines that are asked."""
    round_ = queries.round_of(seat_of(request), check_in, clock.now())
    return ReviewForm(request.POST, lines=round_.asked, review=round_.mine, rated=round_.rated, final=final)


def keep(request: HttpRequest, check_in: CheckIn, form: ReviewForm) -> Review:
    """Saves a valid form for its author alone."""
    return actions.save_review(
        check_in=check_in,
        seat=seat_of(request),
        answers=form.answers(),
        base=form.cleaned_data["revision"],
        now=clock.now(),
    )


def keep_then(
    request: HttpRequest, check_in: CheckIn, act: Callable[[], CheckIn | None], *, to: str = ""
) -> HttpResponse:
    """Keeps what stands in the form, where one was sent, then acts; leads to the round that is open then, or `to`."""
    form = read_form(request, check_in) if "revision" in request.POST else None
    if form is not None and not form.is_valid():
        return refused(request, check_in, form, 422)
    try:
        if form is not None:
            keep(request, check_in, form)
        found = act()
    except Stale as stale:
        return refused(request, check_in, form, 409, stale)  # type: ignore[arg-type]
    except RuleBroken as broken:
        return page(request, check_in, said=broken.message, status=422)
    return see_other(request, to or address(found or check_in))


def later_and_due(round_: queries.Round) -> bool:
    """Whether I said “a week later”, and may answer all the same, since the day has come."""
    return round_.state == queries.LATER and round_.answerable


def refused(
    request: HttpRequest, check_in: CheckIn, form: ReviewForm, status: int, broken: RuleBroken | None = None
) -> HttpResponse:
    """What was typed comes back with the reason: as the page, or to a save by itself as one sentence."""
    if request.headers.get("HX-Request"):
        said = broken.message if broken else first_error(form)
        return render(request, "checkins/_not_saved.html", {"said": said}, status=status)
    if isinstance(broken, Stale):
        form = both_texts(request, check_in)
    if broken is not None:
        form.add_error(None, broken.message)
    return page(request, check_in, form=form, status=status)


def both_texts(request: HttpRequest, check_in: CheckIn) -> ReviewForm:
    """The form with what was posted, beside what is saved; saving it once more replaces the saved text knowingly."""
    round_ = queries.round_of(seat_of(request), check_in, clock.now())
    data = request.POST.copy()
    data["revision"] = str(round_.mine.revision if round_.mine else 0)
    return ReviewForm(data, lines=round_.asked, review=round_.mine, rated=round_.rated, elsewhere=True)


def first_error(form: ReviewForm) -> str:
    """The first reason why it was not saved."""
    return str(next(iter(form.errors.values()))[0])


def page(
    request: HttpRequest, check_in: CheckIn, *, form: ReviewForm | None = None, said: str = "", status: int = 200
) -> HttpResponse:
    """The page of one round, with the form where there is something to answer or something typed to give back."""
    round_ = queries.round_of(seat_of(request), check_in, clock.now())
    if form is None and (round_.state in (queries.OPEN, queries.SKIPPED) or later_and_due(round_)):
        form = ReviewForm(lines=round_.asked, review=round_.mine, rated=round_.rated)
    after = queries.after(round_)
    context: dict[str, Any] = {
        "round": round_,
        "form": form,
        "said": said,
        "next_round": after.next_round,
        "follower": after.follower,
        "standing_still": said_something(round_) and queries.standing_still(seat_of(request)),
    }
    return render(request, "checkins/look_back.html", context, status=status)


def said_something(round_: queries.Round) -> bool:
    """Whether this person has just looked back; before that no page says how it seems to go for them."""
    return round_.state in (queries.ANSWERED, queries.REVEALED)
