from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from oxyshell.studies.engine.simulation_cache import SimulationCache


@pytest.fixture(scope="session")
def bench() -> SimulationCache:
    return SimulationCache()


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Callable[[dict[str, Any]], None]:
    """Notes a row for the verification page; `tests.verification.page` collects them from the reports."""

    def note(row: dict[str, Any]) -> None:
        request.node.user_properties.append(("verification", row))

    return note
