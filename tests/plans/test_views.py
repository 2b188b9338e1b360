"""What bad input gets, on every page that takes words: a sentence, and what was typed; never a 500.

One couple on the way, and Zoe, who is alone; each test presses what it likes and all of it is undone. Faults 27 to 29,
32 to 35, 38 and 39.
"""

import html
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.checkins.models import CheckIn
from apps.outbox.models import Letter
from apps.plans.models import Approval, Commitment, Draft, Proposal, Reflection, Share
from apps.spaces.models import Invitation
from tests.walk import (
    GO_ON,
    GUIDE,
    STEPS,
    Walk,
    again,
    db,
    due_today,
    filled,
    house,
    in_the_afternoon,
    rolled_back,
    today,
)
from tests.world import Person, alone, couple, new_browser

pytestmark = pytest.mark.usefixtures("db")

__all__ = ["db", "house"]

ODD = {
    "NUL": "before\x00after",
    "bidi": "left\u202etfel\u2066 and \u200f on",
    "emoji": "👩‍❤️‍👨" * 8,
    "script": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "line ends": "one\r\nBcc: mallory@example.org\r\n\r\ntwo",
    "template": "{{ settings.SECRET_KEY }} {% debug %} %(name)s {0}",
    "invisible": "\u200b\u200d\ufeff",
    "blank": " \t ",
    "too long": "x" * 10_001,
}
REFUSED, TAKEN = 422, 303
# What each kind of field says to them, in that order.
TEXT = (REFUSED, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, REFUSED)  # a draft may hold anything short enough
NEEDED = (REFUSED, TAKEN, REFUSED, TAKEN, TAKEN, TAKEN, REFUSED, REFUSED, REFUSED)  # needs two letters or digits
ONE_LINE = (REFUSED, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, REFUSED, REFUSED)  # must not be empty
NAME = (REFUSED, REFUSED, TAKEN, TAKEN, REFUSED, TAKEN, REFUSED, REFUSED, REFUSED)
ADDRESS = (REFUSED,) * 9
RAW = (TAKEN,) * 9  # kept as it was typed, until it is put forward


@dataclass
class Town(Walk):
    """The couple on their way, and somebody who is alone."""

    zoe: Person | None = None


@pytest.fixture(scope="module")
def walk(house: None) -> Town:
    one, two = couple("Mara", "Jonas")
    zoe = alone("Zoe")
    in_the_afternoon(one, two, zoe)
    walk = Town(one, two, zoe=zoe)
    walk.first().open_all().tell().say_back(two)
    walk.share(two, "ask", "opening")
    walk.remember(one)
    walk.agree(in_days=0)
    walk.propose(two, base=1)
    walk.intend(one)
    due_today(CheckIn.objects.get(seat=one.seat))
    zoe.client.post("/plans/first/", {"words": "A quiet hour"})
    return walk


EXERCISES = {
    "evening": "prepare",
    "inventory": "prepare",
    "stance": "prepare",
    "observations": "prepare",
    "opening": "ask",
    "question": "listen",
    "telling": "listen",
    "stressors": "outside",
    "needs": "missing",
    "ideas": "agree",
    "memories": "play",
}


def texts_of(key: str) -> list[str]:
    """The names of an exercise's fields that take words."""
    return [name for name, value in filled(GUIDE.exercise(key), lambda _key: "?").items() if value == "?"]


