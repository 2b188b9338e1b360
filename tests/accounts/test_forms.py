"""Bad input gets a sentence beside the field, and never a 500."""

import pytest

from apps.accounts.forms import MailWishesForm, ProfileForm, WelcomeForm
from apps.accounts.models import User


@pytest.mark.parametrize(
    "name", ["Ma\x00ra", "Ma\r\nBcc: x@example.org", "\u202eeraM", "\u200d\u200d", "a" * 61, "a" * 1_000_000, "", "  "]
)
def test_a_bad_name_is_answered_beside_the_field(name: str) -> None:
    form = ProfileForm({"name": name, "time_zone": "UTC"})
    assert not form.is_valid()
    assert len(form.errors["name"]) == 1
    assert str(form.errors["name"][0]).startswith(("Please", "That"))


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "UTC\x00", "a" * 100_000])
def test_a_bad_zone_is_answered_beside_the_field(zone: str) -> None:
    form = ProfileForm({"name": "Mara", "time_zone": zone})
    assert list(form.errors) == ["time_zone"]


def test_a_good_name_is_kept_as_written() -> None:
    form = ProfileForm({"name": " Zoë 🦊 ", "time_zone": "Europe/Berlin"})
    assert form.is_valid()
    assert form.cleaned_data == {"name": "Zoë 🦊", "time_zone": "Europe/Berlin"}


def test_the_values_to_begin_with_are_the_persons_own() -> None:
    user = User(name="Mara", time_zone="Europe/Berlin", mail_reminders=False)
    assert ProfileForm(user=user)["time_zone"].initial == "Europe/Berlin"
    assert MailWishesForm(user=user)["mail_reminders"].initial is False


def test_only_the_welcome_page_guesses_the_zone_and_only_before_somebody_chose() -> None:
    assert "data-guess-time-zone" in str(WelcomeForm()["time_zone"])
    assert "data-guess-time-zone" not in str(WelcomeForm({"name": "", "time_zone": "UTC"})["time_zone"])
    assert "data-guess-time-zone" not in str(ProfileForm()["time_zone"])
