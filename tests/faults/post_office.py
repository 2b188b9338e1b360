"""Real processes of the mail for fault tests: database and broker that may be killed, workers, beats, a mail server.

    with PostOffice(folder, workers=2) as office:
        office.post(200)
        office.kill_worker(0)
        office.wait_until_settled()

The mail server runs in this process and counts. It may cut a line after the final dot, or keep somebody waiting.
"""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
from aiosmtpd.controller import Controller
from launcher import app
from launcher.places import PYTHON, ROOT, state
from launcher.ports import Ports, any_free
from launcher.postgres import HASTY, Postgres
from launcher.processes import Child, stop_all
from launcher.valkey import Valkey
from redis import Redis

FILL = """
import sys, django
django.setup()
from datetime import timedelta
from django.utils import timezone
from apps.outbox.models import Letter
first, count, due_in = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
now = timezone.now()
due = now + timedelta(seconds=due_in)
payload = {"subject": "A note", "text": "Text", "html": "<p>HTML</p>"}
Letter.objects.bulk_create([
    Letter(kind="accounts.sign-in", occurrence=f"n{n}", address=f"n{n}@example.org", payload=payload, due_at=due,
           created_at=now)
    for n in range(first, first + count)
], batch_size=1000)
print(due.timestamp())
"""


class Counting:
    """The mail server: who got how many, and when each first came."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()
        self.ids: dict[str, set[str]] = {}
        self.first_at: dict[str, float] = {}
        self.cut_every = 0
        self.cuts = 0
        self._lock = threading.Lock()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        to = envelope.rcpt_tos[0].partition("@")[0]
        head = envelope.content.split(b"\r\n\r\n", 1)[0].decode()
        message_id = next(line for line in head.split("\r\n") if line.startswith("Message-ID"))
        with self._lock:
            self.received[to] += 1
            self.first_at.setdefault(to, time.time())
            self.ids.setdefault(to, set()).add(message_id)
            cut = self.cut_every and self.received.total() % self.cut_every == 0
            self.cuts += bool(cut)
        if cut:
            server.transport.close()
        return "250 OK"

    @property
    def doubled(self) -> int:
        return self.received.total() - len(self.received)


class PostOffice:
    """All of it, on servers of its own. A context manager."""

    def __init__(self, folder: Path, *, workers: int = 2, beats: int = 1) -> None:
        self.folder, self.counting = folder, Counting()
        ports = Ports(folder / "ports.json")
        self.postgres = Postgres(folder, name="faults", password="a-word", ports=ports, settings=HASTY)
        self.valkey = Valkey(folder, password="a-word", ports=ports)
        self.controller = Controller(self.counting, hostname="127.0.0.1", port=any_free())
        self._counts = (workers, beats)
        self.workers: list[Child] = []
        self.beats: list[Child] = []
        self.environment: dict[str, str] = {}
        self.posted = 0
        self.kills = 0

    def __enter__(self) -> "PostOffice":
        self.postgres.start()
        self.valkey.start()
        self.controller.start()
        ours = {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.controller.port}",
            "DEV_MAILBOX": "",
            "OUTBOX_EVERY": "1",
            "HALFWAY_LOCAL": "1",
        }
        self.environment = app.environment(os.environ, ours, port=8000)
        app.prepare(self.folder / "logs", self.environment, "migrate", "cache")
        workers, beats = self._counts
        self.workers = [self._named(app.worker, f"worker{n}") for n in range(workers)]
        self.beats = [self._named(app.beat, f"beat{n}") for n in range(beats)]
        return self

    def __exit__(self, *error: object) -> None:
        for worker in self.workers:
            if worker.process:
                worker.process.send_signal(signal.SIGCONT)
        stop_all([child for child in (*self.workers, *self.beats) if child.process])
        self.controller.stop()
        self.valkey.child.stop()
        self.postgres.child.stop()
        if state(self.folder) != self.folder:
            shutil.rmtree(state(self.folder))

    def _named(self, make: Any, name: str) -> Child:
        child: Child = make(self.folder / "logs", self.environment)
        child.name, child.log = name, self.folder / "logs" / f"{name}.log"
        return child

    def start(self) -> None:
        for child in (*self.workers, *self.beats):
            child.start()

    # letters

    def post(self, count: int, *, due_in: float = 0) -> float:
        """Posts so many letters; returns when they are due, by this machine's clock."""
        command = [PYTHON, "-c", FILL, str(self.posted), str(count), str(due_in)]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True)
        self.posted += count
        return float(done.stdout)

    def manage(self, *command: str) -> str:
        """Runs one of manage.py's commands; returns what it said."""
        whole = [PYTHON, "manage.py", *command]
        return subprocess.run(whole, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []

    def open_letters(self) -> int:
        return int(self.sql("SELECT count(*) FROM outbox_letter WHERE ended_at IS NULL")[0][0])

    def leases_run_out(self) -> None:
        """What a minute would do."""
        self.sql("UPDATE outbox_letter SET claimed_until = now() WHERE claimed_until IS NOT NULL")

    # faults

    def kill_worker(self, number: int) -> None:
        self.kills += 1
        self.workers[number].kill()
        self.workers[number].start()

    def flush(self) -> None:
        with Redis.from_url(self.valkey.url) as client:
            client.flushall()

    def restart_database(self, *, killed: bool = False) -> None:
        self.postgres.child.kill() if killed else self.postgres.child.stop()
        self.postgres.start()

    # waiting

    def wait(self, condition: Any, *, seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                logs = "\n".join(f"== {child.name}\n{child.tail()}" for child in (*self.workers, *self.beats))
                raise AssertionError(f"{what}: {self.counting.received.total()} came of {self.posted}\n{logs}")
            time.sleep(0.05)

    def wait_for_mails(self, count: int, *, seconds: float = 120) -> None:
        self.wait(lambda: len(self.counting.received) >= count, seconds=seconds, what=f"{count} mails")

    def wait_until_sent(self, count: int) -> None:
        """Waits until the database knows that so many were sent."""
        query = "SELECT count(*) FROM outbox_letter WHERE end_reason = 'sent'"
        self.wait(lambda: self.sql(query) == [(count,)], seconds=120, what=f"{count} letters marked")

    def wait_until_settled(self, *, seconds: float = 180) -> None:
        self.wait(lambda: self.open_letters() == 0, seconds=seconds, what="every letter ended")

    def check(self) -> None:
        """Nothing is lost; what came twice came with the same Message-ID, and was a kill's or a cut's."""
        expected = {f"n{n}" for n in range(self.posted)}
        got = set(self.counting.received)
        assert got == expected, f"lost {expected - got}, from elsewhere {got - expected}"
        assert all(len(ids) == 1 for ids in self.counting.ids.values())
        assert self.counting.doubled <= self.kills + self.counting.cuts
        ends = dict(self.sql("SELECT end_reason, count(*) FROM outbox_letter GROUP BY 1"))
        assert ends == {"sent": self.posted}
