"""What is said when something could not be done: calmly, with the right status, and nothing typed lost."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User

TEXT = "I miss how we used to talk while we cooked, and I do not know how to begin."
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def strict(db: None) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("mara@example.org", "a long enough password", name="Mara"))
    return client


def test_an_old_page_of_ours_gives_the_text_back(strict: Client) -> None:
    answer = strict.post(reverse("welcome"), {"name": TEXT, "revision": "3"}, HTTP_ORIGIN="http://testserver")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert TEXT in page and "readonly" in page and 'name="revision" value="3"' in page
    assert f'action="{reverse("welcome")}"' in page and "csrfmiddlewaretoken" in page


@pytest.mark.parametrize("origin", ["https://example.org", "null", ""])
def test_a_strangers_form_is_refused_and_not_shown(strict: Client, origin: str) -> None:
    answer = strict.post(reverse("welcome"), {"name": TEXT}, HTTP_ORIGIN=origin)
    assert answer.status_code == 403
    assert TEXT not in answer.content.decode()


def test_a_password_is_never_shown_again(strict: Client) -> None:
    posted = {"login": "mara@example.org", "password": TEXT}
    answer = strict.post(reverse("account_login"), posted, HTTP_ORIGIN="http://testserver")
    assert answer.status_code == 403
    assert TEXT not in answer.content.decode()


def test_an_old_page_is_told_by_a_fragment_to_a_script(strict: Client) -> None:
    answer = strict.post(reverse("welcome"), {"name": TEXT}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (403, "#notices")
    assert "<html" not in answer.content.decode()


@pytest.mark.django_db
def test_more_than_a_page_can_carry_is_413(client: Client) -> None:
    answer = client.post(reverse("account_login"), {"login": "a" * 1_100_000})
    assert answer.status_code == 413
    assert "10,000 characters" in answer.content.decode()


@pytest.mark.django_db
def test_too_many_fields_are_413(client: Client) -> None:
    answer = client.post(reverse("account_login"), {f"field{number}": "" for number in range(600)})
    assert answer.status_code == 413


@pytest.mark.django_db
def test_what_cannot_be_read_is_400(client: Client) -> None:
    answer = client.get("/", HTTP_HOST="example.org")
    assert answer.status_code == 400
    assert "did not arrive as it should" in answer.content.decode()


@pytest.mark.django_db
def test_a_missing_page_has_our_look(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


@pytest.mark.django_db
def test_health_is_well(client: Client) -> None:
    answer = client.get(reverse("healthz"))
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "down": []})


@pytest.mark.django_db
def test_health_names_a_broker_that_is_away(client: Client, settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get(reverse("healthz"))
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "down": ["broker"]})


WITHOUT_A_DATABASE = """
import django, json
KEY = "a" * 32
django.setup()
from django.test import Client
for path, cookie, headers in [
    ("/healthz", "", {}), ("/healthz", KEY, {}), ("/", KEY, {}), ("/help/", KEY, {}),
    ("/accounts/exit/", KEY, {}),
    ("/plans/first/", KEY, {"HX-Request": "true"}), ("/accounts/login/", "", {}),
]:
    client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
    if cookie:
        client.cookies["sessionid"] = cookie
    answer = client.get(path, headers=headers)
    print(json.dumps([path, answer.status_code, answer.headers.get("Location", ""), answer.content.decode()]))
"""


@pytest.fixture(scope="module")
def away() -> dict[tuple[str, int], list[str]]:
    """Answers of a process whose database cannot be reached, by path and turn."""
    import json

    environment = os.environ | {
        "DATABASE_URL": "postgres://app:app@127.0.0.1:1/app",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    # The pool waits five seconds for each connection; a test need not.
    code = "from config import settings; settings.DATABASES['default']['OPTIONS']['pool']['timeout'] = 0.3\n"
    run = subprocess.run(
        [sys.executable, "-c", code + WITHOUT_A_DATABASE],
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    answers = [json.loads(line) for line in io.StringIO(run.stdout)]
    return {(path, turn): rest for turn, (path, *rest) in enumerate(answers)}


def test_without_the_database_health_says_which_one_is_away(away: dict[tuple[str, int], list[str]]) -> None:
    for turn in (0, 1):
        status, _location, body = away["/healthz", turn]
        assert status == 503 and '"database"' in body


def test_without_the_database_a_page_says_so_calmly(away: dict[tuple[str, int], list[str]]) -> None:
    for path, turn in (("/", 2), ("/help/", 3)):
        status, _location, body = away[path, turn]
        assert status == 503 and "We are not quite here right now" in body


def test_without_the_database_leaving_the_page_works(away: dict[tuple[str, int], list[str]]) -> None:
    assert away["/accounts/exit/", 4][:2] == [302, "/pages/soup/"]


def test_without_the_database_a_script_gets_a_fragment(away: dict[tuple[str, int], list[str]]) -> None:
    status, _location, body = away["/plans/first/", 5]
    assert status == 503 and "<html" not in body and "What you wrote is still on this page" in body
