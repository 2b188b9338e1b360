"""The local mailbox shows every mail, whatever a half-written or strange file holds."""

import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import include, path

from config.urls import urlpatterns


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    urls = ModuleType("urls_with_mailbox")
    urls.urlpatterns = [path("dev/mailbox/", include("apps.outbox.mailbox_urls")), *urlpatterns]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = urls
    settings.DEV_MAILBOX = str(tmp_path / "mail")
    return tmp_path / "mail"


def put(folder: Path, name: str, data: bytes, *, at: int = 1_800_000_000) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    os.utime(folder / name, (at, at))


def a_mail(subject: str = "Your code", html: str = "<html><head></head><body>Hi</body></html>") -> bytes:
    mail = EmailMultiAlternatives(subject, "See https://example.org/x", "Halfway <h@localhost>", ["mara@example.org"])
    mail.attach_alternative(html, "text/html")
    return mail.message().as_bytes()


pytestmark = pytest.mark.django_db


def test_before_the_first_mail(folder: Path, client: Client) -> None:
    assert "No mail yet" in client.get("/dev/mailbox/").content.decode()


def test_newest_first_and_each_part(folder: Path, client: Client) -> None:
    put(folder, "a.eml", a_mail("Older"), at=1_800_000_000)
    put(folder, "b.eml", a_mail("Newer ü"), at=1_800_000_100)
    page = client.get("/dev/mailbox/").content.decode()
    assert 0 < page.index("Newer ü") < page.index("Older")
    assert "mara@example.org" in page
    one = client.get("/dev/mailbox/b.eml/").content.decode()
    assert 'href="https://example.org/x"' in one
    assert 'sandbox="allow-top-navigation-by-user-activation"' in one
    raw = client.get("/dev/mailbox/b.eml/raw")
    assert raw["Content-Type"].startswith("text/plain")
    assert b"Message-ID" in raw.content


def test_the_html_part_runs_nothing(folder: Path, client: Client) -> None:
    put(folder, "a.eml", a_mail(html="<html><head></head><body><script>alert(1)</script></body></html>"))
    response = client.get("/dev/mailbox/a.eml/html")
    policy = response["Content-Security-Policy"]
    assert "script-src 'none'" in policy
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "sandbox allow-top-navigation-by-user-activation" in policy
    assert "allow-scripts" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert b'<base target="_top">' in response.content
    other = client.get("/dev/mailbox/a.eml/")["Content-Security-Policy"]
    assert "unsafe-inline" not in other
    assert "frame-ancestors 'none'" in other


STRANGE = {
    "empty.eml": b"",
    "half.eml": a_mail()[:200],
    "cut.eml": a_mail()[:-30],
    "noise.eml": bytes(range(256)) * 50,
    "charset.eml": b"Subject: x\r\nContent-Type: text/plain; charset=no-such\r\n\r\nhello \xff",
    "multipart.eml": b"Subject: x\r\nContent-Type: multipart/alternative\r\n\r\n--x\r\n",
    "base64.eml": b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
    "header.eml": b"Subject: =?utf-8?b?////?=\r\nTo: <<<>>,;\r\n\r\nbody",
    "to.eml": b'To: "\r\nSubject: [\r\n\r\n',
    "script.eml": b"Subject: <script>alert(1)</script>\r\n\r\n<script>alert(2)</script>",
    "surrogate.eml": b"Subject: \xed\xa0\x80\r\n\r\n\xed\xa0\x80",
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_files_break_no_page(folder: Path, client: Client, name: str) -> None:
    put(folder, name, STRANGE[name])
    for address in ("/dev/mailbox/", f"/dev/mailbox/{name}/", f"/dev/mailbox/{name}/html", f"/dev/mailbox/{name}/raw"):
        response = client.get(address)
        assert response.status_code == 200, address
        if not address.endswith(("html", "raw")):
            assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "missing.eml",
        "..%2f..%2fetc%2fpasswd",
        "..",
        ".eml",
        ".hidden.eml",
        "link.eml",
        "folder.eml",
        "note.txt",
        "a%00.eml",
    ],
)
def test_only_mails_of_the_folder(folder: Path, client: Client, name: str) -> None:
    put(folder, "a.eml", a_mail())
    put(folder, "note.txt", b"note")
    put(folder, ".hidden.eml", a_mail())
    (folder / "link.eml").symlink_to("/etc/passwd")
    (folder / "folder.eml").mkdir()
    assert client.get("/dev/mailbox/").status_code == 200
    for end in ("", "html", "raw"):
        assert client.get(f"/dev/mailbox/{name}/{end}").status_code == 404


def test_nothing_is_changed_by_looking(folder: Path, client: Client) -> None:
    put(folder, "a.eml", a_mail())
    assert client.post("/dev/mailbox/").status_code == 405
    assert client.post("/dev/mailbox/a.eml/").status_code == 405


def test_without_a_folder_there_is_no_mailbox(folder: Path, client: Client, settings: Any) -> None:
    settings.DEV_MAILBOX = ""
    assert client.get("/dev/mailbox/").status_code == 404
