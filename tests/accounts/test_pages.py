"""The welcome page, the way out, and what somebody who is not signed in is told."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User

pytestmark = pytest.mark.django_db
OWN = {"HTTP_ORIGIN": "http://testserver"}
TEXT = "I miss how we used to talk while we cooked, and I do not know how to begin."


@pytest.fixture
def nameless(client: Client) -> Client:
    client.force_login(User.objects.create_user("mara@example.org", "a long enough password"))
    return client


@pytest.fixture
def mara(client: Client) -> Client:
    client.force_login(User.objects.create_user("mara@example.org", "a long enough password", name="Mara"))
    return client


# welcome


@pytest.mark.parametrize("name", ["home", "account_email", "plans:first"])
def test_somebody_without_a_name_is_asked_for_it_first(nameless: Client, name: str) -> None:
    assert nameless.get(reverse(name)).headers["Location"].startswith(reverse("welcome"))


@pytest.mark.parametrize("name", ["help", "healthz", "account_logout", "soup"])
def test_help_and_leaving_come_before_the_name(nameless: Client, name: str) -> None:
    assert nameless.get(reverse(name)).status_code == 200


def test_where_somebody_wanted_to_go_is_kept_over_the_welcome_page(nameless: Client) -> None:
    address = nameless.get(reverse("account_email") + "?a=1").headers["Location"]
    assert 'name="next" value="/accounts/email/?a=1"' in nameless.get(address).content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", "/\\example.org", "\x00"]
)
def test_the_welcome_page_leads_nowhere_else(nameless: Client, elsewhere: str) -> None:
    answer = nameless.post(reverse("welcome"), {"name": "Mara", "time_zone": "UTC", "next": elsewhere})
    assert answer.headers["Location"] == reverse("plans:first")


@pytest.mark.parametrize("name", ["", "Ma\r\nra", "Ma\x00ra", "\u202eMara", "a" * 100_000])
def test_a_bad_name_keeps_the_page(nameless: Client, name: str) -> None:
    answer = nameless.post(reverse("welcome"), {"name": name, "time_zone": "UTC"})
    assert answer.status_code == 422
    assert 'id="id_name_error"' in answer.content.decode()


def test_a_name_of_a_script_is_only_text(nameless: Client) -> None:
    nameless.post(reverse("welcome"), {"name": "<script>alert(1)</script>", "time_zone": "UTC"})
    assert "<script>alert" not in nameless.get(reverse("help")).content.decode()


def test_with_a_name_there_is_nothing_to_welcome(mara: Client) -> None:
    assert mara.get(reverse("welcome")).headers["Location"] == reverse("home")


# the way out


def test_one_tap_signs_out_and_opens_a_page_about_soup(mara: Client) -> None:
    answer = mara.get(reverse("exit"))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("soup"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert "_auth_user_id" not in mara.session
    page = mara.get(reverse("soup")).content.decode()
    assert "lentil" in page and "alfway" not in page


@pytest.mark.parametrize(
    "headers", [{"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}]
)
def test_fetching_ahead_signs_nobody_out(mara: Client, headers: dict[str, str]) -> None:
    assert mara.get(reverse("exit"), headers=headers).status_code == 503
    assert "_auth_user_id" in mara.session


@pytest.mark.parametrize("method", ["head", "post", "options"])
def test_only_a_get_leaves(mara: Client, method: str) -> None:
    assert getattr(mara, method)(reverse("exit")).status_code == 405
    assert "_auth_user_id" in mara.session


def test_leaving_works_for_somebody_who_is_not_signed_in(client: Client) -> None:
    assert client.get(reverse("exit")).headers["Location"] == reverse("soup")


# not signed in


def test_a_page_leads_to_signing_in_and_back(client: Client) -> None:
    address = reverse("account_change_password")
    assert client.get(address).headers["Location"] == f"{reverse('account_login')}?next={address}"


def test_an_unknown_address_is_404_for_everybody(client: Client) -> None:
    assert client.get("/no/such/page/").status_code == 404


def test_a_script_is_told_in_a_fragment_that_leaves_the_text_where_it_is(client: Client) -> None:
    answer = client.post(reverse("welcome"), {"name": TEXT}, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#notices"
    page = answer.content.decode()
    assert "<html" not in page and 'target="_blank"' in page and reverse("account_login") in page


def test_a_plain_form_without_a_session_gives_the_text_back(client: Client) -> None:
    answer = client.post(reverse("welcome"), {"name": TEXT, "time_zone": "UTC", "revision": "3"}, **OWN)
    page = answer.content.decode()
    assert answer.status_code == 401
    assert TEXT in page and 'name="revision" value="3"' in page and "Sign in beside this page" in page


def test_a_strangers_form_is_not_shown(client: Client) -> None:
    answer = client.post(reverse("welcome"), {"name": TEXT}, HTTP_ORIGIN="https://example.org")
    assert answer.status_code == 401
    assert TEXT not in answer.content.decode()


def test_a_button_pressed_before_the_name_leads_back_to_its_page(nameless: Client) -> None:
    answer = nameless.post(reverse("account_email"), headers={"Referer": "http://testserver/invitation/"})
    assert answer.headers["Location"] == f"{reverse('welcome')}?next=%2Finvitation%2F"
    answer = nameless.post(reverse("account_email"), headers={"Referer": "https://example.org/invitation/"})
    assert answer.headers["Location"] == reverse("welcome")