def targets() -> dict[str, tuple[str, dict[str, Any], list[str], tuple[int, ...]]]:
    """{name: (address, what would be taken, the fields that take words, what the odd ones get)}"""
    found = {}
    for key, place in EXERCISES.items():
        exercise, at = GUIDE.exercise(key), f"/plans/1/{place}/{key}"
        data = filled(exercise, lambda _key: "A few words") | {"revision": 9}
        data.pop("card", None)  # a card that is chosen stands for the words
        found[f"draft {key}"] = (f"{at}/draft/", data, texts_of(key), TEXT)
        if exercise.reveal in ("shared", "mutual"):
            found[f"share {key}"] = (f"{at}/share/", data, texts_of(key), NEEDED)
    found["add memories"] = ("/plans/1/play/memories/add/", {"words": "The lake", "revision": 0}, ["words"], NEEDED)
    log = filled(GUIDE.exercise("observations"), lambda _key: "A few words") | {"revision": 9}
    found["add observations"] = ("/plans/1/prepare/observations/add/", log, ["words"], NEEDED)
    replied, memory = {"begin": "1", "words": "Yes", "revision": 0}, {"entry": 1, "words": "The lake"}
    idea = {"text": "Row", "minutes": "60", "cost": "none", "energy": "low", "novelty": "new"}
    found["reply"] = ("/plans/1/ask/opening/reply/", replied, ["words"], NEEDED)
    found["keep a reply"] = ("/plans/1/ask/opening/reply/draft/", replied, ["words"], TEXT)
    found["add an own idea"] = ("/plans/1/play/deck/add/", idea, ["text"], NEEDED)
    found["word a memory anew"] = ("/plans/1/play/memories/correct/", memory, ["words"], NEEDED)
    told, agreed = "/plans/1/listen/telling", "/plans/1/agreement"
    lines = {"line-0-what": "Coffee", "line-0-who": "both", "line-0-when": "Sunday"}
    proposal = lines | {"base": 2, "hour": "18", "rhythm": "2w", "wishes": "", "asks": "on", "revision": 0}
    words = ["line-0-what", "line-0-when", "line-0-how_often", "line-0-how_long", "line-0-how_we_know"]
    review = {"revision": 0, "good_moment": "", "went-1": "well", "supportive-1": "", "hard-1": ""}
    said = ["good_moment", "supportive-1", "hard-1"]
    return found | {
        "first": ("/plans/first/", {"words": "Quiet", "more_of": ["quiet"]}, ["words"], NEEDED),
        "focus": ("/plans/1/focus/", {"focus": "Evenings"}, ["focus"], ONE_LINE),
        "say back": (f"{told}/say-back/", {"text": "I hear"}, ["text"], NEEDED),
        "draft say back": (f"{told}/say-back/draft/", {"text": "I hear", "revision": 0}, ["text"], TEXT),
        "answer": (f"{told}/answer/", {"verdict": "almost", "missed": "", "number": 1}, ["missed"], TEXT),
        "propose": (f"{agreed}/propose/", proposal, words, NEEDED),
        "propose with a wish": (f"{agreed}/propose/with-yes/", proposal, ["wishes"], TEXT),
        "draft a proposal": (f"{agreed}/propose/draft/", proposal, [*words, "wishes"], RAW),
        "save a review": ("/check-ins/1/save/", review, said, TEXT),
        "share a review": ("/check-ins/1/share/", review, said, TEXT),
        "skip with words": ("/check-ins/1/skip/", review, said, TEXT),
        "save my own": ("/mine/1/save/", review, said, TEXT),
        "share my own": ("/mine/1/share/", review, said, TEXT),
        "intend": ("/mine/", {"what-1": "A walk", "hour": "19", "rhythm": "2w"}, ["what-1"], ONE_LINE),
        "profile": ("/settings/profile/", {"name": "Mara", "time_zone": "UTC"}, ["name"], NAME),
        "invite": ("/invite/mail/", {"address": "ivo@example.org", "shows_name": "yes"}, ["address"], ADDRESS),
        "welcome": ("/accounts/welcome/", {"name": "Mara", "time_zone": "UTC"}, ["name"], NAME),
    }


TARGETS = targets()


DAYS = {"propose": "date", "propose with a wish": "date", "draft a proposal": "date", "intend": "local_date"}
WRITERS = {"invite": "zoe"}  # who presses; everywhere else it is the first of the two


def press(walk: Town, name: str, /, **changes: Any) -> tuple[Any, dict[str, Any]]:
    """The answer to what would be taken, with changes; and what was sent."""
    address, data, _texts, _kinds = TARGETS[name]
    someone = getattr(walk, WRITERS.get(name, "one"))
    sent = dict(data)
    if name in DAYS:
        sent[DAYS[name]] = (today(someone) + timedelta(days=14)).isoformat()
    if name.split()[-1] in EXERCISES:
        sent["revision"] = walk.revision(someone, name.split()[-1])
    return again(someone).post(address, sent | changes), sent | changes


