"""Protocols of a half cell that PyBaMM and oxyshell both run, and the rows that compare them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.verification.peers.pybamm_half_cell import HalfCell, Segment, SegmentRun, Solver

type Array = NDArray[np.float64]

# Moments of a step: the first ones, s, which are left out behind another step, and so many up to just before
# its end. Where the current jumps in the beginning, the first ones are the hardest.
FIRST = (0.1, 1.0)
MOMENTS = 40
CONSTANT = HalfCell(exchange=1.0, follows_content=False)
# i0 = F k √c_e √(c_s (c_max − c_s)), F k = 3.42e-6 A m^2.5 mol^-1.5, c_e = 1000 mol/m³: Chen et al. 2020.
CHEN = HalfCell(exchange=3.42e-6 * 1000**0.5 * 63104.0, follows_content=True)


@dataclass(frozen=True)
class Step:
    """One step, in both languages.

    Attributes:
        name: For people.
        entry: Of oxyshell's protocol.
        rate: Current in C, positive on charge; None where the voltage is held.
        voltage: At which it ends, or which is held, V.
    """

    name: str
    entry: Mapping[str, Any]
    rate: float | None
    voltage: float

    def segment(self, cell: HalfCell) -> Segment:
        """The same for PyBaMM."""
        if self.rate is None:
            return Segment(None, self.voltage, least=0.02 * cell.one_c)
        return Segment(self.rate * cell.one_c, self.voltage)


@dataclass(frozen=True)
class Protocol:
    """A run of both.

    Attributes:
        name: For people.
        start: θ, the same everywhere.
        steps: One after the other.
    """

    name: str
    start: float
    steps: tuple[Step, ...]


def discharge(rate: float) -> Protocol:
    """From charged to 3.5 V."""
    entry = {"discharge": {"rate": f"{rate:g} C", "until": {"voltage": "3.5 V"}}}
    return Protocol(f"discharge at {rate:g} C to 3.5 V", 0.27, (Step("discharge", entry, -rate, 3.5),))


CHARGE = Protocol(
    "charge at 0.5 C to 4.2 V, hold until C/50",
    0.91,
    (
        Step("charge", {"charge": {"rate": "0.5 C", "until": {"voltage": "4.2 V"}}}, 0.5, 4.2),
        Step("hold", {"hold": {"voltage": "4.2 V", "until": {"rate": "C/50"}}}, None, 4.2),
    ),
)
PROTOCOLS = (*(discharge(rate) for rate in (0.5, 1.0, 2.0, 5.0)), CHARGE)


@dataclass(frozen=True)
class StepFigures:
    """What is compared of one step.

    Attributes:
        duration: s.
        times: Since the step began, s, from 0.
        voltage: At these, V.
        current: At these, A/m².
    """

    duration: float
    times: Array
    voltage: Array
    current: Array


def moments(duration: float, first: bool) -> Array:
    """Times of a step at which curves are compared, s: closer together at its start.

    Args:
        duration: Of the step, s.
        first: Whether no other step is before it.
    """
    later = np.geomspace(3.0, 0.999 * duration, MOMENTS)
    return np.concatenate([[0.0], FIRST if first else (), later]).round(3)


def pybamm_figures(
    pybamm: Any, cell: HalfCell, protocol: Protocol, cells: tuple[int, int, int], tolerance: float
) -> tuple[list[StepFigures], list[StepFigures]]:
    """What pairs of meshes tend to, the first two and the last two; each has twice the cells of the last."""
    segments = tuple(step.segment(cell) for step in protocol.steps)
    about = tuple(np.zeros(1) for _ in segments)
    lengths = [
        run.duration for run in Solver(pybamm, cells[0], tolerance).run(cell, protocol.start, segments, about)
    ]
    times = tuple(moments(length, index == 0) for index, length in enumerate(lengths))
    coarse, middle, fine = (
        Solver(pybamm, count, tolerance).run(cell, protocol.start, segments, times) for count in cells
    )
    return _extrapolated(coarse, middle, times), _extrapolated(middle, fine, times)


def _extrapolated(
    coarse: list[SegmentRun], fine: list[SegmentRun], times: tuple[Array, ...]
) -> list[StepFigures]:
    """Figures of second order for cells of no size."""
    return [
        StepFigures(
            (4 * b.duration - a.duration) / 3,
            at,
            (4 * b.voltage - a.voltage) / 3,
            (4 * b.current - a.current) / 3,
        )
        for a, b, at in zip(coarse, fine, times, strict=True)
    ]


def row(
    equation: str, figure: str, runs: tuple[StepFigures, ...], column: str, versus: str
) -> dict[str, Any]:
    """A row of the page, at the moment at which the two solvers are furthest apart.

    Args:
        equation: What is solved.
        figure: What is compared.
        runs: Theirs on coarser and on finer meshes, ours likewise, ours with default settings.
        column: "duration", "voltage" or "current".
        versus: The other solver.
    """
    their_coarse, theirs, our_coarse, ours, default = (np.atleast_1d(getattr(run, column)) for run in runs)
    apart = int(np.abs(ours - theirs).argmax())
    when = "" if column == "duration" else f"{runs[1].times[apart]:g} s"
    return {
        "kind": "half_cell",
        "equation": equation,
        "solver": versus,
        "figure": figure,
        "when": when,
        "theirs": float(theirs[apart]),
        "ours": float(ours[apart]),
        "difference": float(np.abs(ours - theirs)[apart]),
        "their_refinement": float(np.abs(theirs - their_coarse).max()),
        "our_refinement": float(np.abs(ours - our_coarse).max()),
        "default": float(np.abs(default - theirs).max()),
    }
