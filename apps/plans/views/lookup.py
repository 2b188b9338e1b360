"""The look-up that every plan page begins with: at the seat, else 404 (the same for missing and for not yours)."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest

from apps.core import clock
from apps.guides.schema import Exercise, UnknownKey
from apps.plans import queries
from apps.plans.models import Plan
from apps.spaces.models import Seat


@dataclass(frozen=True, slots=True)
class Found:
    """What an address leads to, and the instant of the request."""

    seat: Seat
    plan: Plan
    now: datetime


def find(request: HttpRequest, number: int) -> Found:
    """The plan of that number in the person's own space; raises Http404."""
    seat = request.seat  # type: ignore[attr-defined]
    plan = queries.plan_of(seat, number)
    if plan is None:
        raise Http404
    return Found(seat, plan, clock.now())


def find_exercise(found: Found, place: str, key: str) -> Exercise:
    """The exercise of that key in that step (or the preparation); raises Http404."""
    guide = queries.guide_of(found.plan, found.seat)
    try:
        exercise, step = guide.exercise(key), guide.place_of(key)
    except UnknownKey as error:
        raise Http404 from error
    if place != (step.key if step else queries.PREPARE):
        raise Http404
    return exercise
