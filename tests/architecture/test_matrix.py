"""Every address × everybody × every way of asking has a literal answer. An address without one fails the build.

The people: Mara and Jonas (`owner` and `partner`) share a space. Emil (`ex`) shared one with Mara, which is closed, and
has none now. Zoe (`stranger`) and Sam (`staff`, with every permission there is) are each alone in their own. The things
that are asked for are Mara's, or of Mara and Jonas: their numbers do not exist for the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.checkins.models import CheckIn
from apps.me import actions as me
from apps.plans.models import Commitment
from apps.spaces.models import Space
from tests.addresses import NAMES, PEOPLE, VALUES, WAYS, answers
from tests.walk import GO_ON, Walk, again, due_today, in_the_afternoon, rolled_back, times, today
from tests.world import SINCE, Person, alone, couple, new_browser, page, person, sit

pytestmark = pytest.mark.usefixtures("db")

# What htmx would fetch; everywhere else it would post.
READ_ONLY = {
    "home", "healthz", "help", "soup", "exit", "account_inactive", "account_password_reset_completed",
    "spaces:invite", "spaces:quiet", "spaces:invitation", "spaces:arrive", "spaces:arrive_no_more",
    "plans:tonight", "plans:next_round", "plans:plan", "plans:agreement", "plans:summary", "plans:step",
    "plans:exercise",
    "plans:settle", "appointments:list", "appointments:appointment", "appointments:file", "appointments:feed",
    "checkins:care", "checkins:progress", "checkins:check_ins", "checkins:check_in", "checkins:intention",
    "me:not_today", "me:settings", "me:past", "me:past_space", "me:past_look_backs",
}  # fmt: skip


@dataclass
class Town:
    """Everybody, and what they have."""

    people: dict[str, Person | None]
    lineage: UUID
    payloads: dict[str, dict[str, Any]] = field(default_factory=dict)

    def browser(self, who: str) -> Client:
        someone = self.people[who]
        return again(someone) if someone else new_browser()

    def ask(self, who: str, way: str, name: str) -> HttpResponse:
        """The answer; whatever the question changed is undone."""
        client, address = self.browser(who), reverse(name, kwargs=self.arguments(name))
        headers = {"HX-Request": "true"} if way == "HTMX" else {}
        with rolled_back():
            if way == "POST" or (way == "HTMX" and name not in READ_ONLY):
                return client.post(address, self.payloads.get(name, {}), headers=headers)  # type: ignore[return-value]
            return client.get(address, headers=headers)  # type: ignore[return-value]

    def arguments(self, name: str) -> dict[str, Any]:
        """What stands in the address: the couple's plan 2 and round 1, Mara's own round 2 and past space 1."""
        numbers = {"plans": 2, "checkins": 2 if name in OWN else 1, "me": 1, "appointments": 2 if name in TAKEN else 1}
        place, key = AT.get(name, ("listen", "telling"))
        given = {"number": numbers.get(name.split(":")[0]), "place": place, "key": key}
        given |= {"lineage": self.lineage, "token": "t" * 43}
        wanted = VALUES[name]
        return {key: value for key, value in given.items() if key in wanted}


OWN = {
    f"checkins:{name}"
    for name in (
        "intention",
        "save_own",
        "share_own",
        "skip_own",
        "later_own",
        "afraid_own",
        "awake_own",
        "stop",
        "return_own",
    )
}

# Times number 1 lie before Jonas; number 2 is agreed.
TAKEN = {f"appointments:{name}" for name in ("start", "move", "end", "file")}


# Where a button stands that the telling does not have.
AT = {
    "plans:remove": ("prepare", "observations"),
    "plans:correct": ("play", "memories"),
    "plans:reply": ("ask", "opening"),
    "plans:reply_draft": ("ask", "opening"),
    "plans:guess": ("missing", "needs"),
    "plans:drop_guess": ("missing", "needs"),
    "plans:done": ("play", "deck"),
}


def build() -> Town:
    """Mara's and Emil's story, then Mara's and Jonas's, and the others'."""
    mara, emil = couple("Mara", "Emil")
    jonas = person("Jonas")
    zoe, sam = alone("Zoe"), alone("Sam")
    sam.user.is_staff = sam.user.is_superuser = True
    sam.user.save()
    in_the_afternoon(mara, emil, jonas, zoe, sam)
    for someone in (mara, emil, jonas, zoe, sam):
        someone.user.set_password(PASSWORD)
        someone.user.save()
        someone.client.force_login(someone.user)
    Walk(mara, emil).first().open_all().agree()
    me.leave(seat=emil.seat, now=SINCE)
    space = Space.objects.create(created_at=SINCE)
    sit(mara, space, 1)
    sit(jonas, space, 2)
    walk = Walk(mara, jonas).first().anew().first().open_all().tell().agree(in_days=0)
    walk.say_back(jonas)
    walk.share(mara, "ask", "opening")
    walk.remember(mara)
    for someone in (mara, jonas):
        walk.share(someone, "missing", "needs")
        walk.share(someone, "play", "deck", picks=["read-aloud"])
    walk.suggest(mara)
    walk.take(jonas, walk.suggest(mara, "play"))
    walk.intend(mara)
    walk.intend(mara, "Another thing")
    for someone in (jonas, zoe, sam):
        if someone is not jonas:
            someone.client.post("/plans/first/", {"words": "A quiet hour"})
        walk.intend(someone, f"Something of {someone.user.name}")
    due_today(CheckIn.objects.get(seat=mara.seat, number=2))
    people = {"anonymous": None, "stranger": zoe, "partner": jonas, "owner": mara, "ex": emil, "staff": sam}
    line = Commitment.objects.get(proposal__plan__space=space)
    return Town(people, line.lineage, payloads(mara, walk))


