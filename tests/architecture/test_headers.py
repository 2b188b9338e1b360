"""Every answer carries what keeps a browser from running, framing, keeping or passing on what it should not."""

import base64
import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.addresses import NAMES, VALUES
from tests.walk import Walk, again, in_the_afternoon, rolled_back
from tests.world import couple, new_browser

pytestmark = pytest.mark.usefixtures("db")

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
}
# Here the address itself is a secret: it goes nowhere as a referrer.
SECRETS = {"spaces:arrive", "spaces:arrive_no_more", "appointments:feed"}


@pytest.fixture(scope="module")
def walk(house: None) -> Walk:
    one, two = couple("Mara", "Jonas")
    in_the_afternoon(one, two)
    return Walk(one, two).first()


def address_of(name: str) -> str:
    given: dict[str, Any] = {"number": 1, "place": "listen", "key": "telling", "token": "t" * 43}
    given["lineage"] = "00000000-0000-0000-0000-000000000000"
    return reverse(name, kwargs={key: value for key, value in given.items() if key in VALUES[name]})


def check(answer: Any, *, what: str) -> None:
    for header, value in FIXED.items():
        assert answer.headers.get(header) == value, f"{what}: {header}"
    assert answer.headers.get("Referrer-Policy") in ("same-origin", "no-referrer", "strict-origin"), what
    rules = dict(rule.strip().partition(" ")[::2] for rule in answer.headers["Content-Security-Policy"].split(";"))
    assert rules.items() >= POLICY.items(), what
    assert "unsafe" not in answer.headers["Content-Security-Policy"], what
    assert re.fullmatch(r"'self'( 'nonce-[\w+/=-]+')?", rules["script-src"]), what


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_has_them(walk, name):
    for who, browser in (("anonymous", new_browser()), ("one", again(walk.one))):
        for method in ("get", "post"):
            with rolled_back():
                answer = getattr(browser, method)(address_of(name))
            check(answer, what=f"{method} {name} as {who}")
            if who == "one" and name != "healthz":
                assert "no-store" in answer.headers["Cache-Control"], name
            if name in SECRETS and answer.status_code != 405:
                assert answer.headers["Referrer-Policy"] in ("no-referrer", "strict-origin"), name


def test_errors_have_them_too(walk, monkeypatch):
    strict, broken = Client(enforce_csrf_checks=True), again(walk.one)
    broken.raise_request_exception = False
    check(new_browser().get("/nowhere/"), what="404")
    check(strict.post("/plans/first/"), what="403")
    check(broken.post("/plans/first/", {"words": "x" * 1_000_001}), what="413")
    check(broken.generic("POST", "/plans/first/", b"x", "multipart/form-data"), what="400")
    monkeypatch.setattr("apps.plans.queries.open_plan", lambda seat: 1 / 0)
    answer = broken.get("/")
    assert answer.status_code == 500
    check(answer, what="500")


def test_cookies_are_kept_from_scripts_and_from_other_sites(walk):
    browser, user = Client(), walk.two.user
    user.set_password("a long one, and known")
    user.save()
    browser.post("/accounts/login/", {"login": user.email, "password": "a long one, and known"})
    browser.get("/settings/")
    session, token = browser.cookies["sessionid"], browser.cookies["csrftoken"]
    assert session["httponly"] is True
    assert {session["samesite"], token["samesite"]} == {"Lax"}


SETTINGS = (
    "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
    "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_SSL_REDIRECT", "DEBUG", "DEV_MAILBOX",
)  # fmt: skip


def test_a_deployment_speaks_https_only():
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "BASE_URL": "https://halfway.test",
        "SECRET_KEY": "k" * 50,
        "VAULT_KEYS": "one:" + base64.b64encode(b"v" * 32).decode(),
        "DATABASE_URL": "postgres://nobody@127.0.0.1/none",
        "REDIS_URL": "redis://127.0.0.1/0",
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "MAIL_FROM": "Halfway <halfway@halfway.test>",
    }
    ask = f"import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {SETTINGS}]))"
    answer = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)
    assert dict(zip(SETTINGS, json.loads(answer.stdout), strict=True)) == {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_SSL_REDIRECT": True,
        "DEBUG": False,
        "DEV_MAILBOX": "",
    }
