"""Every mail as a mail program shows it: on a narrow phone, in light and dark, with nothing fetched from anywhere."""

import email
import email.policy
import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext

from apps.accounts import letters as accounts
from apps.checkins import actions as checkins
from apps.me import own_time
from apps.outbox import delivery, kinds
from apps.outbox.models import Letter
from apps.spaces import letters as spaces
from tests.checkins.helpers import agree
from tests.world import World

MAILS = ("code", "note", "agreed", "reminder", "late reminder", "own time", "invitation", "unnamed invitation")
CAN_BE_ENDED = ("agreed", "reminder", "late reminder", "own time")
# What a lock screen or a list of mails may show.
NEUTRAL = {"Your code", "About your account", "Kept for you", "A small reminder", "A little time", "A note for you"}
GIVEAWAY = re.compile(r"couple|relationship|partner|marriage|agree|plan\b|Jonas|Zoe", re.IGNORECASE)


@pytest.fixture
def mails(world: World, now: datetime) -> dict[str, EmailMessage]:
    """All of them, as bytes that went over the wire and were read again."""
    check_in = agree(world, now)
    of_owner = Letter.objects.filter(recipient=world.owner.user).select_related("recipient")
    agreed, reminder = of_owner.get(kind=checkins.AGREED), of_owner.get(kind=checkins.REMINDER)
    mine = Letter(kind=own_time.KIND, recipient=world.owner.user, occurrence=date(2026, 3, 17).isoformat(), due_at=now)
    plain = Letter(kind=accounts.SIGN_IN, occurrence="1", due_at=now, payload={})
    day = check_in.due_at
    return {
        "code": read(plain, accounts.mail("login_code", {"code": "ABC-123"})),
        "note": read(plain, accounts.mail("password_changed", {})),
        "agreed": read(agreed, kinds.get(agreed.kind).render(agreed, now)),
        "reminder": read(reminder, kinds.get(reminder.kind).render(reminder, day)),
        "late reminder": read(reminder, kinds.get(reminder.kind).render(reminder, day + timedelta(days=5))),
        "own time": read(mine, kinds.get(mine.kind).render(mine, now)),
        "invitation": read(plain, spaces.mail(name="Mara", token="t" * 43)),
        "unnamed invitation": read(plain, spaces.mail(name="", token="t" * 43)),
    }


