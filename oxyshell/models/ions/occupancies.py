"""The range of occupancies of a run, and the tables of properties that do not cover it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from mpi4py import MPI

from oxyshell.language.occupancy import OccupancyProperty
from oxyshell.language.sections import leaves
from oxyshell.models.base.properties import Table
from oxyshell.models.base.smooth_table import SmoothTable
from oxyshell.solver.recorder import Recorder
from oxyshell.solver.state import Array, State
from oxyshell.solver.step_result import StepResult

# Of the occupancy beside a steep change, on elements that are too long for it.
_OSCILLATION = 0.05


@dataclass(frozen=True)
class TabulatedProperty:
    """A property that a scenario gives as a table over the occupancy.

    Attributes:
        path: Its path in the scenario.
        unit: Its SI unit, "1" for a pure number.
        first: Smallest occupancy of the table.
        last: Largest one.
        at_first: The property at the smallest occupancy, and below it.
        at_last: The property at the largest one, and above it.
        kept: What stays as it is beyond both: the value, or the slope, which the two are then.
        parts: Numbers of the parts of the particle that have it, the core being 0.
    """

    path: str
    unit: str
    first: float
    last: float
    at_first: float
    at_last: float
    kept: str = "value"
    parts: tuple[int, ...] = (0,)

    def left_by(self, least: float, largest: float, slack: float) -> Iterator[Mapping[str, object]]:
        """The ends beyond which a range of occupancies goes by more than a slack, as summary entries."""
        for limit, reached, value, beyond in (
            (self.first, least, self.at_first, self.first - least),
            (self.last, largest, self.at_last, largest - self.last),
        ):
            if beyond > slack:
                yield {"property": self.path, "limit": limit, "reached": reached, "value_used": value}

    def told(self, left: Mapping[str, object]) -> str:
        """A sentence about one entry of `left_by`."""
        limit, reached, value = (left[key] for key in ("limit", "reached", "value_used"))
        assert isinstance(limit, float)
        assert isinstance(reached, float)
        unit = "" if self.unit == "1" else f" {self.unit}"
        verb, side = ("fell", "below") if reached < limit else ("rose", "above")
        return (
            f"{self.path} is a table from theta = {self.first:g} to {self.last:g}. The occupancy {verb} to "
            f"{reached:.3g}, {abs(limit - reached):.2g} {side} it; there, "
            f"the {self.kept} at theta = {limit:g} was used, {value:.4g}{unit}."
        )


def tabulated(scenario: Any) -> tuple[TabulatedProperty, ...]:
    """All properties of a scenario that are tables."""
    found = []
    for path, leaf in leaves(scenario):
        match leaf:
            case OccupancyProperty(function=Table(occupancy=occupancy, values=values), unit=unit):
                parts = _with(path, scenario)
                ends = sorted(zip(occupancy, values, strict=True))
                (first, at_first), (last, at_last) = ends[0], ends[-1]
                found.append(TabulatedProperty(path, unit, first, last, at_first, at_last, parts=parts))
            case OccupancyProperty(function=SmoothTable(occupancy=occupancy, slopes=slopes), unit=unit):
                first, last = occupancy[0], occupancy[-1]
                ends_of_slope, parts = (slopes[0], slopes[-1]), _with(path, scenario)
                found.append(TabulatedProperty(path, unit, first, last, *ends_of_slope, "slope", parts))
    return tuple(found)


def _with(path: str, scenario: Any) -> tuple[int, ...]:
    """Numbers of the parts that have the property at a path: of no material, all parts."""
    parts = scenario.parts
    keys = path.split(".")
    for end in range(1, len(keys)):
        key = keys[end]
        here = tuple(keys[: end + 1])
        # A layer with a diffusivity of its own has none along c from the particle.
        having = tuple(
            i
            for i, one in enumerate(parts)
            if one.place(key) == here and getattr(one.material, key, None) is not None
        )
        if having:
            return having
    return tuple(range(len(parts)))


class Occupancies(Recorder):
    """The smallest and the largest occupancy of the particle and of its parts, over all steps."""

    kept = ("least", "largest", "fullest", "at_ends")

    def __init__(
        self,
        occupancy: Callable[[State], Array],
        comm: MPI.Comm,
        tables: Sequence[TabulatedProperty] = (),
        error: float = 0.0,
        places: Sequence[Any] = (slice(None),),
        drifts: bool = False,
    ) -> None:
        """Set up.

        Args:
            occupancy: θ of a state at the degrees of freedom of this process.
            comm: The processes that share the mesh.
            tables: Properties that are only known over a range of occupancies.
            error: Of the occupancy; a table that is left by less is not left.
            places: Indices of those degrees of freedom that are in each part of the particle.
            drifts: Whether ions move along gradients of the stress.
        """
        self._drifts = drifts
        self._occupancy, self._comm, self._tables, self._error = occupancy, comm, tuple(tables), error
        self._places = tuple(places)
        self._least, self._largest = [math.inf] * len(self._places), [-math.inf] * len(self._places)
        # Of each part the smallest occupancy in it, when that was largest.
        self._fullest = [-math.inf] * len(self._places)
        # The largest at the end of any step of the protocol.
        self._at_ends = -math.inf

    def step(self, moment: StepResult) -> Mapping[str, float]:
        everywhere = self._occupancy(moment.state)
        for part, places in enumerate(self._places):
            theta = everywhere[places]
            least = float(np.minimum.reduce(theta, initial=math.inf))
            largest = float(np.maximum.reduce(theta, initial=-math.inf))
            if self._comm.size > 1:
                least, largest = self._comm.allreduce(least, MPI.MIN), self._comm.allreduce(largest, MPI.MAX)
            self._least[part] = min(self._least[part], least)
            self._largest[part] = max(self._largest[part], largest)
            self._fullest[part] = max(self._fullest[part], least)
            if moment.ended_by is not None:
                self._at_ends = max(self._at_ends, largest)
        return {}

    def summary(self) -> Mapping[str, object]:
        left = [entry for one in self._tables for entry in self._left(one)]
        return {"occupancy": {"least": min(self._least), "largest": max(self._largest), "tables_left": left}}

    def remarks(self) -> Iterator[str]:
        # An overshoot at a surface that jumps is not everywhere, and has gone when the step ends.
        fullest, where, full = max(self._fullest), "everywhere in a part of the particle", 1 + self._error
        if not fullest > full:
            # Coarse elements leave some oscillation.
            fullest, full = self._at_ends, 1 + _OSCILLATION
            where = "somewhere in the particle at the end of a step of the protocol"
        if fullest > full:
            yield (
                f"The occupancy rose to {fullest:.3g} {where}. With drift: "
                "dilute the chemical potential knows no full host, and there can be more ions than sites; "
                "with drift: lattice there are not."
            )
        for one in self._tables:
            yield from (f"{one.told(left)}{self._why(left)}" for left in self._left(one))

    def _why(self, left: Mapping[str, Any]) -> str:
        """Possible reasons, of an occupancy that rises also while ions are extracted."""
        if left["reached"] < left["limit"]:
            return ""
        drift = "; with drift, stress may drive ions there (material.drift: none shows whether it does)"
        return (
            " It can rise in a place while ions are extracted: behind a steep front the elements overshoot, "
            f"the less the more there are (numerics.elements.bulk){drift * self._drifts}."
        )

    def _left(self, table: TabulatedProperty) -> Iterator[Mapping[str, object]]:
        least = min(self._least[part] for part in table.parts)
        largest = max(self._largest[part] for part in table.parts)
        # Beyond [0, 1] lies only what finite elements overshoot where a surface jumps, for a moment.
        return table.left_by(max(least, 0.0), min(largest, 1.0), self._error)
