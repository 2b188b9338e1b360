"""A mail server for one machine: it keeps every message as a file and sends none on.

Usage (in the installed environment): sink.py PORT FOLDER. A message becomes one .eml file, as it came, with two headers
before it: X-MailFrom and X-RcptTo, the envelope's addresses. Names sort by time of arrival, and a
file appears only when it is whole.
"""

import itertools
import os
import signal
import sys
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Folder:
    """Handles one message: writes it, then answers 250."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.number = itertools.count()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        name = f"{time.time_ns():020d}-{next(self.number):06d}.eml"
        new = self.folder / f".{name}.new"
        head = f"X-MailFrom: {envelope.mail_from}\r\nX-RcptTo: {', '.join(envelope.rcpt_tos)}\r\n"
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(head.encode("utf-8", "surrogateescape") + (envelope.original_content or b""))
        new.replace(self.folder / name)
        return "250 Kept"


def main(port: int, folder: Path) -> None:
    """Listens until INT, TERM or HUP comes."""
    ending = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    controller = Controller(Folder(folder), hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    signal.sigwait(ending)
    controller.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
