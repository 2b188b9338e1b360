"""Everything that changes who sits where. Each action locks the space first, and may be repeated without harm."""

from __future__ import annotations

from datetime import datetime
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.outbox import actions as outbox
from apps.outbox.models import Letter
from apps.spaces import queries, rules
from apps.spaces.models import AddressMail, Invitation, RefusedAddress, Seat, Space

if TYPE_CHECKING:
    from apps.accounts.models import User

LETTER = "spaces.invitation"


def no_longer_open() -> RuleBroken:
    """One sentence for every way in which an invitation can have ended, for the invited person."""
    return RuleBroken(_("This invitation is no longer open. Whoever invited you can send a new one."))


def claim_has_ended() -> RuleBroken:
    """The same for the inviter; it says nothing about why (law 3)."""
    return RuleBroken(_("This invitation is no longer open. You can make a new one."))


def lock(space: Space) -> Space:
    """Locks the row of `space` until the transaction ends and returns it freshly read.

    Every action of a couple calls this first, so two presses at the same moment queue and neither is missed.
    """
    return Space.objects.select_for_update(no_key=True).get(pk=space.pk)


@transaction.atomic
def open_space(*, user: User, now: datetime) -> Seat:
    """Gives `user` a space of their own with seat 1; returns the open seat they have where there is one already."""
    seat = queries.seat_of(user)
    if seat is not None:
        return seat
    try:
        with transaction.atomic():  # the database keeps it at one open seat a person, also for two presses at once
            space = Space.objects.create(created_at=now)
            Seat.objects.create(space=space, number=1, user=user, joined_at=now)
    except IntegrityError:
        pass
    seat = queries.seat_of(user)
    assert seat is not None
    return seat


@transaction.atomic
def invite_by_mail(*, by: Seat, address: str, shows_name: bool, now: datetime) -> Invitation:
    """Offers the other seat to one address. An earlier offer is revoked.

    Whether a mail really goes out is not the inviter's to know: the address may have refused, or had its two already.
    While the inviter's quiet time runs the mail waits for its end, and the 72 hours begin then (B.s2.space).
    Raises RuleBroken where there are two already, for one's own address, or above the invitations of a day.
    """
    _check_may_invite(by, now)
    digest = queries.address_digest(address)
    if any(queries.address_digest(own) == digest for own in _own_addresses(by)):
        raise RuleBroken(_("This is your own address. An invitation goes to the person you want to do this with."))
    token = token_urlsafe(32)
    invitation = _offer(
        by,
        now,
        method=Invitation.MAIL,
        token=token,
        address=address.strip(),
        digest=digest,
        shows_name=shows_name,
        held_until=_quiet_until(by, now),
    )
    _mail(invitation, token=token, now=now)
    return invitation


@transaction.atomic
def invite_by_link(*, by: Seat, now: datetime) -> tuple[Invitation, str]:
    """Offers the other seat to whoever gets the link; returns the invitation and its token, which is stored nowhere.

    An earlier offer is revoked. Raises RuleBroken where there are two already or above the invitations of a day.
    Works in a quiet time too: nothing is sent, and handing it over is the person's own to do.
    """
    _check_may_invite(by, now)
    token = token_urlsafe(32)
    return _offer(by, now, method=Invitation.LINK, token=token, address="", digest="", shows_name=True), token


def _check_may_invite(by: Seat, now: datetime) -> None:
    space = lock(by.space)
    if space.closed_at is not None:
        raise RuleBroken(_("This space is closed."))
    if Seat.objects.filter(space=space, left_at=None).count() != 1:
        raise RuleBroken(_("You are two already."))
    today = Invitation.objects.filter(seat__user=by.user_id, created_at__gt=now - rules.DAY).count()
    if today >= rules.INVITATIONS_A_DAY:
        raise RuleBroken(_("That is enough invitations for today. Tomorrow you can make a new one."))


def _own_addresses(seat: Seat) -> list[str]:
    return [seat.user.email]


def _offer(
    by: Seat,
    now: datetime,
    *,
    method: str,
    token: str,
    address: str,
    digest: str,
    shows_name: bool,
    held_until: datetime | None = None,
) -> Invitation:
    _revoke_all(by.space, now, reason="replaced")
    return Invitation.objects.create(
        space=by.space,
        seat=by,
        method=method,
        token_digest=queries.digest_of(token),
        address=address,
        address_digest=digest,
        shows_name=shows_name,
        created_at=now,
        held_until=held_until,
    )


