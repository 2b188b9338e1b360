"""People for the journeys. Whatever they do, no browser may complain."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.people import Walker, zone_at_noon
from tests.stack import Stack

expect.set_options(timeout=15_000)
NewWalker = Callable[..., Walker]


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
