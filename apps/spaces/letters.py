"""The mail that carries an invitation. Neutral outside; inside at most the inviter's first name (law 5)."""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.core.links import absolute
from apps.outbox import kinds
from apps.outbox.models import Letter
from apps.spaces import queries, rules
from apps.spaces.actions import LETTER
from apps.spaces.models import Invitation


def register_kinds() -> None:
    """Tells the outbox about the mails of this app."""
    kinds.register(kinds.Kind(name=LETTER, decide=decide, render=render))


def decide(letter: Letter, now: datetime) -> kinds.Send | kinds.Hold | kinds.Drop:
    """Sends an invitation only while it could be accepted and its address takes invitations."""
    invitation = Invitation.objects.filter(pk=letter.occurrence).select_related("space", "seat").first()
    if invitation is None or not queries.is_open(invitation, now):
        return kinds.Drop("no longer open")
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
