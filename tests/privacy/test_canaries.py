"""Law 1: a distinct word in every private text of one person, and everywhere that it must never turn up.

Mara writes, Jonas shares the space with her, Zoe is no business of theirs. Each canary is first seen on Mara's own
pages, so that one which was never kept cannot pass for one that was kept well.
"""

import io
import json
import logging
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from celery.signals import before_task_publish
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import TestCase

from apps.checkins.models import CheckIn
from apps.outbox import delivery, kinds
from apps.outbox.models import Letter
from apps.plans import exercises
from apps.plans.models import Plan
from tests.privacy.eyes import pages, presses
from tests.walk import WAY, Walk, again, due_today, filled, in_the_afternoon
from tests.world import Person, alone, couple

pytestmark = pytest.mark.usefixtures("db")

WORD = "canary"


def canary(place: str) -> str:
    """One word that names the place where it was written."""
    return f"{WORD}-{place}-yranac"


FOUND = re.compile(rf"{WORD}-[a-z0-9_.-]+?-yranac")


def found_in(text: str) -> set[str]:
    """The canaries in a text, also where bytes were written out as hexadecimal digits."""
    if WORD.encode().hex() in text:
        text += "".join(bytes.fromhex(digits).decode(errors="replace") for digits in hexadecimal(text))
    return set(FOUND.findall(text))


