"""The clock of the pages, and a look back on the evening of its day."""

import pytest

from apps.checkins.models import CheckIn
from tests.checkins.helpers import agree, due, intend


@pytest.fixture
def at(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr("apps.core.clock.now", lambda: moment)

    return set_to


@pytest.fixture
def check_in(world, now, at) -> CheckIn:
    """A look back of both, on the evening of its day."""
    agreed = agree(world, now, count=2)
    at(due(agreed))
    return agreed


@pytest.fixture
def own(lone, now, at) -> CheckIn:
    intended = intend(lone, now)
    at(due(intended))
    return intended
