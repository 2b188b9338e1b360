"""Asking a worker after commit: quick, without arguments, and nobody's problem when the broker is away."""

import json
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from celery import current_app
from django.conf import settings as django_settings
from redis import Redis

from apps.outbox import delivery, tasks
from apps.outbox.models import Letter
from tests.outbox.office import Rules, Sink, post


@pytest.fixture(autouse=True)
def asking_is_allowed(no_worker_is_asked: None) -> None:
    tasks.silence.until = 0.0


@pytest.fixture
def broker() -> Iterator[Redis]:
    """A database of the broker that no other run uses."""
    address = urlunsplit(urlsplit(django_settings.REDIS_URL)._replace(path="/15"))
    client = Redis.from_url(address)
    client.delete("celery")
    before, current_app.conf.broker_write_url = current_app.conf.broker_write_url, address
    yield client
    current_app.conf.broker_write_url = before
    client.delete("celery")
    client.close()


@pytest.fixture
def nobody() -> Iterator[str]:
    """The address of a broker that accepts the connection and never says a word."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)
        yield f"redis://:secret@127.0.0.1:{silent.getsockname()[1]}/0"


def test_a_due_letter_asks_a_worker_once_it_is_committed(
    rules: Rules, broker: Redis, db: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post("1", payload={"code": "the sea at Dahme"})
        assert broker.llen("celery") == 0
    assert broker.llen("celery") == 1
    message = broker.lpop("celery")
    assert b"Dahme" not in message
    assert json.loads(message)["headers"]["task"] == "apps.outbox.tasks.send_due"
    assert json.loads(message)["headers"]["argsrepr"] == "()"
    assert json.loads(message)["headers"]["expires"]


def test_a_letter_for_later_asks_nobody(
    rules: Rules, broker: Redis, db: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post("1", due_in=timedelta(days=14))
    assert broker.llen("celery") == 0


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
    assert time.monotonic() - started < 2
    assert Letter.objects.filter(ended_at=None).count() == 10
    delivery.send_due()
    assert len(sink.received) == 10


def test_the_task_sends_and_asks_for_another_run_when_its_time_is_up(
    rules: Rules, sink: Sink, broker: Redis, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    post("1")
    tasks.send_due()
    assert len(sink.received) == 1
    assert broker.llen("celery") == 0
    monkeypatch.setattr(delivery, "send_due", lambda: True)
    tasks.send_due()
    assert broker.llen("celery") == 1
