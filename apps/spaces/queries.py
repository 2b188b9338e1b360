"""Reads about the couple that carry a privacy rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.errors import RuleBroken
from apps.guides.quiet import quiet_words
from apps.spaces import rules
from apps.spaces.models import Invitation, RefusedAddress, Seat, Space
from apps.vault.keys import HOUSE, fingerprint

if TYPE_CHECKING:
    from apps.accounts.models import User

IDEAS_A_DAY = 5
QUIET_SENTENCE = _("Your quiet time is running, so this waits. It ends by itself, and you can end it earlier.")

# The session keeps an invitation's token under this key, so that it leaves the address bar at once.
TOKEN_KEY = "invitation_token"  # noqa: S105 — the name of a key, not a token


def seat_of(user: Any) -> Seat | None:
    """The open seat of `user` with its space and the other open seat, in one query; None where there is none."""
    open_seats = Seat.objects.filter(left_at=None, space__seats__user=user, space__seats__left_at=None)
    seats = {seat.user_id: seat for seat in open_seats}
    mine = seats.pop(user.pk, None)
    if mine is None:
        return None
    other = next(iter(seats.values()), None)
    mine.__dict__["other"] = other
    if other is not None:
        other.__dict__["other"] = mine
    return mine


def quiet_until(seat: Seat, now: datetime) -> datetime | None:
    """When the quiet time of `seat` ends; None where none runs. Only ever asked for one's own seat (law 3)."""
    return rules.runs_until(seat.quiet_until, now)


@dataclass(frozen=True, slots=True)
class Quiet:
    """My quiet time while it runs: its end, about how long that is in `days` or `hours`, and the words of today."""

    until: datetime
    days: int
    hours: int
    prompt: str
    ideas: list[str]


def quiet(seat: Seat, now: datetime) -> Quiet | None:
    """What one's own page and home show of the quiet time that runs; None where none does. Asks the database nothing.

    One thought and a few ideas for each day on the person's own calendar.
    """
    until = quiet_until(seat, now)
    if until is None:
        return None
    days, hours = rules.quiet_left(until, now)
    words, today = quiet_words(), now.astimezone(seat.user.zone).date()
    prompts = rules.of_the_day(1, of=len(words.prompts), on=today)
    ideas = rules.of_the_day(IDEAS_A_DAY, of=len(words.ideas), on=today)
    return Quiet(until, days, hours, gettext(words.prompts[prompts[0]]), [gettext(words.ideas[at]) for at in ideas])


def check_not_quiet(seat: Seat, now: datetime) -> None:
    """Refuses to put something of this person before the other while their quiet time runs (B.s2.space, A.m.pursuit).

    Reads the seat anew: call it after the space is locked. Raises RuleBroken; the caller keeps what was written.
    """
    ends = Seat.objects.filter(pk=seat.pk).values_list("quiet_until", flat=True).first()
    if rules.runs_until(ends, now) is not None:
        raise RuleBroken(QUIET_SENTENCE)


@dataclass(frozen=True, slots=True)
class PastSeat:
    """A closed space as one person sees it: `number` counts this person's own past spaces, oldest first."""

    number: int
    seat: Seat
    with_name: str


def past_seats(user: User) -> list[PastSeat]:
    """The closed spaces of `user`, oldest first.

    One they left by joining their partner is none of these where all their words moved with them.
    """
    seats = Seat.objects.filter(space__seats__user=user, left_at__isnull=False, space__seats__moved_to=None)
    ordered = list(seats.order_by("left_at", "pk"))
    names = {seat.space_id: seat.name for seat in ordered if seat.user_id != user.pk}
    mine = [seat for seat in ordered if seat.user_id == user.pk]
    return [PastSeat(number, seat, names.get(seat.space_id, "")) for number, seat in enumerate(mine, start=1)]


def past_seat(user: User, number: int) -> PastSeat | None:
    """The past space of `user` with this number, or None."""
    return next((past for past in past_seats(user) if past.number == number), None)


def has_past(user: User) -> bool:
    """Whether `user` has a closed space to look back at."""
    return Seat.objects.filter(user=user, left_at__isnull=False, moved_to=None).exists()


def digest_of(token: str) -> str:
    """What is stored of an invitation's token."""
    return sha256(token.encode()).hexdigest()


def address_digest(address: str) -> str:
    """What finds an e-mail address again without keeping it readable; the same for every way of writing it."""
    return fingerprint(HOUSE, address.strip().casefold())