def is_said(answer: Any) -> bool:
    """Does the page say in a sentence what is the matter?"""
    return bool(re.search(r'class="error"|role="alert"|class="notice', answer.content.decode()))


def typed(answer: Any) -> str:
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("name", TARGETS)
def test_odd_words_are_taken_as_words_or_come_back_with_a_sentence(walk, name):
    address, _data, texts, statuses = TARGETS[name]
    for (odd, text), status in zip(ODD.items(), statuses, strict=True):
        with rolled_back():
            answer, sent = press(walk, name, **dict.fromkeys(texts, text))
            assert (odd, answer.status_code) == (odd, status)
            if answer.status_code == REFUSED:
                assert is_said(answer), odd
                assert [one for one in texts if sent[one] not in typed(answer)] == [], odd
            assert "<script>alert" not in answer.content.decode()
            for someone in walk.both if odd == "script" else ():
                shown = again(someone).get(page_of(address)).content.decode()
                assert "<script>alert" not in shown
                assert "<img src=x" not in shown


def page_of(address: str) -> str:
    """Where what was posted there can be read."""
    return re.sub(r"(draft|share|say-back|reply|correct|answer|add|propose|with-yes|save|skip|profile)/", "", address)


# --- forms that no page of ours sends


WRONG: dict[str, list[Any]] = {
    "revision": ["-1", "x", "9" * 30, "٣", "1e3", "", "0x1"],
    "number": ["0", "-5", "x", "9" * 40, ""],
    "base": ["-1", "x", "9" * 12, ""],
    "verdict": ["perhaps", ""],
    "feeling": [["nope"], ["sad"] * 400],
    "more_of": [["nope"]],
    "item-0-kind": ["nope"],
    "item-0-weight": ["6", "x", "-1"],
    "item-0-need": ["nope"],
    "curious": ["9"],
    "line-0-who": ["everyone", ""],
    "line-0-lineage": ["not-a-uuid", "00000000-0000-0000-0000-000000000000"],
    "date": ["0000-00-00", "9999-12-31", "31.12.2026", "2026-02-30", "", "x" * 500],
    "local_date": ["0000-00-00", "9999-12-31", "0001-01-01", "2026-02-30", ""],
    "hour": ["25", "-1", "x", "", "18.5"],
    "rhythm": ["7w", "", "x" * 100],
    "went-1": ["maybe", ""],
    "time_zone": ["Mars/Base", "../../etc/passwd", "", "\x00"],
    "shows_name": ["maybe", ""],
}
CALM = {200, 204, 303, 409, 422}


@pytest.mark.parametrize("name", TARGETS)
def test_values_of_the_wrong_kind_are_refused_in_words(walk, name):
    _address, data, _texts, _statuses = TARGETS[name]
    for field in {*data, DAYS.get(name, "revision")} & set(WRONG):
        for value in WRONG[field]:
            with rolled_back():
                answer, _sent = press(walk, name, **{field: value})
                assert (field, value, answer.status_code in CALM) == (field, value, True)
                assert answer.status_code not in (409, 422) or is_said(answer), (field, value)


@pytest.mark.parametrize("name", TARGETS)
def test_an_empty_form_is_no_fault(walk, name):
    address, someone = TARGETS[name][0], getattr(walk, WRITERS.get(name, "one"))
    for headers in ({}, {"HX-Request": "true"}):
        with rolled_back():
            assert again(someone).post(address, {}, headers=headers).status_code in CALM
        with rolled_back():
            answer = again(someone).post(address, '{"words": "json"}', content_type="application/json", headers=headers)
            assert answer.status_code in CALM


