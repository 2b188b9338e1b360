"""Signing up, in, and out, with the codes taken out of the letters."""

import re
from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from apps.accounts.letters import SIGN_IN
from apps.accounts.models import User
from apps.outbox.models import Letter

pytestmark = pytest.mark.django_db
PASSWORD = "three ordinary words"


@pytest.fixture(autouse=True)
def no_old_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def newest() -> Letter:
    return Letter.objects.filter(kind=SIGN_IN).latest("created_at")


def newest_code() -> str:
    found = re.search(r"asked for:\s+(\S+)", newest().payload["text"])
    assert found
    return found[1]


def sign_up(client: Client, address: str, then: str = "") -> HttpResponse:
    return client.post(reverse("account_signup"), {"email": address, "password1": PASSWORD, "next": then})  # type: ignore[return-value]


def type_code(client: Client, code: str) -> HttpResponse:
    return client.post(reverse("account_email_verification_sent"), {"code": code})  # type: ignore[return-value]


def sign_in(client: Client, address: str, password: str = PASSWORD) -> HttpResponse:
    return client.post(reverse("account_login"), {"login": address, "password": password})  # type: ignore[return-value]


def member(address: str = "mara@example.org", name: str = "Mara") -> User:
    user = User.objects.create_user(address, PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def test_from_sign_up_to_the_first_question(client: Client) -> None:
    assert sign_up(client, "Mara@Example.org").headers["Location"] == reverse("account_email_verification_sent")
    letter = newest()
    assert (letter.address, letter.payload["subject"]) == ("mara@example.org", "Your code")
    assert type_code(client, newest_code()).headers["Location"] == reverse("home")
    assert client.get(reverse("home")).headers["Location"] == reverse("welcome")
    page = client.get(reverse("welcome"))
    assert "What should we call you?" in page.content.decode()
    done = client.post(reverse("welcome"), {"name": "Mara", "time_zone": "Europe/Berlin"})
    assert (done.status_code, done.headers["Location"]) == (303, reverse("plans:first"))
    user = User.objects.get()
    assert (user.email, user.name, user.time_zone) == ("mara@example.org", "Mara", "Europe/Berlin")
    assert user.password.startswith("argon2")


def test_somebody_who_came_with_an_invitation_keeps_it_and_gets_back_to_it(client: Client) -> None:
    session = client.session
    session["invitation"] = "kept"
    session.save()
    sign_up(client, "mara@example.org", then="/invitation/")
    assert type_code(client, newest_code()).headers["Location"] == "/invitation/"
    assert client.session["invitation"] == "kept"
    welcome = client.post(f"{reverse('welcome')}?next=/invitation/", {"name": "Mara", "time_zone": "UTC"})
    assert welcome.headers["Location"] == "/invitation/"


def test_the_session_key_changes_when_somebody_signs_in(client: Client) -> None:
    member()
    session = client.session
    session["invitation"] = "kept"
    session.save()
    before = session.session_key
    sign_in(client, "mara@example.org")
    assert client.session.session_key != before
    assert client.session["invitation"] == "kept"


def test_a_wrong_code_says_so_and_the_third_one_ends_it(client: Client) -> None:
    sign_up(client, "mara@example.org")
    for _attempt in range(2):
        assert "That is not the code" in type_code(client, "WRONG1").content.decode()
    assert type_code(client, "WRONG1").status_code == 302
    assert type_code(client, newest_code()).headers["Location"] == reverse("account_login")
    assert not client.session.get("_auth_user_id")


@pytest.mark.parametrize("code", ["", "\x00", "a" * 100_000, "\r\nBcc: x", "🦊"])
def test_a_strange_code_is_a_wrong_code(client: Client, code: str) -> None:
    sign_up(client, "mara@example.org")
    assert type_code(client, code).status_code == 200


def test_signing_up_with_a_known_address_looks_the_same(client: Client) -> None:
    member("known@example.org")
    pages = []
    for address in ("known@example.org", "fresh@example.org"):
        someone = Client()
        answer = sign_up(someone, address)
        page = someone.get(answer.headers["Location"]).content.decode()
        wrong = type_code(someone, "WRONG1")
        pages.append(
            [answer.status_code, answer.headers["Location"], wrong.status_code]
            + [blank(text, address) for text in (page, wrong.content.decode())]
        )
    assert pages[0] == pages[1]
    subjects = {letter.address: letter.payload["subject"] for letter in Letter.objects.all()}
    assert subjects == {"known@example.org": "About your account", "fresh@example.org": "Your code"}


def test_asking_for_a_new_password_looks_the_same_for_known_and_unknown(client: Client) -> None:
    member("known@example.org")
    pages = []
    for address in ("known@example.org", "fresh@example.org"):
        someone = Client()
        answer = someone.post(reverse("account_reset_password"), {"email": address})
        page = someone.get(answer.headers["Location"]).content.decode()
        pages.append([answer.status_code, answer.headers["Location"], blank(page, address)])
    assert pages[0] == pages[1]


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer() -> None:
    member("known@example.org")
    answers = [
        blank(sign_in(Client(), address, "something else").content.decode(), address)
        for address in ("known@example.org", "fresh@example.org")
    ]
    assert answers[0] == answers[1]


def blank(page: str, address: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page).replace(address, "ADDRESS")


def test_a_new_password_by_code_signs_other_devices_out(client: Client) -> None:
    member()
    other_device = Client()
    sign_in(other_device, "mara@example.org")
    assert other_device.get(reverse("account_change_password")).status_code in (200, 302)
    client.post(reverse("account_reset_password"), {"email": "mara@example.org"})
    assert newest().payload["subject"] == "Your code"
    client.post(reverse("account_confirm_password_reset_code"), {"code": newest_code()})
    new = {"password1": "four ordinary words here", "password2": "four ordinary words here"}
    client.post(reverse("account_complete_password_reset"), new)
    assert newest().payload["subject"] == "About your account"
    assert other_device.get(reverse("account_change_password")).headers["Location"].startswith(reverse("account_login"))
    assert sign_in(Client(), "mara@example.org", "four ordinary words here").headers["Location"] == reverse("home")


def test_changing_the_password_keeps_this_device_and_ends_the_others(client: Client) -> None:
    member()
    other_device = Client()
    for each in (client, other_device):
        sign_in(each, "mara@example.org")
    new = {"oldpassword": PASSWORD, "password1": "four ordinary words here", "password2": "four ordinary words here"}
    assert client.post(reverse("account_change_password"), new).status_code == 302
    assert newest().payload["subject"] == "About your account"
    assert client.get(reverse("account_change_password")).status_code == 200
    assert other_device.get(reverse("account_change_password")).headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("password", "fine"), [("password123", False), ("short", False), ("weiß nicht", True), ("a" * 70, True)]
)
def test_passwords_need_length_and_nothing_else(client: Client, password: str, fine: bool) -> None:
    answer = client.post(reverse("account_signup"), {"email": "mara@example.org", "password1": password})
    assert (answer.status_code == 302) is fine