def hexadecimal(text: str) -> list[str]:
    return [digits[: len(digits) // 2 * 2] for digits in re.findall(r"(?:[0-9a-f]{2}){6,}", text)]


def write_everything(walk: Walk) -> set[str]:
    """A canary in every private text that Mara can write, while everything is still hers alone."""
    mara, planted = walk.one, set()

    def plant(place: str) -> str:
        planted.add(canary(place))
        return canary(place)

    def words(exercise: Any) -> dict[str, Any]:
        data = filled(exercise, lambda key: plant(f"{exercise.key}.{key}"))
        return data | {"revision": walk.revision(mara, exercise.key)}

    for place, exercise in WAY:
        if not exercises.kind(exercise).writes:
            continue
        kept_back = exercise.reveal in ("mutual", "matches")  # shared by Mara alone, so still sealed
        walk.post(mara, walk.at(place, exercise.key, "share" if kept_back else "draft"), words(exercise))
    walk.share(mara, "listen", "question", plant("undone"))
    walk.undo(mara, "listen", "question")
    reflection = {"text": plant("reflection"), "revision": 0}
    walk.post(mara, walk.at("listen", "telling", "say-back", "draft"), reflection)
    line = {
        f"line-0-{name}": plant(f"line.{name}") for name in ("what", "when", "how_often", "how_long", "how_we_know")
    }
    walk.post(mara, walk.at("agreement", "propose", "draft"), line | {"base": 2, "wishes": plant("wish")})
    walk.yes(mara, 2)
    walk.post(mara, "/check-ins/1/save/", review(plant, "review"))
    day = (datetime.now(mara.user.zone) + timedelta(days=14)).date().isoformat()
    own = {f"{name}-{number}": plant(f"intention.{name}.{number}") for number in (1, 2, 3) for name in ("what", "when")}
    walk.post(mara, "/mine/", own | {"local_date": day, "hour": "19", "rhythm": "2w"})
    due_today(CheckIn.objects.get(seat=mara.seat))
    data = {f"went-{number}": "well" for number in (2, 3)} | review(plant, "own-review")
    walk.post(mara, "/mine/1/save/", data)
    walk.post(mara, "/noticed/", {"moment": "laugh", "words": plant("noticed")})
    return planted - {canary("question.words")}  # written over by the share that was undone


def review(plant: Any, place: str) -> dict[str, Any]:
    texts = {name: plant(f"{place}.{name}") for name in ("good_moment", "supportive-1", "hard-1")}
    return texts | {"went-1": "partly", "revision": 0}


@pytest.fixture(scope="module")
def walk(house: None) -> Walk:
    """Mara and Jonas on the way: all is open, something is agreed and its day has come, something newer is proposed."""
    mara, jonas = couple("Mara", "Jonas")
    in_the_afternoon(mara, jonas)
    walk = Walk(mara, jonas).first().open_all().tell()
    walk.share(mara, "ask", "opening")
    walk.agree(in_days=0)
    walk.propose(jonas, base=1)
    return walk


@pytest.fixture(scope="module")
def zoe(house: None) -> Person:
    return alone("Zoe")


def on_pages(seen: dict[str, Any]) -> dict[str, set[str]]:
    """{canary: the pages with it}"""
    found: dict[str, set[str]] = {}
    for address, one in seen.items():
        for word in found_in(f"{one.headers} {one.cookies} {one.body}"):
            found.setdefault(word, set()).add(address)
    return found


# --- pages --------------------------------------------------------------------------------------------------------


def test_nobody_elses_page_holds_a_private_word(walk, zoe):
    planted = write_everything(walk)
    assert planted - set(on_pages(pages(walk.one))) == set()
    assert on_pages(pages(walk.two, accounts=True) | presses(walk.two, walk)) == {}
    assert on_pages(pages(zoe, accounts=True)) == {}
    walk.post(walk.one, "/check-ins/1/share/", walk.answers(text=canary("answered"), revision=1))
    assert set(on_pages(pages(walk.one))) >= {canary("answered")}
    assert on_pages(pages(walk.two)) == {}


def test_the_partner_never_learns_an_address_or_an_id(walk):
    mara = walk.one.user
    private = [mara.email, str(mara.pk), str(walk.one.seat.space_id)]
    seen = pages(walk.two, accounts=True)
    assert not [(word, address) for address, one in seen.items() for word in private if word in str(one)]


def test_after_leaving_what_was_private_or_not_agreed_stays_with_its_author(walk, zoe):
    planted = write_everything(walk)
    walk.share(walk.one, "ask", "opening", canary("shared"))
    walk.post(walk.two, "/leave/")
    kept = on_pages(pages(walk.one))
    assert canary("shared") in kept
    assert {address.split("/")[1] for places in kept.values() for address in places} == {"past"}
    still_mine = ("evening", "inventory", "stance", "observations", "stressors", "needs", "ideas", "undone")
    still_mine += ("intention", "review", "own-review", "noticed")
    mine = {word for word in planted if word.startswith(tuple(f"{WORD}-{place}" for place in still_mine))}
    assert mine - set(kept) == set()
    assert on_pages(pages(walk.two)) == {}


# --- mails, logs, the queue ---------------------------------------------------------------------------------------


def test_no_mail_holds_a_word_or_a_name(walk):
    with TestCase.captureOnCommitCallbacks(execute=False):
        write_everything(walk)
        again(walk.one).post("/accounts/password/reset/", {"email": walk.one.user.email})
    letters = list(Letter.objects.select_related("recipient"))
    assert {letter.kind for letter in letters} >= {"checkins.agreed", "checkins.reminder", "accounts.sign-in"}
    for letter in letters:
        if letter.payload is None:  # ended, and wiped
            continue
        mail = kinds.get(letter.kind).render(letter, datetime.now(UTC))
        message = message_from_bytes(delivery.message(letter, "somebody@example.org", mail).as_bytes())
        text = " ".join([mail.subject, mail.text, mail.html, str(message.items()), json.dumps(letter.payload)])
        assert not found_in(text)
        assert not re.search(r"\b(Mara|Jonas)\b", text), letter.kind
        assert len(message.get_payload()) == 2  # text and HTML, no attachment


@contextmanager
def every_log() -> Iterator[list[str]]:
    """Everything that any logger says, down to the SQL with its values."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.name} {record.getMessage()} {record.args!r} {vars(record)}")

    root, handler = logging.getLogger(), Keep(logging.DEBUG)
    levels = {name: logging.getLogger(name).level for name in (None, "django", "django.db.backends", "celery")}
    root.addHandler(handler)
    connection.force_debug_cursor = True
    try:
        for name in levels:
            logging.getLogger(name).setLevel(logging.DEBUG)
        yield lines
    finally:
        connection.force_debug_cursor = False
        root.removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def test_no_log_and_no_task_holds_a_private_word(walk):
    published: list[str] = []

    def keep(sender: Any = None, body: Any = None, headers: Any = None, **_more: Any) -> None:
        published.append(f"{sender} {body!r} {headers!r}")

    before_task_publish.connect(keep)
    try:
        with every_log() as lines, TestCase.captureOnCommitCallbacks(execute=True):
            write_everything(walk)
            walk.yes(walk.two, 2)  # agreed: its letters are due at once, so a worker is asked
    finally:
        before_task_publish.disconnect(keep)
    assert [line for line in lines if line.startswith("django.db.backends") and "plans_draft" in line]
    assert not {word for line in lines for word in found_in(line)}
    assert published  # needs the broker
    assert not {word for line in published for word in found_in(line)}
    assert all("apps.outbox.tasks.send_due ((), {}," in line for line in published)


@contextmanager
def console() -> Iterator[io.StringIO]:
    """What the app's own log handler writes."""
    handler = next(one for one in logging.getLogger().handlers if one.get_name() == "console")
    assert isinstance(handler, logging.StreamHandler)
    before, written = handler.stream, io.StringIO()
    handler.setStream(written)
    try:
        yield written
    finally:
        handler.setStream(before)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_an_error_shows_no_private_word(walk, monkeypatch, headers, mailoutbox):
    """An exception that quotes what was typed: neither the page nor the log repeats it; the log says where it was."""

    def broken(**values: Any) -> None:
        try:
            int(values["body"]["fields"]["fear"])
        except ValueError as error:
            raise RuntimeError(f"cannot keep {values['body']}") from error

    monkeypatch.setattr("apps.plans.actions.save_draft", broken)
    browser = again(walk.one)
    browser.raise_request_exception = False
    with console() as written:
        data = {"fear": canary("error"), "revision": 0}
        answer = browser.post(walk.at("prepare", "inventory", "draft"), data, headers=headers)
    assert answer.status_code == 500
    assert not found_in(answer.content.decode() + str(answer.headers))
    assert "RuntimeError" in written.getvalue()
    assert "test_canaries.py" in written.getvalue()
    assert not found_in(written.getvalue())
    assert not mailoutbox


# --- the database -------------------------------------------------------------------------------------------------


def cells() -> Iterator[tuple[str, str]]:
    """Every value of every table as text, with sessions and cached values opened."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column.name for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    yield f"{table}.{column}", readable(table, column, value)


def readable(table: str, column: str, value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    if (table, column) == ("django_session", "session_data"):
        return json.dumps(SessionStore().decode(value))
    if (table, column) == ("cache", "value"):
        return b64decode(value).decode("latin-1")
    return str(value)


def test_the_database_holds_no_private_word_in_clear(walk):
    planted = write_everything(walk)
    walk.share(walk.one, "ask", "opening", canary("shared"))
    walk.say_back(walk.two, canary("said-back"))
    walk.remember(walk.one, canary("memory"))
    walk.post(walk.one, walk.at("focus"), {"focus": canary("focus")})
    walk.propose(walk.one, base=2, what=canary("what"))
    assert len(planted) > 35
    rows = list(cells())
    assert {place.split(".")[0] for place, _text in rows} >= {"plans_draft", "plans_share", "checkins_review"}
    assert [place for place, text in rows if WORD in text] == []


def test_a_word_that_is_in_clear_would_be_found(walk):
    """The same search, with a word where none belongs."""
    Plan.objects.filter(space=walk.one.seat.space).update(guide=canary("clear"))
    session = walk.one.client.session
    session["kept"] = canary("session")
    session.save()
    found = {place for place, text in cells() if WORD in text}
    assert found == {"plans_plan.guide", "django_session.session_data"}


@pytest.mark.parametrize(
    "answers", [{"afraid": "yes", "harmed": "no"}, {"afraid": "unsure", "harmed": "yes"}], ids=["afraid", "unsure"]
)
def test_the_answers_at_the_door_are_stored_nowhere(house, answers):
    """Not even that a question was asked: the whole database is the same afterwards."""
    walk = Walk(*couple("Uma", "Vito")).first()
    before = sorted(cells())
    page = walk.post(walk.one, walk.at("door"), answers, status=200)
    assert "Thank you for being honest" in page.content.decode()
    assert sorted(cells()) == before


def test_what_the_coach_reads_is_kept_nowhere(house):
    """Neither a text nor that it was read: not in a table, a session, the cache, a log or a task."""
    walk = Walk(*couple("Ida", "Ole")).first().open_all()
    text = f"You never listen, {canary('coach')}."
    again(walk.one).get("/")
    before, published = sorted(cells()), []
    seen = before_task_publish.connect(lambda **more: published.append(more), weak=False)
    try:
        with every_log() as lines:
            for reading in ("words", "listening", "commitment", "picture"):
                answer = walk.post(walk.one, "/coach/", {"text": text, "reading": reading}, status=200)
                assert ("You never listen" in answer.content.decode()) is (reading != "listening")
            own = walk.post(walk.one, "/coach/not-helpful/", {"rule": text})
    finally:
        before_task_publish.disconnect(seen)
    assert sorted(cells()) == before
    assert not {word for line in lines for word in found_in(line)}
    assert not published
    assert not found_in(f"{own.headers}")
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_draft_has_no_history(walk):
    """What its author wrote over is nowhere any more."""
    walk.draft(walk.one, "prepare", "evening", "The first words")
    before = len(list(cells()))
    walk.draft(walk.one, "prepare", "evening", "Something else")
    assert len(list(cells())) == before
    assert "The first words" not in str(pages(walk.one))
