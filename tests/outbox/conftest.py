"""The post office of these tests: an SMTP server, one kind of letter, and nobody else's broker."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from apps.accounts.models import User
from apps.outbox import kinds, tasks
from apps.outbox.kinds import Kind
from tests.outbox.office import Rules, Sink


class AnyPort(Controller):
    """A server on whichever port the system has free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture(params=[True, False], ids=["in one go", "step by step"])
def sink(request: pytest.FixtureRequest, settings: Any) -> Iterator[Sink]:
    """A server that takes sender, recipient and DATA in one go, and one that wants to be asked each time."""
    handler = Sink()
    handler.pipelining = request.param
    controller = AnyPort(handler, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield handler
    controller.stop()


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Rules:
    chosen = Rules()
    monkeypatch.setattr(kinds, "_kinds", {})
    kinds.register(
        Kind("test", lambda letter, now: chosen.decide(letter, now), lambda letter, now: chosen.render(letter, now))
    )
    return chosen


@pytest.fixture(autouse=True)
def no_worker_is_asked() -> Iterator[None]:
    """The tests' own broker is not ours to fill; test_nudge.py lifts this."""
    tasks.silence.until = float("inf")
    yield
    tasks.silence.until = 0.0


@pytest.fixture
def people(db: None) -> list[User]:
    return [User.objects.create_user(f"person{number}@example.org") for number in range(5)]
