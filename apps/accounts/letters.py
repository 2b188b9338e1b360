"""The words of every mail about signing in, and when one of them is too late to be sent.

All of them are somebody's own request or a notice about their own account, so mail wishes do not hold them back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts import actions
from apps.accounts.rules import CODE_LIFE
from apps.core.links import absolute
from apps.outbox import kinds
from apps.outbox.models import Letter

SIGN_IN = "accounts.sign-in"


@dataclass(frozen=True)
class Words:
    """One mail about an account: its sentences, and the one thing to press where there is one."""

    sentences: list[str]
    why: str
    preview: str = ""
    label: str = ""
    link: str = ""


def register_kinds() -> None:
    """Tells the outbox about the mails of this app."""
    kinds.register(kinds.Kind(name=SIGN_IN, decide=decide, render=render))
    kinds.register_refusals("accounts", kinds.Refusals(note=actions.note_refused_address, stops=is_refused))


def is_refused(letter: Letter) -> bool:
    """Whether mail to this person rests, because the server of their address refused it."""
    return letter.recipient is not None and letter.recipient.mail_is_refused


def decide(letter: Letter, now: datetime) -> kinds.Send | kinds.Drop:
    """A code that no longer works is not sent; a notice always is."""
    if letter.payload.get("is_code") and now - letter.due_at > CODE_LIFE:
        return kinds.Drop("expired")
    return kinds.Send()


def render(letter: Letter, now: datetime) -> kinds.Mail:
    """The mail as it was written when somebody asked for it."""
    return kinds.Mail(subject=letter.payload["subject"], text=letter.payload["text"], html=letter.payload["html"])


def mail(name: str, context: dict[str, Any]) -> kinds.Mail:
    """The mail that allauth calls `name`. Raises LookupError for one that has no words here.

    The address of the machine that asked, which allauth offers, is left out: others may read this mailbox.
    """
    if name in CODES:
        return kinds.mail("account_code", _("Your code"), {"code": context["code"]})
    words = NOTES[name]()
    return kinds.mail("account_note", _("About your account"), vars(words))


def already_known() -> Words:
    return Words(
        sentences=[
            _("Somebody, most likely you, wanted to open an account with this address. There is one already."),
            _("You can sign in as usual. If the password has slipped away, you can choose a new one."),
        ],
        why=_("If that was not you, you need not do anything. Nothing has changed."),
        preview=_("Nothing has changed."),
        label=_("Sign in"),
        link=absolute(reverse("account_login")),
    )


def unknown() -> Words:
    return Words(
        sentences=[
            _("Somebody, most likely you, asked for a code for this address. There is no account with it here."),
            _("Perhaps you used another address. You can also open a new account."),
        ],
        why=_("If that was not you, you need not do anything. This address has not been kept."),
        preview=_("Nothing has changed."),
        label=_("Open an account"),
        link=absolute(reverse("account_signup")),
    )


def changed(what: str) -> Words:
    return Words(
        sentences=[what, _("If that was you, all is well and there is nothing to do.")],
        why=_("If that was not you, choose a new password now. That signs out every other device."),
        preview=_("A note about a change."),
        label=_("Choose a new password"),
        link=absolute(reverse("account_reset_password")),
    )


def password_changed() -> Words:
    return changed(_("Your password has just been changed. Other devices have been signed out."))


def address_changed() -> Words:
    return changed(_("The address you sign in with has just been changed."))


def address_confirmed() -> Words:
    return changed(_("This address has just been confirmed for your account."))


CODES = frozenset({"email_confirmation", "email_confirmation_signup", "login_code", "password_reset_code"})
NOTES = {
    "account_already_exists": already_known,
    "unknown_account": unknown,
    "password_changed": password_changed,
    "password_set": password_changed,
    "password_reset": password_changed,
    "email_changed": address_changed,
    "email_deleted": address_changed,
    "email_confirm": address_confirmed,
}
