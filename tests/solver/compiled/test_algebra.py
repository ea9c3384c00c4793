"""The compiled loop against DOLFINx and PETSc: same equations, same numbers to round-off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

import oxyshell
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.process import Fields, Offer, Unknown
from oxyshell.running.simulation import Simulation
from oxyshell.solver import block_system
from oxyshell.solver.boundary import HeldBoundary
from oxyshell.solver.compiled.algebra import CompiledAlgebra
from oxyshell.solver.compiled.library import library
from oxyshell.solver.driving import Drive, Forcing
from oxyshell.solver.equations import Equations
from oxyshell.solver.fields import group_fields
from oxyshell.solver.following import FollowingSystem
from oxyshell.solver.group_system import GroupSystem
from oxyshell.solver.integrators.rosenbrock import Rosenbrock
from oxyshell.solver.integrators.stages import PlainStages, Staged, StageLoop
from oxyshell.solver.integrators.tableau import Tableau, rodaspr2
from oxyshell.solver.petsc_algebra import PetscAlgebra
from oxyshell.solver.state import Array, State
from tests.solver.everything import BODIES, DEGREE, SHIFT, Everything, Numbers, somewhere, system_on

SCENARIOS = Path(__file__).parents[3] / "scenarios"
# Sums of a few hundred terms of order one, in another order.
ROUND_OFF = 1e-12
# A solution has lost digits by the condition of the matrix, which both ways share.
SOLVED = 1e-10


@pytest.fixture(scope="module")
def both() -> tuple[GroupSystem[Numbers], GroupSystem[Numbers]]:
    """Every kind of unknown on a line, in both ways."""
    return tuple(system_on(BODIES["line"](), compiled) for compiled in (True, False))  # type: ignore[return-value]


def largest_difference(one: Array, other: Array) -> float:
    return float(np.abs(one - other).max() / np.abs(other).max())


def test_each_way_is_the_one_that_was_asked_for(both: tuple[Any, Any]) -> None:
    assert isinstance(both[0]._algebra, CompiledAlgebra)
    assert isinstance(both[1]._algebra, PetscAlgebra)


def test_bodies_in_a_plane_and_in_space_are_left_to_petsc() -> None:
    assert isinstance(system_on(BODIES["disc"]())._algebra, PetscAlgebra)


def test_rates_amounts_outflow_and_its_slope(both: tuple[Any, Any]) -> None:
    y, other = (somewhere(both[0], phase) for phase in (0.0, 1.0))
    compiled, petsc = both
    assert largest_difference(compiled.rate(y), petsc.rate(y)) < ROUND_OFF
    assert largest_difference(compiled.amounts(other), petsc.amounts(other)) < ROUND_OFF
    assert compiled.outflow(y) == pytest.approx(petsc.outflow(y), rel=ROUND_OFF)
    for one in both:
        one.prepare(y, SHIFT)
    assert compiled.outflow_change(other) == pytest.approx(petsc.outflow_change(other), rel=ROUND_OFF)


@pytest.mark.parametrize("shift", [1e-3, SHIFT, 1e6])
def test_solutions(both: tuple[Any, Any], shift: float) -> None:
    y, right = somewhere(both[0], 0.0), somewhere(both[0], 2.0)
    for one in both:
        one.prepare(y, shift)
    assert largest_difference(both[0].solve(right), both[1].solve(right)) < SOLVED


@pytest.mark.parametrize("slope", [0.0, 0.3])
def test_stages_of_a_step(both: tuple[Any, Any], slope: float) -> None:
    tableau, y = rodaspr2(), somewhere(both[0], 0.0)
    in_time = slope * somewhere(both[0], 1.0) if slope else 0.0
    found = []
    for one in both:
        one.prepare(y, 1.0 / (tableau.gamma * 0.01))
        found.append(one.stage_loop(one, tableau)(y, 0.0, 0.01, in_time, slope))
    for ours, theirs in zip(*found, strict=True):
        assert largest_difference(ours, theirs) < SOLVED


def test_stages_under_a_held_surface(both: tuple[Any, Any]) -> None:
    tableau, y = rodaspr2(), somewhere(both[0], 0.0)
    found = []
    for one in both:
        one.hold({"content": 0.4})
        one.prepare(y, 1.0 / (tableau.gamma * 0.01))
        found.append(one.stage_loop(one, tableau)(y, 0.0, 0.01, 0.0, 0.0))
        one.hold({})
    for ours, theirs in zip(*found, strict=True):
        assert largest_difference(ours, theirs) < SOLVED
    # What leaves follows from the content there, not from the flux law.
    assert np.abs(found[0][1]).min() > 0


def test_a_surface_that_is_released_again_has_its_equations_back(both: tuple[Any, Any]) -> None:
    system, y = both[0], somewhere(both[0], 0.0)
    free = system.rate(y)
    system.boundary = HeldBoundary(np.array([0], dtype=np.int32), 7.0)
    system.prepare(y, SHIFT)
    system.hold({})
    assert np.array_equal(system.rate(y), free)
    system.prepare(y, SHIFT)
    right = somewhere(system, 2.0)
    both[1].prepare(y, SHIFT)
    assert largest_difference(system.solve(right), both[1].solve(right)) < SOLVED


class Driven(Everything):
    """Everything, with rates that depend on a field and on a number of a leading group."""

    reads: ClassVar[tuple[str, ...]] = ("forcing", "extracted")

    def rates(self, model: Numbers, domain: Domain, fields: Fields, tests: Fields) -> Mapping[str, Any]:
        rates = dict(super().rates(model, domain, fields, tests))
        source = fields["forcing"] ** 2 * (1 + fields["extracted"] * fields["other"])
        rates["content"] += domain.volume(source * tests["content"])
        rates["captured"] += domain.surface(fields["extracted"] * fields["content"] * tests["captured"])
        return rates

    def outflow(self, model: Numbers, domain: Domain, fields: Fields) -> Any:
        return (1 + fields["extracted"]) * super().outflow(model, domain, fields)


OFFERS = {"forcing": Offer("forcing"), "extracted": Offer("extracted", is_number=True)}


def driven(compiled: bool) -> FollowingSystem[Numbers]:
    particle = BODIES["line"]()
    scalars = group_fields(particle, [Unknown("any")], DEGREE).spaces["any"]
    system = FollowingSystem(particle, Driven(), Numbers(), DEGREE, scalars, OFFERS, compiled)
    before, after = (
        Forcing(time, {"forcing": np.linspace(*ends, scalars.dofmap.index_map.size_local)}, {"extracted": x})
        for time, ends, x in ((2.0, (0.2, 0.7), 0.1), (2.5, (1.0, 0.1), 0.6))
    )
    system.drive(before, after)
    return system


def test_steps_of_a_driven_system() -> None:
    systems = driven(True), driven(False)
    y, found = somewhere(systems[0], 0.0), []
    for one in systems:
        method = Rosenbrock(one, 1.0, stages=one.stage_loop)
        first = method.attempt(State(2.1, y, 0.0), 0.01)
        # The time that was set is the one that the functions are at.
        rate = one.rate(y)
        one.set_time(2.3)
        one.set_time(2.1 + 0.01)
        assert largest_difference(one.rate(y), rate) < ROUND_OFF
        then = method.attempt(first.state, 0.02)
        found.append((then.state.unknowns, np.array([first.error, then.error]), np.array([then.state.left])))
    for ours, theirs in zip(*found, strict=True):
        assert largest_difference(ours, theirs) < SOLVED


def test_stages_of_a_driven_system_are_those_of_one_time_after_the_other() -> None:
    tableau, system = rodaspr2(), driven(True)
    y, slope = somewhere(system, 0.0), 0.3 * somewhere(system, 1.0)
    system.prepare(y, 1.0 / (tableau.gamma * 0.01))
    found = [
        loop(y, 2.1, 0.01, slope, 0.2)
        for loop in (system.stage_loop(system, tableau), PlainStages(system, tableau))
    ]
    for ours, theirs in zip(*found, strict=True):
        assert largest_difference(ours, theirs) < SOLVED
    # Without the drive they are others.
    frozen = PlainStages(system, tableau)(y, 2.3, 0.01, slope, 0.2)
    assert largest_difference(frozen[0], found[1][0]) > 1e-3


def test_nothing_happens_until_something_begins_or_is_there() -> None:
    tableau, system = rodaspr2(), driven(True)
    size = system.fields.spaces["content"].dofmap.index_map.size_local
    quiet = [Forcing(time, {"forcing": np.zeros(size)}, {"extracted": time}) for time in (0.0, 1.0)]
    loop, nothing = system.stage_loop(system, tableau), np.zeros(system.size)
    system.drive(*quiet)
    assert loop.rests(nothing, 0.2, 0.3)
    system.prepare(nothing, 1.0 / (tableau.gamma * 0.3))
    system.set_time(0.2)
    found = loop(nothing, 0.2, 0.3, *system.time_slope(nothing, 1e-3))
    assert not any(one.any() for one in found)
    # Something is there.
    assert not loop.rests(np.full(system.size, 1e-30), 0.2, 0.3)
    # It begins within the step, in one place.
    begun = np.zeros(size)
    begun[3] = 1.0
    for ends in (0.0, 1.0), (1.0, 0.0):
        system.drive(
            *(replace(one, fields={"forcing": end * begun}) for one, end in zip(quiet, ends, strict=True))
        )
        assert not loop.rests(nothing, 0.0, 1.0)
        # The system is where it says that it is.
        at_end = system.rate(nothing)
        assert at_end.any() == (ends[1] > 0)
        system.set_time(0.5)
        system.set_time(1.0)
        assert np.array_equal(system.rate(nothing), at_end)


class EnoughError(Exception):
    """So many steps have been compared."""


class Checked:
    """The compiled algebra, whose stages are compared with those of PETSc."""

    steps = 0
    worst = 0.0

    def __init__(self, equations: Equations, total: int, _compiled: bool) -> None:
        loop = library()
        assert loop is not None
        self._ours, self._theirs = CompiledAlgebra(equations, loop), PetscAlgebra(equations, total)
        self._now: Any = self._ours

    def __getattr__(self, name: str) -> Any:
        return getattr(self._now, name)

    def refresh_rate(self) -> None:
        self._theirs.refresh_rate()

    def reassemble_mass(self) -> None:
        for one in (self._ours, self._theirs):
            one.reassemble_mass()

    def prepare(self, *arguments: Any) -> None:
        for one in (self._ours, self._theirs):
            one.prepare(*arguments)

    def driven_by(self, drive: Drive) -> Callable[[float], None]:
        go = self._ours.driven_by(drive)

        def both_go(ahead: float) -> None:
            go(ahead)
            self._theirs.refresh_rate()

        return both_go

    def stage_loop(self, system: Staged, tableau: Tableau) -> StageLoop:
        return Compared(self, self._ours.stage_loop(system, tableau), system, tableau)

    def let_petsc(self, work: bool) -> None:
        self._now = self._theirs if work else self._ours


class Compared:
    """Stages in C, each step compared with PETSc's."""

    def __init__(self, algebra: Checked, ours: StageLoop, system: Staged, tableau: Tableau) -> None:
        self._algebra, self._ours, self._tableau = algebra, ours, tableau
        self._plain = PlainStages(system, tableau)

    def __call__(
        self, unknowns: Array, time: float, step: float, slope: Array | float, outward: float
    ) -> tuple[Array, Array]:
        arguments = (unknowns, time, step, slope, outward)
        found = self._ours(*arguments)
        theirs = self._by_petsc(*arguments)
        our_change, their_change = (self._tableau.weights @ one for one in (found[0], theirs[0]))
        # Unknowns are of the order of one. What changes by more is no step: it is rejected.
        if np.abs(their_change).max() < 1:
            Checked.worst = max(Checked.worst, float(np.abs(our_change - their_change).max()))
        Checked.steps += 1
        if Checked.steps == WANTED:
            raise EnoughError
        return found

    def _by_petsc(self, *arguments: Any) -> tuple[Array, Array]:
        self._algebra.let_petsc(True)
        found = self._plain(*arguments)
        self._algebra.let_petsc(False)
        return found

    def rests(self, unknowns: Array, time: float, step: float) -> bool:
        return self._ours.rests(unknowns, time, step)


