"""Asking a worker after commit: quick, without arguments, and nobody's problem when the broker is away."""

import json
import socket
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from redis import Redis

from apps.outbox import delivery, tasks
from apps.outbox.models import Letter
from tests.outbox.office import Rules, Sink, post


@pytest.fixture(autouse=True)
def asking_is_allowed(no_worker_is_asked: None) -> None:
    tasks.silence.until = 0.0


@dataclass
class Queue:
    """The broker's queue under a name that no other run uses."""

    client: Redis
    key: str

    def __len__(self) -> int:
        return int(self.client.llen(self.key))

    def pop(self) -> bytes:
        return bytes(self.client.lpop(self.key))


@pytest.fixture
def broker() -> Iterator[Queue]:
    prefix = f"{uuid.uuid4().hex}."
    before = current_app.conf.broker_transport_options
    current_app.conf.broker_transport_options = {**before, "global_keyprefix": prefix}
    with Redis.from_url(settings.REDIS_URL) as client:
        yield Queue(client, f"{prefix}celery")
        client.delete(*client.keys(f"{prefix}*"), "")
    current_app.conf.broker_transport_options = before


@pytest.fixture
def nobody() -> Iterator[str]:
    """The address of a broker that accepts the connection and never says a word."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)
        yield f"redis://:secret@127.0.0.1:{silent.getsockname()[1]}/0"


def test_a_due_letter_asks_a_worker_once_it_is_committed(
    rules: Rules, broker: Queue, db: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post("1", payload={"code": "the sea at Dahme"})
        assert len(broker) == 0
    assert len(broker) == 1
    message = broker.pop()
    assert b"Dahme" not in message
    assert json.loads(message)["headers"]["task"] == "apps.outbox.tasks.send_due"
    assert json.loads(message)["headers"]["argsrepr"] == "()"
    assert json.loads(message)["headers"]["expires"]


def test_a_letter_for_later_asks_nobody(
    rules: Rules, broker: Queue, db: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post("1", due_in=timedelta(days=14))
    assert len(broker) == 0


@pytest.mark.parametrize("away", ["refused", "silent"])
def test_without_a_broker_the_page_answers_and_the_letter_is_safe(
    rules: Rules,
    sink: Sink,
    nobody: str,
    away: str,
    monkeypatch: pytest.MonkeyPatch,
    db: None,
    django_capture_on_commit_callbacks: Any,
) -> None:
    address = "redis://:secret@127.0.0.1:1/0" if away == "refused" else nobody
    monkeypatch.setattr(current_app.conf, "broker_write_url", address)
    started = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(10):
            post(f"{number}")
    assert time.monotonic() - started < 3
    assert Letter.objects.filter(ended_at=None).count() == 10
    delivery.send_due()
    assert len(sink.received) == 10


def test_the_task_sends_and_asks_for_another_run_when_its_time_is_up(
    rules: Rules, sink: Sink, broker: Queue, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    post("1")
    tasks.send_due()
    assert len(sink.received) == 1
    assert len(broker) == 0
    monkeypatch.setattr(delivery, "send_due", lambda: True)
    tasks.send_due()
    assert len(broker) == 1
