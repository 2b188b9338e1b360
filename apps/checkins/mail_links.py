"""The link in a reminder with which its reader puts it off, without signing in."""

from uuid import UUID

from django.urls import reverse

from apps.checkins.models import CheckIn
from apps.core.links import absolute
from apps.spaces.models import Seat
from apps.vault import tokens

PURPOSE = "checkins.snooze"


def later_address(check_in: CheckIn, seat: Seat) -> str:
    """The address at which `seat` chooses when to be reminded again."""
    return absolute(
        reverse("checkins:snooze", args=[tokens.make(PURPOSE, {"round": check_in.pk.hex, "seat": seat.pk})])
    )


def read_later(token: str) -> tuple[CheckIn, Seat] | None:
    """Which look back of whom a link puts off; None for one that is altered, foreign, or of something that is gone."""
    values = tokens.read(PURPOSE, token)
    if values is None:
        return None
    check_in = CheckIn.objects.select_related("space", "seat").filter(pk=UUID(values["round"]), closed_at=None).first()
    seat = Seat.objects.select_related("user", "space").filter(pk=values["seat"], left_at=None).first()
    return (check_in, seat) if check_in and seat else None
