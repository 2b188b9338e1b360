"""bin/up: the whole of Halfway on this machine, until Ctrl-C."""

import fcntl
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from . import app, environment, ports
from .places import run_folder
from .processes import Child, stop_all
from .services import Services
from .signals import check, pause
from .trouble import Stopped, Trouble
from .words import say, step


def main() -> None:
    """Sets up, runs, and stops all again. Raises Trouble, or Stopped where it was asked to stop while setting up."""
    folder = run_folder()
    with only_one(folder, "Halfway already runs from this folder. Stop that first, with Ctrl-C where it runs."):
        port, remark = ports.for_web()
        if remark:
            say(f"          {remark}")
        environment.ensure("local.txt")
        house = House(folder, port)
        try:
            house.open()
            house.watch()
        except Stopped:
            say("\nStopping …")
            if not house.is_open:
                raise
        finally:
            house.close()
        say("Stopped. Your data is kept; bin/up starts again.")


class only_one:
    """Holds the run folder's lock, which the kernel lets go of however we end. Raises Trouble where it is held."""

    def __init__(self, folder: Path, sentence: str) -> None:
        self.path, self.sentence = folder / "lock", sentence

    def __enter__(self) -> None:
        self.file = self.path.open("a")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Trouble(self.sentence) from None

    def __exit__(self, *error: object) -> None:
        self.file.close()


class House:
    """Services below, the app's processes above; opened from below, closed from above."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.logs = folder, port, folder / "logs"
        self.services = Services(folder, given=os.environ)
        self.processes: list[Child] = []
        self.is_open = False

    def open(self) -> None:
        """Starts everything and waits for a page that answers."""
        self.services.start()
        env = app.environment(os.environ, self.services.environment, port=self.port)
        with step("Preparing the database, the pages’ files and the demo couple"):
            said = app.prepare(self.logs, env, "migrate", "cache", "static", "demo")
        with step("Starting web, worker and beat"):
            self.processes = [app.web(self.logs, env, self.port), app.worker(self.logs, env), app.beat(self.logs, env)]
            for child in self.processes:
                child.start()
            self._wait_for_page()
        self.is_open = True
        say(self.greeting(env["BASE_URL"], demo_couple(said)))

    def _wait_for_page(self) -> None:
        deadline = time.monotonic() + 60
        while not app.answers(self.port):
            for child in [*self.processes, *self.services.children()]:
                if not child.alive():
                    raise Trouble(f"The process “{child.name}” ended; the end of {child.log} says:\n{child.tail()}")
            if time.monotonic() > deadline:
                web = self.processes[0]
                raise Trouble(f"No page answers after a minute; the end of {web.log} says:\n{web.tail()}")
            pause(0.05)

    def greeting(self, address: str, demo: str) -> str:
        mails = f"\n  Mails:    {address}/dev/mailbox/" if self.services.sink else ""
        return (
            f"\n  Halfway:  {address}/{mails}\n{demo}\n  Logs:     {self.logs}\n"
            "  Ctrl-C stops everything; the data stays.\n"
        )

    def watch(self) -> None:
        """Waits for the end. A process that dies is named, and started again after a while that grows each time."""
        watched = [Watched(child, self._starter(child)) for child in [*self.processes, *self.services.children()]]
        while True:
            for one in watched:
                one.look()
            pause(0.3)

    def _starter(self, child: Child) -> Callable[[], None]:
        if self.services.postgres and child is self.services.postgres.child:
            return self.services.postgres.start
        if self.services.valkey and child is self.services.valkey.child:
            return self.services.valkey.start
        return child.start

    def close(self) -> None:
        stop_all(self.processes)
        self.services.stop()


def demo_couple(said: str) -> str:
    """Whom one can sign in as, out of what prepare.py said; empty where there is no demo couple."""
    lines = [line.removeprefix("demo: ") for line in said.splitlines() if line.startswith("demo: ")]
    demo = json.loads(lines[-1]) if lines else {"people": []}
    if not demo["people"]:
        return ""
    people = "".join(f"\n            {address}" for address in demo["people"])
    return (
        "\n  Sign in as one of the demo couple, each in a browser of their own:"
        f"{people}\n  Or as somebody who has begun alone:\n            {demo['alone']}"
        f"\n  Password: {demo['password']}\n"
    )


class Watched:
    """One process and when it may be started again."""

    def __init__(self, child: Child, start: Callable[[], None]) -> None:
        self.child, self.start = child, start
        self.wait = 1.0
        self.again_at = 0.0
        self.started_at = time.monotonic()

    def look(self) -> None:
        check()
        if self.child.alive():
            return
        if not self.again_at:
            self._has_died()
        elif time.monotonic() >= self.again_at:
            self._start_again()

    def _has_died(self) -> None:
        if time.monotonic() - self.started_at > 60:
            self.wait = 1.0
        say(
            f"\nThe process “{self.child.name}” ended by itself; the end of {self.child.log} says:\n{self.child.tail()}"
        )
        say(f"It is started again in {self.wait:.0f} s.")
        self.again_at = time.monotonic() + self.wait
        self.wait = min(self.wait * 2, 30.0)

    def _start_again(self) -> None:
        self.again_at = 0.0
        try:
            self.start()
        except Trouble as trouble:
            say(str(trouble))
        self.started_at = time.monotonic()