WANTED = 25


@pytest.mark.parametrize(
    "name",
    [
        "lrmo-ru1",
        "lrmo-charge-with-oxygen",
        "nmc811-half-cell",
        "na3ruo4",
        "lco-coated",
        "nmc-core-shell",
        "lrmo-first-cycle",
        "gitt",
    ],
)
def test_steps_of_runs_are_those_of_petsc(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_system, "algebra_of", Checked)
    monkeypatch.setattr(Checked, "steps", 0)
    monkeypatch.setattr(Checked, "worst", 0.0)
    scenario = oxyshell.load(SCENARIOS / f"{name}.yaml")
    with pytest.raises(EnoughError):
        Simulation(scenario).run(scenario)
    assert 0.0 < Checked.worst < SOLVED


def test_a_run_is_that_of_petsc() -> None:
    scenario = oxyshell.load(SCENARIOS / "lrmo-ru1.yaml")
    ours, theirs = (
        Simulation(one).run(one) for one in (scenario, scenario.with_values({"numerics.loop": "petsc"}))
    )
    assert ours.summary["steps"] == theirs.summary["steps"]
    assert ours.summary["rejected_steps"] == theirs.summary["rejected_steps"]
    for column in ("first_principal_peak_MPa", "hoop_peak_MPa", "surface_occupancy", "extracted_per_formula"):
        own, other = np.asarray(ours.history[column]), np.asarray(theirs.history[column])
        assert largest_difference(own, other) < SOLVED, column


def test_without_a_compiler_petsc_does_the_work_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CC", str(tmp_path / "no-compiler"))
    library.cache_clear()
    try:
        with caplog.at_level("WARNING", "oxyshell.notices"):
            assert library() is None
            assert library() is None
        assert isinstance(system_on(BODIES["line"]())._algebra, PetscAlgebra)
    finally:
        library.cache_clear()
    (said,) = caplog.messages
    assert "by PETSc" in said
    assert "there is no 'no-compiler'" in said or "no-compiler" in said


def test_a_compiler_behind_another_program_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "env cc -ffast-math")
    library.cache_clear()
    try:
        assert library() is not None
    finally:
        library.cache_clear()


def test_a_compiler_that_is_no_command_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CC", 'cc "')
    library.cache_clear()
    try:
        with caplog.at_level("WARNING", "oxyshell.notices"):
            assert library() is None
    finally:
        library.cache_clear()
    assert "is no command: No closing quotation" in caplog.text
