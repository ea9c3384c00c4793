"""Hundreds of cycles: whether a cycle takes as long, and memory stays, from the first to the last."""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import process
from benchmarks.clock import now
from benchmarks.table import Row

_BLOCKS = 10
_CYCLE = (
    "charge at 0.5 C until 4.2 V",
    "hold at 4.2 V until C/50 or 5 h",
    "discharge at C/2 until 3.5 V",
    "rest 1 h",
)


def cycling(quick: bool) -> Iterator[Row]:
    """500 cycles CC–CV of a half cell, in ten blocks, of which the last is compared with the second."""
    cycles = 50 if quick else 500
    for name, output in (
        ("some cycles written", {"every_cycle": cycles // 5, "last_cycles": 2}),
        ("all written", {"every_cycle": 1}),
    ):
        outcome = process.run("worker", {"task": "cycles", "cycles": cycles, "output": output})
        found = outcome.found
        _, second, *later = found["block_s"]
        middle = statistics.median((second, *later))
        furthest = max(abs(one - middle) for one in (second, *later)) / middle
        yield Row(
            case=f"{cycles} cycles, {name}", seconds=later[-1], of=f"cycles {cycles - cycles // _BLOCKS + 1}"
            f" to {cycles}", steps=found["steps"], rejected=found["rejected"], floor="as many after the first"
            " tenth", floor_seconds=second, target=1.1, megabytes=outcome.megabytes,
            note=f"blocks differ from their median by up to {100 * furthest:.0f} %; "
            f"{1e3 * found['grown_MB'] / (cycles - cycles // _BLOCKS):.0f} kB a cycle in memory; "
            f"{1e3 * sum(found['block_s']) / found['steps']:.2f} ms a step",
        )  # fmt: skip


def measure(task: dict[str, Any]) -> dict[str, Any]:
    """Run cycles into a folder, as a user does.

    Args:
        task: `cycles`, and the keys of the section `output`.

    Returns:
        `block_s`, times of ten blocks; `grown_MB`, growth of the resident memory since the first of them;
        `steps` and `rejected`.
    """
    import oxyshell
    from oxyshell.outputs import RunFolder
    from oxyshell.running.checkpoints import FileCheckpoints
    from oxyshell.running.simulation import Simulation

    times, resident = [], []

    class Watched(RunFolder):
        def cycle(self, row: Any) -> None:
            super().cycle(row)
            times.append(now())
            resident.append(_resident())

    cycles = task["cycles"]
    file = Path(__file__).resolve().parent.parent / "scenarios" / "nmc811-half-cell.yaml"
    protocol = [{"repeat": {"times": cycles, "steps": list(_CYCLE)}}]
    scenario = oxyshell.load(file).with_values(
        {"protocol": protocol, "output": task["output"], "numerics.time_tolerance": 1e-4}
    )
    simulation = Simulation(scenario)
    with tempfile.TemporaryDirectory() as folder:
        output = Watched(Path(folder) / "run")
        output.start(scenario.to_yaml())
        begun = now()
        result = simulation.run(scenario, output, writer=FileCheckpoints(output.path, "benchmark"))
    size = cycles // _BLOCKS
    return {
        "block_s": [end - start for start, end in pairwise([begun, *times[size - 1 :: size]])],
        "grown_MB": resident[-1] - resident[size - 1],
        "steps": result.summary["steps"],
        "rejected": result.summary["rejected_steps"],
    }


def _resident() -> float:
    """Resident memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
