"""bin/bench reminders: how many letters a second, beside how many are lost and doubled when senders are killed.

Ours against django-post-office and a Celery task a mail, and against the limits: same machine, same message, same sink,
two senders each. One JSON object a line. `--letters N` `--rounds N` `--pending N` `--kills N` `--killed-letters N`
make it shorter or longer; `--only NAME,…` picks parts of it.
"""

import argparse
import json
import os
import random
import resource
import signal
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.parts.settings"
os.environ["BENCH_BROKER"] = os.environ["REDIS_URL"].rsplit("/", 1)[0] + "/15"

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from launcher.places import PYTHON, ROOT, run_folder
from launcher.processes import end_group, spawn

from bench.parts.message import KIND, address, ready
from bench.parts.sink import Sink

CHUNK = 1000
# A lease that a killed sender left behind runs for a minute.
PATIENCE = 80.0


class Senders:
    """Some processes of one sender, all begun at the same instant. A context manager."""

    def __init__(self, name: str, count: int, sink: Sink, **environment: str) -> None:
        self.name, self.count = name, count
        self.environment = {**os.environ, "EMAIL_URL": sink.url, **environment}
        self.running: list[Any] = []

    def __enter__(self) -> "Senders":
        self.running = [self._start() for _ in range(self.count)]
        for process in self.running:
            if b"ready" not in process.stdout.readline():
                raise SystemExit(f"The sender {self.name} did not start.")
        return self

    def __exit__(self, *error: object) -> None:
        for process in self.running:
            end_group(process)

    def _start(self, *again: str) -> Any:
        command = [PYTHON, "-m", "bench.parts.senders", self.name, *again]
        return spawn(command, env=self.environment, cwd=ROOT, stdin=PIPE, stdout=PIPE)

    def go(self) -> float:
        """Lets all begin and waits for the last: how many seconds that took."""
        began = time.monotonic()
        self.begin()
        for process in self.running:
            if process.wait() != 0:
                raise SystemExit(f"The sender {self.name} ended with {process.returncode}.")
        return time.monotonic() - began

    def begin(self) -> None:
        for process in self.running:
            process.stdin.write(b"\n")
            process.stdin.flush()

    def kill_one(self) -> None:
        """Ends one of them, and all it started, as a crash would; another one begins at once."""
        victim = random.randrange(len(self.running))
        end_group(self.running[victim])
        self.running[victim] = self._start("again")

    def keep_going(self) -> None:
        """Those that found nothing due look again, as the clock would make them."""
        for position, process in enumerate(self.running):
            if process.poll() is not None:
                self.running[position] = self._start("again")


class CeleryWorker(Senders):
    """One worker with two processes, which is two senders. It never ends by itself."""

    def _start(self, *again: str) -> Any:
        options = [
            "--pool",
            "prefork",
            "--concurrency",
            "2",
            "--loglevel",
            "ERROR",
            "--without-gossip",
            "--without-mingle",
        ]
        command = [PYTHON, "-m", "celery", "-A", "bench.parts.celery_app", "worker", *options]
        return spawn(command, env=self.environment, cwd=ROOT, stdin=PIPE, stdout=PIPE)

    def __enter__(self) -> "Senders":
        self.running = [self._start()]
        return self

    def begin(self) -> None:
        pass

    def keep_going(self) -> None:
        pass


# --- filling --------------------------------------------------------------------------------------------------------


def empty() -> None:
    from redis import Redis

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE outbox_letter, post_office_email, post_office_log CASCADE")
    Redis.from_url(os.environ["BENCH_BROKER"]).flushdb()


def settle() -> None:
    """What filling has left to do is done before the clock runs."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def fill_ours(letters: int) -> None:
    from apps.outbox.models import Letter

    now = timezone.now()
    for start in range(0, letters, CHUNK):
        Letter.objects.bulk_create(
            Letter(kind=KIND, occurrence=str(n), address=address(n), payload=ready(), due_at=now, created_at=now)
            for n in range(start, min(start + CHUNK, letters))
        )


def fill_pending(rows: int) -> None:
    """Letters that are not due for days, as plain rows: what they say does not matter to a claim."""

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO outbox_letter (id, kind, occurrence, address, payload, due_at, created_at, attempts,
                                          last_error, end_reason)
               SELECT gen_random_uuid(), kind, 'later ' || n, address, '\\x00',
                      now() + interval '1 day' * (1 + n %% 60), now(), 0, '', ''
               FROM generate_series(1, %s) n, (SELECT * FROM outbox_letter LIMIT 1) one""",
            [rows],
        )


