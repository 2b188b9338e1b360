"""What a person changes about themselves."""

from datetime import datetime

import pytest

from apps.accounts import actions
from apps.accounts.models import User
from apps.core.errors import RuleBroken

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara() -> User:
    return User.objects.create_user("Mara@Example.org", "a long enough password")


def test_the_address_is_kept_in_lower_case_and_once(mara: User) -> None:
    assert mara.email == "mara@example.org"
    assert User.objects.get_by_natural_key("MARA@example.org") == mara


def test_a_profile_is_changed_and_says_whether_the_hours_moved(mara: User, now: datetime) -> None:
    assert actions.update_profile(by=mara, name=" Mara ", time_zone="Europe/Berlin", now=now)
    assert not actions.update_profile(by=mara, name="Mara", time_zone="Europe/Berlin", now=now)
    mara.refresh_from_db()
    assert (mara.name, mara.zone.key) == ("Mara", "Europe/Berlin")


@pytest.mark.parametrize(("name", "zone"), [("Ma\nra", "UTC"), ("", "UTC"), ("Mara", "Mars/Olympus")])
def test_a_broken_profile_changes_nothing(mara: User, now: datetime, name: str, zone: str) -> None:
    with pytest.raises(RuleBroken):
        actions.update_profile(by=mara, name=name, time_zone=zone, now=now)
    mara.refresh_from_db()
    assert (mara.name, mara.time_zone) == ("", "UTC")


@pytest.mark.parametrize(
    ("reminders", "nothing", "wants"), [(True, False, True), (False, False, False), (True, True, False)]
)
def test_mail_wishes(mara: User, now: datetime, reminders: bool, nothing: bool, wants: bool) -> None:
    actions.set_mail_wishes(by=mara, mail_reminders=reminders, mail_nothing=nothing, now=now)
    mara.refresh_from_db()
    assert mara.wants_mail is wants


def test_there_are_no_other_wishes(mara: User, now: datetime) -> None:
    with pytest.raises(TypeError):
        actions.set_mail_wishes(by=mara, mail_nothing=False, is_staff=True, now=now)


def test_nobody_notes_when_somebody_was_last_here(mara: User) -> None:
    assert "last_login" not in {field.name for field in User._meta.get_fields()}
    assert str(mara) == str(mara.pk)
