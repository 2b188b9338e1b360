"""Where allauth meets our outbox, our words and our rules about sessions."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts import letters
from apps.core import clock
from apps.outbox import actions as outbox


class AccountAdapter(DefaultAccountAdapter):
    """Every mail of allauth becomes a Letter in the same transaction, so that a code cannot get lost (law 4)."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("That address and that password do not belong together. Please look again."),
        "incorrect_code": _("That is not the code. Please look at the newest mail again."),
        "incorrect_password": _("That is not your password. Please look again."),
        "too_many_login_attempts": _("That was a few times too often. Please wait five minutes, then try again."),
        "rate_limited": _("That was quite a lot at once. Please wait a moment, then try again."),
        "same_as_current": _("That is already what it is now."),
        "email_taken": _("This address cannot be used here."),
        "enter_current_password": _("Please type the password you have now."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        name = template_prefix.rsplit("/", 1)[-1]
        mail, now = letters.mail(name, context), clock.now()
        payload = {"subject": mail.subject, "text": mail.text, "html": mail.html, "is_code": name in letters.CODES}
        outbox.post(kind=letters.SIGN_IN, occurrence=uuid4().hex, address=email, payload=payload, due_at=now, now=now)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Takes as long as making an account does, so that a stopwatch does not tell whose address is known."""
        make_password(uuid4().hex)
        super().send_account_already_exists_mail(email)

    def logout(self, request: HttpRequest) -> None:
        super().logout(request)
        request.signed_out = True  # type: ignore[attr-defined]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def get_user_search_fields(self) -> list[str]:
        return ["email"]

    def populate_username(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """There is no user name to fill in."""
