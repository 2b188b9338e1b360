"""Processes that end with us: each is told by the kernel when the launcher dies, however it dies."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .places import ROOT, nobody
from .signals import check
from .trouble import Trouble
from .words import Patience

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def _tie(number: int) -> Callable[[], None]:
    """Runs in the new process, after its user was changed: asks for `number` at the death of the launcher's thread."""
    parent = os.getpid()

    def in_child() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return in_child


def spawn(
    command: Sequence[str | Path], *, death: int = signal.SIGKILL, as_nobody: bool = False, **options
) -> subprocess.Popen:
    """Starts a process in a session of its own, tied to our life. Raises Trouble where it cannot be started."""
    if as_nobody:
        user = nobody()
        options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    try:
        return subprocess.Popen(
            [str(part) for part in command], preexec_fn=_tie(death), start_new_session=True, **options
        )
    except OSError as error:
        raise Trouble(f"{command[0]} cannot be started: {error.strerror or error}.") from error
    except subprocess.SubprocessError as error:
        raise Trouble(f"{command[0]} cannot be started: {error}") from error


def end_group(process: subprocess.Popen) -> None:
    """Kills what is left of a process and of all it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(
    command: Sequence[str | Path], *, log: Path, env: Mapping[str, str] | None = None, cwd: Path = ROOT, **options
) -> int:
    """Runs a command to its end, its words going into `log`; returns its exit code. Raises Stopped on a signal."""
    patience = Patience()
    with open_log(log) as words:
        process = spawn(command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=words, stderr=words, **options)
        try:
            while process.poll() is None:
                check()
                patience.tick()
                time.sleep(0.03)
            return process.returncode
        finally:
            if process.returncode is None:
                end_group(process)


def open_log(path: Path, largest: int = 5_000_000):
    """Opens a log for appending, for its owner alone; a large one is put aside first."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists() and path.stat().st_size > largest:
        path.replace(path.with_suffix(".old"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def tail(path: Path, lines: int = 15, since: int = 0) -> str:
    """The last lines of a log, indented."""
    try:
        with path.open("rb") as log:
            log.seek(max(since, path.stat().st_size - 20_000))
            text = log.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


class Child:
    """One long-running process with its log. `stop_with` asks it to end; `death` is what it gets when we die."""

    def __init__(
        self,
        name: str,
        command: Callable[[], Sequence[str | Path]] | Sequence[str | Path],
        *,
        logs: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        stop_with: int = signal.SIGTERM,
        death: int = signal.SIGKILL,
        patience: float = 8.0,
        as_nobody: bool = False,
    ) -> None:
        self.name, self.command, self.env, self.cwd = name, command, env, cwd
        self.log = logs / f"{name}.log"
        self.stop_with, self.death, self.patience, self.as_nobody = stop_with, death, patience, as_nobody
        self.process: subprocess.Popen | None = None
        self.log_began = 0

    def start(self) -> None:
        command = self.command() if callable(self.command) else self.command
        with open_log(self.log) as words:
            self.log_began = os.fstat(words.fileno()).st_size
            self.process = spawn(
                command, death=self.death, as_nobody=self.as_nobody,
                env=self.env, cwd=self.cwd, stdin=subprocess.DEVNULL, stdout=words, stderr=words,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def tail(self) -> str:
        return tail(self.log, since=self.log_began)

    def ask_to_stop(self) -> None:
        if self.process and self.alive():
            self.process.send_signal(self.stop_with)

    def stop(self) -> None:
        """Asks, waits as long as `patience` says, then ends it and all it started."""
        if not self.process:
            return
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience)
        end_group(self.process)

    def kill(self) -> None:
        """Ends it at once, as a crash would."""
        if self.process:
            self.process.kill()
            self.process.wait()


def stop_all(children: Sequence[Child]) -> None:
    """Asks all at once, then waits for each."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop()
