"""A database out of a backup: what was due waits for a person, and what comes after goes as ever."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models.functions import Now
from django.utils import timezone

from apps.outbox import actions, delivery, restored
from apps.outbox.models import Letter, Place
from tests.outbox.office import Rules, Sink, post

pytestmark = pytest.mark.django_db


def out_of_a_backup() -> None:
    """What a dump brings along: the mark of the place where it was taken."""
    Place.objects.update(mark="7300000000000000000:1:16384:16999")


def say(*options: str) -> str:
    words = StringIO()
    call_command("outbox_restored", *options, stdout=words)
    return words.getvalue()


def test_in_its_own_place_nothing_is_held(rules: Rules, sink: Sink) -> None:
    post("1")
    delivery.send_due()
    post("2")
    delivery.send_due()
    assert len(sink.received) == 2
    assert Place.objects.get().mark == restored.mark_here()


def test_a_restored_database_sends_no_second_wave(rules: Rules, sink: Sink, caplog: pytest.LogCaptureFixture) -> None:
    delivery.send_due()
    due = [post(f"{number}") for number in range(3)]
    later = post("later", due_in=timedelta(hours=1))
    out_of_a_backup()
    delivery.send_due()
    delivery.send_due()
    assert not sink.received
    assert "manage.py outbox_restored" in caplog.text
    assert {letter.occurrence for letter in Letter.objects.filter(doubtful=True)} == {"0", "1", "2"}

    fresh = post("fresh")
    Letter.objects.filter(pk=later.pk).update(due_at=Now())
    delivery.send_due()
    assert {message["To"] for message in sink.received} == {"fresh@example.org", "later@example.org"}
    assert Letter.objects.get(pk=fresh.pk).end_reason == "sent"
    assert not Letter.objects.exclude(pk__in=[fresh.pk, later.pk]).exclude(doubtful=True).exists()
    assert len(due) == 3


def test_moving_a_held_letter_does_not_let_it_go(rules: Rules, sink: Sink) -> None:
    delivery.send_due()
    letter = post("1")
    out_of_a_backup()
    delivery.send_due()
    now = timezone.now()
    actions.move(kind="test", occurrence="1", due_at=now, now=now, recipient=None)
    delivery.send_due()
    assert not sink.received
    assert Letter.objects.get(pk=letter.pk).doubtful


def test_a_person_says_that_they_go(rules: Rules, sink: Sink) -> None:
    delivery.send_due()
    for number in range(7):
        post(f"{number}")
    out_of_a_backup()
    assert say() == "Letters that were due before a restore: about 5, waiting for --send or --drop.\n"
    assert say("--send") == "Letters that were due before a restore: about 5, sent soon.\n"
    delivery.send_due()
    assert len(sink.received) == 7
    assert say() == "Letters that were due before a restore: fewer than 5, waiting for --send or --drop.\n"


def test_a_person_says_that_they_do_not(rules: Rules, sink: Sink) -> None:
    delivery.send_due()
    letter = post("1", payload={"code": "the sea at Dahme"})
    out_of_a_backup()
    say("--drop")
    delivery.send_due()
    ended = Letter.objects.get(pk=letter.pk)
    assert (ended.end_reason, ended.payload, ended.address, ended.doubtful) == ("restored", None, None, False)
    assert not sink.received
    assert post("1").end_reason == "restored"


def test_a_disk_that_was_put_back_shows_nothing_so_a_person_holds(rules: Rules, sink: Sink) -> None:
    delivery.send_due()
    post("1")
    say("--hold")
    delivery.send_due()
    assert not sink.received


def test_withdrawn_while_held_is_ended(rules: Rules, sink: Sink) -> None:
    delivery.send_due()
    post("1")
    out_of_a_backup()
    delivery.send_due()
    assert actions.drop(kind="test", occurrence="1", reason="left", now=timezone.now()) == 1
    assert say("--send").startswith("Letters that were due before a restore: fewer than 5")
    delivery.send_due()
    assert not sink.received
