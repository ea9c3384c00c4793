"""Pulses of current between rests, in the record of a galvanostatic intermittent titration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]

# Samples from which the voltage right after the current was switched on is extrapolated, and powers of √t.
_JUMP_SAMPLES, _JUMP_DEGREE = 8, 2
# Share of the largest current below which a change of it is none.
_ROUND_OFF = 1e-6


@dataclass(frozen=True, eq=False)
class Pulse:
    """A current for some time, between two rests.

    Attributes:
        time: Since the current was switched on, s, ascending, shape (samples,); at 0, if there, what the
            voltage is with the current.
        voltage: At those times, V, shape (samples,).
        filling: Change of the mean occupancy in a second, negative where ions leave, 1/s.
        occupancy: Mean occupancy when it begins.
        relaxed: Voltages at the end of the rest before it and of the one after it, V.
        rest: Length of the rest after it, s.
    """

    time: Array
    voltage: Array
    filling: float
    occupancy: float
    relaxed: tuple[float, float]
    rest: float

    @property
    def duration(self) -> float:
        """Length τ, s."""
        return float(self.time[-1])

    @property
    def ends_at(self) -> float:
        """Mean occupancy when it ends."""
        return self.occupancy + self.filling * self.duration


def without_jump(pulse: Pulse) -> float:
    """The voltage right after the current was switched on, V.

    It is the first one where it was sampled at once, else what a parabola of √t through the first samples is
    at t = 0.
    """
    if pulse.time[0] == 0:
        return float(pulse.voltage[0])
    first = slice(0, _JUMP_SAMPLES)
    roots = np.sqrt(pulse.time[first])
    degree = min(_JUMP_DEGREE, roots.size - 1)
    return float(np.polynomial.Polynomial.fit(roots, pulse.voltage[first], degree)(0.0))


def pulses_of(time: Array, current: Array, voltage: Array, occupancy: Array) -> tuple[Pulse, ...]:
    """The pulses of a record in which currents are constant between jumps.

    A row holds the current that flows from then on or until then; where it jumps there are two rows at one
    time, the later with the new one. A current without a rest before and after it is no pulse.

    Args:
        time: s, ascending, shape (rows,).
        current: In any unit, shape (rows,).
        voltage: V, shape (rows,).
        occupancy: Mean occupancy, shape (rows,).
    """
    current = np.where(np.abs(current) > _ROUND_OFF * np.abs(current).max(), current, 0.0)
    edges = np.flatnonzero(np.abs(np.diff(current)) > _ROUND_OFF * np.abs(current).max()) + 1
    starts = np.concatenate([[0], edges])
    stops = np.concatenate([edges, [time.size]])
    parts = [slice(start, stop) for start, stop in zip(starts, stops, strict=True)]
    found = []
    for before, part, after in zip(parts, parts[1:], parts[2:], strict=False):
        rests = current[before.start] == 0 and current[after.start] == 0
        if not rests or current[part.start] == 0 or part.stop - part.start < 3:
            continue
        first, last = part.start, part.stop - 1
        length = time[last] - time[first]
        found.append(
            Pulse(
                time=time[part] - time[first],
                voltage=voltage[part],
                filling=float((occupancy[last] - occupancy[first]) / length),
                occupancy=float(occupancy[first]),
                relaxed=(float(voltage[before.stop - 1]), float(voltage[after.stop - 1])),
                rest=float(time[after.stop - 1] - time[after.start]),
            )
        )
    return tuple(found)
