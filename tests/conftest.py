"""What every test may rely on: a fixed `now`, a database of its own, and the real stack (tests/stack.py)."""

import os
from datetime import UTC, datetime

import pytest
from django.db import connections

pytest_plugins = ["tests.stack", "tests.world"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Names the test database after PYTEST_DB, so that two runs on one server do not meet; xdist adds its suffix."""
    if name := os.environ.get("PYTEST_DB"):
        connections["default"].settings_dict["TEST"]["NAME"] = name
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture
def now() -> datetime:
    """A fixed instant: Tuesday, 3 March 2026, 12:00 UTC. The clock is passed down, so no test needs to stop it."""
    return datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes minutes runs only where faults were asked for."""
    if "faults" in config.getoption("markexpr"):
        return
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("full")])
    items[:] = [item for item in items if not item.get_closest_marker("full")]
