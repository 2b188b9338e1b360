"""Where things are. Nothing is written outside of the checkout, except where root has to (see `state`)."""

import hashlib
import os
import pwd
from pathlib import Path

from .trouble import Trouble

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def run_folder(name: str = "") -> Path:
    """The folder for logs, mails and data: .run in the checkout (or HALFWAY_RUN), readable by its owner alone."""
    base = Path(os.environ.get("HALFWAY_RUN") or ROOT / ".run").resolve()
    try:
        base.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = base / name
        folder.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise Trouble(f"The folder {base} cannot be written: {error.strerror}.") from error
    return folder


def is_root() -> bool:
    return os.geteuid() == 0


def nobody() -> pwd.struct_passwd:
    """The user that PostgreSQL runs as when we are root, since it refuses to run as root."""
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise Trouble(
            "PostgreSQL does not run as root, and there is no user “nobody”: start as a normal user."
        ) from None


def state(run: Path) -> Path:
    """Where the database lies: the run folder; for root a folder below /var/lib that the user nobody can reach.

    A checkout below a folder of mode 0700 would be out of reach for nobody. One folder for each run folder.
    """
    if not is_root():
        return run
    folder = Path("/var/lib") / f"halfway-{hashlib.sha256(os.fsencode(run)).hexdigest()[:12]}"
    folder.mkdir(mode=0o711, exist_ok=True)
    return folder
