"""What one person may read over all apps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from apps.checkins import queries as checkins
from apps.plans import queries as plans
from apps.spaces import queries as spaces

if TYPE_CHECKING:
    from apps.accounts.models import User


def past_spaces(user: User) -> list[spaces.PastSeat]:
    """The closed spaces of `user`, oldest first, numbered for this person.

    One they left by joining their partner counts only where some of their words stayed behind in it.
    """
    kept = [past for past in spaces.past_seats(user) if past.seat.moved_to_id is None or has_words(past)]
    return [replace(past, number=number) for number, past in enumerate(kept, start=1)]


def has_words(past: spaces.PastSeat) -> bool:
    """Whether anything of this person can be read there."""
    return any(plan.my_texts or plan.agreed for plan in plans.past(past.seat)) or bool(checkins.past(past.seat))


@dataclass(frozen=True, slots=True)
class PastSpace:
    """One closed space, read-only: my own texts and what both agreed."""

    past: spaces.PastSeat
    plans: list[plans.PastPlan]
    look_backs: list[checkins.Past]


def past_space(user: User, number: int) -> PastSpace | None:
    """The past space of `user` with this number, or None."""
    past = next((past for past in past_spaces(user) if past.number == number), None)
    if past is None:
        return None
    written = [plan for plan in plans.past(past.seat) if plan.my_texts or plan.agreed]
    return PastSpace(past, written, checkins.past(past.seat))
