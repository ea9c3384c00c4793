"""Steps of a run as trees: to a file and back to the last bit, whoever owns which unknowns."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from oxyshell.errors import OutputError
from oxyshell.models.base.protocol import SURFACE_OCCUPANCY, TIME, Stop
from oxyshell.outputs.checkpoint import read_checkpoint, write_checkpoint
from oxyshell.running.checkpoint_tree import Gathering, Scattering, moment_of, tree_of_moment
from oxyshell.solver.state import Array, Feedback, FollowerState, Observation, State
from oxyshell.solver.step_result import Continuation, CycleMemory, RepeatEnd, StepResult

# Unknowns of each group; of different numbers, so that none is taken for another.
SIZES = {"particle": 7, "oxygen": 5, "tracer": 4, "scalars": 3}
RANDOM = np.random.default_rng(5)
# In what order another number of processes has each group's unknowns.
ORDERS = {name: RANDOM.permutation(size) for name, size in SIZES.items()}


def values(group: str) -> Array:
    """Numbers with all their bits."""
    return RANDOM.normal(size=SIZES[group]) * 10.0 ** RANDOM.integers(-20, 20, SIZES[group])


def follower(name: str, steps: int) -> FollowerState:
    state = State(math.pi, values(name), -1e-17 / 3, group=name)
    return FollowerState(state, step=0.1 / 3, steps=steps, rejected=3, balance_error=1e-14 / 7)


def feedback() -> dict[str, Feedback]:
    return {"released": Feedback(values("scalars"), values("scalars"))}


def whole_state() -> State:
    """Two followers, one of which acts back, and two states that a multistep method looks back on."""
    earlier = tuple(
        State(math.pi - back, values("particle"), 1e-16 / 3, age=9 - back, feedback=feedback())
        for back in (1, 2)
    )
    return State(
        math.pi,
        values("particle"),
        2e-16 / 3,
        earlier,
        age=9,
        followers={"oxygen": follower("oxygen", 12), "tracer": follower("tracer", 5)},
        feedback=feedback(),
    )


def moment(state: State) -> StepResult:
    pending = (Stop(TIME, 7.0 / 3), Stop(SURFACE_OCCUPANCY, 0.5))
    continuation = Continuation(
        protocol_step=1,
        began=math.nan,
        directions=(0.1, -2.5),
        expected=math.inf,
        wanted=1 / 3,
        pending=pending,
        content_at_start=1e-15 / 3,
        began_with=1e-16 / 7,
        before=(math.pi / 3, 0.1, -1 / 3),
        cycle=CycleMemory(1 / 7, math.nan),
    )
    return StepResult(
        state=state,
        observation=Observation(1e-15 / 7, -1e-20 / 3, 0.6),
        extracted=0.1 + 0.2,
        balance_error=1e-16 / 3,
        step=0.7 / 3,
        steps=17,
        rejected=4,
        is_output=True,
        ended_by=pending[0],
        protocol_step=0,
        step_time=math.pi / 2,
        continuation=continuation,
        already_met=True,
        also=(Stop("level", 1 / 3, "limit", rises=-1, ends_run=True),),
        repeat_end=RepeatEnd("ageing", 7, 0.8 - 1e-16),
    )


STATES = {
    "alone": State(0.0, values("particle"), 0.0),
    "with a follower": State(1.0, values("particle"), 0.0, followers={"oxygen": follower("oxygen", 0)}),
    "with everything": whole_state(),
}


def stay(_group: str, array: Array) -> Array:
    return array


def shuffled(group: str, array: Array) -> Array:
    """As other processes have them; of another group's size it would fail."""
    assert array.shape == (SIZES[group],)
    return array[ORDERS[group]]


def sorted_again(group: str, array: Array) -> Array:
    return array[np.argsort(ORDERS[group])]


