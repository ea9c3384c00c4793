"""Values of a leading group that drive a following one: they go evenly in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from dolfinx import fem
from mpi4py import MPI

from oxyshell.models.base.process import RATE_OF
from oxyshell.solver.assembly import largest, owned
from oxyshell.solver.state import Array


@dataclass(frozen=True, eq=False)
class Forcing:
    """Values of a leading group for those that follow it, at one time, in SI.

    Attributes:
        time: s.
        fields: Values at the degrees of freedom of its scalar space that this process owns, by name.
        numbers: Numbers, by name.
    """

    time: float
    fields: Mapping[str, Array]
    numbers: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class DrivenValues:
    """Values that one function or constant has, in the order of its array.

    Attributes:
        target: Where equations read them, shape (count,).
        start: At the start of the drive, shape (count,).
        change: Per s, shape (count,).
    """

    target: Array
    start: Array
    change: Array


class Drive:
    """Functions and constants that a group reads of another one, between two states of the latter.

    Attributes:
        values: Of each of them, those that this process owns.
        begins: Time of the first state, s.
        is_steady: Whether none of them changes, on any process.
    """

    def __init__(
        self, functions: Mapping[str, fem.Function], constants: Mapping[str, fem.Constant], comm: MPI.Comm
    ) -> None:
        """Set up.

        Args:
            functions: By the name under which they are read.
            constants: Likewise, scalars.
            comm: The processes that share the mesh.
        """
        targets = {name: owned(function) for name, function in functions.items()}
        targets |= {name: constant.value.reshape(1) for name, constant in constants.items()}
        self._fields = frozenset(functions)
        self._shared = list(functions.values()) if comm.size > 1 else []
        self._comm = comm
        ends = np.cumsum([0, *(target.size for target in targets.values())]).tolist()
        spans = [slice(*span) for span in pairwise(ends)]
        self._start, self._change = np.zeros((2, ends[-1]))
        self._values = {
            name: DrivenValues(target, self._start[span], self._change[span])
            for (name, target), span in zip(targets.items(), spans, strict=True)
        }
        self.values = list(self._values.values())
        self.begins = 0.0
        self.is_steady = True

    def between(self, before: Forcing, after: Forcing, sizes: Mapping[str, float], time_unit: float) -> None:
        """Go evenly from one state of the leading group to another; not at all if there is no time.

        Args:
            before: One state.
            after: The other.
            sizes: Of the units in which values are read, in SI, by the name under which they are offered.
            time_unit: That of rates, s.
        """
        self.begins, duration = before.time, after.time - before.time
        share = 1.0 / duration if duration > 0 else 0.0
        for name, values in self._values.items():
            offered = name.removeprefix(RATE_OF)
            first, last = (
                one.fields[offered] if name in self._fields else one.numbers[offered]
                for one in (before, after)
            )
            start = first / sizes[offered]
            change = (last / sizes[offered] - start) * share
            values.start[:], values.change[:] = (
                (start, change) if name == offered else (change * time_unit, 0.0)
            )
        self.is_steady = largest(self._change, self._comm) == 0.0

    def set(self, ahead: float) -> None:
        """Let the values be those of some seconds after the start."""
        for one in self.values:
            one.target[:] = one.start + ahead * one.change
        for function in self._shared:
            function.x.scatter_forward()
