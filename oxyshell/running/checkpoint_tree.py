"""Steps of a run as trees of numbers and arrays, and back, on any number of processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from mpi4py import MPI

from oxyshell.errors import OutputError
from oxyshell.outputs.checkpoint import Tree
from oxyshell.solver.dof_positions import order
from oxyshell.solver.state import Array
from oxyshell.solver.step_result import StepResult

if TYPE_CHECKING:
    from cattrs import Converter

type Positions = Mapping[str, Array]
"""Positions of the degrees of freedom that this process owns, in rows as `places.of_space` gives them, by the
name of the group that they belong to."""
type Move = Callable[[str, Array], Array]
"""Takes values of a group from all processes to the first one, or back."""

_GROUP = "group"
"""Key of a state's tree that names the group of its arrays."""


class Gathering:
    """Brings values of all processes to the first one.

    Attributes:
        positions: Positions of the values; no rows on the other processes. They go into every checkpoint,
            because the next run may share its mesh otherwise.
    """

    def __init__(self, positions: Positions, comm: MPI.Comm) -> None:
        """Set up; all processes have to call this, as everything here.

        Args:
            positions: Of the values of this process.
            comm: The processes that share the mesh.
        """
        self._comm = comm
        self.positions = {name: self(name, rows) for name, rows in positions.items()}

    def __call__(self, name: str, values: Array) -> Array:
        """All values on the first process, in the order of `positions`; none on the others."""
        if self._comm.size == 1:
            return values
        parts = self._comm.gather(values)
        return values[:0] if parts is None else np.concatenate(parts)


class Scattering:
    """Finds the values of this process among those of all."""

    def __init__(self, stored: Positions, positions: Positions, comm: MPI.Comm) -> None:
        """Set up.

        Args:
            stored: `Gathering.positions` of the run before.
            positions: Of the values of this process now.
            comm: The processes that share the mesh.

        Raises:
            OutputError: If the unknowns are others.
        """
        for name, own in positions.items():
            found = len(stored.get(name, ()))
            # A number is known to every process, and so counted once by each.
            expected = int(comm.allreduce(len(own)))
            if found != expected:
                raise OutputError(
                    f"The checkpoint has {found} unknowns of the {name}, this discretisation {expected}: it "
                    "was written with other versions of the libraries. Go on with those, or start the run "
                    "again without --resume."
                )
        self._orders = {name: order(stored[name], own) for name, own in positions.items()}

    def __call__(self, name: str, values: Array) -> Array:
        """Those of this process, to the last bit."""
        own: Array = values[self._orders[name]]
        return own


def tree_of_moment(moment: StepResult, gather: Move) -> Tree:
    """A moment as `moment_of` reads it."""
    tree: Tree = _moved(_converter().unstructure(moment), gather)
    return tree


def moment_of(tree: Tree, scatter: Move) -> StepResult:
    """The moment, equal to the last bit."""
    moment: StepResult = _converter().structure(_moved(tree, scatter), StepResult)
    return moment


def _moved(node: Any, move: Move, group: str = "") -> Any:
    """A tree whose arrays have been moved, each as one of the group that the nearest mapping names."""
    match node:
        case Mapping():
            own = node.get(_GROUP, group)
            return {key: _moved(value, move, own) for key, value in node.items()}
        case list() | tuple():
            return [_moved(value, move, group) for value in node]
        case np.ndarray():
            return move(group, node)
        case _:
            return node


@cache
def _converter() -> Converter:
    from cattrs import Converter

    converter = Converter()
    converter.register_unstructure_hook(np.ndarray, lambda values: values)
    converter.register_structure_hook_func(lambda kind: kind == Array, lambda values, _: values)
    return converter
