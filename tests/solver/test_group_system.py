"""Unknowns of every kind in one system: the rows where they stand, their Jacobian, and several processes."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem

from oxyshell.models.base.dimension import Units
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.process import Fields, Lives, Process, Unknown
from oxyshell.solver import spaces
from oxyshell.solver.fields import group_fields
from oxyshell.solver.group_system import GroupSystem
from oxyshell.solver.integrators.rosenbrock import Rosenbrock
from oxyshell.solver.state import Array, State
from tests.processes import MPIEXEC, on_processes
from tests.solver.everything import (
    BODIES,
    SHIFT,
    Everything,
    Numbers,
    held_rows,
    measured,
    somewhere,
    system_on,
)

ROOT = Path(__file__).parents[2]
NAMES = [unknown.name for unknown in Everything().unknowns(Numbers(), None)]


@pytest.fixture(scope="module", params=BODIES)
def body(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def system(body: str) -> GroupSystem[Numbers]:
    return system_on(BODIES[body]())


def slope_along(system: GroupSystem[Numbers], y: Array, direction: Array) -> Array:
    """∂f/∂y times a direction; of quadratic rates the central difference is exact."""
    return (system.rate(y + direction) - system.rate(y - direction)) / 2


def inverted(system: GroupSystem[Numbers], y: Array, right: Array) -> Array:
    """(shift M − ∂f/∂y) times what `solve` makes of a right-hand side."""
    system.prepare(y, SHIFT)
    solution = system.solve(right)
    return SHIFT * system.mass(solution) - slope_along(system, y, solution)


def test_every_unknown_has_rows_of_its_own(system: GroupSystem[Numbers]) -> None:
    rows = system.fields.rows
    assert sorted(rows) == sorted(NAMES)
    together = np.concatenate(list(rows.values()))
    assert np.array_equal(np.sort(together), np.arange(system.size))
    assert rows["level"].size == 1
    # The displacement has one degree more, and as many components as the mesh has directions.
    components = system.particle.coordinates.displacement_components
    cubic = fem.functionspace(system.particle.mesh, ("Lagrange", 3)).dofmap.index_map.size_global
    assert rows["shift"].size == components * cubic
    assert 0 < rows["captured"].size < rows["layered"].size < rows["content"].size
    # Three blocks are one mixed space, the others have one each.
    assert len(system.blocks) == 5
    assert {system.fields.block_of[name] for name in ("content", "shift", "other")} == {0}


def test_an_unknown_s_rows_are_those_of_its_function(system: GroupSystem[Numbers]) -> None:
    domain, values = system.domain, system.fields.values
    for position, name in enumerate(NAMES, start=1):
        system.put(system.fields.gather({name: float(position)}))
        for other in NAMES:
            field = values[other]
            square = ufl.inner(field, field)
            region = "layer" if other == "layered" else ""
            form = domain.surface(square) if other == "captured" else domain.volume(square, region)
            size = fem.assemble_scalar(fem.form(form))
            one = {"captured": system.area}.get(other, system.volume)
            if other == "layered":
                one = fem.assemble_scalar(
                    fem.form(domain.volume(fem.Constant(system.particle.mesh, 1.0), "layer"))
                )
            components = system.particle.coordinates.displacement_components if other == "shift" else 1
            expected = components * position**2 * one if other == name else 0.0
            assert size == pytest.approx(expected, rel=1e-12, abs=1e-14), (name, other)


def test_an_unknown_stands_where_its_function_has_its_value(system: GroupSystem[Numbers]) -> None:
    positions, rows = system.dof_positions, system.fields.rows
    assert len(np.unique(positions.round(7), axis=0)) == len(positions) == system.size
    x = ufl.SpatialCoordinate(system.particle.mesh)
    # Quadratic fields hold the coordinates of quadratic cells exactly.
    for name in ("content", "other", "shift", "layered", "captured"):
        y = np.zeros(system.size)
        first, component = positions[rows[name], 0], positions[rows[name], 4]
        y[rows[name]] = (1 + component) * first
        system.put(y)
        field = system.fields.values[name]
        shape = field.ufl_shape
        exact = ufl.as_vector([(1 + i) * x[0] for i in range(shape[0])]) if shape else x[0]
        miss = ufl.inner(field - exact, field - exact)
        domain = system.domain
        region = "layer" if name == "layered" else ""
        form = domain.surface(miss) if name == "captured" else domain.volume(miss, region)
        assert fem.assemble_scalar(fem.form(form)) < 1e-28, name
    assert list(positions[rows["level"][0], :3]) == [0.0, 0.0, 0.0]


def test_the_jacobian_is_the_derivative_of_the_rate(system: GroupSystem[Numbers]) -> None:
    y = somewhere(system, 0.0)
    random = np.random.default_rng(1)
    for name in NAMES:
        # One unknown after the other is pushed, and all answer.
        right = np.zeros(system.size)
        right[system.fields.rows[name]] = random.normal(size=system.fields.rows[name].size)
        right[held_rows(system)] = 0.0
        # Round-off of factors of some thousand unknowns, on a right-hand side of size one.
        assert inverted(system, y, right) == pytest.approx(right, abs=1e-10), name


def test_the_jacobian_where_the_surface_is_held(system: GroupSystem[Numbers]) -> None:
    # In a mixed space, and in one of which only a region is solved for.
    held = {"content": 0.4, "layered": 0.2}
    at_surface = {
        name: system.fields.rows_at(name, spaces.surface_dofs(system.particle, system.fields.spaces[name]))
        for name in held
    }
    rows = np.concatenate(list(at_surface.values()))
    system.hold(held)
    try:
        y = somewhere(system, 0.0)
        rate = system.rate(y)
        for name, own in at_surface.items():
            # As many as the surface has of a quadratic field, and there.
            assert own.size == system.fields.rows["captured"].size
            assert np.isin(own, system.fields.rows[name]).all()
            positions = system.dof_positions
            assert np.array_equal(positions[own, :3], positions[system.fields.rows["captured"], :3])
            assert rate[own] == pytest.approx(held[name] - y[own], rel=1e-14)
        assert not system.mass(y)[rows].any()
        right = np.random.default_rng(2).normal(size=system.size)
        right[held_rows(system)] = 0.0
        assert inverted(system, y, right) == pytest.approx(right, abs=1e-10)
    finally:
        system.hold({})
    assert system.rate(y)[rows] != pytest.approx(rate[rows])


def test_held_displacements_do_not_move(system: GroupSystem[Numbers]) -> None:
    held = held_rows(system)
    assert held.size > 0
    assert np.isin(held, system.fields.rows["shift"]).all()
    y = somewhere(system, 0.0)
    assert not system.rate(y)[held].any()
    system.prepare(y, SHIFT)
    assert not system.solve(system.rate(y))[held].any()


def test_the_outflow_s_change_is_its_derivative(system: GroupSystem[Numbers]) -> None:
    y, direction = somewhere(system, 0.0), somewhere(system, 1.0)
    system.prepare(y, SHIFT)
    difference = (system.outflow(y + direction) - system.outflow(y - direction)) / 2
    assert system.outflow_change(direction) == pytest.approx(difference, rel=1e-12)


def test_what_counts_is_kept_by_the_rate_and_the_outflow(system: GroupSystem[Numbers]) -> None:
    y, rows = somewhere(system, 0.0), system.fields.rows
    rate = system.rate(y)
    # d/dt of what is in the content and captured, less what has been released, is minus the outflow.
    total = rate[rows["content"]].sum() + rate[rows["captured"]].sum() - rate[rows["released"]].sum()
    assert total == pytest.approx(-system.outflow(y), rel=1e-11)
    assert system.gained(y) == pytest.approx(
        sum(
            sign * system._contents[name]()
            for name, sign in (("content", 1), ("captured", 1), ("released", -1))
        ),
        rel=1e-12,
    )


def test_new_numbers_reach_the_equations(system: GroupSystem[Numbers]) -> None:
    y = somewhere(system, 0.0)
    before = system.rate(y)
    system.update(Numbers(diffusivity=3.0))
    changed = np.abs(system.rate(y) - before) > 1e-12
    system.update(Numbers())
    assert np.flatnonzero(changed).size > 0
    # Diffusion is an equation of the content alone.
    assert np.isin(np.flatnonzero(changed), system.fields.rows["content"]).all()
    assert system.rate(y) == pytest.approx(before, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("idle", ["content", "level", "captured", "layered", "released"])
def test_an_idle_unknown_has_no_rows_and_the_others_keep_theirs(idle: str) -> None:
    particle = BODIES["line"]()
    unknowns = Everything().unknowns(Numbers(), particle.coordinates)
    if idle == "content":
        # One of a mixed space cannot be left out by itself; alone it can.
        unknowns = (Unknown("content"), Unknown("level", lives=Lives.NUMBER))
    everything, fewer = group_fields(particle, unknowns, 2), group_fields(particle, unknowns, 2, [idle])
    assert fewer.rows[idle].size == 0
    for name in fewer.rows:
        if name != idle:
            assert fewer.rows[name].size == everything.rows[name].size
    assert fewer.size == everything.size - everything.rows[idle].size
    assert fewer.dof_positions.shape == (fewer.size, 5)


class Warming(Process[Numbers]):
    """A uniform decay of what no balance counts."""

    name = "warmth"

    def unknowns(self, model: Numbers, coordinates: Any) -> tuple[Unknown, ...]:
        return (Unknown("temperature"),)

    def units(self, model: Numbers) -> Units:
        return Units()

    def rates(self, model: Numbers, domain: Domain, fields: Fields, tests: Fields) -> dict[str, Any]:
        return {"temperature": domain.volume(-fields["temperature"] * tests["temperature"])}

    def scales(self, model: Numbers) -> dict[str, float]:
        return {"temperature": 1.0}


def test_a_process_need_not_count_anything() -> None:
    particle = BODIES["line"]()
    system = GroupSystem(particle, Numbers(), [Warming()], 2, spaces.domain(particle, 6), {})
    state = State(0.0, system.fields.gather({"temperature": 1.0}), 0.0)
    attempt = Rosenbrock(system, 1e-4).attempt(state, 0.1)
    assert attempt.error < 1.0
    # One step of order four errs by some h⁵/5!.
    assert attempt.state.unknowns == pytest.approx(math.exp(-0.1), abs=1e-7)
    assert (attempt.state.left, system.gained(state.unknowns)) == (0.0, 0.0)


def test_a_displacement_alone_has_a_block_of_its_own() -> None:
    particle = BODIES["disc"]()
    unknowns = (Unknown("shift", is_displacement=True), Unknown("level", lives=Lives.NUMBER))
    fields = group_fields(particle, unknowns, 2)
    assert [block.is_whole for block in fields.blocks] == [True, True]
    assert fields.blocks[0].held
    positions = fields.dof_positions
    assert len(np.unique(positions.round(7), axis=0)) == fields.size
    assert set(positions[fields.rows["shift"], 4]) == {0.0, 1.0}
    idle = group_fields(particle, unknowns, 2, ["shift"])
    assert idle.dof_positions.tolist() == [[0.0, 0.0, 0.0, 1.0, 0.0]]


@pytest.mark.slow
@pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own")
@pytest.mark.parametrize("body", ["disc", "octant"])
def test_two_processes_have_the_numbers_of_one(body: str) -> None:
    done = on_processes(2, "-m", "tests.solver.everything", body, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    together = json.loads(done.stdout.splitlines()[-1])
    assert together.pop("processes") == 2
    alone = measured(system_on(BODIES[body]()))
    assert together.keys() == alone.keys()
    for name, value in alone.items():
        assert abs(value) > 1e-6, name
        # Sums in another order, in solutions of systems whose condition is some thousand.
        assert together[name] == pytest.approx(value, rel=1e-9), name
