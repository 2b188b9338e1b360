from django import forms
from django.utils.translation import gettext_lazy as _

from apps.spaces import rules

CHOOSE_LENGTH = _("Please choose how long.")


QUIET_NAMES = {
    24: _("One day"),
    48: _("Two days"),
    72: _("Three days"),
    120: _("Five days"),
    168: _("A week"),
}


class QuietForm(forms.Form):
    """How long a quiet time is to run."""

    hours = forms.TypedChoiceField(
        label=_("How long?"),
        choices=[(hours, QUIET_NAMES[hours]) for hours in rules.QUIET_HOURS],
        coerce=int,
        initial=rules.QUIET_USUAL,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_LENGTH, "invalid_choice": CHOOSE_LENGTH},
    )


class MailInvitationForm(forms.Form):
    """Whom to invite by mail, and whether the mail may say the inviter's first name."""

    address = forms.EmailField(
        label=_("Their e-mail address"),
        max_length=254,
        error_messages={"invalid": _("That does not look like an e-mail address. Please look again.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    shows_name = forms.TypedChoiceField(
        label=_("What the mail says"),
        choices=[("yes", _("With my first name")), ("no", _("Without any name"))],
        coerce=lambda value: value == "yes",
        initial="yes",
        widget=forms.RadioSelect,
    )
