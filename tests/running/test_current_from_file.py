"""Runs with a current that changes with time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import oxyshell
from oxyshell.models.base.constants import FARADAY_CONSTANT
from tests.scenario.protocol.written import with_protocol

# A rise, a plateau, a reversal within half a second, and a fall to nothing: s and mA/g.
ROWS = [(0.0, 0.0), (600.0, 250.0), (1200.0, 250.0), (1200.5, -125.0), (2400.0, 0.0)]


@pytest.mark.parametrize("electrode", [False, True])
def test_what_has_left_follows_the_file(electrode: bool, tmp_path: Path) -> None:
    (tmp_path / "drive.csv").write_text("\n".join(f"{time},{current}" for time, current in ROWS))
    entry = "current: {file: drive.csv, columns: {time: s, current: mA/g}}"
    scenario = with_protocol(entry, electrode=electrode, folder=tmp_path)
    # Faster than any of these currents, so that the surface is never empty.
    result = oxyshell.run(scenario.with_values({"material.diffusivity": "1e-17 m^2/s"}))
    times, currents = np.array(ROWS).T
    # The linear pieces are integrated exactly by the trapezoidal rule: C/g = 1000 C/kg, 0.0848 kg per mol.
    exact = np.trapezoid(currents, times) * 0.0848 / FARADAY_CONSTANT
    history = result.history
    assert history["extracted_per_formula"][-1] == pytest.approx(exact, rel=1e-9)
    # Round-off, as for a constant current: a balance that misses the change of the current within a step is
    # off by 1e-8 and more.
    assert result.summary["ions"]["balance_error"] < 1e-12
    for time in times:
        assert np.abs(history["time_s"] - time).min() <= 1e-9