def fill_post_office(letters: int) -> None:
    from post_office.models import PRIORITY, STATUS, Email

    mail = ready()
    for start in range(0, letters, CHUNK):
        Email.objects.bulk_create(
            Email(
                from_email="halfway@localhost", to=[address(n)], subject=mail["subject"], message=mail["text"],
                html_message=mail["html"], status=STATUS.queued, priority=PRIORITY.medium,
                message_id=f"<{n}@localhost>",
            )
            for n in range(start, min(start + CHUNK, letters))
        )  # fmt: skip


def fill_celery(letters: int) -> None:
    from bench.parts.celery_app import mail

    with mail.app.producer_pool.acquire() as producer:
        for number in range(letters):
            mail.apply_async(kwargs={"to": address(number), **ready()}, producer=producer)


# --- measuring ------------------------------------------------------------------------------------------------------


class Contender:
    """One way of sending: how it is filled and started."""

    def __init__(
        self, name: str, sender: str, fill: Callable[[int], None], *, processes: int = 2, **environment: str
    ) -> None:
        self.name, self.sender, self.fill, self.processes = name, sender, fill, processes
        self.environment = environment
        self.processor_ms = 0.0

    def senders(self, sink: Sink) -> Senders:
        made = CeleryWorker if self.sender == "celery" else Senders
        return made(self.sender, self.processes, sink, **self.environment)

    def rate(self, letters: int, sink: Sink) -> float:
        """Letters a second, nobody being killed. Each must have come, once."""
        empty()
        self.fill(letters)
        settle()
        sink.forget()
        before = processor_seconds()
        with self.senders(sink) as senders:
            seconds = senders.go() if self.sender != "celery" else _watched(sink, letters)
        self.processor_ms = (processor_seconds() - before) / letters * 1000
        if self.sender != "mark-only" and sorted(sink.seen().values()) != [1] * letters:
            raise SystemExit(f"{self.name}: {sink.count()} mails came, {letters} were due.")
        return letters / seconds

    def under_kills(self, letters: int, kills: int, sink: Sink) -> dict[str, int]:
        """How many never came and how many came twice, when senders are killed all along."""
        empty()
        self.fill(letters)
        settle()
        sink.forget()
        with self.senders(sink) as senders:
            senders.begin()
            last, moved = 0, time.monotonic()
            todo = [letters * (n + 1) // (kills + 1) for n in range(kills)]
            while len(sink.seen()) < letters and time.monotonic() - moved < PATIENCE:
                count = sink.count()
                if count != last:
                    last, moved = count, time.monotonic()
                if todo and count >= todo[0]:
                    todo.pop(0)
                    senders.kill_one()
                else:
                    senders.keep_going()
                    time.sleep(0.02)
        seen = sink.seen()
        return {"lost": letters - len(seen), "doubled": seen.total() - len(seen), "kills": kills - len(todo)}


def processor_seconds() -> float:
    """What all senders that have ended took of the processors, beginning included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _watched(sink: Sink, letters: int) -> float:
    """From the first mail to the last, for a sender that never ends by itself."""
    while not sink.count():
        time.sleep(0.01)
    began, first = time.monotonic(), sink.count()
    while sink.count() < letters:
        time.sleep(0.05)
    return (time.monotonic() - began) * letters / (letters - first)


def claim_p99(claims: int = 500) -> float:
    """The slowest of a hundred claims, in milliseconds. What is claimed is given back."""
    from apps.outbox import delivery

    took = []
    for _ in range(claims):
        began = time.perf_counter()
        claim = delivery.claim_due()
        took.append(time.perf_counter() - began)
        if claim is None:
            break
    return statistics.quantiles(took, n=100)[98] * 1000


WITHOUT_POOL = {"BENCH_WITHOUT_POOL": "1"}
CONTENDERS = [
    Contender("ours", "ours", fill_ours),
    Contender(
        "post-office, batch 100", "post-office", fill_post_office, processes=1, BENCH_BATCH="100", **WITHOUT_POOL
    ),
    Contender(
        "post-office, batch 2000", "post-office", fill_post_office, processes=1, BENCH_BATCH="2000", **WITHOUT_POOL
    ),
    Contender("a Celery task a mail", "celery", fill_celery, processes=1),
]
LIMITS = [
    Contender("limit: one connection, ready bytes", "pump", lambda letters: None, processes=1),
    Contender("limit: claim and mark in plain SQL", "mark-only", fill_ours),
]


def say(**values: Any) -> None:
    print(json.dumps(values), flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--letters", type=int, default=5000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--killed-letters", type=int, default=10_000)
    options.add_argument("--pending", type=int, default=1_000_000)
    options.add_argument("--only", default="")
    chosen = options.parse_args()
    only = [part for part in chosen.only.split(",") if part]

    def wanted(name: str) -> bool:
        return not only or any(name.startswith(part) for part in only)

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    with Sink(run_folder("bench") / "sink") as sink:
        os.environ["BENCH_LETTERS"] = str(chosen.letters)
        mail = ready()
        say(
            sink=sink.name,
            letters=chosen.letters,
            rounds=chosen.rounds,
            senders=2,
            message_bytes=len(mail["text"].encode()) + len(mail["html"].encode()),
            cores=os.cpu_count(),
            load_before=round(os.getloadavg()[0], 2),
            note="" if sink.name == "smtp-sink" else "aiosmtpd is slower than some senders and hides how they differ",
        )
        rates = measure([one for one in (*LIMITS, *CONTENDERS) if wanted(one.name)], chosen, sink)
        for one in CONTENDERS:
            if wanted(one.name) and chosen.kills:
                letters = max(chosen.letters, 10_000)
                say(
                    sender=one.name,
                    letters_per_second=rates.get(one.name),
                    **one.under_kills(letters, chosen.kills, sink),
                )
        if wanted("pending"):
            with_pending(rates, chosen, sink)
        if "ours" in rates and any(name.startswith("post-office") for name in rates):
            best = max(rate for name, rate in rates.items() if name.startswith("post-office"))
            say(
                figure="ours against post-office's best setting",
                times=round(rates["ours"] / best, 2),
                floor=1.0,
                aim=1.5,
                holds=rates["ours"] >= best,
            )


def measure(contenders: list[Contender], chosen: argparse.Namespace, sink: Sink) -> dict[str, float]:
    """Round after round, so that what else the machine does meets all of them; the middle one counts."""
    rates: dict[str, list[float]] = {one.name: [] for one in contenders}
    for _ in range(chosen.rounds):
        for one in contenders:
            rates[one.name].append(one.rate(chosen.letters, sink))
    middle = {name: round(statistics.median(found), 1) for name, found in rates.items()}
    for one in contenders:
        rounds = [round(rate, 1) for rate in rates[one.name]]
        say(
            sender=one.name,
            letters_per_second=middle[one.name],
            rounds=rounds,
            processor_ms_a_letter=round(one.processor_ms, 2),
            load=round(os.getloadavg()[0], 1),
        )
    return middle


def with_pending(rates: dict[str, float], chosen: argparse.Namespace, sink: Sink) -> None:
    """Ours once more, while a million letters wait for their day; and how long a claim takes then."""

    def fill(letters: int) -> None:
        fill_ours(letters)
        fill_pending(chosen.pending)

    ours = Contender("ours", "ours", fill_ours)
    crowded = Contender("ours", "ours", fill)
    pairs = [(ours.rate(chosen.letters, sink), crowded.rate(chosen.letters, sink)) for _ in range(chosen.rounds)]
    shares = [with_many / alone for alone, with_many in pairs]
    say(
        figure=f"ours with {chosen.pending} letters pending, as a share of its own rate",
        share=round(statistics.median(shares), 2),
        letters_per_second=round(statistics.median(rate for _, rate in pairs), 1),
        floor=0.9,
        holds=statistics.median(shares) >= 0.9,
    )
    empty()
    fill(500 * 20 + 20)
    settle()
    p99 = claim_p99()
    say(
        figure=f"a claim of 20 with {chosen.pending} letters pending, p99 in ms",
        milliseconds=round(p99, 2),
        floor=20,
        holds=p99 <= 20,
    )


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    assert Path.cwd() == ROOT
    main()
