"""The mail sink of a benchmark, and what it counted.

Postfix's smtp-sink where the machine has one (Debian: package postfix): it takes some thousands a second, so it is not
what is measured. Otherwise bin/up's own sink, which takes about 800 and then is the limit; each figure says which.
"""

import os
import re
import shutil
import signal
import socket
from collections import Counter
from pathlib import Path

from launcher.places import PYTHON, ROOT, is_root, nobody, state
from launcher.ports import any_free
from launcher.processes import Child
from launcher.signals import pause
from launcher.trouble import Trouble

RECIPIENT = re.compile(rb"^X-Rcpt(?:-Args|To): <?([^>\s]+)", re.MULTILINE)


def fast() -> str | None:
    """Where smtp-sink is (SMTP_SINK names one), or None."""
    return os.environ.get("SMTP_SINK") or shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin")


class Sink:
    """Takes every mail, and knows to whom it went. A context manager."""

    def __init__(self, folder: Path) -> None:
        folder = state(folder) if is_root() else folder  # where the user nobody can reach it
        folder.mkdir(parents=True, exist_ok=True)
        mails = folder / "mails"  # a file of all, or a folder with one file each
        shutil.rmtree(mails) if mails.is_dir() else mails.unlink(missing_ok=True)
        self.folder, self.port = folder, any_free()
        self.name = "smtp-sink" if fast() else "aiosmtpd"
        self._read, self._seen = 0, Counter[str]()
        command = (
            [fast(), *self._as_whom(folder), "-D", folder / "mails", f"127.0.0.1:{self.port}", "100"]
            if fast()
            else [PYTHON, "-P", ROOT / "bin" / "launcher" / "sink.py", str(self.port), folder / "mails"]
        )
        self.child = Child("bench-sink", command, logs=folder, stop_with=signal.SIGTERM, patience=3)

    def __enter__(self) -> "Sink":
        self.child.start()
        while self.child.alive():
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                pause(0.05)
            else:
                return self
        raise Trouble(f"The sink {self.name} ended:\n{self.child.tail()}")

    def _as_whom(self, folder: Path) -> list[str]:
        """smtp-sink wants to be another user where it is started by root."""
        if not is_root():
            return []
        os.chown(folder, nobody().pw_uid, nobody().pw_gid)
        return ["-u", "nobody"]

    def __exit__(self, *error: object) -> None:
        self.child.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def forget(self) -> None:
        self._look()
        self._seen.clear()

    def count(self) -> int:
        """How many mails came since `forget`."""
        self._look()
        return self._seen.total()

    def seen(self) -> Counter[str]:
        """How often each address got the mail."""
        self._look()
        return Counter(self._seen)

    def _look(self) -> None:
        mails = self.folder / "mails"
        if mails.is_dir():
            for file in list(mails.glob("*.eml")):
                self._seen.update(match.decode() for match in RECIPIENT.findall(file.read_bytes()))
                file.unlink()
        elif mails.exists():
            with mails.open("rb") as file:
                file.seek(self._read)
                new = file.read()
            whole = new[: new.rfind(b"\n") + 1]
            self._read += len(whole)
            self._seen.update(match.decode() for match in RECIPIENT.findall(whole))
