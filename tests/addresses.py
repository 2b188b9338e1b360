"""Every address of the app, read from the URLconf, and the literal answers of tests/architecture/answers.txt."""

from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PEOPLE = ("anonymous", "stranger", "partner", "owner", "ex", "staff")
WAYS = ("GET", "POST", "HTMX")
# These exist only where bin/up asked for them, and are walked in tests/outbox/test_mailbox.py.
LOCAL_ONLY = {"mailbox:index", "mailbox:mail", "mailbox:html", "mailbox:raw"}
ANSWERS = Path(__file__).parent / "architecture" / "answers.txt"


def patterns(resolver: Any = None, space: str = "") -> list[tuple[str, set[str]]]:
    """Each address: its name, and the names of the values that stand in it."""
    found = []
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            found += patterns(one, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            assert isinstance(one, URLPattern)
            assert one.name, f"{one.pattern} has no name"
            found.append((space + one.name, set(one.pattern.converters)))
    return [(name, values) for name, values in found if name not in LOCAL_ONLY]


NAMES = [name for name, _values in patterns()]
VALUES = dict(patterns())


def answers() -> dict[str, dict[str, list[str]]]:
    """{address: {person: [answer to GET, POST, htmx]}} as written in answers.txt."""
    found = {}
    for line in ANSWERS.read_text().splitlines():
        if line and not line.startswith("#"):
            name, *cells = line.split("|")
            assert name.strip() not in found, f"{name} stands there twice"
            found[name.strip()] = dict(zip(PEOPLE, (cell.split() for cell in cells), strict=True))
    return found


def readable() -> list[str]:
    """The names of what answers a GET with more than “not in this way”."""
    return [name for name, row in answers().items() if row["owner"][0] != "405"]