def _mail(invitation: Invitation, *, token: str, now: datetime) -> None:
    """Writes the letter; its kind drops it later where it may not go, so both take the same work and time (law 3)."""
    mailbox = queries.mailbox_digest(invitation.address)
    _lock_address(mailbox)
    lately = AddressMail.objects.filter(address_digest=mailbox, goes=True, sent_at__gt=now - rules.MAILS_WINDOW)
    refused = queries.is_refused(invitation)
    blocked = queries.has_been_left_by_owner_of(mailbox, invitation.seat.user)
    goes = rules.may_mail(sent_lately=lately.count(), refused=refused, blocked=blocked)
    outbox.post(
        kind=LETTER,
        occurrence=str(invitation.pk),
        due_at=now,
        now=now,
        address=invitation.address,
        payload={"token": token, "goes": goes},
        caused_by=invitation.seat.user,
    )
    AddressMail.objects.create(address_digest=mailbox, sent_at=invitation.held_until or now, goes=goes)


def _lock_address(digest: str) -> None:
    """Two accounts that invite the same address at once queue here, so that the count of its mails is true."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [digest])


@transaction.atomic
def revoke(*, by: Seat, now: datetime) -> None:
    """Takes the open offer of this space back; its mail is dropped where it has not left yet."""
    lock(by.space)
    _revoke_all(by.space, now, reason="revoked")


def _revoke_all(space: Space, now: datetime, *, reason: str) -> None:
    for invitation in Invitation.objects.filter(space=space, used_at=None, revoked_at=None):
        Invitation.objects.filter(pk=invitation.pk).update(revoked_at=now)
        outbox.drop(kind=LETTER, occurrence=str(invitation.pk), reason=reason, now=now)


@transaction.atomic
def begin_quiet(*, by: Seat, hours: int, now: datetime) -> bool:
    """A quiet time of so many hours for this person alone (B.s2.space); the other learns nothing of it (law 3).

    While it runs the outbox sends nobody else anything because of them. An invitation whose mail has not left yet gets
    its 72 hours from the end. Returns False, and changes nothing, where one runs already. Raises RuleBroken for hours
    that are too few or too many, and after leaving.
    """
    length = rules.quiet_for(hours)
    if length is None:
        raise RuleBroken(_("Please choose how long, between 12 hours and 7 days."))
    if lock(by.space).closed_at is not None:
        raise RuleBroken(_("This space is closed."))
    if _quiet_until(by, now) is not None:
        return False
    Seat.objects.filter(pk=by.pk).update(quiet_from=now, quiet_until=now + length)
    offered = queries.offered(by.space, now)
    if (
        offered is not None
        and Letter.objects.filter(kind=LETTER, occurrence=str(offered.pk), ended_at__isnull=True).exists()
    ):
        Invitation.objects.filter(pk=offered.pk).update(held_until=now + length)
    return True


@transaction.atomic
def end_quiet(*, by: Seat, now: datetime) -> None:
    """Ends one's own quiet time early, and keeps nothing of it: what was held goes at once. Harmless without one."""
    lock(by.space)
    Seat.objects.filter(pk=by.pk).update(quiet_from=None, quiet_until=None)
    Invitation.objects.filter(seat=by, held_until__gt=now).update(held_until=now)
    outbox.end_hold(caused_by=by.user, now=now)


@transaction.atomic
def move_quiet(*, from_seat: Seat, to_seat: Seat, now: datetime) -> None:
    """A quiet time that runs goes along when somebody moves into their partner's space. The caller holds both locks."""
    facts = Seat.objects.filter(pk=from_seat.pk).values("quiet_from", "quiet_until").get()
    if rules.runs_until(facts["quiet_until"], now) is not None:
        Seat.objects.filter(pk=to_seat.pk).update(**facts)


def _quiet_until(seat: Seat, now: datetime) -> datetime | None:
    """As it stands now, under the lock: the seat in hand may be older."""
    return rules.runs_until(Seat.objects.values_list("quiet_until", flat=True).get(pk=seat.pk), now)


@transaction.atomic
def decline(*, invitation: Invitation, now: datetime) -> None:
    """The invited person says no. Nothing changes for the inviter (law 3): to them it stays open until its end."""
    lock(invitation.space)
    Invitation.objects.filter(pk=invitation.pk, used_at=None, declined_at=None).update(declined_at=now)
    outbox.drop(kind=LETTER, occurrence=str(invitation.pk), reason="declined", now=now)


@transaction.atomic
def refuse_address(*, token: str, now: datetime) -> None:
    """No more invitations to the address that this token was mailed to, from anybody. Silent for an unknown token.

    Works for an invitation that has ended too, since whoever holds its token reads that address's mail.
    """
    mailed = Invitation.objects.filter(token_digest=queries.digest_of(token), method=Invitation.MAIL)
    invitation = mailed.select_related("seat").first()
    if invitation is None:
        return
    mailbox = queries.mailbox_digest(invitation.address)
    _lock_address(mailbox)
    RefusedAddress.objects.get_or_create(address_digest=mailbox, defaults={"refused_at": now})


