"""My side: joining the partner and leaving. Each calls down into every app, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from apps.accounts import actions as accounts
from apps.appointments import actions as appointments
from apps.checkins import actions as checkins
from apps.core.errors import RuleBroken
from apps.me import queries as my
from apps.me.own_time import post_next
from apps.plans import actions as plans
from apps.spaces import actions as spaces
from apps.spaces import queries
from apps.spaces.models import Invitation, Seat, Space

if TYPE_CHECKING:
    from apps.accounts.models import User


@transaction.atomic
def join(*, invitation: Invitation, user: User, now: datetime) -> Seat:
    """`user` takes the offered seat. What they wrote privately while alone moves with them; their empty space closes.

    Returns the seat, also where they took it before. Raises RuleBroken with a sentence for `user` where the invitation
    has ended, is not for them, or they are two with somebody already.
    """
    own = spaces.open_space(user=user, now=now)
    if own.space_id == invitation.space_id and own.pk != invitation.seat_id:
        return own
    _lock_in_order(own.space_id, invitation.space_id)
    fresh = Invitation.objects.select_related("space", "seat").get(pk=invitation.pk)
    now_own = queries.seat_of(user)
    if now_own is not None and now_own.space_id == invitation.space_id and now_own.pk != invitation.seat_id:
        return now_own  # the same press twice: the other one was first
    spaces.check_may_accept(invitation=fresh, user=user, now=now)
    if now_own is None or now_own.pk != own.pk:
        raise spaces.no_longer_open()  # they closed or joined something else in this very moment
    spaces.leave(seat=own, now=now)
    seat = spaces.take_seat(invitation=fresh, user=user, now=now)
    spaces.move_quiet(from_seat=own, to_seat=seat, now=now)
    plans.move_private(from_seat=own, to_seat=seat, now=now)
    checkins.move_private(from_seat=own, to_seat=seat, now=now)
    old = Seat.objects.get(pk=own.pk)
    if not my.has_words(old):  # else what stayed behind can still be read, as a past space
        Seat.objects.filter(pk=old.pk).update(moved_to=seat)
    return seat


def _lock_in_order(*space_ids: UUID) -> None:
    """Locks the spaces by their id, so that two who invited each other cannot wait for each other."""
    list(Space.objects.select_for_update(no_key=True).filter(pk__in=space_ids).order_by("pk"))


@transaction.atomic
def confirm(*, by: Seat, now: datetime) -> Seat:
    """The inviter says "yes, that is who I invited": the one who accepted the link takes the seat.

    Raises RuleBroken with one sentence for the inviter, whatever kept the other from coming.
    """
    claimer = _claimer(by)
    if claimer is not None:
        own = spaces.open_space(user=claimer, now=now)
        _lock_in_order(own.space_id, by.space_id)
    invitation = spaces.confirm_claim(by=by, now=now)
    assert invitation.claimed_by is not None
    try:
        return join(invitation=invitation, user=invitation.claimed_by, now=now)
    except RuleBroken:
        # The sentence would be about the other person's life, so it is not the inviter's to read.
        raise spaces.claim_has_ended() from None


def _claimer(seat: Seat) -> User | None:
    claimed = Invitation.objects.filter(seat=seat, revoked_at=None, claimed_by__isnull=False)
    found = claimed.select_related("claimed_by").order_by("-created_at").first()
    return found.claimed_by if found is not None else None


@transaction.atomic
def leave(*, seat: Seat, now: datetime) -> None:
    """Closes the space of `seat`, alone and at once (law 6): plans, check-ins and times end, and what
    was due by mail is dropped.

    No mail goes to the other, and nothing asks them. Repeating changes nothing.
    """
    space = spaces.lock(seat.space)
    if space.closed_at is not None:
        return
    plans.close_all(space=space, by=seat, now=now)
    checkins.close_all(space=space, now=now)
    appointments.close_all(space=space, now=now)
    spaces.leave(seat=seat, now=now)


@transaction.atomic
def begin(*, user: User, now: datetime) -> Seat:
    """A new space of one's own with its plan, after an old one was closed."""
    seat = spaces.open_space(user=user, now=now)
    plans.open_plan(by=seat, now=now)
    return seat


@transaction.atomic
def save_profile(*, user: User, name: str, time_zone: str, now: datetime) -> None:
    """What `user` is called by, and their zone; reminders still to come move to the same hour there.

    Raises RuleBroken for a name or a zone that cannot be.
    """
    if accounts.update_profile(by=user, name=name, time_zone=time_zone, now=now):
        checkins.move_reminders(user=user, now=now)


@transaction.atomic
def save_mail_wishes(*, user: User, now: datetime, **wishes: bool) -> None:
    """Which mail `user` wants; second reminders that they have just asked for are posted for what is open already."""
    accounts.set_mail_wishes(by=user, now=now, **wishes)
    if user.wants("mail_again"):
        checkins.post_second_reminders(user=user, now=now)


@transaction.atomic
def set_own_time(*, user: User, weekday: int, hour: int, now: datetime) -> None:
    """The weekly mail at that weekday and hour; one that would be due within a day is written at once."""
    post_next(own_time=accounts.set_own_time(by=user, weekday=weekday, hour=hour, now=now), now=now)
