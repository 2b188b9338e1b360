"""The mails that a local sink wrote into a folder, one `.eml` file each. Survives half-written and strange files."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}\.eml")
MOST = 200
MOST_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Received:
    """One mail that the sink received."""

    name: str
    at: datetime
    to: str
    subject: str
    text: str
    html: str
    raw: bytes


def newest(folder: Path) -> list[Received]:
    """The newest mails of the folder, newest first; empty where there is no folder yet."""
    dated = []
    for path in candidates(folder):
        try:
            dated.append((path.stat().st_mtime_ns, path.name))
        except OSError:  # taken away between listing and looking
            continue
    mails = (find(folder, name) for _, name in sorted(dated, reverse=True)[:MOST])
    return [mail for mail in mails if mail is not None]


def candidates(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if NAME.fullmatch(path.name) and is_plain(path)]
    except OSError:
        return []


def is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def find(folder: Path, name: str) -> Received | None:
    """The mail in the file of that name; None where there is no such file in the folder."""
    path = folder / name
    try:
        if not NAME.fullmatch(name) or not is_plain(path):
            return None
        at = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES)
    except OSError:
        return None
    return read(name, at, raw)


def read(name: str, at: datetime, raw: bytes) -> Received:
    """What can be read of a mail; what cannot is an empty string."""
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    return Received(
        name=name,
        at=at,
        to=header(parsed, "To"),
        subject=header(parsed, "Subject"),
        text=part(parsed, "plain"),
        html=part(parsed, "html"),
        raw=raw,
    )


def header(parsed: EmailMessage, name: str) -> str:
    try:
        return clean(str(parsed.get(name, "")))
    except Exception:  # the parser of the standard library stumbles over some headers in many ways
        return ""


def part(parsed: EmailMessage, kind: str) -> str:
    try:
        found = parsed.get_body(preferencelist=(kind,))
        return clean(str(found.get_content())) if found is not None else ""
    except Exception:  # unknown encodings, broken boundaries: the raw page still shows what came
        return ""


def clean(text: str) -> str:
    """Text that can be written as UTF-8 again."""
    return text.encode("utf-8", "replace").decode()