@pytest.mark.parametrize(
    "address",
    ["mara", "ma\x00ra@example.org", "mara@example.org\r\nBcc: x@example.org", "a" * 300 + "@example.org", "🦊", ""],
)
def test_an_odd_address_gets_a_sentence_and_no_letter(client: Client, address: str) -> None:
    for name, field in (("account_signup", "email"), ("account_login", "login"), ("account_reset_password", "email")):
        answer = client.post(reverse(name), {field: address, "password1": PASSWORD, "password": PASSWORD})
        assert answer.status_code == 200
        assert 'class="error"' in answer.content.decode()
    assert not Letter.objects.exists()


def test_too_many_wrong_passwords_pause_that_address(settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    member()
    for _attempt in range(5):
        assert "do not belong together" in sign_in(Client(), "mara@example.org", "wrong password").content.decode()
    assert "wait five minutes" in sign_in(Client(), "mara@example.org", PASSWORD).content.decode()


def test_too_much_from_one_place_is_429_in_our_look(settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    sign_up(Client(), "one@example.org")
    answer = sign_up(Client(), "two@example.org")
    assert answer.status_code == 429
    assert "A little too often" in answer.content.decode()


def test_signing_out_clears_what_the_browser_kept(client: Client) -> None:
    client.force_login(member())
    answer = client.post(reverse("account_logout"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_the_pages_before_signing_in_have_our_look(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert "css/halfway" in page and "Leave this page" in page and "placeholder" not in page


@pytest.mark.parametrize(
    "name", ["account_email", "account_change_password", "account_logout", "account_reauthenticate"]
)
def test_the_pages_after_signing_in_have_our_look(client: Client, name: str) -> None:
    member()
    sign_in(client, "mara@example.org")
    page = client.get(reverse(name)).content.decode()
    assert "css/halfway" in page and "placeholder" not in page


def test_changing_the_address_needs_the_code_sent_to_the_new_one(client: Client) -> None:
    user = member()
    sign_in(client, "mara@example.org")
    asked = client.post(reverse("account_email"), {"email": "new@example.org", "action_add": "1"})
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked.headers["Location"], {"password": PASSWORD})  # and then the change goes on by itself
    user.refresh_from_db()
    assert user.email == "mara@example.org"
    assert newest().address == "new@example.org"
    client.post(reverse("account_email_verification_sent"), {"code": newest_code()})
    user.refresh_from_db()
    assert user.email == "new@example.org"
