"""An address that bounces: its person is told on their own pages, mail to it rests, one press tries again."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.accounts import letters
from apps.accounts.models import User
from apps.checkins import actions as checkins
from apps.checkins.models import CheckIn
from apps.outbox import actions as outbox
from apps.outbox import delivery
from apps.outbox.models import Letter
from tests.outbox.conftest import no_worker_is_asked, sink  # noqa: F401 - fixtures
from tests.outbox.office import Sink
from tests.world import World

pytestmark = pytest.mark.django_db
TOLD = "Mail does not reach you"


def remind(person: Any) -> Letter:
    """A reminder that is due now."""
    now = timezone.now()
    day = now.astimezone(person.user.zone)
    check_in = checkins.schedule(
        space=person.seat.space,
        seat=person.seat,
        seat_by=person.seat,
        items=[],
        local_date=day.date(),
        hour=12,
        zone=person.user.time_zone,
        rhythm="2w",
        now=now,
    )
    assert CheckIn.objects.filter(pk=check_in.pk).exists()
    letter = Letter.objects.get(occurrence=str(check_in.pk), recipient=person.user)
    Letter.objects.filter(pk=letter.pk).update(due_at=now - timedelta(minutes=1))
    return letter


@pytest.fixture
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """At any hour of these tests it is day."""
    from apps.checkins import schedule

    monkeypatch.setattr(schedule, "in_window", lambda now, zone: True)


def code(address: str) -> Letter:
    now = timezone.now()
    payload = {"subject": "Your code", "text": "4711", "html": "<p>4711</p>", "is_code": True}
    posted = outbox.post(
        kind=letters.SIGN_IN, occurrence=uuid4().hex, address=address, payload=payload, due_at=now, now=now
    )
    assert posted is not None
    return posted


def end_of(letter: Letter) -> str:
    return Letter.objects.get(pk=letter.pk).end_reason


def test_refused_once_mail_rests_and_its_person_alone_is_told(world: World, sink: Sink, by_day: None) -> None:  # noqa: F811
    before = world.partner.client.get("/").content
    sink.answers[world.owner.user.email] = "550 5.1.1 no such person"
    first = remind(world.owner)
    delivery.send_due()
    assert end_of(first) == "refused"
    assert TOLD in world.owner.client.get("/").content.decode()
    assert TOLD in world.owner.client.get("/settings/").content.decode()
    assert strip(world.partner.client.get("/").content) == strip(before)
    assert TOLD not in world.partner.client.get("/settings/").content.decode()

    second = remind(world.owner)
    delivery.send_due()
    assert end_of(second) == "address refused"
    assert sink.asked[world.owner.user.email] == 1


def test_a_code_is_tried_all_the_same(world: World, sink: Sink) -> None:  # noqa: F811
    sink.answers[world.owner.user.email] = "550 5.1.1 no such person"
    code(world.owner.user.email.upper())
    sink.answers[world.owner.user.email.upper()] = "550 5.1.1 no such person"
    delivery.send_due()
    assert User.objects.get(pk=world.owner.user.pk).mail_is_refused
    sink.answers.clear()
    asked_for = code(world.owner.user.email)
    delivery.send_due()
    assert end_of(asked_for) == "sent"


def test_one_press_tries_again(world: World, sink: Sink, by_day: None) -> None:  # noqa: F811
    sink.answers[world.owner.user.email] = "550 5.1.1 no such person"
    remind(world.owner)
    delivery.send_due()
    sink.answers.clear()
    assert world.owner.client.post("/accounts/mail/again/").status_code == 303
    assert TOLD not in world.owner.client.get("/").content.decode()
    again = remind(world.owner)
    delivery.send_due()
    assert end_of(again) == "sent"


def test_another_address_is_another_matter(world: World, sink: Sink, by_day: None) -> None:  # noqa: F811
    sink.answers[world.owner.user.email] = "550 5.1.1 no such person"
    remind(world.owner)
    delivery.send_due()
    User.objects.filter(pk=world.owner.user.pk).update(email="mara@elsewhere.example")
    assert TOLD not in world.owner.client.get("/").content.decode()
    again = remind(world.owner)
    delivery.send_due()
    assert end_of(again) == "sent"
    assert [message["To"] for message in sink.received] == ["mara@elsewhere.example"]


@pytest.mark.parametrize("answer", ["550 5.7.1 blocked", "554 5.7.606 access denied", "552 5.2.2 mailbox full"])
def test_a_refusal_that_is_not_about_the_address_tells_nobody(
    world: World,
    sink: Sink,  # noqa: F811
    by_day: None,
    answer: str,
) -> None:
    sink.answers[world.owner.user.email] = answer
    letter = remind(world.owner)
    delivery.send_due()
    waiting = Letter.objects.get(pk=letter.pk)
    assert (waiting.end_reason, waiting.attempts, waiting.last_error) == ("", 1, answer[:3])
    assert not User.objects.get(pk=world.owner.user.pk).mail_is_refused


def test_an_address_that_nobody_here_has_is_nobodys_fact(db: None, sink: Sink) -> None:  # noqa: F811
    sink.answers["someone@example.org"] = "550 5.1.1 no such person"
    code("someone@example.org")
    delivery.send_due()
    assert not User.objects.exclude(mail_refused_at=None).exists()


def strip(page: bytes) -> bytes:
    """A page without what differs each time."""
    import re

    return re.sub(rb'(csrfmiddlewaretoken" value|nonce)="[^"]*"|X-CSRFToken[^}]*', b"", page)