PASSWORD = "a long one, and known"


def payloads(mara: Person, walk: Walk) -> dict[str, dict[str, Any]]:
    """What a POST carries where it takes something: words that would be accepted from the right person."""
    day = today(mara) + timedelta(days=14)
    line = {"line-0-what": "Coffee", "line-0-who": "both", "line-0-when": "Sunday"}
    proposal = line | {"base": 1, "date": day, "hour": "18", "rhythm": "2w"}
    text = {"words": "What it was like", "revision": walk.revision(mara, "telling")}
    credentials = {"login": "mara@example.org", "password": "wrong, and long"}
    return {
        "welcome": {"name": "Mara", "time_zone": "UTC"},
        "account_login": credentials,
        "account_signup": {"email": "new@example.org", "password1": "a long one, and new"},
        "account_reset_password": {"email": "mara@example.org"},
        "account_reauthenticate": {"password": PASSWORD},
        "account_change_password": {"oldpassword": PASSWORD, "password1": "another one", "password2": "another one"},
        "account_email": {"email": "other@example.org", "action_add": ""},
        "spaces:invite_by_mail": {"address": "somebody@example.org", "shows_name": "yes"},
        "spaces:begin_quiet": {"hours": "48"},
        "plans:first": {"words": "A quiet hour"},
        "plans:focus": {"focus": "Evenings"},
        "plans:start": {"guide": "unsure"},
        "plans:door": GO_ON,
        "plans:propose": proposal,
        "plans:propose_with_yes": proposal,
        "plans:proposal_draft": line,
        "plans:yes": {"number": 1},
        "plans:take_back_yes": {"number": 1},
        "plans:thought": {"number": 1, "text": "I like it"},
        "plans:less": {"until": day},
        "plans:agree_to_summary": {"part": walk.summary_parts(mara)},
        "plans:draft": text,
        "plans:share": text | {"words": "Said anew"},
        "plans:add": text,
        "plans:reflect": {"text": "What I hear is"},
        "plans:reflection_draft": {"text": "What I hear is"},
        "plans:answer": {"verdict": "almost", "number": 1},
        "plans:remove": {"item": "2026-05-03"},
        "plans:correct": {"entry": 1, "words": "The lake"},
        "plans:reply": {"begin": "1", "words": "Yes"},
        "plans:reply_draft": {"words": "Yes"},
        "plans:guess": {"answer": "close"},
        "plans:done": {"idea": "read-aloud", "on": today(mara).isoformat()},
        "plans:leave_for_today": {"speaker": "1"},
        "checkins:save": walk.answers(),
        "checkins:not_kept": {"on": today(mara).isoformat()},
        "checkins:noticed": {"moment": "laugh", "words": "At the sink"},
        "checkins:not_noticed": {"on": today(mara).isoformat(), "moment": "laugh"},
        "checkins:share": walk.answers(),
        "checkins:save_own": walk.answers(),
        "checkins:share_own": walk.answers(),
        "checkins:intentions": {"what-1": "A walk", "local_date": day, "hour": "19", "rhythm": "2w"},
        "appointments:new": times(mara) | {"purpose": "moment", "length": "30"},
        "appointments:look": times(mara),
        "appointments:other": times(mara) | {"seen": 1},
        "appointments:accept": {"seen": 1, "position": 1},
        "appointments:not_now": {"seen": 1},
        "appointments:move": {"seen": 1},
        "appointments:end": {"seen": 1},
        "appointments:start": {"feelings": ["tired"]},
        "appointments:hours": {"evening_ends": "22", "morning_begins": "8"},
        "coach": {"text": "You never listen to me.", "reading": "words"},
        "coach_not_helpful": {"rule": "vague-line"},
        "me:coach": {"coach": "on"},
        "me:hear_again": {"rule": "vague-line"},
        "me:set_own_time": {"weekday": "2", "hour": "18"},
        "me:profile": {"name": "Mara", "time_zone": "UTC"},
    }


