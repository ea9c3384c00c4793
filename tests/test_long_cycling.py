"""Hundreds of cycles: nothing drifts, nothing is lost, and memory does not grow."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from oxyshell.outputs import RunFolder
from oxyshell.outputs.records import Row
from oxyshell.running import simulation
from tests.cycling import half_cell, repeated

pytestmark = pytest.mark.slow
# Rows of tables and ends take 3 kB a cycle; the rest is what the allocator does with pieces of them.
MOST_GROWTH_MB, MOST_GROWTH_PER_CYCLE_MB = 4.0, 0.02


class Watched(RunFolder):
    """Notes the resident memory after every cycle, MB."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.resident: list[float] = []

    def cycle(self, row: Row) -> None:
        super().cycle(row)
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self.resident.append(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the resident memory is not known here")
@pytest.mark.parametrize("cycles", [12, pytest.param(500, marks=pytest.mark.long)])
def test_nothing_drifts_and_memory_stays(cycles: int, tmp_path: Path) -> None:
    output = "every_cycle: 100, last_cycles: 2"
    scenario = half_cell(f"[{repeated(cycles)}]", output=output)
    folder = Watched(tmp_path)
    folder.start(scenario.to_yaml())
    result = simulation.Simulation(scenario).run(scenario, folder)

    assert result.summary["ions"]["balance_error"] < 1e-10
    table = result.cycle_table
    assert (result.step_table.rows, table.rows) == (4 * cycles, cycles)
    for name in ("charge_mAh_g", "discharge_mAh_g"):
        later = np.asarray(table[name])[1:]
        # A cycle ends with a rest: of the cycle before, round-off is all that is left.
        np.testing.assert_allclose(later, later[0], rtol=1e-9, err_msg=name)
    np.testing.assert_allclose(np.asarray(table["coulombic_efficiency"])[1:], 1.0, rtol=1e-9)
    assert len(set(np.asarray(table["time_steps"])[2:])) == 1
    # Cycle 1, every hundredth and the last two; and the start.
    assert len(result.profiles.times) == 1 + 4 * (3 + (cycles - 1) // 100)
    begun = min(50, cycles // 2)
    grown = folder.resident[-1] - folder.resident[begun - 1]
    assert grown < MOST_GROWTH_MB + MOST_GROWTH_PER_CYCLE_MB * (cycles - begun)
