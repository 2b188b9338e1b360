"""Brings two people to any point of the plan, through the pages they would use, so that a test can begin there."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from apps.checkins.models import CheckIn
from apps.guides import library
from apps.guides.schema import Exercise, Field
from apps.plans import actions
from apps.plans.proposals import WORDS, Wording, Write
from tests.world import Person, new_browser

GUIDE = library.find("bridge")
STEPS = [step.key for step in GUIDE.steps]
WAY = [("prepare", one) for one in GUIDE.preparation] + [
    (step.key, one) for step in GUIDE.steps for one in step.exercises
]
GO_ON = {"afraid": "no", "harmed": "no", "understand": "on"}


@contextmanager
def rolled_back() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def afternoon() -> str:
    """A zone in which it is about two in the afternoon, so that neither day nor greeting turns during a test."""
    ahead = (14 - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


def in_the_afternoon(*people: Person) -> None:
    for someone in people:
        someone.user.time_zone = afternoon()
        someone.user.save(update_fields=["time_zone"])


def today(someone: Person) -> date:
    return datetime.now(someone.user.zone).date()


def a_day_gone() -> str:
    """A day that is over in every zone, whatever the hour here is: one can note something for it anywhere."""
    return (datetime.now(UTC) - timedelta(days=2)).date().isoformat()


def times(someone: Person, *days: int) -> dict[str, Any]:
    """What a form says for times at seven in the evening, so many days from now."""
    return {
        f"{name}_{place}": value
        for place, ahead in enumerate(days or (2, 3), start=1)
        for name, value in (("date", (today(someone) + timedelta(days=ahead)).isoformat()), ("time", "19:00"))
    }


def again(someone: Person) -> Client:
    """The same person in a browser of their own: what is done there does not touch the first one's cookies."""
    client = new_browser()
    client.cookies.update(someone.client.cookies)
    return client


def value_for(one: Field, text: Callable[[str], str]) -> Any:
    if one.kind in ("text", "long_text"):
        return text(one.key)
    if one.kind == "scale":
        return "3"
    if one.kind == "date":
        return "2026-02-01"
    return [one.choices[0].key] if one.kind == "choices" else one.choices[0].key


def filled(exercise: Exercise, text: Callable[[str], str]) -> dict[str, Any]:
    """An answer to every question of an exercise; `text` makes the words from the question's key."""
    data = {one.key: value_for(one, text) for one in exercise.fields}
    data |= {f"item-0-{one.key}": value_for(one, text) for one in exercise.item_fields}
    data |= {"on": a_day_gone()} if exercise.kind == "log" else {}
    return data | ({"picks": [idea.key for idea in exercise.deck[:3]]} if exercise.deck else {})


def wording(someone: Person, *, lines: int = 1, in_days: int = 14, **words: str) -> Wording:
    first = {"what": "Coffee on the balcony", "when": "Sunday", **words}
    return Wording(
        lines=[
            Write({name: f"{first[name]} {number}" if name in first else "" for name in WORDS}, for_both=number != 2)
            for number in range(1, lines + 1)
        ],
        follow_up_date=today(someone) + timedelta(days=in_days),
        follow_up_hour=19,
        follow_up_zone=someone.user.time_zone,
        rhythm="2w",
        wishes=["A call at noon"],
        asks=True,
    )


