from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from dolfinx import fem

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.host.lattice import NoVacancies, OxygenVacancies, Vacancies
from oxyshell.models.particle.host_lattice import ChangingHost, FixedHost, host_of
from oxyshell.models.particle.system import System
from oxyshell.solver.settings import StrategyChoice
from oxyshell.solver.state import Array, Feedback, State
from tests.lrmo import LRMO
from tests.models.particle.charging import MONOLITHIC, SPLIT, discretised

KAPPA = 2.0
LOST = OxygenVacancies(sites_lost=KAPPA, partial_molar_volume=2e-6)
CASES = [("line", MONOLITHIC), ("line", SPLIT), ("disc", SPLIT)]


@dataclass(frozen=True, eq=False)
class Lattice:
    """A system whose oxygen has left where a test says."""

    system: System

    @property
    def points(self) -> Array:
        """Where θ has its values, distance from the centre in R."""
        scalars = self.system.scalars
        owned = scalars.dofmap.index_map.size_local
        return np.asarray(np.linalg.norm(scalars.tabulate_dof_coordinates()[:owned], axis=1))

    def state(self, theta: Array | float, released: Array | float) -> State:
        """θ, and r in host sites of the bulk, at those points."""
        nothing = np.zeros_like(self.points)
        begun = self.system.initial_state(0.999)
        feedback = {"released": Feedback(nothing + released, nothing)}
        return replace(self.system.with_occupancy(begun, nothing + theta), feedback=feedback)

    def ions(self, theta: Array | float, released: Array | float) -> float:
        """In the particle, over the bulk's sites."""
        volume = self.system.volume * LRMO.radius**3 * LRMO.host.site_density
        return self.system.observe(self.state(theta, released)).content / volume


def lattice(particle: ParticleMesh, kind: StrategyChoice, vacancies: Vacancies = LOST) -> Lattice:
    model = replace(LRMO, host=replace(LRMO.host, vacancies=vacancies))
    return Lattice(discretised(particle, model, kind).system)


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}, {case[1].value}")
def changing(request: pytest.FixtureRequest) -> Lattice:
    shape, kind = request.param
    return lattice(request.getfixturevalue(shape), kind)


def test_the_ions_stay_while_their_sites_go(changing: Lattice) -> None:
    r = changing.points
    theta, before, after = 0.9 - 0.5 * r**2, 0.02 * r, 0.02 * r + 0.05 * r**4
    carried = changing.system.host.conserve_ions(theta, before, after)
    held = changing.ions(theta, before)
    # Round-off of the solve: the occupancy is carried in the integral in which ions are counted.
    assert changing.ions(carried, after) == pytest.approx(held, rel=1e-13)
    assert changing.ions(theta, after) < (1 - 0.02) * held
    assert np.all(carried[r > 0.5] > theta[r > 0.5])
    # And back again.
    assert changing.system.host.conserve_ions(carried, after, before) == pytest.approx(theta, rel=1e-12)


def test_where_oxygen_leaves_evenly_the_occupancy_rises_evenly(changing: Lattice) -> None:
    nothing = np.zeros_like(changing.points)
    carried = changing.system.host.conserve_ions(nothing + 0.4, nothing + 0.05, nothing + 0.15)
    assert carried == pytest.approx(0.4 * (1 - KAPPA * 0.05) / (1 - KAPPA * 0.15), rel=1e-12)


def test_ions_are_counted_in_the_host_of_their_own_state(changing: Lattice) -> None:
    full = changing.ions(0.8, 0.0)
    assert full == pytest.approx(0.8, rel=1e-12)
    assert changing.ions(0.8, 0.1) == pytest.approx(0.8 * (1 - KAPPA * 0.1), rel=1e-12)
    # A state to which nothing has been fed back yet is in the host as made, whatever was looked at before.
    begun = changing.system.initial_state(0.8)
    volume = changing.system.volume * LRMO.radius**3 * LRMO.host.site_density
    assert changing.system.observe(begun).content == pytest.approx(0.8 * volume, rel=1e-12, abs=0)


def test_another_system_s_release_is_taken_as_its_projection(changing: Lattice) -> None:
    system = changing.system
    cellwise = fem.Function(fem.functionspace(system.particle.mesh, ("DG", 1)))
    cellwise.x.array[:] = 0.03
    assert system.host.project(cellwise) == pytest.approx(0.03, rel=1e-12)
    # What both spaces hold is taken as it is; what is new in the same function is seen.
    cellwise.interpolate(lambda x: 0.1 * x[0] - 0.02 * x[1])
    exact = fem.Function(system.scalars)
    exact.interpolate(lambda x: 0.1 * x[0] - 0.02 * x[1])
    found = system.host.project(cellwise)
    assert found == pytest.approx(exact.x.array[: found.size], rel=1e-10, abs=1e-13)


def test_a_host_that_stays_as_made_ignores_what_leaves_it(line: ParticleMesh) -> None:
    fixed = lattice(line, MONOLITHIC, NoVacancies())
    host = fixed.system.host
    theta = 0.9 - 0.5 * fixed.points
    assert isinstance(host, FixedHost)
    assert (host.released, host.changing) == (0.0, ())
    assert host.conserve_ions(theta, 0 * theta, 0.1 + theta) is theta
    assert not host.project(fem.Function(fixed.system.scalars)).any()
    assert fixed.ions(0.8, 0.1) == fixed.ions(0.8, 0.0) == pytest.approx(0.8, rel=1e-12)


@pytest.mark.parametrize(("vacancies", "kind"), [(NoVacancies(), FixedHost), (LOST, ChangingHost)])
def test_the_model_chooses_the_host(vacancies: Vacancies, kind: type, line: ParticleMesh) -> None:
    model = replace(LRMO, host=replace(LRMO.host, vacancies=vacancies))
    scalars = fem.functionspace(line.mesh, ("P", 1))
    assert isinstance(host_of(model, scalars), kind)


def test_new_numbers_of_vacancies_reach_the_host(changing: Lattice) -> None:
    nothing = np.zeros_like(changing.points)
    system = changing.system
    # The last is what the other tests reckon with.
    for kappa in (1.0, 0.0, KAPPA):
        system.update(replace(LRMO, host=replace(LRMO.host, vacancies=replace(LOST, sites_lost=kappa))))
        carried = system.host.conserve_ions(nothing + 0.4, nothing + 0.1, nothing + 0.2)
        assert carried == pytest.approx(0.4 * (1 - 0.1 * kappa) / (1 - 0.2 * kappa), rel=1e-12)
