"""What the verbs share: the names of their letters, the sentences of a refusal, and whose look back it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.checkins import rules
from apps.checkins.models import CheckIn
from apps.spaces.models import Seat

AGREED = "checkins.agreed"
REMINDER = "checkins.reminder"
AGAIN = "checkins.again"
SNOOZED = "checkins.snoozed"

CLOSED = _("This look back is closed. What you wrote stays yours.")
ANSWERED = _("You have shared your answers already, so they stay as they are.")
TOO_EARLY = _("It is not the day yet. There is nothing you need to do until then.")
CHANGED_ELSEWHERE = _("This was also changed on another page. Both texts are here; keep what you want and save again.")
ONE_TAP_EACH = _("Please choose one answer for each line.")
NOTHING_TO_REMIND = _("There is nothing to be reminded of any more.")
NO_SUCH_LINE = _("This line is not among what you two agreed at the moment.")
STAYS = _("You have both marked this by now, so it stays.")
WRITE_ONE = _("Write at least one thing that you would like to do.")


@dataclass(frozen=True)
class ItemFacts:
    """One line as it was agreed. `for_seat` is who does it, None for both; `words` has what, when, how_often, …"""

    lineage: UUID
    author: Seat
    for_seat: Seat | None
    words: dict[str, Any]


@dataclass(frozen=True)
class Answers:
    """What one person wrote, as the form hands it over: {item id: {"went", "supportive", "hard"}}, a good moment, and
    their private ratings by name (rules.MEASURES)."""

    lines: dict[str, dict[str, str]] = field(default_factory=dict)
    good_moment: str = ""
    ratings: dict[str, int] = field(default_factory=dict)


def people(check_in: CheckIn) -> list[Seat]:
    """The open seats whose look back this is."""
    seats = Seat.objects.filter(space=check_in.space_id, left_at=None)
    return list(seats if check_in.seat_id is None else seats.filter(pk=check_in.seat_id))


def rests(check_in: CheckIn) -> bool:
    """Whether its reminders rest."""
    return rules.rests(paused_at=check_in.paused_at, quiet_rounds=check_in.quiet_rounds)


def fresh(check_in: CheckIn) -> CheckIn:
    """The row as it is now; asked after the space was locked."""
    return CheckIn.objects.select_related("space", "seat").get(pk=check_in.pk)