def assert_same(one: Any, other: Any, path: str = "moment") -> None:
    """Equal in kind and to the last bit, also where a number is not one."""
    assert type(one) is type(other), path
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype, path
        assert one.tobytes() == other.tobytes(), path
    elif dataclasses.is_dataclass(one):
        for entry in dataclasses.fields(one):
            assert_same(getattr(one, entry.name), getattr(other, entry.name), f"{path}.{entry.name}")
    elif isinstance(one, Mapping):
        assert list(one) == list(other), path
        for key in one:
            assert_same(one[key], other[key], f"{path}[{key}]")
    elif isinstance(one, tuple):
        assert len(one) == len(other), path
        for index, (mine, yours) in enumerate(zip(one, other, strict=True)):
            assert_same(mine, yours, f"{path}[{index}]")
    else:
        assert one == other or (math.isnan(one) and math.isnan(other)), path


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_a_step_comes_back_from_a_file_to_the_last_bit(state: State, tmp_path: Path) -> None:
    file, before = tmp_path / "checkpoint.h5", moment(state)
    write_checkpoint(file, tree_of_moment(before, stay), "this run")
    tree, identity = read_checkpoint(file)
    assert identity == "this run"
    assert_same(moment_of(tree, stay), before)


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_every_array_is_moved_once_as_one_of_its_own_group(state: State) -> None:
    before = moment(state)
    tree = tree_of_moment(before, shuffled)
    assert_same(moment_of(tree, sorted_again), before)
    moved = moment_of(tree, stay).state
    assert np.array_equal(moved.unknowns, state.unknowns[ORDERS["particle"]])
    for name, one in state.followers.items():
        assert np.array_equal(moved.followers[name].state.unknowns, one.state.unknowns[ORDERS[name]])
    for name, one_fed in state.feedback.items():
        assert np.array_equal(moved.feedback[name].values, one_fed.values[ORDERS["scalars"]])
        assert np.array_equal(moved.feedback[name].rate, one_fed.rate[ORDERS["scalars"]])
    for mine, yours in zip(moved.earlier, state.earlier, strict=True):
        assert np.array_equal(mine.unknowns, yours.unknowns[ORDERS["particle"]])
        for name, one_fed in yours.feedback.items():
            assert np.array_equal(mine.feedback[name].values, one_fed.values[ORDERS["scalars"]])


def places(size: int) -> Array:
    """Rows as `places.of_space` has them."""
    x = np.linspace(0.0, 1.0, size)
    return np.column_stack([x, x**2, 0 * x, 0 * x, 0 * x])


def test_values_go_by_where_they_stand() -> None:
    stored = {name: places(size)[ORDERS[name]] for name, size in SIZES.items()}
    own = {name: places(size) for name, size in SIZES.items()}
    before = moment(whole_state())
    tree = tree_of_moment(before, shuffled)
    comm = MPI.COMM_SELF
    assert_same(moment_of(tree, Scattering(stored, own, comm)), before)
    gather = Gathering(own, comm)
    assert_same(moment_of(tree_of_moment(before, gather), Scattering(gather.positions, own, comm)), before)


def test_a_checkpoint_with_other_unknowns_is_refused() -> None:
    own = {name: places(size) for name, size in SIZES.items()}
    fewer = {**own, "oxygen": places(4)}
    with pytest.raises(OutputError, match=r"4 unknowns of the oxygen, this discretisation 5"):
        Scattering(fewer, own, MPI.COMM_SELF)
    # One that has no such group at all: the run before had nothing that followed it.
    with pytest.raises(OutputError, match=r"0 unknowns of the tracer, this discretisation 4"):
        Scattering({name: rows for name, rows in own.items() if name != "tracer"}, own, MPI.COMM_SELF)
    elsewhere = {**own, "scalars": places(3) + 0.1}
    with pytest.raises(OutputError, match="unknowns stand where a checkpoint has none"):
        Scattering(elsewhere, own, MPI.COMM_SELF)
