"""Random electrodes and protocols of voltages: see `random_electrodes`."""

from __future__ import annotations

import pytest

from tests.random_electrodes import examined


@pytest.mark.slow
def test_some_random_electrodes() -> None:
    found = [examined(seed) for seed in range(2, 8)]
    assert not {one.seed: one.violations for one in found if one.violations}
    # All but a few complete, or the others' ends would say nothing.
    assert sum(one.end == "completed" for one in found) >= len(found) // 2


@pytest.mark.long
def test_hundreds_of_random_electrodes() -> None:
    found = [examined(seed, 60.0) for seed in range(300)]
    assert not {one.seed: one.violations for one in found if one.violations}
