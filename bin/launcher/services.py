"""Database, broker and mail sink: ours, or those that the environment names."""

import signal
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from . import local_secrets
from .places import PYTHON
from .ports import Ports
from .postgres import Postgres
from .processes import Child
from .trouble import Trouble
from .valkey import Valkey
from .words import step


class Services:
    """What the web process and the worker need. `environment` is complete once `start` has returned."""

    def __init__(self, run_folder: Path, *, given: Mapping[str, str], hasty: Mapping[str, str] | None = None) -> None:
        self.run_folder, self.given = run_folder, given
        self.secrets = local_secrets.load(run_folder / "secrets.json")
        self.ports = Ports(run_folder / "ports.json")
        self.hasty = hasty
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self.sink: Child | None = None
        self.environment: dict[str, str] = {}

    def start(self) -> None:
        """Starts what is not given. Raises Trouble where something given does not answer."""
        self.environment |= {
            "HALFWAY_LOCAL": "1",
            "SECRET_KEY": self.given.get("SECRET_KEY") or self.secrets["SECRET_KEY"],
            "VAULT_KEYS": self.given.get("VAULT_KEYS") or self.secrets["VAULT_KEYS"],
        }
        self._start_database()
        self._start_broker()
        self._start_sink()

    def _start_database(self) -> None:
        if url := self.given.get("DATABASE_URL"):
            _must_answer("DATABASE_URL", url, 5432)
        else:
            with step("Starting PostgreSQL"):
                self.postgres = Postgres(
                    self.run_folder,
                    name=self.secrets["name"],
                    password=self.secrets["database"],
                    ports=self.ports,
                    settings=self.hasty,
                )
                self.postgres.start()
            url = self.postgres.url
        self.environment["DATABASE_URL"] = url

    def _start_broker(self) -> None:
        if url := self.given.get("REDIS_URL"):
            _must_answer("REDIS_URL", url, 6379)
        else:
            with step("Starting the broker"):
                self.valkey = Valkey(self.run_folder, password=self.secrets["broker"], ports=self.ports)
                self.valkey.start()
            url = self.valkey.url
        self.environment["REDIS_URL"] = url

    def _start_sink(self) -> None:
        if url := self.given.get("EMAIL_URL"):
            self.environment |= {"EMAIL_URL": url, "DEV_MAILBOX": ""}
            return
        with step("Starting the mail sink"):
            self.sink, port = sink(self.run_folder, self.ports)
            self.sink.start()
        self.environment |= {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "DEV_MAILBOX": str(self.run_folder / "mailbox")}

    def children(self) -> list[Child]:
        """What was started, in the order in which it can be stopped."""
        ours = (self.sink, self.valkey and self.valkey.child, self.postgres and self.postgres.child)
        return [child for child in ours if child]

    def stop(self) -> None:
        for child in self.children():
            child.stop()


def sink(run_folder: Path, ports: Ports) -> tuple[Child, int]:
    """A mail sink that writes into the run folder's mailbox, and its port."""
    port = ports.choose("sink")
    script = Path(__file__).with_name("sink.py")
    command = [PYTHON, "-P", script, str(port), run_folder / "mailbox"]
    return Child("sink", command, logs=run_folder / "logs", stop_with=signal.SIGTERM, patience=3), port


def _must_answer(name: str, url: str, usual_port: int) -> None:
    """Raises Trouble where nothing listens at a given address. A socket's path is left to its client."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or usual_port
    except ValueError:
        raise Trouble(f"{name} is not an address that can be read.") from None
    if not host or "%" in host or host.startswith("/"):
        return
    try:
        socket.create_connection((host, port), 5).close()
    except OSError:
        raise Trouble(f"{name} is set, but nothing answers at {host}, port {port}.") from None
