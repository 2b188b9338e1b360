"""bin/up as a person runs it: it comes up, says what they need, and leaves nothing behind, however it ends."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from launcher import app
from launcher.places import ROOT, state
from launcher.ports import any_free

from tests.stack import wait_for

pytestmark = pytest.mark.faults
GIVEN = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "BASE_URL", "DEV_MAILBOX", "SECRET_KEY", "VAULT_KEYS", "PORT")
# How each process is known by its command line.
MARKS = {
    "web": "uvicorn",
    "worker": "config worker",
    "beat": "config beat",
    "sink": "sink.py",
    "valkey": "valkey-server",
    "postgres": "bin/postgres -D",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run folder of its own, so that a bin/up in this checkout is left alone."""
    made = tmp_path_factory.mktemp("up")
    yield made
    if state(made) != made:
        shutil.rmtree(state(made))


class Up:
    """A running bin/up."""

    def __init__(self, folder: Path, port: int, **options: object) -> None:
        self.folder, self.port = folder, port
        self.words = folder / "words"
        env = {name: value for name, value in os.environ.items() if name not in GIVEN}
        env |= {"HALFWAY_RUN": str(folder), "PORT": str(port)}
        with self.words.open("w") as words:
            self.process = subprocess.Popen(
                [ROOT / "bin" / "up"], env=env, stdout=words, stderr=words, start_new_session=True, **options
            )

    def said(self) -> str:
        return self.words.read_text()

    def wait_until_up(self) -> None:
        def is_up() -> bool:
            assert self.process.poll() is None, self.said()
            return "Ctrl-C" in self.said()

        wait_for(is_up, 90, self.said)

    def left(self) -> list[str]:
        """What it started and what still runs: their environment or command names its folder."""
        return [line for _, line in self.started()]

    def started(self) -> list[tuple[int, str]]:
        marked = processes(str(self.folder), str(state(self.folder)))
        return [(pid, line) for pid, line in marked if pid != self.process.pid]


def processes(*marks: str) -> list[tuple[int, str]]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            about = line + (entry / "environ").read_bytes().decode(errors="replace") + os.readlink(entry / "cwd")
        except OSError:
            continue
        if any(mark in about for mark in marks) and int(entry.name) != os.getpid():
            found.append((int(entry.name), line))
    return found


@contextmanager
def up(folder: Path, port: int | None = None, **options: object) -> Iterator[Up]:
    running = Up(folder, port or any_free(), **options)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.send_signal(signal.SIGTERM)
        running.process.wait(40)


def wait_until_nothing_is_left(running: Up) -> None:
    wait_for(lambda: not running.left(), 15, lambda: "\n".join(running.left()))


def test_it_says_where_to_go_and_whom_to_sign_in_as(folder: Path) -> None:
    with up(folder) as running:
        running.wait_until_up()
        said = running.said()
        assert f"http://127.0.0.1:{running.port}/\n" in said
        assert f"http://127.0.0.1:{running.port}/dev/mailbox/" in said
        assert "mara@example.org" in said
        assert "jonas@example.org" in said
        assert app.answers(running.port)
        for mark in MARKS.values():
            assert any(mark in line for line in running.left()), mark


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_also_where_it_was_ignored(folder: Path, number: signal.Signals) -> None:
    with up(folder, preexec_fn=lambda: signal.signal(number, signal.SIG_IGN)) as running:
        running.wait_until_up()
        began = time.monotonic()
        running.process.send_signal(number)
        assert running.process.wait(30) == 0
        assert time.monotonic() - began < 15
        assert running.left() == []
        assert "Stopped. Your data is kept" in running.said()


def test_a_killed_launcher_leaves_nothing_and_the_next_start_has_the_data(folder: Path) -> None:
    with up(folder) as running:
        running.wait_until_up()
        assert len(running.left()) > 8
        running.process.kill()
        wait_until_nothing_is_left(running)
    with up(folder) as again:
        again.wait_until_up()
        assert "No migrations to apply" in (folder / "logs" / "prepare.log").read_text()


@pytest.mark.parametrize("after", [0.4, 1.0, 2.2])
def test_a_launcher_killed_while_it_sets_up_is_no_obstacle(tmp_path: Path, after: float) -> None:
    try:
        with up(tmp_path) as running:
            time.sleep(after)
            running.process.kill()
            wait_until_nothing_is_left(running)
        with up(tmp_path) as again:
            again.wait_until_up()
    finally:
        if state(tmp_path) != tmp_path:
            shutil.rmtree(state(tmp_path))


def test_a_signal_while_it_sets_up_stops_it(folder: Path) -> None:
    with up(folder) as running:
        wait_for(lambda: "Preparing" in running.said(), 30, running.said)
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(20) == 128 + signal.SIGINT
        assert running.left() == []


def test_a_second_start_from_the_same_folder_gets_one_sentence(folder: Path) -> None:
    with up(folder) as running:
        running.wait_until_up()
        env = {**os.environ, "HALFWAY_RUN": str(folder), "PORT": str(any_free())}
        second = subprocess.run([ROOT / "bin" / "up"], env=env, capture_output=True, text=True, timeout=30, check=False)
        assert second.returncode == 1
        assert second.stderr.strip() == (
            "Halfway already runs from this folder. Stop that first, with Ctrl-C where it runs."
        )


def test_a_process_that_dies_is_named_and_started_again(folder: Path) -> None:
    with up(folder) as running:
        running.wait_until_up()
        for name, mark in MARKS.items():
            (before,) = (pid for pid, line in running.started() if mark in line)
            os.kill(before, signal.SIGKILL)
            wait_for(lambda name=name: f"The process “{name}” ended by itself" in running.said(), 10, running.said)
            wait_for(lambda mark=mark: any(mark in line for line in running.left()), 20, running.said)
        wait_for(lambda: app.answers(running.port), 20, running.said)
