"""The real stack itself: a page in a real browser, a mail by a real worker over real SMTP, and a killed worker."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.stack import Stack, received_at, text_of

pytestmark = pytest.mark.browser
NewContext = Callable[..., BrowserContext]


def sign_up(page: Page) -> str:
    """Asks for an account; returns the address its code goes to."""
    address = f"{uuid4().hex[:12]}@example.org"
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail", exact=False).first.fill(address)
    page.locator("input[type=password]").first.fill("a-long-walk-in-autumn")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("input[name=code]")).to_be_visible()
    return address


@pytest.mark.parametrize("javascript", [True, False])
def test_a_browser_gets_a_page(new_person_context: NewContext, javascript: bool) -> None:
    page = new_person_context(javascript=javascript).new_page()
    answer = page.goto("/")
    assert answer
    assert answer.status == 200
    expect(page.locator("main")).not_to_be_empty()


def test_a_mail_goes_through_worker_and_sink(stack: Stack, new_person_context: NewContext) -> None:
    began = datetime.now(UTC)
    address = sign_up(new_person_context().new_page())
    mail = stack.wait_for_mail(address, after=began)
    assert text_of(mail)
    assert received_at(mail) > began


@pytest.mark.faults
def test_a_mail_waits_for_a_killed_worker(stack: Stack, new_person_context: NewContext) -> None:
    stack.kill("worker")
    try:
        address = sign_up(new_person_context().new_page())
        assert stack.mails(address) == []
    finally:
        stack.start("worker")
    assert stack.wait_for_mail(address)
    assert stack.sql("SELECT 1") == [(1,)]
