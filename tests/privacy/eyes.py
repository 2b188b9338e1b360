"""What one person can see: every page they can open, every answer they can get, every mail that waits for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from apps.checkins.models import Item
from apps.outbox import kinds
from apps.outbox.models import Letter
from tests.addresses import VALUES, readable
from tests.walk import GO_ON, STEPS, WAY, Walk, again, filled, rolled_back, times, today
from tests.world import Person

# Signing out, and the key of an invitation, a calendar or in a mail, are acts of one's own and no pages about anybody.
NO_PAGES = {
    "exit", "healthz", "spaces:arrive", "spaces:arrive_no_more", "appointments:feed", "checkins:snooze", "stop_mail",
}  # fmt: skip
NUMBERS = (1, 2)
KEY_IN_A_MAIL = re.compile(r"/mail/[\w-]+/")  # sealed anew each time
LINK = re.compile(r'(?:href|action|hx-get)="(/[^"#]*)"')


@dataclass(frozen=True)
class Answer:
    """One answer without what differs each time: the form's token, the nonce, and the cookie that goes with them."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    body: str


def answer(response: HttpResponse) -> Answer:
    headers = tuple(sorted((name, blank(value)) for name, value in response.items() if name != "Date"))
    return Answer(response.status_code, headers, tuple(sorted(response.cookies)), blank(response.content.decode()))


