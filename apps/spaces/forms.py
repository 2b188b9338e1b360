from django import forms
from django.utils.translation import gettext_lazy as _


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