@transaction.atomic
def claim(*, invitation: Invitation, user: User, now: datetime) -> None:
    """`user` accepts a link; the inviter reads their name and confirms it before anything opens.

    Raises RuleBroken for one's own link, for somebody who is two already, and for a link that has ended.
    """
    lock(invitation.space)
    locked = Invitation.objects.select_related("space", "seat").get(pk=invitation.pk)
    check_may_accept(invitation=locked, user=user, now=now)
    if locked.claimed_by_id == user.pk:
        return
    Invitation.objects.filter(pk=locked.pk, claimed_by=None).update(claimed_by=user, claimed_at=now)


def check_may_accept(*, invitation: Invitation, user: User, now: datetime) -> None:
    """Whether `user` may take the seat that is offered; raises RuleBroken with the sentence for them alone."""
    if not queries.is_open(invitation, now) or invitation.claimed_by_id not in (None, user.pk):
        raise no_longer_open()
    if invitation.seat.user_id == user.pk:
        raise RuleBroken(_("This is your own invitation. Hand it to the person you want to do this with."))
    if invitation.method == Invitation.MAIL and not queries.is_addressed_to(invitation, user):
        raise RuleBroken(
            _("This invitation was made for another address than yours. Ask for a new invitation to this address.")
        )
    seat = queries.seat_of(user)
    if seat is not None and seat.other is not None:
        raise RuleBroken(
            _(
                "You are in a space with somebody already. You can accept once that space is closed: "
                "leaving is in your settings."
            )
        )


@transaction.atomic
def refuse_claim(*, by: Seat, now: datetime) -> None:
    """The inviter does not know the accepting name: the link ends, and nothing was opened."""
    lock(by.space)
    claimed = Invitation.objects.filter(space=by.space, used_at=None, revoked_at=None, claimed_by__isnull=False)
    if claimed.exists():
        _revoke_all(by.space, now, reason="refused")


@transaction.atomic
def confirm_claim(*, by: Seat, now: datetime) -> Invitation:
    """The inviter knows the accepting name; returns the invitation whose claimer may now take the seat.

    The caller takes the seat in the same transaction. Raises RuleBroken where nothing is claimed or it has ended.
    """
    lock(by.space)
    claimed = Invitation.objects.filter(seat=by, revoked_at=None, claimed_by__isnull=False)
    invitation = claimed.select_related("space", "seat", "claimed_by").order_by("-created_at").first()
    if invitation is None or (invitation.used_at is None and not queries.is_open(invitation, now)):
        raise claim_has_ended()
    return invitation


@transaction.atomic
def take_seat(*, invitation: Invitation, user: User, now: datetime) -> Seat:
    """`user` takes the free seat; the invitation is used up. Returns the seat, also where they took it before.

    A link needs to have been claimed by `user`. The person's own empty space is closed by the caller beforehand.
    Raises RuleBroken with a sentence for `user` where it has ended, is not for them, or the seat is taken.
    """
    space = lock(invitation.space)
    locked = Invitation.objects.select_related("space", "seat").get(pk=invitation.pk)
    taken = Seat.objects.filter(space=space, left_at=None, user=user).first()
    if taken is not None and locked.used_at is not None:
        return taken
    check_may_accept(invitation=locked, user=user, now=now)
    if locked.method == Invitation.LINK and locked.claimed_by_id != user.pk:
        raise no_longer_open()
    number = rules.free_number(set(Seat.objects.filter(space=space).values_list("number", flat=True)))
    used = Invitation.objects.filter(pk=locked.pk, used_at=None, revoked_at=None).update(used_at=now)
    if number is None or used != 1:
        raise no_longer_open()
    outbox.drop(kind=LETTER, occurrence=str(locked.pk), reason="used", now=now)
    return Seat.objects.create(space=space, number=number, user=user, joined_at=now)


@transaction.atomic
def close(*, space: Space, by: User, now: datetime) -> None:
    """Closes `space`: both seats are left, its invitations end, their mails are dropped. Repeating changes nothing."""
    locked = lock(space)
    if locked.closed_at is not None:
        return
    _revoke_all(locked, now, reason="space closed")
    for seat in Seat.objects.filter(space=locked, left_at=None):
        Seat.objects.filter(pk=seat.pk).update(left_at=now, called=seat.user.name)
    Space.objects.filter(pk=locked.pk).update(closed_at=now, closed_by=by)


def leave(*, seat: Seat, now: datetime) -> None:
    """The person on `seat` closes the space, alone and at once (law 6). No mail goes to anybody."""
    close(space=seat.space, by=seat.user, now=now)
