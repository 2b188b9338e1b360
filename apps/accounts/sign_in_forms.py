"""allauth's forms in our words: labels above the fields, no text inside of them, one sentence about passwords."""

from typing import Any

from allauth.account import forms as theirs
from django.core.validators import EmailValidator, MaxLengthValidator
from django.utils.translation import gettext_lazy as _

PASSWORD_HINT = _("At least eight characters. A few ordinary words in a row are good.")
LABELS = {
    "login": _("Your e-mail address"),
    "email": _("Your e-mail address"),
    "password": _("Your password"),
    "oldpassword": _("The password you have now"),
    "password1": _("A new password"),
    "password2": _("The same once more"),
    "code": _("The code"),
    "remember": _("Stay signed in on this device"),
}
MISSING = {
    "login": _("Please type the address you sign in with."),
    "email": _("Please type an e-mail address."),
    "password": _("Please type your password."),
    "oldpassword": _("Please type the password you have now."),
    "password1": _("Please choose a password."),
    "password2": _("Please type it once more."),
    "code": _("Please type the code from the mail."),
}


ODD_ADDRESS = _("That does not look like an e-mail address. Please look again.")


class OurWords:
    """Mixed into a form of allauth: replaces its words once the form has made its fields."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if name in MISSING:
                field.error_messages["required"] = MISSING[name]
            if name in ("login", "email"):
                field.validators = [EmailValidator(ODD_ADDRESS), MaxLengthValidator(254, ODD_ADDRESS)]
            if name == "password1":
                field.help_text = PASSWORD_HINT
            if name == "code":
                field.widget.attrs |= {"class": "code", "autocapitalize": "characters", "spellcheck": "false"}


class LoginForm(OurWords, theirs.LoginForm):
    pass


class SignupForm(OurWords, theirs.SignupForm):
    pass


class AddEmailForm(OurWords, theirs.AddEmailForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].label = _("The new address")


class ChangePasswordForm(OurWords, theirs.ChangePasswordForm):
    pass


class SetPasswordForm(OurWords, theirs.SetPasswordForm):
    pass


class ResetPasswordForm(OurWords, theirs.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(OurWords, theirs.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(OurWords, theirs.ReauthenticateForm):
    pass


class ConfirmEmailVerificationCodeForm(OurWords, theirs.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmPasswordResetCodeForm(OurWords, theirs.ConfirmPasswordResetCodeForm):
    pass
