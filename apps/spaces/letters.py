"""The mail that carries an invitation. Neutral outside; inside at most the inviter's first name (law 5)."""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.core.links import absolute
from apps.outbox import kinds
from apps.outbox.models import Letter
from apps.spaces import queries, rules
from apps.spaces.actions import LETTER, lock
from apps.spaces.models import Invitation, Seat


def register_kinds() -> None:
    """Tells the outbox about the mails of this app, and that a quiet time holds the letters of every app."""
    kinds.register(kinds.Kind(name=LETTER, decide=decide, render=render))
    kinds.register_hold("spaces.quiet", hold_while_quiet)


def hold_while_quiet(letter: Letter, now: datetime) -> datetime | None:
    """Until when a letter to somebody else waits, because the quiet time of whoever caused it runs (A.m.pursuit).

    What goes to that person themselves is not held. (No hold is asked about what nobody caused: a reminder that both
    agreed to is nobody's nudge.) The space is locked before the answer, so that ending the quiet time early cannot miss
    a letter.
    """
    if letter.caused_by_id == letter.recipient_id:
        return None
    quiet = Seat.objects.filter(user=letter.caused_by_id, left_at=None, quiet_until__gt=now)
    seat = quiet.first()
    if seat is None:
        return None
    lock(seat.space)
    return quiet.values_list("quiet_until", flat=True).first()


def decide(letter: Letter, now: datetime) -> kinds.Send | kinds.Hold | kinds.Drop:
    """Sends an invitation only while it could be accepted, and where it may go to its address."""
    invitation = Invitation.objects.filter(pk=letter.occurrence).select_related("space", "seat").first()
    if invitation is None or not queries.is_open(invitation, now):
        return kinds.Drop("no longer open")
    if not letter.payload.get("goes", True):
        return kinds.Drop("may not be sent")
    if queries.is_refused(invitation):
        return kinds.Drop("address refused")
    return kinds.Send()


def render(letter: Letter, now: datetime) -> kinds.Mail:
    """The mail of one invitation, with its token in the link."""
    invitation = Invitation.objects.select_related("seat__user").get(pk=letter.occurrence)
    return mail(name=invitation.seat.name if invitation.shows_name else "", token=letter.payload["token"])


def mail(*, name: str, token: str) -> kinds.Mail:
    """The exact words of the mail; the inviter reads them before sending."""
    return kinds.mail(
        "invitation",
        _("A note for you"),
        {
            "name": rules.first_name(name),
            "link": absolute(f"/invitation/{token}/"),
            "no_more": absolute(f"/invitation/{token}/no-more/"),
        },
    )
