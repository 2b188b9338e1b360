"""Secrets of this one machine: made once, kept in a file that only its owner can read."""

import base64
import json
import os
import secrets
from pathlib import Path

from .trouble import Trouble


def load(file: Path) -> dict[str, str]:
    """The secrets in `file`, which is made where it is missing. Raises Trouble where it cannot be read."""
    if not file.exists():
        _write(file, _make())
    try:
        known = json.loads(file.read_text())
        return {name: str(known[name]) for name in _make()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Trouble(
            f"{file} cannot be read as secrets. Put the old file back; without it the data cannot be opened."
        ) from error


def _make() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "VAULT_KEYS": "local1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "database": secrets.token_hex(24),
        "broker": secrets.token_hex(24),
        # Names the database's folder, so that new secrets never meet a database that was made with others.
        "name": secrets.token_hex(4),
    }


def _write(file: Path, known: dict[str, str]) -> None:
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as words:
        json.dump(known, words, indent=1)
    new.replace(file)
