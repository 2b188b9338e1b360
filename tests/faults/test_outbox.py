"""Mail that cannot get lost, with real processes: what dies, is flushed, is restarted, is stopped while letters go.

The sizes that take minutes run with `bin/test -m faults`; smaller ones run always.
"""

import signal
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.post_office import PostOffice

pytestmark = pytest.mark.faults


@contextmanager
def office(folder: Path, **options: int) -> Iterator[PostOffice]:
    with PostOffice(folder, **options) as opened:
        yield opened


def chaos(folder: Path, *, letters: int, kills: int, flushes: int, restarts: int, cut_every: int = 0) -> int:
    """Two workers, and everything that can happen to them, evenly over the letters. Returns how many came twice."""
    faults = sorted(
        [((n + 0.5) / kills, "kill", n) for n in range(kills)]
        + [((n + 0.6) / flushes, "flush", n) for n in range(flushes)]
        + [((n + 0.7) / restarts, "restart", n) for n in range(restarts)]
    )
    with office(folder, workers=2) as running:
        running.counting.cut_every = cut_every
        later = letters // 10
        running.post(letters - later)
        due_at = running.post(later, due_in=6)
        running.start()
        for share, fault, number in faults:
            running.wait_for_mails(int((letters - later) * share))
            if fault == "kill":
                running.kill_worker(number % 2)
            elif fault == "flush":
                running.flush()
            else:
                running.restart_database(killed=number % 2 == 1)
        if letters < 1000:  # a minute is not waited for: in good order, everything is given back but what was killed
            for worker in running.workers:
                worker.stop()
            running.leases_run_out()
            for worker in running.workers:
                worker.start()
        if cut_every:
            running.wait(
                lambda: (
                    not running.sql("SELECT 1 FROM outbox_letter WHERE ended_at IS NULL AND retry_at IS NULL LIMIT 1")
                ),
                seconds=240,
                what="every letter tried",
            )
            running.sql("UPDATE outbox_letter SET retry_at = now() WHERE retry_at IS NOT NULL AND ended_at IS NULL")
            running.counting.cut_every = 0
        running.wait_until_settled(seconds=240)
        running.check()
        early = [n for n in range(letters - later, letters) if running.counting.first_at[f"n{n}"] < due_at]
        assert early == []
        return running.counting.doubled


@pytest.mark.timeout(120)
def test_kills_a_flush_and_a_restart(tmp_path: Path) -> None:
    assert chaos(tmp_path, letters=300, kills=2, flushes=1, restarts=1) <= 2


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_ten_thousand_letters_three_times(tmp_path: Path) -> None:
    """Faults 1, 2, 4 and 9: twenty kills, three flushes, three restarts of the database; counted at the mail server."""
    doubled = []
    for number in range(3):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        doubled.append(chaos(folder, letters=10_000, kills=20, flushes=3, restarts=3))
    assert statistics.median(doubled) <= 5


@pytest.mark.full
@pytest.mark.timeout(900)
def test_a_server_that_cuts_the_line_after_the_final_dot(tmp_path: Path) -> None:
    """Fault 3: one in a hundred. Nothing is lost, and no more come twice than were cut or killed."""
    chaos(tmp_path, letters=2000, kills=4, flushes=1, restarts=1, cut_every=100)


@pytest.mark.full
@pytest.mark.timeout(600)
def test_two_beats_and_four_workers(tmp_path: Path) -> None:
    """Fault 7, and more workers than one host has: not one comes twice."""
    with office(tmp_path, workers=4, beats=2) as running:
        running.post(1500)
        running.start()
        running.wait_until_settled()
        running.check()
        assert running.counting.doubled == 0


@pytest.mark.full
@pytest.mark.timeout(600)
def test_a_worker_that_sleeps_through_its_lease(tmp_path: Path) -> None:
    """Fault 8: stopped in the middle, its letters taken over, woken up again. At most one comes twice."""
    with office(tmp_path, workers=2) as running:
        running.post(400)
        sleeper, other = running.workers
        sleeper.start()
        running.beats[0].start()
        running.wait_for_mails(100)
        sleeper.process.send_signal(signal.SIGSTOP)
        running.leases_run_out()
        other.start()
        running.wait_until_settled()
        sleeper.process.send_signal(signal.SIGCONT)
        running.post(50)
        running.wait_until_settled()
        running.kills = 1  # being stopped for longer than the lease counts as one
        running.check()


@pytest.mark.full
@pytest.mark.timeout(900)
def test_one_deployment_after_the_other(tmp_path: Path) -> None:
    """Fault 20: each worker is told to stop and begun again, eight times. Each ends in time, nothing comes twice."""
    with office(tmp_path, workers=2) as running:
        running.post(3000)
        running.start()
        for round_ in range(8):
            running.wait_for_mails(100 + 300 * round_)
            worker = running.workers[round_ % 2]
            began = time.monotonic()
            worker.process.send_signal(signal.SIGTERM)
            worker.process.wait(30)
            assert time.monotonic() - began <= 30
            worker.start()
        running.wait_until_settled()
        running.check()
        assert running.counting.doubled == 0