def mailbox_digest(address: str) -> str:
    """The same for every address that ends up in one mailbox."""
    return fingerprint(HOUSE, rules.mailbox_of(address))


def is_refused(invitation: Invitation) -> bool:
    """Whether the mailbox this invitation goes to wants none."""
    return RefusedAddress.objects.filter(address_digest=mailbox_digest(invitation.address)).exists()


def offered(space: Space, now: datetime) -> Invitation | None:
    """The invitation that the inviter sees as open. Never looks at whether it was declined (law 3)."""
    invitation = (
        Invitation.objects.filter(space=space, used_at=None, revoked_at=None).select_related("claimed_by").first()
    )
    if invitation is None or not looks_open(invitation, now):
        return None
    return invitation


def has_ended(space: Space, now: datetime) -> bool:
    """Whether the last invitation of this space ran out. Declined, expired and never opened are the same here."""
    last = Invitation.objects.filter(space=space, used_at=None, revoked_at=None).first()
    return last is not None and not looks_open(last, now)


def looks_open(invitation: Invitation, now: datetime) -> bool:
    """Whether the inviter sees this invitation as open."""
    return rules.looks_open(
        created_at=invitation.created_at,
        held_until=invitation.held_until,
        used_at=invitation.used_at,
        revoked_at=invitation.revoked_at,
        now=now,
    )


def is_open(invitation: Invitation, now: datetime) -> bool:
    """Whether this invitation can still be accepted."""
    return rules.is_open(
        created_at=invitation.created_at,
        held_until=invitation.held_until,
        used_at=invitation.used_at,
        revoked_at=invitation.revoked_at,
        declined_at=invitation.declined_at,
        space_closed_at=invitation.space.closed_at,
        now=now,
    )


def ends_at(invitation: Invitation) -> datetime:
    """When this invitation ends by itself."""
    return rules.ends_at(invitation.created_at, invitation.held_until)


def is_held(invitation: Invitation, now: datetime) -> bool:
    """Whether its mail waits for the end of the inviter's quiet time. The same where it may not go at all (law 3)."""
    return rules.runs_until(invitation.held_until, now) is not None


def session_invitation(request: HttpRequest) -> Invitation | None:
    """The invitation whose token this session holds, in whatever state; only actions may be handed it."""
    token = request.session.get(TOKEN_KEY)
    if not isinstance(token, str):
        return None
    held = Invitation.objects.filter(token_digest=digest_of(token))
    return held.select_related("space", "seat__user", "seat__space", "claimed_by").first()


def read_invitation(request: HttpRequest, now: datetime) -> Invitation | None:
    """The invitation that whoever holds this session may read: open, and claimed by nobody else.

    Unknown, ended, revoked, used and declined are None alike. One's own can be read too; accepting it is refused.
    """
    found = session_invitation(request)
    if found is None or not is_open(found, now) or found.claimed_by_id not in (None, request.user.pk):
        return None
    return found


def waiting_invitation(request: HttpRequest, now: datetime) -> Invitation | None:
    """The invitation that a signed-in person still has to answer, for a card on their home; None where there is none.

    One they opened in this session, or a link they accepted that waits for the inviter. Never their own.
    """
    found = read_invitation(request, now) or claimed_invitation(request.user, now)
    return found if found is not None and found.seat.user_id != request.user.pk else None


def claimed_invitation(user: Any, now: datetime) -> Invitation | None:
    """The open link that `user` accepted and the inviter has not confirmed yet."""
    if not user.is_authenticated:
        return None
    claimed = Invitation.objects.filter(claimed_by=user, used_at=None, revoked_at=None, declined_at=None)
    found = claimed.select_related("space", "seat__user", "seat__space").order_by("-claimed_at").first()
    return found if found is not None and is_open(found, now) else None


def is_addressed_to(invitation: Invitation, user: Any) -> bool:
    """Whether `user` has proved that the invited address is theirs. A link names no address, so it is no one's."""
    verified = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return any(address_digest(address) == invitation.address_digest for address in verified)


def has_been_left_by_owner_of(mailbox: str, user: User) -> bool:
    """Whether the mailbox belongs to somebody who closed the space they shared with `user`. Told to nobody."""
    left_me = Seat.objects.filter(user=user, left_at__isnull=False).exclude(space__closed_by=user)
    leavers = left_me.values("space__closed_by")
    theirs = EmailAddress.objects.filter(user__in=leavers, verified=True).values_list("email", flat=True)
    return any(mailbox_digest(address) == mailbox for address in theirs)
