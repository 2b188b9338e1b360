"""The links with which somebody switches one kind of mail off, from the mail itself and without signing in."""

from datetime import date
from uuid import UUID

from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.rules import MAIL_WISHES, OWN_TIME, STOP_LINK_LIFE
from apps.core.links import absolute
from apps.vault import tokens

PURPOSE = "accounts.stop-mail"


def stop_address(user: User, wish: str, made_on: date) -> str:
    """The address that ends mail of one kind for `user`; for the mail's foot and for List-Unsubscribe (RFC 8058)."""
    values = {"user": user.pk.hex, "wish": wish, "on": made_on.isoformat()}
    return absolute(reverse("stop_mail", args=[tokens.make(PURPOSE, values)]))


def read_stop(token: str, today: date) -> tuple[User, str] | None:
    """Whose mail of which kind a link ends; None for one that is altered, foreign, old, or of somebody who is gone."""
    values = tokens.read(PURPOSE, token)
    if values is None or values["wish"] not in (*MAIL_WISHES, OWN_TIME):
        return None
    if today - date.fromisoformat(values["on"]) > STOP_LINK_LIFE:
        return None
    user = User.objects.filter(pk=UUID(values["user"]), is_active=True).first()
    return (user, values["wish"]) if user else None
