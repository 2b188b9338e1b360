"""People for the journeys. Whatever they do, no browser may complain."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.people import Walker, zone_at_noon
from tests.stack import Stack

expect.set_options(timeout=15_000)
NewWalker = Callable[..., Walker]
ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = {"with scripts": True, "without scripts": False}
COUPLES = 60  # more than the tests of any one module take


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def walker(stack: Stack, new_person_context: Callable[..., BrowserContext]) -> Iterator[NewWalker]:
    """Makes people; afterwards none of their browsers may have had an error, a breach or a call to elsewhere."""
    made: list[Walker] = []

    def make(name: str, *, javascript: bool = True, away: int = 0, **options: Any) -> Walker:
        zone = zone_at_noon(away)
        context = new_person_context(javascript=javascript, timezone_id=zone, locale="en-GB", **options)
        made.append(Walker(name, stack, context, zone=zone, javascript=javascript))
        return made[-1]

    yield make
    complaints = [complaint for person in made for complaint in person.complaints]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def couple(walker: NewWalker) -> tuple[Walker, Walker]:
    """Mara and Jonas, who live in two zones and have not begun."""
    return walker("Mara"), walker("Jonas", away=1)


@pytest.fixture(scope="module")
def couples(stack: Stack) -> Iterator[tuple[str, str]]:
    """Couples who stand where every step is open; each journey takes the next one."""
    environment = {**stack.environment, "PYTHONPATH": str(ROOT)}
    script = [sys.executable, str(Path(__file__).with_name("settled.py")), str(COUPLES)]
    made = subprocess.run(script, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return iter([tuple(line.split()) for line in made.stdout.splitlines()])  # type: ignore[misc]


@pytest.fixture(params=SCRIPTS.values(), ids=SCRIPTS)
def two(
    request: pytest.FixtureRequest,
    couples: Iterator[tuple[str, str]],
    stack: Stack,
    new_person_context: Callable[..., BrowserContext],
) -> Iterator[tuple[Walker, Walker]]:
    """Mara and Jonas, signed in. No browser may complain."""
    javascript, zone = bool(request.param), zone_at_noon()
    people = []
    for name, key in zip(("Mara", "Jonas"), next(couples), strict=True):
        context = new_person_context(javascript=javascript, timezone_id=zone, locale="en-GB")
        context.add_cookies([{"name": "sessionid", "value": key, "url": stack.url}])
        people.append(Walker(name, stack, context, zone=zone, javascript=javascript))
    yield people[0], people[1]
    complaints = [complaint for person in people for complaint in person.complaints]
    assert not complaints, "\n".join(complaints)
