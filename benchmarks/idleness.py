"""How idle the machine is: other programs make figures of time meaningless, and a table has to say so."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

# A fixed amount of plain Python, a quarter of a second; prints wall and CPU time.
_LOOP = """
import time
wall, cpu = time.perf_counter(), time.process_time()
total = 0
for number in range(4_000_000):
    total += number * number % 7
print(time.perf_counter() - wall, time.process_time() - cpu)
"""
# Beyond these the table says that the machine was busy: processes that ran before, wall over CPU time of a
# loop that waits for nothing, and how much longer the loop takes beside another one.
_LOAD, _WAITING, _SIDE_BY_SIDE = 0.5, 1.05, 1.25


@dataclass(frozen=True)
class Sample:
    """How the machine was at one moment.

    Attributes:
        load: Load average of the last minute.
        alone_s: Wall time of the loop in one process.
        waiting: Wall over CPU time of that.
        side_by_side: Wall time in two processes at once over that in one.
    """

    load: float
    alone_s: float
    waiting: float
    side_by_side: float


def sample(load: float | None = None) -> Sample:
    """Measure it now, in less than a second on an idle machine.

    Args:
        load: The load average, where it was read before; the benchmark's own processes raise it.
    """
    found = os.getloadavg()[0] if load is None else load
    ((wall, cpu),) = _loops(1)
    both = [seconds for seconds, _ in _loops(2)]
    return Sample(found, wall, wall / cpu, max(both) / wall)


def _loops(count: int) -> list[tuple[float, float]]:
    running = [
        subprocess.Popen([sys.executable, "-S", "-c", _LOOP], stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    texts = [process.communicate()[0] for process in running]
    return [(float(wall), float(cpu)) for wall, cpu in (text.split() for text in texts)]


def complaints(samples: Sequence[Sample]) -> list[str]:
    """What says that the machine was busy, in the order of a run's samples; empty on an idle one."""
    found = []
    first = samples[0]
    if first.load > _LOAD:
        found.append(f"{first.load:.1f} processes were running before it began")
    waiting = max(one.waiting for one in samples)
    if waiting > _WAITING:
        found.append(f"a loop that waits for nothing had to wait {100 * (waiting - 1):.0f} % of its CPU time")
    side = median(one.side_by_side for one in samples)
    if side > _SIDE_BY_SIDE:
        found.append(f"two loops side by side took {side:.2f} times as long as one")
    slowest, quickest = (extreme(one.alone_s for one in samples) for extreme in (max, min))
    if slowest > 1.2 * quickest:
        found.append(f"the same loop took between {quickest:.2f} and {slowest:.2f} s")
    return found


def described(samples: Sequence[Sample]) -> str:
    """The line above a table."""
    found = complaints(samples)
    if not found:
        return f"idle machine (load {samples[0].load:.1f}, loop of {samples[0].alone_s:.2f} s)"
    return f"**BUSY MACHINE, times mean little**: {'; '.join(found)}"
