"""Home: the one thing to do next, what is agreed, what is coming up. For a visitor: what Halfway is."""

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.appointments import queries as appointments
from apps.checkins import queries as checkins
from apps.checkins import schedule
from apps.core import clock
from apps.me import queries
from apps.plans import queries as plans
from apps.plans import rules
from apps.plans.models import Plan
from apps.spaces import queries as spaces
from apps.spaces.models import Seat


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One page for both; nothing on it comes from a private act of the other (law 3)."""
    if not request.user.is_authenticated:
        return render(request, "core/landing.html")
    seat: Seat | None = request.seat  # type: ignore[attr-defined]
    now = clock.now()
    if seat is None:
        return without_seat(request, now)
    plan = plans.open_plan(seat)
    return without_plan(request, seat, now) if plan is None else on_the_way(request, plan, seat, now)


def without_plan(request: HttpRequest, seat: Seat, now: datetime) -> HttpResponse:
    """Nothing is open: what is coming up, and how one begins."""
    context = {
        "seat": seat,
        "upcoming": checkins.upcoming(seat, now),
        "times": appointments.at_home(seat, now),
        "quiet_time": spaces.quiet(seat, now),
    }
    return render(request, "me/no_plan.html", context)


def on_the_way(request: HttpRequest, plan: Plan, seat: Seat, now: datetime) -> HttpResponse:
    """A plan is open: alone, or with the other."""
    standing = plans.standing(plan, seat)
    upcoming = None if standing.alone else checkins.upcoming(seat, now)
    next_look = schedule.instant(upcoming.local_date, upcoming.hour, upcoming.zone) if upcoming else None
    lines, reduced = [] if standing.alone else plans.open_lines(plan), plans.reduced(standing, now)
    if reduced:
        lines = plans.least_first(lines)
    context = {
        "seat": seat,
        "plan": plan,
        "standing": standing,
        "quiet_time": spaces.quiet(seat, now),
        "greeting": greeting(now.astimezone(seat.user.zone).hour),
        "next": plans.next_thing(standing),
        "at_home": plans.at_home(standing, now=now),
        "upcoming": upcoming,
        "times": None if standing.alone else appointments.at_home(seat, now),
        "lines": queries.with_marks(lines, seat, now),
        "reduced": reduced,
        "quiet": not standing.alone and rules.is_quiet(since=quiet_since(standing), next_look=next_look, now=now),
    }
    if standing.alone:
        context |= {"offered": spaces.offered(seat.space, now), "waiting": spaces.waiting_invitation(request, now)}
    return render(request, "me/home.html", context)


@require_safe
def not_today(request: HttpRequest) -> HttpResponse:
    """Said without a word to anybody: nothing is stored, and nothing changes for either of the two."""
    return render(request, "me/not_today.html")


def without_seat(request: HttpRequest, now: datetime) -> HttpResponse:
    """Somebody whose space has closed, or who has only just arrived."""
    if spaces.has_past(request.user):  # type: ignore[arg-type]
        return render(request, "me/closed.html", {"waiting": spaces.waiting_invitation(request, now)})
    return redirect("plans:first")


def quiet_since(standing: plans.Standing) -> datetime | None:
    """The last thing both reached together; else the day the second of the two came."""
    both_came = max(seat.joined_at for seat in (standing.seat, standing.seat.other) if seat)
    return standing.last_together_at or both_came


def greeting(hour: int) -> str:
    """By the hour on the person's own wall."""
    if 5 <= hour < 12:
        return _("Good morning")
    return _("Good afternoon") if 12 <= hour < 18 else _("Good evening")
