"""The processes of the app itself, and what has to be done before they can run."""

import http.client
from collections.abc import Mapping
from pathlib import Path

from .places import PYTHON, ROOT
from .processes import Child, run, tail
from .trouble import Trouble

CELERY = [PYTHON, "-m", "celery", "-A", "config"]


def web(logs: Path, env: Mapping[str, str], port: int) -> Child:
    """The web process. No access log: it would keep who opened what, and when."""
    options = ["--host", "127.0.0.1", "--port", str(port), "--lifespan", "off", "--ws", "none", "--no-access-log"]
    more = ["--no-server-header", "--no-proxy-headers", "--timeout-graceful-shutdown", "3"]
    return Child(
        "web", [PYTHON, "-m", "uvicorn", "config.asgi:application", *options, *more], logs=logs, env=env, patience=6
    )


def worker(logs: Path, env: Mapping[str, str]) -> Child:
    """The worker: threads instead of processes, so that nothing of it can stay behind."""
    options = ["--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    return Child("worker", [*CELERY, "worker", *options], logs=logs, env=env, patience=12)


def beat(logs: Path, env: Mapping[str, str]) -> Child:
    """The clock. Its schedule is code, so it keeps no file."""
    return Child("beat", [*CELERY, "beat", "--loglevel", "INFO", "--pidfile="], logs=logs, env=env, patience=4)


def prepare(logs: Path, env: Mapping[str, str], *steps: str) -> str:
    """Runs the named steps of prepare.py in one process; returns what it said. Raises Trouble."""
    log = logs / "prepare.log"
    began = log.stat().st_size if log.exists() else 0
    code = run([PYTHON, "-P", Path(__file__).with_name("prepare.py"), *steps], log=log, env=env, cwd=ROOT)
    if code:
        raise Trouble(
            f"Preparing the database and the static files failed; the end of {log} says:\n{tail(log, since=began)}"
        )
    with log.open("rb") as words:
        words.seek(began)
        return words.read().decode(errors="replace")


def answers(port: int, timeout: float = 2.0) -> bool:
    """Whether the page /healthz says that web, database and broker are well."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def environment(base: Mapping[str, str], services: Mapping[str, str], *, port: int) -> dict[str, str]:
    """The environment of every process: the caller's, then ours."""
    env = {name: value for name, value in base.items() if name not in ("PYTHONHOME", "PYTHONPATH", "STATIC_ROOT")}
    env |= services
    env |= {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    env.setdefault("BASE_URL", f"http://127.0.0.1:{port}")
    return env
