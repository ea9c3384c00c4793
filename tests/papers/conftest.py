from __future__ import annotations

import pytest

from oxyshell.studies.engine.simulation_cache import SimulationCache


@pytest.fixture(scope="session")
def bench() -> SimulationCache:
    return SimulationCache()