@pytest.mark.parametrize("name", ["draft evening", "share needs", "propose", "save a review", "profile"])
def test_a_megabyte_is_413_in_a_sentence(walk, name):
    answer, _sent = press(walk, name, **dict.fromkeys(TARGETS[name][2], "x" * 1_000_001))
    assert answer.status_code == 413
    assert "up to 10,000 characters" in answer.content.decode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"words=%ff%fe%00%ed%a0%80", "application/x-www-form-urlencoded"),
        (b"words=caf\xe9", "application/x-www-form-urlencoded; charset=latin-1"),
        (b"words=x", "application/x-www-form-urlencoded; charset=no-such-thing"),
        (b"no boundary here", "multipart/form-data"),
        (b'--b\r\nContent-Disposition: form-data; name="words"\r\n\r\nx', "multipart/form-data; boundary=b"),
        (b"", "multipart/form-data; boundary=" + "b" * 300),
        (b"\x1f\x8b\x08", "application/octet-stream"),
    ],
)
def test_what_cannot_be_read_is_400_or_an_empty_form(walk, body, content_type):
    browser = again(walk.one)
    for address in (
        walk.at("prepare", "evening", "draft"),
        "/plans/first/",
        "/check-ins/1/save/",
        "/settings/profile/",
    ):
        with rolled_back():
            assert browser.generic("POST", address, body, content_type).status_code in CALM | {400}


@pytest.mark.parametrize("size", [10_000, 9_990])
def test_as_much_as_a_text_takes_is_kept_whole(walk, size):
    text = ("A long evening. " * 700)[: size - 1] + "."
    answer, _sent = press(walk, "draft evening", words=text)
    assert answer.status_code == 303
    assert text in typed(walk.one.client.get(walk.at("prepare", "evening")))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_anything_at_all_gets_a_calm_answer(walk, data):
    name = data.draw(st.sampled_from(sorted(TARGETS)))
    fields = sorted({*TARGETS[name][1], *TARGETS[name][2]})
    anything = st.text(max_size=400) | st.lists(st.text(max_size=20), max_size=5) | st.integers().map(str)
    changes = data.draw(st.dictionaries(st.sampled_from(fields) | st.text(max_size=20), anything, max_size=8))
    with rolled_back():
        answer, _sent = press(walk, name, **changes)
        assert answer.status_code in CALM


@pytest.mark.parametrize("name", TARGETS)
def test_fields_that_nobody_offers_change_nothing(walk, name):
    """Whose it is, what has happened to it and who one is are not for a form to say (ASVS 15.3.3)."""
    more = {
        "seat": str(walk.two.seat.pk), "seat_id": walk.two.seat.pk, "user": str(walk.two.user.pk), "plan": 7,
        "space": str(walk.two.seat.space_id), "version": 9, "shared_at": "2020-01-01", "agreed_at": "2020-01-01",
        "answered_at": "2020-01-01", "closed_at": "2020-01-01", "is_staff": "on", "is_superuser": "on",
        "email": "mallory@example.org", "fingerprint": "x", "agreed": "1", "kind": "boundary", "for_seat": "2",
    }  # fmt: skip
    with rolled_back():
        plain, _sent = press(walk, name)
        facts = everything()
    extra, _sent = press(walk, name, **more)
    assert extra.status_code == plain.status_code
    assert everything() == facts
    assert not User.objects.filter(is_staff=True).exists()
    assert not User.objects.filter(email="mallory@example.org").exists()


TABLES = ("plans_%", "checkins_%", "spaces_%", "outbox_letter", "accounts_user")
# Instants, keys and what is sealed (differently each time) are not what is compared.
LEFT_OUT = re.compile(r"(_at|^id|_id|^lineage|^body|^words|^answers|^good_moment|^focus|^missed|^wishes|^address"
                      r"|^fingerprint|^payload|^occurrence|digest|^password)$")  # fmt: skip


