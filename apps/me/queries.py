"""What one person may read over all apps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from apps.checkins import queries as checkins
from apps.plans import queries as plans
from apps.spaces import queries as spaces
from apps.spaces.models import Seat

if TYPE_CHECKING:
    from apps.accounts.models import User


def has_words(seat: Seat) -> bool:
    """Whether anything of this person can be read in the closed space of `seat`."""
    return bool(own_plans(seat) or checkins.past(seat) or checkins.past_moments(seat))


def own_plans(seat: Seat) -> list[plans.PastPlan]:
    """The plans of a closed space in which there is something to read for this person."""
    return [plan for plan in plans.past(seat) if plan.my_texts or plan.agreed]


@dataclass(frozen=True, slots=True)
class PastSpace:
    """One closed space, read-only: my own texts and what both agreed."""

    past: spaces.PastSeat
    plans: list[plans.PastPlan]


@dataclass(frozen=True, slots=True)
class PastLookBacks:
    """The look backs of one closed space, in my own words."""

    past: spaces.PastSeat
    look_backs: list[checkins.Past]
    moments: list[tuple[str, str]]


def past_space(user: User, number: int) -> PastSpace | None:
    """The past space of `user` with this number, or None."""
    past = spaces.past_seat(user, number)
    return PastSpace(past, own_plans(past.seat)) if past else None


def past_look_backs(user: User, number: int) -> PastLookBacks | None:
    """The look backs of the past space of `user` with this number, or None."""
    past = spaces.past_seat(user, number)
    return PastLookBacks(past, checkins.past(past.seat), checkins.past_moments(past.seat)) if past else None


@dataclass(frozen=True, slots=True)
class LineAtHome:
    """One agreed line, and how this person has marked it today; None for a line that rests."""

    shown: plans.ShownLine
    kept: checkins.Kept | None


def with_marks(lines: list[plans.ShownLine], seat: Seat, now: datetime) -> list[LineAtHome]:
    """Each line with its mark of today. One query, and none without lines."""
    awake = [one.line for one in lines if one.rested_at is None]
    kept = {one.lineage: one for one in checkins.board(seat, awake, now)} if awake else {}
    return [LineAtHome(one, kept.get(one.line.lineage)) for one in lines]
