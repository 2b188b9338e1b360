"""The environment in .venv: made once, brought up to date when a lock file changes."""

import ast
import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from . import processes
from .places import PYTHON, ROOT, VENV, run_folder
from .signals import pause
from .trouble import Trouble
from .words import say, step

LOCKS = ROOT / "requirements"
STAMP = VENV / "installed.json"
# A larger lock file holds all that the smaller ones hold, with the same versions (tests/house checks it).
HOLDS = {"local.txt": ("local.txt",), "test.txt": ("test.txt", "local.txt"), "bench.txt": ("bench.txt", "local.txt")}


def ensure(lock: str) -> None:
    """Makes .venv hold what requirements/`lock` lists. Does nothing where it already does. Raises Trouble."""
    if _is_current(lock):
        return
    with _alone():
        if _is_current(lock):
            return
        if not _works():
            _make()
        with step("Installing the packages (the first time takes a while)"):
            _install(lock)
        _write_stamp(lock)


def _print_of(lock: str) -> str:
    return hashlib.sha256((LOCKS / lock).read_bytes()).hexdigest()


def _read_stamp() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError, TypeError):
        return {}


def _is_current(lock: str) -> bool:
    return PYTHON.exists() and _read_stamp().get(lock) == _print_of(lock)


def _write_stamp(lock: str) -> None:
    new = STAMP.with_suffix(".new")
    new.write_text(json.dumps({**_read_stamp(), **{name: _print_of(name) for name in HOLDS[lock]}}))
    new.replace(STAMP)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One installation at a time in this checkout."""
    with (run_folder() / "install.lock").open("w") as file:
        waiting = False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if not waiting:
                    say("          Another command is installing into .venv; waiting for it")
                waiting = True
                pause(0.5)
        yield


def _works() -> bool:
    """Whether .venv has a Python that runs and is new enough."""
    return _python("-c", "import sys; sys.exit(sys.version_info < (3, 11))")


def _python(*arguments: str) -> bool:
    try:
        return subprocess.run([PYTHON, *arguments], capture_output=True, timeout=120, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _must_have_venv_module() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Trouble(
            "Python’s venv module is missing. On Debian or Ubuntu install it with: apt-get install python3-venv"
        )


def _make() -> None:
    _must_have_venv_module()
    log = run_folder("logs") / "install.log"
    with step("Making the Python environment in .venv"):
        if processes.run([sys.executable, "-m", "venv", "--without-pip", "--clear", VENV], log=log):
            raise Trouble(f"The Python environment could not be made:\n{processes.tail(log)}")


def _ensure_pip(log: Path) -> None:
    """pip out of the wheel that Python brings along; ensurepip starts processes that may outlive a killed launcher."""
    if _python("-c", "import pip"):
        return
    _must_have_venv_module()
    folders = (sysconfig.get_config_var("WHEEL_PKG_DIR"), _ensurepip_folder() / "_bundled")
    wheels = sorted(wheel for folder in folders if folder for wheel in Path(folder).glob("pip-*.whl"))
    command = [wheels[-1] / "pip", "install", "--no-index", wheels[-1]] if wheels else ["-m", "ensurepip"]
    if processes.run([PYTHON, *command], log=log):
        raise Trouble(f"pip could not be put into .venv:\n{processes.tail(log)}")


def _ensurepip_folder() -> Path:
    import ensurepip  # not there without python3-venv

    return Path(ensurepip.__path__[0])


def _install(lock: str) -> None:
    """With uv, which is fast; with pip where uv cannot be had or does not know this machine's package index."""
    log = run_folder("logs") / "install.log"
    _ensure_pip(log)
    file = LOCKS / lock
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--no-input", "--require-hashes", "-r"]
    uv = [VENV / "bin" / "uv", "pip", "install", "--python", PYTHON, "--no-progress", "--require-hashes", "-r"]
    if (
        processes.run([*pip, LOCKS / "uv.txt"], log=log) == 0
        and processes.run([*uv, file], log=log, env=_uv_environment()) == 0
    ):
        return
    say("            once more, with pip alone")
    if processes.run([*pip, file], log=log):
        raise Trouble(
            "The packages could not be installed. Is this machine online? "
            f"The end of {log} says:\n{processes.tail(log)}"
        )


def _uv_environment() -> dict[str, str]:
    """The caller's environment, and pip's settings under uv's names, since uv does not read pip's files."""
    configured = _pip_configuration()
    env = {
        "UV_DEFAULT_INDEX": configured.get("index-url", ""),
        "UV_INDEX": configured.get("extra-index-url", ""),
        "UV_FIND_LINKS": ",".join(configured.get("find-links", "").split()),
        # Every file must have a hash from the lock, so any index may serve it.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "SSL_CERT_FILE": configured.get("cert", ""),
        "UV_HTTP_TIMEOUT": configured.get("default-timeout", configured.get("timeout", "")),
        "UV_LINK_MODE": "copy" if os.name == "posix" and not _same_device() else "",
    }
    return {**{name: value for name, value in env.items() if value}, **os.environ, "UV_NO_CONFIG": "1"}


def _same_device() -> bool:
    """Whether uv's cache and .venv are on one file system; otherwise it says on each file that it cannot link."""
    try:
        return Path.home().stat().st_dev == VENV.stat().st_dev
    except (OSError, RuntimeError):
        return False


def _pip_configuration() -> dict[str, str]:
    """pip's settings from its files and the environment, by their names without the section."""
    said = subprocess.run(
        [PYTHON, "-m", "pip", "--disable-pip-version-check", "config", "list"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    found = {}
    for line in said.splitlines():
        name, _, value = line.partition("=")
        with contextlib.suppress(ValueError, SyntaxError):
            found[name.rsplit(".", 1)[-1]] = str(ast.literal_eval(value))
    return found
