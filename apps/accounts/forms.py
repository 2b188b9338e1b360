"""Forms about a person: what they are called, their time zone, which mail they want."""

from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from apps.accounts import rules
from apps.accounts.models import OwnTime, User
from apps.core import dates


class NameField(forms.CharField):
    """One line that people can read: no line break, no control character, nothing that turns the text around it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=rules.NAME_LENGTH, **options)
        self.error_messages |= {"required": _("Please tell us what to call you. A first name is enough.")}
        self.validators = [check_length]
        self.widget.attrs |= {"autocomplete": "given-name", "dir": "auto"}

    def to_python(self, value: Any) -> str:
        name = rules.tidy_name(super().to_python(value) or "")
        if not rules.is_one_line(name):
            raise ValidationError(_("Please write the name on one line, with letters and ordinary signs only."))
        if name and not rules.has_something_to_read(name):
            raise ValidationError(_("Please write a name that can be read."))
        return name


def check_length(name: str) -> None:
    if len(name) > rules.NAME_LENGTH:
        raise ValidationError(_("That is a little long. Please keep it to 60 characters."))


def zone_choices() -> list[tuple[str, Any]]:
    """The zones by region: UTC first, then each region with its cities as they are said."""
    first, *zones = rules.zone_names()
    regions = groupby(zones, key=lambda zone: zone.split("/", 1)[0])
    return [(first, first), *((region, [(zone, city(zone)) for zone in group]) for region, group in regions)]


def city(zone: str) -> str:
    """`America/Argentina/Buenos_Aires` as “Buenos Aires, Argentina”."""
    return ", ".join(reversed(zone.replace("_", " ").split("/")[1:]))


class ProfileForm(forms.Form):
    """What somebody is called, and in which zone they read hours. `user` gives the values to begin with."""

    name = NameField(label=_("What should we call you?"), help_text=_("The person you do this with reads it too."))
    time_zone = forms.ChoiceField(
        label=_("Your time zone"),
        choices=zone_choices,
        help_text=_("So that “at six in the evening” means your evening."),
        error_messages={
            "required": _("Please choose a time zone."),
            "invalid_choice": _("Please choose a time zone from the list."),
        },
    )

    def __init__(self, *args: Any, user: User | None = None, **options: Any) -> None:
        if user is not None:
            options["initial"] = {"name": user.name, "time_zone": user.time_zone, **(options.get("initial") or {})}
        super().__init__(*args, **options)


class WelcomeForm(ProfileForm):
    """The same, asked for the first time: the browser's own zone is chosen beforehand where scripts run."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.is_bound:
            self.fields["time_zone"].widget.attrs["data-guess-time-zone"] = ""


class MailWishesForm(forms.Form):
    """Which mail somebody wants. `user` gives the values to begin with."""

    mail_agreed = forms.BooleanField(
        label=_("Confirmations"),
        required=False,
        help_text=_("One mail when you have both agreed. Never your words."),
    )
    mail_reminders = forms.BooleanField(
        label=_("Reminders to look back"),
        required=False,
        help_text=_("One mail when the day has come, and again when you ask for it in the mail."),
    )
    mail_again = forms.BooleanField(
        label=_("A second one three days later"),
        required=False,
        help_text=_("Only where you have not looked back by then."),
    )
    mail_appointments = forms.BooleanField(
        label=_("Reminders of times for two"),
        required=False,
        help_text=_("One mail before a time that you have both accepted."),
    )
    mail_nothing = forms.BooleanField(
        label=_("No mail at all"),
        required=False,
        help_text=_("Only the codes you ask for, and notes about your own account. What is due is shown here instead."),
    )

    def __init__(self, *args: Any, user: User | None = None, **options: Any) -> None:
        if user is not None:
            wishes = {name: getattr(user, name) for name in self.base_fields}
            options["initial"] = {**wishes, **(options.get("initial") or {})}
        super().__init__(*args, **options)


class CoachForm(forms.Form):
    """Whether the coach says anything. `user` gives the value to begin with."""

    coach = forms.BooleanField(
        label=_("A thought beside what I write"),
        required=False,
        help_text=_(
            "Before you send something, how it may land and how else it could be said. It is worked out on "
            "this server, kept nowhere, and only you see it."
        ),
    )

    def __init__(self, *args: Any, user: User | None = None, **options: Any) -> None:
        if user is not None:
            options["initial"] = {"coach": user.coach}
        super().__init__(*args, **options)

    def is_on(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data["coach"])


class OwnTimeForm(forms.Form):
    """A weekday and an hour for one mail a week; “no mail” ends it. `own_time` gives the values to begin with."""

    weekday = forms.TypedChoiceField(label=_("On which day?"), required=False, coerce=int, empty_value=None)
    hour = forms.TypedChoiceField(label=_("At about"), coerce=int)

    def __init__(self, *args: Any, own_time: OwnTime | None = None, **options: Any) -> None:
        if own_time is not None and own_time.stopped_at is None:
            options["initial"] = {"weekday": own_time.weekday, "hour": own_time.hour}
        super().__init__(*args, **options)
        self.fields["weekday"].needed = True  # type: ignore[attr-defined]  # “No such mail” says that it is optional
        days = [(number, words) for number, words in WEEKDAYS.items()]
        self.fields["weekday"].choices = [("", _("No such mail")), *days]  # type: ignore[attr-defined]
        hours = [(hour, dates.whole_hour(hour)) for hour in range(9, 20)]
        self.fields["hour"].choices = hours  # type: ignore[attr-defined]
        self.fields["hour"].initial = self.initial.get("hour", 19)