def blank(text: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value="|nonce="|nonce-)[^"\']*', r"\1", text)


def addresses(*, accounts: bool = False) -> list[str]:
    """Every page there is, with every number, step and exercise that can stand in its address."""
    found = []
    for name in readable():
        if name not in NO_PAGES and (accounts or not name.startswith("account_")):
            found += [reverse(name, kwargs=values) for values in values_for(VALUES[name])]
    return found


def values_for(wanted: set[str]) -> Iterator[dict[str, Any]]:
    numbers = NUMBERS if "number" in wanted and "place" not in wanted else NUMBERS[:1]
    if "key" in wanted:
        places: list[tuple[str, str]] = [(place, exercise.key) for place, exercise in WAY]
    else:
        places = [(place, "") for place in ("prepare", *STEPS)] if "place" in wanted else [("", "")]
    for number, (place, key) in product(numbers, places):
        given = {"number": number, "place": place, "key": key}
        yield {name: value for name, value in given.items() if name in wanted}


def pages(someone: Person, *, accounts: bool = False) -> dict[str, Answer]:
    """Every page, also those that are only linked."""
    client = again(someone)
    waiting, found = addresses(accounts=accounts), {}
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        found[address] = answer(client.get(address))  # type: ignore[arg-type]
        links = {link.replace("&amp;", "&") for link in LINK.findall(found[address].body)}
        waiting += [link for link in links if not link.startswith(("/static/", "/accounts/", "/dev/"))]
    return found


def presses(someone: Person, walk: Walk) -> dict[str, Answer]:
    """What everything answers that they could press: each press is undone again, so all begin from the same."""
    found = {}
    for address, data in every_press(walk, someone):
        with rolled_back():
            found[f"POST {address}"] = answer(again(someone).post(address, data))  # type: ignore[arg-type]
    return found


def every_press(walk: Walk, someone: Person) -> Iterator[tuple[str, dict[str, Any]]]:
    """One exercise of each way of showing, and everything else, with words that would be taken."""
    exercises = {exercise.key: exercise for _place, exercise in WAY}
    for place, key in (("ask", "opening"), ("listen", "telling"), ("outside", "stressors"), ("play", "deck")):
        words = filled(exercises[key], lambda _key: "My own words") | {"revision": walk.revision(someone, key)}
        for verb in ("share", "undo", "take-back", "add"):
            yield walk.at(place, key, verb), words
        yield walk.at(place, key, "say-back"), {"text": "What I hear is"}
        yield walk.at(place, key, "say-back", "draft"), {"text": "What I hear is"}
        yield walk.at(place, key, "answer"), {"verdict": "heard", "number": 1}
        yield walk.at(place, key, "leave-for-today"), {"speaker": "1"}
    for step in ("ask", "look-back"):
        yield walk.at(step, "talked"), {}
        yield walk.at(step, "talked", "take-back"), {}
    for number in (1, 2, 3):
        yield walk.at("agreement", "yes"), {"number": number}
        yield walk.at("agreement", "yes", "take-back"), {"number": number}
        yield walk.at("agreement", "propose"), {"base": number}
        yield walk.at("agreement", "thought"), {"number": number, "text": "I like it"}
    yield "/quiet/begin/", {"hours": "24"}
    yield "/quiet/end/", {}
    yield walk.at("agreement", "less"), {"until": ""}
    yield walk.at("agreement", "less", "over"), {}
    yield walk.at("summary", "agree"), {"part": walk.summary_parts(someone)}
    yield walk.at("summary", "take-back"), {}
    yield walk.at("door"), GO_ON
    yield walk.at("focus"), {"focus": "Evenings"}
    yield walk.at("agreement", "end"), {}
    yield walk.at("rest"), {}
    day = today(walk.two).isoformat()
    for item in Item.objects.filter(check_in__space=walk.two.seat.space, check_in__seat=None, check_in__closed_at=None):
        yield f"/kept/{item.lineage}/", {}
        yield f"/kept/{item.lineage}/undo/", {"on": day}
    yield "/noticed/", {"moment": "laugh", "words": "My own words"}
    yield "/noticed/undo/", {"on": day, "moment": "laugh"}
    for number, verb in product((1, 2), ("accept", "other", "not-now", "end", "start", "move")):
        yield f"/times/{number}/{verb}/", times(someone) | {"seen": 1, "position": 1}
    for purpose in ("talk", "play", "moment"):
        yield "/times/new/", times(someone) | {"purpose": purpose, "length": "60"}
    yield "/times/look/", times(someone)
    for verb in ("save", "share", "skip", "later", "not-later", "care", "awake", "rest", "return"):
        yield f"/check-ins/1/{verb}/", walk.answers()
    for verb in ("save", "share", "skip", "later", "care", "awake", "stop", "return"):
        yield f"/mine/1/{verb}/", walk.answers()


def mails(someone: Person) -> list[tuple[Any, ...]]:
    """The letters to one person, as they wait or have ended; what waits with the words it would have when it is due."""
    facts = ("kind", "occurrence", "due_at", "created_at", "ended_at", "end_reason", "sent_at")
    letters = Letter.objects.filter(recipient=someone.user).select_related("recipient").order_by("created_at", "due_at")
    return [(*(getattr(letter, fact) for fact in facts), *(words(letter) or ())) for letter in letters]


def words(letter: Letter) -> tuple[Any, ...] | None:
    """What its kind decides when it is due and, where it would be sent, the whole mail; None for an ended one."""
    if letter.ended_at:
        return None
    kind = kinds.get(letter.kind)
    decided = kind.decide(letter, letter.due_at)
    if not isinstance(decided, kinds.Send):
        return (decided,)
    mail = kind.render(letter, letter.due_at)
    ways_out = kind.unsubscribe(letter) if kind.unsubscribe else ""
    return tuple(KEY_IN_A_MAIL.sub("/mail/key/", part) for part in (mail.subject, mail.text, mail.html, ways_out))


def sight(someone: Person) -> dict[str, Any]:
    """All pages and the mails at one moment."""
    return {**pages(someone), "mails": mails(someone)}


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Where two moments differ, in words; empty where they are the same, byte for byte."""
    found = [f"{address} is only there once" for address in before.keys() ^ after.keys()]
    return found + [
        f"{address}: {difference(before[address], after[address])}"
        for address in before.keys() & after.keys()
        if before[address] != after[address]
    ]


def difference(one: Any, other: Any) -> str:
    if not isinstance(one, Answer) or one.body == other.body:
        return f"{one} and {other}"
    lines = zip(one.body.splitlines(), other.body.splitlines(), strict=False)
    first = next((pair for pair in lines if pair[0] != pair[1]), ("…", "… (one is longer)"))
    return f"{one.status} {first[0].strip()!r} and {other.status} {first[1].strip()!r}"
