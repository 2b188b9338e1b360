"""Every word that a page or a mail shows comes through gettext: with a catalog that puts brackets around each text,
nothing stands outside of them but names, what people wrote, numbers, and the house's own name."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.utils.translation import trans_real

from apps.guides import library
from apps.me import actions as me
from apps.outbox import kinds
from apps.outbox.models import Letter
from apps.plans import exercises, queries
from apps.spaces import actions as spaces
from tests.walk import STEPS, WAY, Walk, in_the_afternoon
from tests.world import Person, alone, couple

OPEN, CLOSE = "⟦", "⟧"
READ_ALOUD = {"alt", "aria-label", "placeholder", "title", "summary"}
SILENT = {"script", "style", "template"}
# Nobody translates these: the house, its marks, the people of these tests and what they wrote.
OURS = ("Halfway", "Mara", "Jonas", "Lena", "Paul", "example.org", "mara@", "jonas@", "lena@", "paul@")
WRITTEN = ("OWN WORDS", "A call at noon")


class Brackets(trans_real.DjangoTranslation):
    """A catalog in which every text is translated, into itself in brackets."""

    def __init__(self) -> None:
        self._catalog: dict[str, str] = {}

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message}{CLOSE}" if message else ""

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def npgettext(self, context: str, one: str, many: str, n: int) -> str:
        return self.ngettext(one, many, n)

    def language(self) -> str:
        return "en"

    to_language = language


class Visible(HTMLParser):
    """All that is read or read aloud: the text in its order, and each attribute on its own."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.texts, self.attributes = 0, "", []  # type: ignore[var-annotated]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in SILENT
        given = dict(attrs)
        self.attributes += [given[name] or "" for name in READ_ALOUD & given.keys()]
        if tag == "input" and given.get("type") == "submit":
            self.attributes.append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in SILENT

    def handle_data(self, data: str) -> None:
        self.texts += "" if self.hidden else data


def bare(text: str) -> list[str]:
    """The words outside of all brackets, without what nobody translates."""
    depth, outside = 0, ""
    text = re.sub(r"https?://\S+|\w+\.org", "", text)
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        outside += letter if depth == 0 and letter not in (OPEN, CLOSE) else " " if letter == CLOSE else ""
    assert not re.search(f"{OPEN}{{2}}[^{OPEN}{CLOSE}]*{CLOSE}{{2}}", text), "translated twice"
    assert depth == 0, "a bracket was cut off, so the rest of the page would hide behind it"
    for own in (*WRITTEN, *OURS):
        outside = outside.replace(own, " ")
    return re.findall(r"[^\W\d_]{2,}[^\n]*", outside)


def not_translated(html: str) -> list[str]:
    page = Visible()
    page.feed(re.sub(r'<select name="time_zone".*?</select>', "", html, flags=re.S))  # cities have their own names
    return [word for text in (page.texts, *page.attributes) for word in bare(text)]


@pytest.fixture
def brackets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    catalog = Brackets()
    library.in_language.cache_clear()
    monkeypatch.setattr(trans_real, "_translations", dict.fromkeys(("en", "en-gb", "en-us"), catalog))
    monkeypatch.setattr(trans_real, "_default", catalog)
    trans_real.deactivate()
    yield
    library.in_language.cache_clear()
    trans_real.deactivate()


def walked(one: Person, two: Person) -> Walk:
    in_the_afternoon(one, two)
    walk = Walk(one, two)
    for someone in walk.both:
        walk.post(someone, "/plans/first/", {"words": "OWN WORDS", "more_of": ["quiet"]})
    walk.open_all()
    for someone in walk.both:
        walk.share(someone, "listen", "telling", "OWN WORDS")
        walk.share(someone, "outside", "stressors", "OWN WORDS")
    walk.agree(in_days=0, what="OWN WORDS", when="OWN WORDS")
    return walk


def fails(someone: Person, addresses: list[str]) -> dict[str, list[str]]:
    found = {}
    for address in addresses:
        answered = someone.client.get(address, follow=True)
        assert answered.status_code == 200, address
        found[address] = not_translated(answered.content.decode())
    return {address: words for address, words in found.items() if words}


SHARED_PAGES = [
    "/",
    "/plans/1/",
    "/plans/1/agreement/",
    "/plans/1/agreement/propose/",
    "/plans/1/door/",
    "/settings/",
    "/help/",
]
SHARED_PAGES += ["/quiet/", "/mine/", "/check-ins/", "/check-ins/1/", "/not-today/", "/leave/"]


def test_of_two(db: None, brackets: None) -> None:
    walk = walked(*couple("Mara", "Jonas"))
    steps = [f"/plans/1/{step}/" for step in ("prepare", *STEPS)]
    assert fails(walk.one, [*SHARED_PAGES, *steps]) == {}


def test_every_exercise(db: None, brackets: None) -> None:
    walk = walked(*couple("Mara", "Jonas"))
    assert fails(walk.one, [walk.at(place, exercise.key) for place, exercise in WAY]) == {}


def test_of_one_alone_on_the_gentle_way(db: None, brackets: None) -> None:
    lena = alone("Lena")
    in_the_afternoon(lena)
    lena.client.post("/plans/first/", {"words": "OWN WORDS"})
    assert fails(lena, ["/plans/first/", "/plans/first/tonight/", "/plans/start/"]) == {}
    lena.client.post("/plans/start/", {"guide": "unsure"})
    plan = queries.open_plan(lena.seat)
    assert plan is not None
    own = queries.standing(plan, lena.seat).own_steps
    addresses = [f"/plans/1/{step.key}/" for step in own]
    addresses += [f"/plans/1/{step.key}/{exercise.key}/" for step in own for exercise in step.exercises]
    assert fails(lena, ["/", "/plans/1/", "/invite/", *addresses]) == {}


def test_kinds_of_exercise_are_all_among_them(db: None) -> None:
    named = {
        exercise.kind for guide in (library.find("bridge"), library.find("rebuild")) for exercise in guide.exercises()
    }
    assert named == set(exercises.KINDS)


def test_mails(db: None, brackets: None) -> None:
    walk = walked(*couple("Mara", "Jonas"))
    lena, now = alone("Lena"), datetime.now(UTC)
    spaces.invite_by_mail(by=lena.seat, address="paul@example.org", shows_name=True, now=now)
    letters = list(Letter.objects.filter(ended_at=None))
    assert {letter.kind for letter in letters} >= {"spaces.invitation", "checkins.agreed", "checkins.reminder"}
    for letter in letters:
        mail: Any = kinds.get(letter.kind).render(letter, now)
        words = [*bare(mail.subject), *not_translated(mail.html)]
        words += bare(mail.text)
        assert words == [], letter.kind
    me.leave(seat=walk.one.seat, now=now)