def read(letter: Letter, mail: kinds.Mail) -> EmailMessage:
    unsubscribe = kinds.get(letter.kind).unsubscribe
    address = unsubscribe(letter) if unsubscribe else ""
    message = delivery.message(letter, "mara@example.org", mail, unsubscribe=address)
    found = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def words(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.mark.django_db
def test_both_parts_discreet_and_nothing_from_elsewhere(mails: dict[str, EmailMessage]) -> None:
    assert set(mails) == set(MAILS)
    for name, mail in mails.items():
        text, html = words(mail, "plain"), words(mail, "html")
        assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
        assert mail["Subject"] in NEUTRAL
        preview = re.search(r'<div style="display:none[^>]*>(.*?)</div>', html, re.DOTALL)
        assert preview
        for shown in (mail["Subject"], mail["From"], preview[1]):
            assert not GIVEAWAY.search(shown) and "Mara" not in shown
        assert not GIVEAWAY.search(re.sub(r"https?://\S+", "", text)), name
        assert ("Mara" in text) == ("Mara" in html) == (name == "invitation")
        assert not re.search(r"<(img|link|script|iframe|object|video|audio|form)\b|url\(|@import|src=", html)
        links = set(re.findall(r"https?://[^\s\"<>]+", text)), set(re.findall(r'href="([^"]+)"', html))
        # Each sealed link is its own, so they are compared by length.
        assert sorted(map(len, links[0])) == sorted(map(len, links[1])), name
        assert all(link.startswith("http://127.0.0.1:8000/") for link in links[0] | links[1])


@pytest.mark.django_db
def test_what_can_be_ended_says_so_to_the_program(mails: dict[str, EmailMessage]) -> None:
    for name, mail in mails.items():
        if name not in CAN_BE_ENDED:
            assert mail["List-Unsubscribe"] is None
            continue
        assert re.fullmatch(r"<http://127\.0\.0\.1:8000/mail/\S+>", mail["List-Unsubscribe"].strip())
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.django_db
def test_one_click_ends_that_kind(world: World) -> None:
    """What a mail program does: a POST without a session, to the address in the header."""
    agree(world, timezone.now(), day=timezone.now().date() + timedelta(days=14))
    letter = Letter.objects.select_related("recipient").get(kind=checkins.REMINDER, recipient=world.owner.user)
    mail = read(letter, kinds.Mail("A small reminder", "text", "<p>html</p>"))
    address = mail["List-Unsubscribe"].strip().strip("<>").removeprefix("http://127.0.0.1:8000")
    program = Client(enforce_csrf_checks=True)
    assert program.get(address).status_code == 200
    world.owner.user.refresh_from_db()
    assert world.owner.user.mail_reminders
    assert program.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    world.owner.user.refresh_from_db()
    assert (world.owner.user.mail_reminders, world.owner.user.mail_agreed) == (False, True)


def drawn() -> dict[str, str]:
    """The HTML of all of them, without a database: a page of a browser and a database do not go together here."""
    links = {name: f"http://127.0.0.1:8000/mail/{'k' * 160}/{name}/" for name in ("link", "later", "stop", "no_more")}
    made = {
        "code": accounts.mail("login_code", {"code": "ABC-123"}),
        "note": accounts.mail("password_changed", {}),
        "agreed": kinds.mail("checkin_agreed", "", links),
        "reminder": kinds.mail("checkin_reminder", "", links),
        "late reminder": kinds.mail("checkin_reminder", "", {**links, "softer": True}),
        "own time": kinds.mail("own_time", "", links),
        "appointment": kinds.mail(
            "appointment_reminder", "", {**links, "starts_at": datetime(2026, 3, 6, 18, tzinfo=UTC)}
        ),
        "invitation": kinds.mail("invitation", "", {**links, "name": "Maximiliane-Alexandra"}),
        "unnamed invitation": kinds.mail("invitation", "", links),
    }
    return {name: mail.html for name, mail in made.items()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_phone(new_person_context: Callable[..., BrowserContext], scheme: str) -> None:
    context = new_person_context(
        javascript=True, viewport={"width": 320, "height": 640}, color_scheme=scheme, base_url=None
    )
    asked: list[str] = []
    context.route("**/*", lambda route: (asked.append(route.request.url), route.abort()))
    page = context.new_page()
    for name, html in drawn().items():
        page.set_content(html)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        narrow = page.evaluate(
            """() => [...document.querySelectorAll('p, td.faint')].filter(e => e.offsetParent)
                 .flatMap(e => {
                   const ground = x => { for (; x; x = x.parentElement) {
                     const c = getComputedStyle(x).backgroundColor;
                     if (c !== 'rgba(0, 0, 0, 0)') return c } return 'rgb(255, 255, 255)' };
                   const light = c => { const [r, g, b] = c.match(/\\d+/g).slice(0, 3)
                     .map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                     return .2126 * r + .7152 * g + .0722 * b };
                   const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
                   const s = getComputedStyle(e);
                   return (a + .05) / (b + .05) < 4.5 || parseFloat(s.fontSize) < 14
                     ? [e.textContent.trim().slice(0, 40)] : [] })"""
        )
        assert narrow == [], (name, "hard to read", narrow)
        for target in page.locator("a.press").all():
            box = target.bounding_box()
            assert box and box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 320, name
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background == {"light": "rgb(251, 247, 242)", "dark": "rgb(29, 26, 32)"}[scheme]
        if os.environ.get("MAIL_PICTURES"):  # for whoever wants to look
            page.screenshot(path=f"{os.environ['MAIL_PICTURES']}/{name}-{scheme}.png", full_page=True)
    assert asked == []