def everything() -> dict[str, list[str]]:
    """What stands in the app's tables, row by row."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if not any(re.fullmatch(pattern.replace("%", ".*"), table) for pattern in TABLES):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            kept = [n for n, column in enumerate(cursor.description) if not LEFT_OUT.search(column.name)]
            times = [n for n, column in enumerate(cursor.description) if column.name.endswith("_at")]
            found[table] = sorted(
                str([row[n] for n in kept] + [row[n] is not None for n in times]) for row in cursor.fetchall()
            )
    return found


# --- 27 to 29: stale, twice, both


def test_a_yes_to_a_version_that_is_no_longer_the_newest(walk):
    """409 with the difference, and nothing is stored."""
    walk.propose(walk.two, base=2, what="Tea in the garden")
    before = everything()
    answer = again(walk.one).post(walk.at("agreement", "yes"), {"number": 2})
    assert answer.status_code == 409
    text = typed(answer)
    assert "There is a newer version." in text
    assert "Tea in the garden" in text
    assert re.search(r'class="tag both">(changed|new)<', text)
    assert everything() == before


def wordless(walk: Town) -> dict[str, tuple[Person, str, dict[str, Any]]]:
    """Every button without words: who presses it, where, with what."""
    agreed, lineage = walk.at("agreement"), Commitment.objects.get(proposal__number=1).lineage
    one, zoe = walk.one, walk.zoe
    assert zoe is not None
    return {
        "yes": (one, f"{agreed}yes/", {"number": 2}),
        "take a yes back": (one, f"{agreed}yes/take-back/", {"number": 2}),
        "let a line rest": (one, f"{agreed}rest/{lineage}/", {}),
        "end": (one, f"{agreed}end/", {}),
        "rest": (one, walk.at("rest"), {}),
        "talked": (one, walk.at(STEPS[-1], "talked"), {}),
        "untalked": (one, walk.at(STEPS[-1], "talked", "take-back"), {}),
        "door": (one, walk.at("door"), GO_ON),
        "pick": (one, walk.at("play", "deck", "share"), {"picks": ["swim", "stars"], "revision": 0}),
        "undo": (one, walk.at("ask", "opening", "undo"), {}),
        "take back": (one, walk.at("listen", "telling", "take-back"), {}),
        "leave for today": (one, walk.at("listen", "telling", "leave-for-today"), {"speaker": "1"}),
        "let looking back rest": (one, "/check-ins/1/rest/", {}),
        "return": (one, "/check-ins/1/return/", {}),
        "skip": (one, "/check-ins/1/skip/", {}),
        "skip my own": (one, "/mine/1/skip/", {}),
        "stop": (one, "/mine/1/stop/", {}),
        "return to my own": (one, "/mine/1/return/", {}),
        "mail": (one, "/settings/mail/", {"mail_reminders": "on"}),
        "open": (one, "/plans/start/", {"guide": "bridge"}),
        "revoke": (zoe, "/invite/revoke/", {}),
        "refuse": (zoe, "/invite/refuse/", {}),
        "decline": (zoe, "/invitation/decline/", {}),
        "begin": (zoe, "/begin/", {}),
        "leave": (one, "/leave/", {}),
    }


WORDLESS = (
    "yes", "take a yes back", "let a line rest", "end", "rest", "talked", "untalked", "door", "pick", "undo",
    "take back", "leave for today", "let looking back rest", "return", "skip", "skip my own", "stop",
    "return to my own", "mail", "open", "revoke", "refuse", "decline", "begin", "leave",
)  # fmt: skip


@pytest.mark.parametrize("name", WORDLESS)
def test_a_button_pressed_twice_has_one_effect(walk, name):
    buttons = wordless(walk)
    assert set(buttons) == set(WORDLESS)
    someone, address, data = buttons[name]
    browser = again(someone)
    first = browser.post(address, data)
    after = everything()
    second = browser.post(address, data)
    assert {first.status_code, second.status_code} <= CALM
    assert everything() == after


# A link is shown once and an invitation by mail replaces the one before: pressed twice they are two, on purpose.
TWICE_IS_TWO = {"invite"}


@pytest.mark.parametrize("name", [name for name in TARGETS if name not in TWICE_IS_TWO])
def test_a_form_sent_twice_has_one_effect(walk, name):
    address, someone = TARGETS[name][0], getattr(walk, WRITERS.get(name, "one"))
    first, sent = press(walk, name)
    assert first.status_code == 303
    after, read = everything(), everything_read(walk)
    second = again(someone).post(address, sent)
    assert second.status_code in CALM
    assert everything() == after
    assert everything_read(walk) == read


def everything_read(walk: Town) -> list[Any]:
    """The sealed texts themselves."""
    drafts = [(one.exercise, one.revision, one.body) for one in Draft.objects.select_related("seat").order_by("pk")]
    shares = [(one.exercise, one.version, one.body) for one in Share.objects.select_related("seat").order_by("pk")]
    said = [one.body for one in Reflection.objects.select_related("seat").order_by("pk")]
    return [drafts, shares, said, list(Approval.objects.values_list("proposal", "seat", "withdrawn_at"))]


def test_both_edit_and_the_second_one_gets_both_wordings(walk):
    """409: the newer version stands above, what was just typed stays in the form, and nothing is stored."""
    walk.propose(walk.two, base=2, what="Tea in the garden")
    before = Proposal.objects.count()
    answer, _sent = press(walk, "propose", **{"line-0-what": "My own wording", "wishes": "My wish"})
    assert answer.status_code == 409
    assert "Tea in the garden" in typed(answer)
    assert "My own wording" in typed(answer)
    assert "My wish" in typed(answer)
    assert Proposal.objects.count() == before
    assert 'name="base" value="3"' in typed(answer)


TWO_WINDOWS = ("draft evening", "draft needs", "draft say back", "draft a proposal", "save a review")


@pytest.mark.parametrize("name", TWO_WINDOWS)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["by hand", "by itself"])
def test_two_windows_show_both_texts(walk, name, headers):
    """A draft that was written to elsewhere: 409, what is stored is shown, what was typed is still there."""
    texts = TARGETS[name][2]
    first, sent = press(walk, name, **dict.fromkeys(texts, "Written in one window"))
    assert first.status_code == 303
    stale = sent | dict.fromkeys(texts, "Written in the other") | {"revision": 0}
    answer = again(getattr(walk, WRITERS.get(name, "one"))).post(TARGETS[name][0], stale, headers=headers)
    assert answer.status_code == 409
    if headers:  # the page with what was typed is still open; the answer goes beside it
        assert "<html" not in answer.content.decode()
    else:
        assert "Written in the other" in typed(answer)
    if not headers or name != "save a review":
        assert "Written in one window" in typed(answer)


# --- nothing typed is lost


def test_words_for_a_telling_that_already_has_an_answer_to_wait_for(walk):
    address = walk.at("listen", "telling", "say-back")
    answer = again(walk.two).post(address, {"text": "Other words, from another window"})
    assert answer.status_code == 422
    assert "waits for its answer" in typed(answer)
    assert "Other words, from another window" in typed(answer)
    assert Reflection.objects.count() == 1


def test_words_for_a_telling_that_was_undone_meanwhile(walk):
    walk.undo(walk.two, "listen", "telling")
    answer = again(walk.one).post(walk.at("listen", "telling", "say-back"), {"text": "What I hear is a long year"})
    assert answer.status_code == 422
    assert "What I hear is a long year" in typed(answer)
    assert is_said(answer)


def test_an_answer_that_came_too_late(walk):
    walk.answer(walk.one, "almost", 1, "The nights")
    answer, _sent = press(walk, "answer", missed="And the mornings")
    assert answer.status_code == 422
    assert "And the mornings" in typed(answer)
    assert is_said(answer)


def test_a_wording_for_an_older_version_is_shown_beside_the_newer_one(walk):
    press(walk, "draft a proposal", **{"line-0-what": "Swim on Fridays", "wishes": "Come along"})
    walk.propose(walk.two, base=2, what="Tea in the garden")
    shown = typed(walk.one.client.get(walk.at("agreement", "propose")))
    assert "Swim on Fridays" in shown
    assert "Come along" in shown
    assert "Swim on Fridays" not in typed(walk.two.client.get(walk.at("agreement", "propose")))


def test_a_blank_line_is_no_line(walk):
    answer, _sent = press(walk, "propose", **{"line-1-what": "  ", "line-1-when": " "})
    assert answer.status_code == 303
    assert Commitment.objects.filter(proposal__number=3).count() == 1


@pytest.mark.parametrize(
    "name",
    ["draft evening", "share opening", "add memories", "focus", "say back", "draft say back", "answer", "propose",
     "draft a proposal"],
)  # fmt: skip
def test_a_plan_that_was_closed_meanwhile_gives_the_words_back(walk, name):
    """One lets the plan rest while the other is still writing on an open page."""
    walk.post(walk.two, walk.at("rest"))
    texts = TARGETS[name][2]
    answer, _sent = press(walk, name, **dict.fromkeys(texts, "Still written"))
    assert answer.status_code == 422
    assert is_said(answer)
    assert "Still written" in typed(answer)


IN_A_PLAN = WORDLESS[:12]


@pytest.mark.parametrize("name", IN_A_PLAN)
def test_a_button_of_a_plan_that_was_closed_meanwhile_is_no_fault(walk, name):
    someone, address, data = wordless(walk)[name]
    walk.post(walk.two, walk.at("rest"))
    assert again(someone).post(address, data).status_code in CALM


@pytest.mark.parametrize("name", WORDLESS)
def test_a_button_of_a_space_that_was_left_meanwhile_leads_home(walk, name):
    someone, address, data = wordless(walk)[name]
    walk.post(walk.two, "/leave/")
    assert again(someone).post(address, data).status_code in {200, 303}


NOT_OF_A_SPACE = {"first", "profile", "welcome", "invite"}
LONG = "Still written, and quite a bit longer than a line"


@pytest.mark.parametrize("name", [name for name in TARGETS if name not in NOT_OF_A_SPACE])
def test_words_for_a_space_that_was_left_meanwhile_come_back(walk, name):
    """The other leaves while somebody is writing on an open page: it says so, and the words are not lost."""
    with rolled_back():
        _answer, sent = press(walk, name)
    sent |= dict.fromkeys(TARGETS[name][2], LONG)
    walk.post(walk.two, "/leave/")
    browser = again(walk.one)

    def send(**headers: str) -> Any:
        return browser.post(TARGETS[name][0], sent, headers=headers)

    by_hand = send(Origin="http://testserver")
    assert (by_hand.status_code, LONG in typed(by_hand)) == (409, True)
    assert "This space is closed." in typed(by_hand)
    by_itself = send(Origin="http://testserver", **{"HX-Request": "true"})
    assert (by_itself.status_code, "<html" in typed(by_itself)) == (409, False)
    assert "This space is closed" in typed(by_itself)
    assert send(Origin="https://elsewhere.example").status_code == 303


# --- 32 to 35: invitations and numbers (the rest stands in tests/spaces and tests/architecture)


def test_a_forwarded_invitation_gives_nothing_away(walk):
    """Somebody else than the invited address reads the same whoever invited, and cannot accept."""
    assert walk.zoe is not None
    press(walk, "invite", address="ivo@example.org")
    letter = next(one for one in Letter.objects.filter(kind="spaces.invitation") if one.payload)
    browser = again(walk.one)
    browser.get(f"/invitation/{letter.payload['token']}/")
    page = browser.get("/invitation/").content.decode()
    assert "An invitation for another address" in page
    assert "Zoe" not in page
    assert browser.post("/invitation/accept/").status_code == 422
    assert not Invitation.objects.filter(used_at__isnull=False).exists()


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_opens_every_link_ten_times_accepts_nothing(walk, method):
    press(walk, "invite", address="ivo@example.org")
    letter = next(one for one in Letter.objects.filter(kind="spaces.invitation") if one.payload)
    before, scanner = everything(), new_browser()
    for link in re.findall(r"/invitation/\S+?/", kinds_text(letter)) * 10:
        getattr(scanner, method)(link, follow=True)
    assert everything() == before
    assert Invitation.objects.filter(used_at=None, revoked_at=None, declined_at=None).count() == 1


def kinds_text(letter: Letter) -> str:
    from apps.outbox import kinds

    return kinds.get(letter.kind).render(letter, letter.due_at).text


def test_numbers_that_are_too_large_to_be_any_are_404(walk):
    for number in (0, 7, 32_768, 2**31, 2**63, 10**30):
        for address in ("/plans/{}/", "/plans/{}/listen/telling/", "/check-ins/{}/", "/mine/{}/", "/past/{}/"):
            assert walk.one.client.get(address.format(number)).status_code == 404
    for address in ("/plans/1/nowhere/", "/plans/1/listen/nothing/", "/plans/1/ask/telling/", f"/plans/{'9' * 5000}/"):
        assert walk.one.client.get(address).status_code == 404