@dataclass
class Walk:
    """Two people with their open plan. Each method is one or both of them pressing a button that exists."""

    one: Person
    two: Person
    number: int = 1

    @property
    def both(self) -> tuple[Person, Person]:
        return self.one, self.two

    def post(self, someone: Person, address: str, data: dict[str, Any] | None = None, *, status: int = 303) -> Any:
        answer = someone.client.post(address, data or {})
        assert answer.status_code == status, f"{address} answered {answer.status_code}"
        return answer

    def at(self, *parts: str) -> str:
        """An address in the plan."""
        return "/".join(["", "plans", str(self.number), *parts, ""])

    def plan(self, someone: Person) -> Any:
        from apps.plans import queries

        return queries.plan_of(someone.seat, self.number)

    # --- the way --------------------------------------------------------------------------------------------------

    def first(self) -> "Walk":
        """Each has answered the first question, alone."""
        for someone in self.both:
            self.post(someone, "/plans/first/", {"words": "A quiet hour", "more_of": ["quiet"]})
        return self

    def anew(self) -> "Walk":
        """The plan rests and the next one is open."""
        self.post(self.one, self.at("rest"))
        self.post(self.one, "/plans/start/", {"guide": "bridge"})
        self.number += 1
        return self

    def door(self) -> "Walk":
        for someone in self.both:
            self.post(someone, self.at("door"), GO_ON)
        return self

    def aloud(self, *steps: str) -> "Walk":
        """These steps were walked at the kitchen table."""
        for step, someone in itertools.product(steps, self.both):
            self.post(someone, self.at(step, "talked"))
        return self

    def open_all(self) -> "Walk":
        """Through the door, with every step up to the last one walked aloud: each joint part is open."""
        return self.door().aloud(*STEPS[:-1])

    def share(self, someone: Person, place: str, key: str, text: str = "A few words", **more: Any) -> None:
        data = filled(GUIDE.exercise(key), lambda _key: text) | {"revision": self.revision(someone, key)} | more
        self.post(someone, self.at(place, key, "share"), data)

    def draft(self, someone: Person, place: str, key: str, text: str = "A few words", **more: Any) -> None:
        data = filled(GUIDE.exercise(key), lambda _key: text) | {"revision": self.revision(someone, key)} | more
        self.post(someone, self.at(place, key, "draft"), data)

    def revision(self, someone: Person, key: str) -> int:
        from apps.plans import queries

        kept = queries.own_draft(self.plan(someone), someone.seat, key)
        return kept.revision if kept else 0

    def undo(self, someone: Person, place: str, key: str) -> None:
        self.post(someone, self.at(place, key, "undo"))

    def tell(self) -> "Walk":
        for someone in self.both:
            self.share(someone, "listen", "telling", f"For me, {someone.user.name}")
        return self

    def say_back(self, someone: Person, text: str = "What I hear is") -> None:
        self.post(someone, self.at("listen", "telling", "say-back"), {"text": text})

    def answer(self, someone: Person, verdict: str, number: int, missed: str = "") -> None:
        data = {"verdict": verdict, "missed": missed, "number": number}
        self.post(someone, self.at("listen", "telling", "answer"), data)

    def remember(self, someone: Person, text: str = "The lake in the rain") -> None:
        data = {"words": text, "revision": self.revision(someone, "memories")}
        self.post(someone, self.at("play", "memories", "add"), data)

    def propose(self, someone: Person, *, base: int = 0, lines: int = 1, in_days: int = 14, **words: str) -> int:
        """A proposal; with `in_days=0` its day to look back is today, which the page itself would not offer."""
        made = actions.propose(
            by=someone.seat,
            plan=self.plan(someone),
            base=base,
            wording=wording(someone, lines=lines, in_days=in_days, **words),
            now=datetime.now(UTC),
        )
        return made.number

    def yes(self, someone: Person, number: int) -> None:
        self.post(someone, self.at("agreement", "yes"), {"number": number})

    def agree(self, *, base: int = 0, lines: int = 1, in_days: int = 14, **words: str) -> "Walk":
        number = self.propose(self.one, base=base, lines=lines, in_days=in_days, **words)
        for someone in self.both:
            self.yes(someone, number)
        return self

    def summary_parts(self, someone: Person) -> list[str]:
        """The digests of everything that a summary could hold."""
        from apps.plans import queries

        standing = queries.standing(self.plan(someone), someone.seat)
        return [part.digest for part in queries.summary(standing).parts]

    def agree_to_summary(self, someone: Person, *parts: str) -> None:
        data = {"part": parts or self.summary_parts(someone)}
        self.post(someone, self.at("summary", "agree"), data)

    # --- times for two ------------------------------------------------------------------------------------------------

    def suggest(self, someone: Person, purpose: str = "talk", **words: str) -> int:
        """Times that one puts before the other; returns their number."""
        data = times(someone) | {"purpose": purpose, "length": "60"} | words
        return int(self.post(someone, "/times/new/", data).headers["Location"].split("/")[2])

    def take(self, someone: Person, number: int) -> None:
        self.post(someone, f"/times/{number}/accept/", {"seen": 1, "position": 1})

    # --- looking back ---------------------------------------------------------------------------------------------

    def answers(self, lines: int = 1, text: str = "A hand on the shoulder", revision: int = 0) -> dict[str, Any]:
        data: dict[str, Any] = {"revision": revision, "good_moment": text}
        for number in range(1, lines + 1):
            data |= {f"went-{number}": "partly", f"supportive-{number}": text, f"hard-{number}": text}
        return data

    def look_back(self, number: int = 1, *, lines: int = 1) -> "Walk":
        """Both have answered: the round is held and open to both."""
        for someone in self.both:
            self.post(someone, f"/check-ins/{number}/share/", self.answers(lines))
        return self

    def intend(self, someone: Person, text: str = "Ten minutes of walking", *, in_days: int = 14) -> None:
        day = (today(someone) + timedelta(days=in_days)).isoformat()
        data = {"what-1": text, "when-1": text, "local_date": day, "hour": "19", "rhythm": "2w"}
        self.post(someone, "/mine/", data)


def due_today(check_in: CheckIn) -> None:
    """The day of a look back has come (a page never lets anybody choose today)."""
    local = datetime.now(UTC) - timedelta(hours=1)
    CheckIn.objects.filter(pk=check_in.pk).update(local_date=local.date(), due_at=local)


# --- one town for a whole module ----------------------------------------------------------------------------------
# A conftest that imports both gives its modules one transaction each: what a module-scoped fixture builds upon `house`
# stands there for every test of the module, and what a test does upon it is undone by `db`.


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        assert connection.settings_dict["NAME"] != os.environ["DATABASE_URL"].rsplit("/", 1)[-1], "not the app's own"
        with rolled_back():
            yield


@pytest.fixture
def db(house: None) -> Iterator[None]:
    with rolled_back():
        yield
