"""Ports on this machine: chosen once, remembered, and another one where somebody else took ours."""

import json
import os
import socket
from pathlib import Path

from .trouble import Trouble

USUAL = 8000


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1 there (connections that are just closing do not count)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
    return True


def any_free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Ports:
    """The ports of the servers behind the web process, remembered in a file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self.known: dict[str, int] = json.loads(file.read_text())
        except (OSError, ValueError):
            self.known = {}

    def choose(self, name: str) -> int:
        port = self.known.get(name)
        if not isinstance(port, int) or not is_free(port):
            port = any_free()
            self.known[name] = port
            self.file.write_text(json.dumps(self.known))
        return port


def for_web() -> tuple[int, str]:
    """The web port and a remark for the person. Raises Trouble where PORT was given and cannot be had."""
    given = os.environ.get("PORT", "").strip()
    if given:
        return _given(given), ""
    for port in (USUAL, *range(USUAL + 1, USUAL + 100)):
        if is_free(port):
            return port, "" if port == USUAL else f"Port {USUAL} is taken on this machine, so this uses port {port}."
    raise Trouble(f"No port from {USUAL} to {USUAL + 99} is free: set PORT to one that is.")


def _given(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Trouble(f"PORT is “{text}”, which is not a port: give a number from 1024 to 65535.")
    port = int(text)
    if port < 1024 and os.geteuid() != 0 and not is_free(port):
        raise Trouble(f"Port {port} is not for normal users or is taken: give a PORT from 1024 to 65535.")
    if not is_free(port):
        raise Trouble(f"Port {port} is already taken: stop what uses it, or give another PORT.")
    return port
