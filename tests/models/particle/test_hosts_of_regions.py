"""Hosts of several regions that oxygen leaves, each by its own vacancies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dolfinx import fem

from oxyshell.meshes.ball import half_disc
from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.models.host.lattice import NoVacancies, OxygenVacancies, Vacancies
from oxyshell.models.particle.host_lattice import ChangingHost, FixedHost, host_of
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.region import Region
from oxyshell.models.particle.system import System
from oxyshell.solver import dof_positions
from oxyshell.solver.jumps import by_part
from oxyshell.solver.settings import StrategyChoice
from oxyshell.solver.state import Array, Feedback, State
from tests.lrmo import LRMO
from tests.models.particle.charging import MONOLITHIC, SPLIT, discretised

SHARE = 0.3
COARSE = Resolution(layer_elements=2, bulk_elements=4, tangential=3)
LINE = radial_line(Spherical(), SHARE, COARSE)
DISC = half_disc(SHARE, COARSE)
# Host sites of the layer over those of the core.
RATIO = 0.5
OWN = OxygenVacancies(sites_lost=1.5, partial_molar_volume=-3e-6)
OTHER = OxygenVacancies(sites_lost=0.5, partial_molar_volume=2e-6)


def parted(core: Vacancies, layer: Vacancies) -> ParticleModel:
    own = replace(LRMO.host, site_density=RATIO * LRMO.host.site_density, vacancies=layer)
    region = Region(
        name="layer",
        host=own,
        transport=LRMO.transport,
        elasticity=LRMO.elasticity,
        chemical_strain=LRMO.chemical_strain,
    )
    return replace(LRMO, host=replace(LRMO.host, vacancies=core), regions=(region,))


@pytest.fixture(
    scope="module",
    params=[(LINE, MONOLITHIC), (LINE, SPLIT), (DISC, SPLIT)],
    ids=["line, monolithic", "line, split", "disc, split"],
)
def system(request: pytest.FixtureRequest) -> System:
    particle, kind = request.param
    return made(particle, kind, NoVacancies(), OWN)


def made(particle: ParticleMesh, kind: StrategyChoice, core: Vacancies, layer: Vacancies) -> System:
    return discretised(particle, parted(core, layer), kind).system


def of_parts(system: System, core: float, layer: float) -> Array:
    return np.asarray(by_part(system.scalars, system.domain.measure.part_of_cells, [core, layer]))


def radii(system: System) -> Array:
    points = system.scalars.tabulate_dof_coordinates()[: system.scalars.dofmap.index_map.size_local]
    return np.asarray(np.linalg.norm(points, axis=1))


def ions(system: System, theta: Array, released: Array) -> float:
    """In units of the core's sites in R³."""
    state: State = system.with_occupancy(system.initial_state(0.9), theta)
    state = replace(state, feedback={"released": Feedback(released, 0 * released)})
    return system.observe(state).content / (LRMO.host.site_density * LRMO.radius**3)


def test_the_ions_of_all_regions_stay_while_sites_go(system: System) -> None:
    r = radii(system)
    theta = of_parts(system, 0.9, 0.6) - 0.3 * r**2
    before, after = 0.02 * r, 0.02 * r + 0.1 * r**4
    carried = system.host.conserve_ions(theta, before, after)
    # Round-off of the solve: the occupancy is carried in the integral in which ions are counted.
    held = ions(system, theta, before)
    assert ions(system, carried, after) == pytest.approx(held, rel=1e-13)
    assert ions(system, theta, after) < (1 - 1e-3) * held
    assert system.host.conserve_ions(carried, after, before) == pytest.approx(theta, rel=1e-12)


def test_each_region_loses_its_own_sites(system: System) -> None:
    nothing = np.zeros_like(radii(system))
    carried = system.host.conserve_ions(of_parts(system, 0.4, 0.2), nothing + 0.05, nothing + 0.1)
    ratio = (1 - OWN.sites_lost * 0.05 / RATIO) / (1 - OWN.sites_lost * 0.1 / RATIO)
    assert carried == pytest.approx(of_parts(system, 0.4, 0.2 * ratio), rel=1e-12)


def test_what_is_released_is_projected_in_each_region_by_itself(system: System) -> None:
    cellwise = fem.Function(fem.functionspace(system.particle.mesh, ("DG", 0)))
    cellwise.x.array[:] = np.where(system.domain.measure.part_of_cells == 1, 0.04, 0.01)
    assert system.host.project(cellwise) == pytest.approx(of_parts(system, 0.01, 0.04), rel=1e-11)


def test_what_is_released_on_both_sides_of_an_interface_is_told_apart(system: System) -> None:
    positions = system.scalar_positions
    assert len(positions) == len(radii(system))
    assert len(np.unique(positions, axis=0)) == len(positions)
    # A checkpoint of other processes has them in another order.
    shuffled = np.random.default_rng(1).permutation(len(positions))
    found = dof_positions.order(positions[shuffled], positions)
    assert np.array_equal(shuffled[found], np.arange(len(positions)))


@pytest.mark.parametrize(
    ("core", "layer", "kind"),
    [
        (NoVacancies(), NoVacancies(), FixedHost),
        (NoVacancies(), OWN, ChangingHost),
        (OWN, NoVacancies(), ChangingHost),
    ],
)
def test_a_particle_changes_if_any_of_its_hosts_does(core: Vacancies, layer: Vacancies, kind: type) -> None:
    assert type(host_of(parted(core, layer), fem.functionspace(LINE.mesh, ("P", 1)))) is kind


def test_errors_of_what_is_released_weigh_as_in_the_most_sensitive_host(system: System) -> None:
    # Strain |−3/0.728| above the 1.5 of the sites, 2/0.728 above 0.5.
    assert system.ports["released"].weight == pytest.approx(3 / 0.728)
    both = made(LINE, SPLIT, OWN, OTHER)
    assert both.ports["released"].weight == pytest.approx(3 / 0.728)
    both.update(parted(OTHER, OTHER))
    assert both.ports["released"].weight == pytest.approx(2 / 0.728)
