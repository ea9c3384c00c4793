"""The moments of a run as trees of numbers and arrays, and back, on any number of processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from mpi4py import MPI

from oxyshell.errors import OutputError
from oxyshell.models.base.protocol import Progress, Target
from oxyshell.outputs.checkpoint import Tree
from oxyshell.solver.moment import Moment, Onward
from oxyshell.solver.oxygen_march import OxygenState
from oxyshell.solver.places import Layout, order
from oxyshell.solver.state import Array, Companion, Observation, State

type Move = Callable[[str, Array], Array]
"""Takes values of a part of a `Layout`, given by its name, from all processes to the first one, or back."""


class Gathering:
    """Brings values of all processes to the first one.

    Attributes:
        places: Where the values stand; no rows on the other processes. They go into every checkpoint, because
            the next run may share its mesh otherwise.
    """

    def __init__(self, layout: Layout, comm: MPI.Comm) -> None:
        """Set up; all processes have to call this, as everything here.

        Args:
            layout: Where values stand.
            comm: The processes that share the mesh.
        """
        self._comm = comm
        self.places = {name: self(name, rows) for name, rows in layout.parts().items()}

    def __call__(self, name: str, values: Array) -> Array:
        """All values on the first process, in the order of `places`; none on the others."""
        if self._comm.size == 1:
            return values
        parts = self._comm.gather(values)
        return values[:0] if parts is None else np.concatenate(parts)


class Scattering:
    """Finds the values of this process among those of all."""

    def __init__(self, stored: Mapping[str, Array], layout: Layout, comm: MPI.Comm) -> None:
        """Set up.

        Args:
            stored: What `Gathering` had as its places.
            layout: Where values stand now.
            comm: The processes that share the mesh.

        Raises:
            OutputError: If the unknowns are others.
        """
        found, expected = len(stored["ions"]), int(comm.allreduce(len(layout.ions)))
        if found != expected:
            raise OutputError(
                f"The checkpoint has {found} unknowns, this discretisation {expected}: it was written with "
                "other versions of the libraries. Go on with those, or start the run again without --resume."
            )
        self._orders = {name: order(stored[name], own) for name, own in layout.parts().items()}

    def __call__(self, name: str, values: Array) -> Array:
        """Those of this process, to the last bit."""
        own: Array = values[self._orders[name]]
        return own


def tree_of_moment(moment: Moment, gather: Move) -> Tree:
    """A moment as `moment_of` reads it."""
    onward = moment.onward
    return {
        "state": _tree_of_state(moment.state, "ions", gather),
        "observation": asdict(moment.observation),
        "extracted": moment.extracted,
        "balance_error": moment.balance_error,
        "step": moment.step,
        "steps": moment.steps,
        "rejected": moment.rejected,
        "is_output": moment.is_output,
        "ended_by": None if moment.ended_by is None else _tree_of_target(moment.ended_by),
        "protocol_step": moment.protocol_step,
        "step_time": moment.step_time,
        "onward": {
            "protocol_step": onward.protocol_step,
            "began": onward.began,
            "directions": list(onward.directions),
            "expected": onward.expected,
            "wanted": onward.wanted,
            "pending": [_tree_of_target(target) for target in onward.pending],
            "ions_at_start": onward.ions_at_start,
        },
    }


def moment_of(tree: Tree, scatter: Move) -> Moment:
    """The moment, equal to the last bit."""
    onward, ended_by = tree["onward"], tree["ended_by"]
    pending = tuple(_target_of(target) for target in onward["pending"])
    own = {
        "state": _state_of(tree["state"], "ions", scatter),
        "observation": Observation(**tree["observation"]),
        "ended_by": None if ended_by is None else _target_of(ended_by),
        "onward": Onward(**{**onward, "directions": tuple(onward["directions"]), "pending": pending}),
    }
    return Moment(**{**tree, **own})


def _tree_of_target(target: Target) -> list[Any]:
    return [target.progress.value, target.value]


def _target_of(tree: list[Any]) -> Target:
    progress, value = tree
    return Target(Progress(progress), value)


def _tree_of_state(state: State, part: str, gather: Move) -> dict[str, Any]:
    companion = state.companion
    return {
        "time": state.time,
        "unknowns": gather(part, state.unknowns),
        "left": state.left,
        "age": state.age,
        "earlier": [_tree_of_state(one, part, gather) for one in state.earlier],
        "companion": None if companion is None else _tree_of_companion(companion, gather),
    }


def _state_of(tree: Tree, part: str, scatter: Move) -> State:
    companion = tree["companion"]
    return State(
        time=tree["time"],
        unknowns=scatter(part, tree["unknowns"]),
        left=tree["left"],
        age=tree["age"],
        earlier=tuple(_state_of(one, part, scatter) for one in tree["earlier"]),
        companion=None if companion is None else _companion_of(companion, scatter),
    )


def _tree_of_companion(companion: Companion, gather: Move) -> dict[str, Any]:
    oxygen = companion.oxygen
    return {
        "released": gather("occupancy", companion.released),
        "release_rate": gather("occupancy", companion.release_rate),
        "oxygen": {
            "state": _tree_of_state(oxygen.state, "oxygen", gather),
            "step": oxygen.step,
            "steps": oxygen.steps,
            "rejected": oxygen.rejected,
            "balance_error": oxygen.balance_error,
        },
    }


def _companion_of(tree: Tree, scatter: Move) -> Companion:
    oxygen = tree["oxygen"]
    return Companion(
        oxygen=OxygenState(**{**oxygen, "state": _state_of(oxygen["state"], "oxygen", scatter)}),
        released=scatter("occupancy", tree["released"]),
        release_rate=scatter("occupancy", tree["release_rate"]),
    )
