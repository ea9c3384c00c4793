"""The moments of a run as trees of numbers and arrays, and back.

Arrays are the degrees of freedom in the order of this process. What is missing for another number of
processes is what that order means: values by original cell index, and for degrees above two by their place in
the cell, since an edge may turn when a mesh is distributed anew. The number of unknowns is checked, their
order is not.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from oxyshell.models.protocol import Progress, Target
from oxyshell.outputs.checkpoint import Tree
from oxyshell.solver.moment import Moment, Onward
from oxyshell.solver.oxygen_march import OxygenState
from oxyshell.solver.state import Companion, Observation, State


def tree_of_moment(moment: Moment) -> Tree:
    """A moment as `moment_of` reads it."""
    onward = moment.onward
    return {
        "state": _tree_of_state(moment.state),
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
            "wanted": onward.wanted,
            "pending": [_tree_of_target(target) for target in onward.pending],
            "ions_at_start": onward.ions_at_start,
        },
    }


def moment_of(tree: Tree) -> Moment:
    """The moment, equal to the last bit."""
    onward, ended_by = tree["onward"], tree["ended_by"]
    pending = tuple(_target_of(target) for target in onward["pending"])
    own = {
        "state": _state_of(tree["state"]),
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


def _tree_of_state(state: State) -> dict[str, Any]:
    companion = state.companion
    return {
        "time": state.time,
        "unknowns": state.unknowns,
        "left": state.left,
        "age": state.age,
        "earlier": [_tree_of_state(one) for one in state.earlier],
        "companion": None if companion is None else _tree_of_companion(companion),
    }


def _state_of(tree: Tree) -> State:
    companion = tree["companion"]
    return State(
        time=tree["time"],
        unknowns=tree["unknowns"],
        left=tree["left"],
        age=tree["age"],
        earlier=tuple(_state_of(one) for one in tree["earlier"]),
        companion=None if companion is None else _companion_of(companion),
    )


def _tree_of_companion(companion: Companion) -> dict[str, Any]:
    oxygen = companion.oxygen
    return {
        "released": companion.released,
        "release_rate": companion.release_rate,
        "oxygen": {
            "state": _tree_of_state(oxygen.state),
            "step": oxygen.step,
            "steps": oxygen.steps,
            "rejected": oxygen.rejected,
            "balance_error": oxygen.balance_error,
        },
    }


def _companion_of(tree: Tree) -> Companion:
    oxygen = tree["oxygen"]
    return Companion(
        oxygen=OxygenState(**{**oxygen, "state": _state_of(oxygen["state"])}),
        released=tree["released"],
        release_rate=tree["release_rate"],
    )
