from __future__ import annotations

import pytest

from oxyshell.studies.engine.bench import Bench


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench()
