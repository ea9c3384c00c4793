"""The largest value of something over a run, and when it was reached: between time steps too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial import polynomial

# Steps on either side of the largest that the polynomial goes through.
_NEIGHBOURS = 2
# A peak whose place moves by more than this share of the radius in a step has not moved, but is another one.
_JUMP = 0.05
# Most that the polynomial may add to the largest value, over the fall to the lower neighbour; a parabola
# through equal steps adds at most an eighth.
_MOST_ADDED = 0.25
# Of steps closer than this, as a share of the time that all of them span, the polynomial takes one.
_APART = 1e-2


class StepPeak(NamedTuple):
    """The largest value in a particle at one time, in SI units.

    Attributes:
        value: The value.
        depth: Below the surface, m.
        radius: From the centre, m.
        time: s.
        extracted: Ions taken out, per formula unit.
        region: Name of the region; empty where there is only one.
        x: Of its place in a solid, m; of a body of revolution, the distance from the axis. 0 on a line.
        y: The same; of a body of revolution 0.
        z: The same; of a body of revolution, along the axis.
    """

    value: float
    depth: float = 0.0
    radius: float = 0.0
    time: float = 0.0
    extracted: float = 0.0
    region: str = ""
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0


class Largest:
    """A value followed through a run, step by step.

    Between steps of one protocol step it is a polynomial through five of them, where its place in the
    particle stays or moves little; so that a flat maximum does not lie where a step happened to end.
    """

    def __init__(
        self,
        peak: StepPeak | None = None,
        recent: Sequence[StepPeak] = (),
        of_step: StepPeak | None = None,
    ) -> None:
        """Begin, or go on.

        Args:
            peak: The largest so far.
            recent: The last steps of the present protocol step.
            of_step: The largest so far in the present protocol step.
        """
        self.peak = peak or StepPeak(-np.inf)
        self.of_step = of_step or StepPeak(-np.inf)
        self._recent = list(recent)

    def consider(self, value: StepPeak, begins: bool, ends: bool) -> None:
        """Look at the next step.

        Args:
            value: Where it has led.
            begins: True for the first of a protocol step.
            ends: True where it ended a protocol step, after which the course may have a kink.
        """
        if begins:
            self._recent = self._recent[-1:]
            # It begins with the state in which the one before has ended.
            self.of_step = next(iter(self._recent), StepPeak(-np.inf))
        self._recent.append(value)
        del self._recent[: -2 * _NEIGHBOURS - 1]
        found = [value, *self._between(len(self._recent) - 1 - _NEIGHBOURS)]
        if ends:
            found += self._between(len(self._recent) - 2)
        for one in found:
            if one.value > self.of_step.value:
                self.of_step = one
        if self.of_step.value > self.peak.value:
            self.peak = self.of_step

    def remembered(self) -> dict[str, Any]:
        """Plain numbers from which `recalled` makes the same follower."""
        return {
            "peak": self.peak._asdict(),
            "recent": [one._asdict() for one in self._recent],
            "of_step": self.of_step._asdict(),
        }

    @classmethod
    def recalled(cls, remembered: Mapping[str, Any]) -> Largest:
        """The follower that remembered this."""
        return cls(
            StepPeak(**remembered["peak"]),
            [StepPeak(**one) for one in remembered["recent"]],
            StepPeak(**remembered["of_step"]),
        )

    def _between(self, index: int) -> list[StepPeak]:
        """The maximum about a step that is above its neighbours, if it is."""
        recent = self._recent
        if not 0 < index < len(recent) - 1:
            return []
        if not recent[index - 1].value <= recent[index].value >= recent[index + 1].value:
            return []
        return _maximum(_smooth(recent, index), recent[index])


def _smooth(recent: Sequence[StepPeak], index: int) -> list[StepPeak]:
    """The steps about one during which the place has not jumped."""
    first = last = index
    while last + 1 < len(recent) and _alike(recent[last], recent[last + 1]):
        last += 1
    while first > 0 and _alike(recent[first], recent[first - 1]):
        first -= 1
    return list(recent[max(first, index - _NEIGHBOURS) : min(last, index + _NEIGHBOURS) + 1])


def _alike(one: StepPeak, other: StepPeak) -> bool:
    near = abs(one.depth - other.depth) <= _JUMP * (one.depth + one.radius)
    return near and one.region == other.region


def _maximum(steps: Sequence[StepPeak], middle: StepPeak) -> list[StepPeak]:
    """The maximum of the polynomial through some steps, between the neighbours of the middle one."""
    if middle.value == min(one.value for one in steps):
        return []
    steps = _apart(steps, middle)
    index = steps.index(middle)
    if not 0 < index < len(steps) - 1:
        return []
    before, after = steps[index - 1], steps[index + 1]
    fall = middle.value - min(before.value, after.value)
    if not fall > 0:
        return []
    unit = after.time - before.time
    times = np.array([(one.time - middle.time) / unit for one in steps])
    powers = np.vander(times, increasing=True)
    values, extracted = np.linalg.solve(
        powers, np.array([(one.value - middle.value, one.extracted) for one in steps])
    ).T
    flat = polynomial.polyroots(polynomial.polyder(values))
    inside = [
        float(root.real)
        for root in flat
        if abs(root.imag) < 1e-9 and times[index - 1] < root.real < times[index + 1]
    ]
    added, at = max(((float(polynomial.polyval(root, values)), root) for root in inside), default=(0.0, 0.0))
    if not 0 < added <= _MOST_ADDED * fall:
        return []
    # A place moves from element to element: a polynomial of high degree would swing.
    depth, radius = (
        float(np.interp(at, times, place))
        for place in ([one.depth for one in steps], [one.radius for one in steps])
    )
    return [
        StepPeak(
            middle.value + added,
            depth,
            radius,
            middle.time + at * unit,
            float(polynomial.polyval(at, extracted)),
            middle.region,
            *_position(before, middle, after, middle.time + at * unit),
        )
    ]


def _position(before: StepPeak, middle: StepPeak, after: StepPeak, time: float) -> tuple[float, ...]:
    """x, y and z at a time; those of the middle step where the place is another one at the same depth."""
    places = np.array([one[-3:] for one in (before, middle, after)])
    moved = np.linalg.norm(np.diff(places, axis=0), axis=1).max()
    if moved > _JUMP * (middle.depth + middle.radius):
        return middle[-3:]
    times = [before.time, middle.time, after.time]
    return tuple(float(np.interp(time, times, along)) for along in places.T)


def _apart(steps: Sequence[StepPeak], middle: StepPeak) -> list[StepPeak]:
    """The middle step and those that are not too close to one another."""
    least = _APART * (steps[-1].time - steps[0].time)
    kept = [middle]
    for one in sorted(steps, key=lambda one: abs(one.time - middle.time)):
        if min(abs(one.time - other.time) for other in kept) > least:
            kept.append(one)
    return sorted(kept, key=lambda one: one.time)
