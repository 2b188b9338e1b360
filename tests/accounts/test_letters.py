"""The mail about signing in: discreet, in our words, and not sent when its code no longer works."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import allauth.account
import pytest

from apps.accounts import letters
from apps.outbox import kinds
from apps.outbox.models import Letter


def letter(now: datetime, **payload: object) -> Letter:
    return Letter(kind=letters.SIGN_IN, occurrence="1", address="mara@example.org", payload=payload, due_at=now)


def test_every_mail_that_allauth_can_send_has_our_words() -> None:
    source = "".join(file.read_text() for file in Path(allauth.account.__file__).parent.rglob("*.py"))
    sent = set(re.findall(r'"account/email/(\w+)"', source)) - {"password_reset_key"}  # by link; here it is by code
    assert sent <= letters.CODES | letters.NOTES.keys()


@pytest.mark.parametrize("name", sorted(letters.CODES | letters.NOTES.keys()))
def test_a_mail_is_discreet_and_the_same_in_text_and_html(name: str) -> None:
    mail = letters.mail(name, {"code": "ABC-123", "user": None, "ip": "192.0.2.7", "user_agent": "Browser"})
    assert mail.subject in {"Your code", "About your account"}
    assert "192.0.2.7" not in mail.text + mail.html and "Browser" not in mail.text
    assert ("ABC-123" in mail.text) == ("ABC-123" in mail.html) == (name in letters.CODES)
    assert not re.search(r"couple|relationship|partner|marriage", mail.text + mail.html, re.IGNORECASE)
    assert not re.search(r"<img|<link|<script|url\(|@import", mail.html)


def test_the_code_is_not_in_what_a_lock_screen_shows() -> None:
    mail = letters.mail("email_confirmation", {"code": "ABC-123"})
    preview = re.search(r'<div style="display:none.*?>(.*?)</div>', mail.html, re.DOTALL)
    assert preview and "ABC-123" not in preview[1] and "ABC-123" not in mail.subject


def test_a_code_is_dropped_when_it_no_longer_works(now: datetime) -> None:
    code = letter(now, is_code=True)
    assert letters.decide(code, now + timedelta(minutes=20)) == kinds.Send()
    assert letters.decide(code, now + timedelta(minutes=21)) == kinds.Drop("expired")


def test_a_notice_is_sent_however_late(now: datetime) -> None:
    assert letters.decide(letter(now, is_code=False), now + timedelta(days=3)) == kinds.Send()


def test_a_letter_says_what_was_written_when_it_was_asked_for(now: datetime) -> None:
    mail = letters.render(letter(now, subject="Your code", text="ABC-123", html="<p>ABC-123</p>"), now)
    assert mail == kinds.Mail(subject="Your code", text="ABC-123", html="<p>ABC-123</p>")