@pytest.fixture(scope="module")
def town(house: None) -> Iterator[Town]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):  # only to be quick
        yield build()


def test_every_address_has_its_answers():
    assert len(NAMES) == len(VALUES)
    assert set(NAMES) == set(answers())


def test_staff_gets_nothing_special_and_nobody_a_403():
    for name, row in answers().items():
        assert row["staff"] == row["stranger"], name
        assert not {code for codes in row.values() for code in codes} & {"403", "500"}, name


def test_nothing_of_the_couple_is_there_for_a_stranger():
    """What carries a number is either not there for strangers or refuses the method, before it looks anything up."""
    for name, wanted in VALUES.items():
        if "number" in wanted:
            assert set(answers()[name]["stranger"]) <= {"404", "405"}, name
            assert "404" in answers()[name]["stranger"], name


@pytest.mark.parametrize("name", NAMES)
def test_answers(town, name):
    given = {who: [str(town.ask(who, way, name).status_code) for way in WAYS] for who in PEOPLE}
    assert given == answers()[name]


@pytest.mark.parametrize("name", [name for name, wanted in VALUES.items() if "number" in wanted])
def test_not_yours_and_not_there_are_the_same_page(town, name):
    theirs = reverse(name, kwargs=town.arguments(name))
    nowhere = reverse(name, kwargs=town.arguments(name) | {"number": 77})
    for client in (town.browser("stranger"), town.browser("staff")):
        for way in (client.get, client.post):
            there, missing = way(theirs), way(nowhere)
            assert there.status_code == missing.status_code
            assert page(there) == page(missing)
            assert there.headers == missing.headers


WRITES = ("INSERT", "UPDATE", "DELETE")
# A session is not a fact of anybody's: arriving keeps a token in it, signing out ends it.
ONLY_THE_SESSION = {"exit", "spaces:arrive", "spaces:arrive_no_more"}


@pytest.mark.parametrize("name", NAMES)
def test_reading_changes_nothing(town, name):
    """Whatever a scanner opens, and however often: no GET and no HEAD writes anything."""
    client, address = town.browser("owner"), reverse(name, kwargs=town.arguments(name))
    with rolled_back(), CaptureQueriesContext(connection) as queries:
        client.get(address)
        client.head(address)
    written = {one["sql"].split('"')[1] for one in queries if one["sql"].startswith(WRITES)}
    counted = {"cache"} if name.startswith("account_") else set()  # how often somebody asked, for the rate limits
    assert written <= counted | ({"django_session"} if name in ONLY_THE_SESSION else set())


# Pressed by mail programs (RFC 8058), which have no page of ours: the sealed address is the key.
WITHOUT_TOKEN = {"stop_mail"}


def test_a_form_without_its_token_is_refused_everywhere(town):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies.update(town.people["owner"].client.cookies)
    assert set(NAMES) >= WITHOUT_TOKEN
    for name in set(NAMES) - WITHOUT_TOKEN:
        address = reverse(name, kwargs=town.arguments(name))
        for headers in ({}, {"HX-Request": "true"}):
            with rolled_back(), CaptureQueriesContext(connection) as queries:
                answer = strict.post(address, town.payloads.get(name, {}), headers=headers)
            assert answer.status_code == 403, name
            assert not [one["sql"] for one in queries if one["sql"].startswith(WRITES)], name


def test_a_form_from_elsewhere_is_refused_although_its_token_is_right(town):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies.update(town.people["owner"].client.cookies)
    strict.get("/settings/")
    data = {"name": "Mallory", "time_zone": "UTC", "csrfmiddlewaretoken": strict.cookies["csrftoken"].value}
    for origin, status in (("https://elsewhere.example", 403), ("http://testserver", 303)):
        with rolled_back():
            answer = strict.post("/settings/profile/", data, headers={"Origin": origin})
        assert answer.status_code == status
        assert b"Mallory" not in answer.content
