from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from oxyshell.meshes.coordinates import Coordinates, Cylindrical, Planar, Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution, radial_resolution
from oxyshell.models.base.properties import Constant, FormulaProperty, Table
from oxyshell.models.mechanics.elasticity import (
    Confinement,
    IsotropicChemicalStrain,
    IsotropicElasticity,
    TransverseChemicalStrain,
    TransverseElasticity,
)
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.monolithic import MonolithicSystem
from oxyshell.models.particle.split import SplitSystem
from oxyshell.models.particle.strategies import choose
from oxyshell.solver.assembly import Scalar
from oxyshell.solver.settings import Discretisation, StrategyChoice
from tests.lrmo import LRMO
from tests.models.particle.charging import MONOLITHIC, SPLIT, Charged, charged, discretised
from tests.sampling import Sampler

# D, E and Ω that change with the occupancy, as tables and as formulas of the same straight lines. The tables
# reach beyond [0, 1]: coarse meshes overshoot, where a table is constant and a formula is not.
AS_FORMULAS = replace(
    LRMO,
    transport=replace(LRMO.transport, diffusivity=FormulaProperty.parse("1.5 - 0.5*theta", 1.568e-19)),
    elasticity=IsotropicElasticity(FormulaProperty.parse("2 - 0.6*theta", 1e11), Constant(0.3)),
    chemical_strain=IsotropicChemicalStrain(FormulaProperty.parse("6 + 2*theta", 1e-7)),
)
AS_TABLES = replace(
    LRMO,
    transport=replace(LRMO.transport, diffusivity=Table((-1.0, 2.0), (2 * 1.568e-19, 0.5 * 1.568e-19))),
    elasticity=IsotropicElasticity(Table((-1.0, 0.5, 2.0), (2.6e11, 1.7e11, 0.8e11)), Constant(0.3)),
    chemical_strain=IsotropicChemicalStrain(Table((-1.0, 2.0), (4e-7, 10e-7))),
)
# Sheets that shrink three times as much in their plane as across it, and are softer across.
LAYERED = replace(
    LRMO,
    elasticity=TransverseElasticity(*(Constant(value) for value in (180e9, 90e9, 0.28, 0.21, 45e9))),
    chemical_strain=TransverseChemicalStrain(Constant(3e-7), Constant(1e-7)),
)
CONFINED = replace(LRMO, confinement=Confinement(2e18))


def numbers(result: Charged) -> np.ndarray:
    """Surface occupancy, and stresses as shares of the mean hoop stress of the surface."""
    stress, evaluation = result.sample.stress, result.evaluation
    hoop = evaluation.at_surface(stress.hoop)
    return np.array(
        [
            result.surface_occupancy,
            hoop / 400e6,
            result.peak("von_mises") / abs(hoop),
            evaluation.at_centre(stress.hydrostatic) / abs(hoop),
        ]
    )


@pytest.mark.parametrize(("shape", "quadrature"), [("line", 1e-4), ("disc", 1.5e-3)])
def test_both_strategies_solve_the_same_equations(
    shape: str, quadrature: float, request: pytest.FixtureRequest
) -> None:
    particle = request.getfixturevalue(shape)
    split = discretised(particle, LRMO, SPLIT)
    coarse, fine = (numbers(charged(split, LRMO, tolerance)) for tolerance in (1e-4, 1e-5))
    reference = numbers(charged(discretised(particle, LRMO, MONOLITHIC), LRMO, 1e-6))
    # With a tenth of the tolerance BDF2's error falls by 10^(2/3): what is left is 0.28 of what went. The two
    # strategies integrate with different quadratures, which shows on the coarse disc's curved cells.
    assert np.all(np.abs(fine - reference) < 0.4 * np.abs(coarse - fine) + quadrature)
    assert np.abs(coarse - fine).max() < 2e-3


@pytest.mark.parametrize(("shape", "kind"), [("line", MONOLITHIC), ("line", SPLIT), ("disc", SPLIT)])
def test_tables_and_formulas_of_the_same_lines_agree(
    shape: str, kind: StrategyChoice, request: pytest.FixtureRequest
) -> None:
    particle = request.getfixturevalue(shape)
    formulas, tables = (
        numbers(charged(discretised(particle, model, kind), model)) for model in (AS_FORMULAS, AS_TABLES)
    )
    # The same steps with other roundings.
    assert tables == pytest.approx(formulas, rel=1e-9)


@pytest.mark.parametrize("model", [AS_FORMULAS, CONFINED], ids=["changing", "confined"])
def test_a_plane_converges_to_the_line(
    model: ParticleModel, disc: ParticleMesh, fine_disc: ParticleMesh
) -> None:
    line = radial_line(Spherical(), 0.0, radial_resolution(0.0))
    exact = numbers(charged(discretised(line, model, MONOLITHIC, degree=3), model, 1e-6))
    coarse, fine = (
        np.abs(numbers(charged(discretised(particle, model, SPLIT), model, 1e-5)) - exact)
        for particle in (disc, fine_disc)
    )
    # Twice as many elements: a quarter of the error in the means, half of it in a peak at a vertex.
    assert np.all(fine < np.array([0.5, 0.5, 0.75, 0.5]) * coarse)
    assert fine.max() < 0.02


@pytest.mark.parametrize(
    ("shape", "kind", "roundness"), [("line", MONOLITHIC, 1e-9), ("line", SPLIT, 1e-9), ("disc", SPLIT, 2e-3)]
)
def test_an_elastic_surrounding_holds_the_surface_back(
    shape: str, kind: StrategyChoice, roundness: float, request: pytest.FixtureRequest
) -> None:
    strategy = discretised(request.getfixturevalue(shape), LRMO, kind)
    free, held = (charged(strategy, model, 1e-5) for model in (LRMO, CONFINED))
    moved_free, moved = (one.evaluation.at_surface(one.sample.radial_displacement) for one in (free, held))
    # A traction t on a sphere moves its surface by t R (1 − 2ν)/E, with t = −k u, and no ion feels it.
    # Elements solve that exactly, but for the coarse disc's outline, which is no circle.
    assert held.surface_occupancy == pytest.approx(free.surface_occupancy, rel=1e-2 * roundness)
    expected = moved_free / (1 + 2e18 * 150e-9 * 0.4 / 170e9)
    assert moved == pytest.approx(expected, rel=roundness, abs=0)
    # The traction itself is as good as that of a free surface, which should have none.
    pulled, left = (one.evaluation.at_surface(one.sample.stress.radial) for one in (held, free))
    assert abs(left) < 5e6
    assert pulled == pytest.approx(-2e18 * moved, abs=2 * abs(left))


def outline(result: Charged, axis: int) -> np.ndarray:
    """Shrinkage along the c axis and across it in nm, and the largest stress in GPa."""
    coordinates, moved = result.evaluation.coordinates, result.sample.displacement
    ends = [int(np.argmax(coordinates[:, i])) for i in (axis, 0)]
    assert coordinates[ends, [axis, 0]] == pytest.approx(1.0)
    along, across = -moved[ends, [axis, 0]] * 1e9
    return np.array([along, across, result.peak("first_principal") / 1e9])


def test_layered_particles_agree_between_plane_and_solid(
    disc: ParticleMesh, fine_disc: ParticleMesh, eighth: ParticleMesh, fine_eighth: ParticleMesh
) -> None:
    plane_coarse, plane, solid_coarse, solid = (
        outline(charged(discretised(particle, LAYERED, SPLIT), LAYERED), axis)
        for particle, axis in ((disc, 1), (fine_disc, 1), (eighth, 2), (fine_eighth, 2))
    )
    # What the refinement changed (by factors of 2 and 1.6) is no less than the error that is left.
    uncertainty = np.abs(plane - plane_coarse) + np.abs(solid - solid_coarse)
    assert np.all(np.abs(plane - solid) < uncertainty)
    assert np.all(uncertainty < 0.1 * plane)
    # It is not a sphere that it shrinks to.
    assert plane[1] > 1.4 * plane[0]


@pytest.mark.parametrize("kind", [MONOLITHIC, SPLIT])
def test_a_system_takes_over_another_model(kind: StrategyChoice, line: ParticleMesh) -> None:
    other = replace(
        LRMO,
        radius=200e-9,
        thermal_energy=2600.0,
        host=replace(LRMO.host, occupancy=0.95, site_density=5e4),
        transport=replace(LRMO.transport, diffusivity=Constant(4e-19)),
        elasticity=IsotropicElasticity(Constant(120e9), Constant(0.25)),
        chemical_strain=IsotropicChemicalStrain(Constant(5e-7)),
        confinement=Confinement(1e17),
    )
    strategy = discretised(line, LRMO, kind)
    charged(strategy, LRMO)
    assert strategy.system.accepts(other)
    assert not strategy.system.accepts(AS_TABLES)
    updated = charged(strategy, other)
    fresh = charged(discretised(line, other, kind), other)
    assert numbers(updated) == pytest.approx(numbers(fresh), rel=1e-9)
    assert updated.sample.concentration == pytest.approx(fresh.sample.concentration, rel=1e-9)
    assert updated.sample.displacement == pytest.approx(fresh.sample.displacement, rel=1e-7, abs=1e-16)


@pytest.mark.parametrize("shape", ["line", "disc", "eighth"])
def test_the_particle_as_made_is_at_rest(shape: str, request: pytest.FixtureRequest) -> None:
    strategy = discretised(request.getfixturevalue(shape), LRMO, SPLIT)
    system = strategy.system
    state = system.initial_state(0.999)
    attempt = strategy.method(1e-4).attempt(state, 1000.0)
    observed = system.observe(attempt.state)
    assert attempt.error < 1e-6
    assert observed.surface_occupancy == pytest.approx(0.999, rel=1e-12)
    volume = system.volume * 150e-9**3
    assert observed.content == pytest.approx(59670.0 * 0.999 * volume, rel=1e-12, abs=0)
    # Three quadratic elements along a quarter of the circumference.
    assert system.volume == pytest.approx(4 * math.pi / 3, rel=5e-3)
    assert attempt.state.left == pytest.approx(0.0, abs=1e-12 * observed.content)


@pytest.mark.parametrize("kind", [MONOLITHIC, SPLIT])
@pytest.mark.parametrize("coordinates", [Cylindrical(), Planar()])
def test_cylinders_and_plates_extend_without_a_net_force(
    coordinates: Coordinates, kind: StrategyChoice
) -> None:
    particle = radial_line(coordinates, 0.0, Resolution(bulk_elements=6, surface_size=0.05))
    result = charged(discretised(particle, LRMO, kind), LRMO)
    system = result.strategy.system
    system.load(result.last.state)
    sigma = system.expressions.stress
    force, size = (
        Scalar(system.domain.volume(value), particle.mesh.comm)() for value in (sigma[2, 2], abs(sigma[2, 2]))
    )
    assert size > 0
    # The extension is a number with an equation of its own, which holds to round-off.
    assert abs(force) < 1e-12 * size


@pytest.mark.parametrize("kind", [MONOLITHIC, SPLIT])
@pytest.mark.parametrize(("coordinates", "dimensions"), [(Cylindrical(), 2), (Planar(), 1)])
def test_the_extension_is_the_mean_free_strain(
    coordinates: Coordinates, dimensions: int, kind: StrategyChoice
) -> None:
    # Timoshenko & Goodier: long cylinders and plates extend by the mean of ε*, and σ_z = E (e − ε*)/(1 − ν).
    # With θ = 0.9 − 0.3 r² the displacement is a cubic, which the elements hold exactly.
    particle = radial_line(coordinates, 0.0, Resolution(bulk_elements=6, surface_size=0.05))
    strategy = discretised(particle, LRMO, kind, degree=2)
    system = strategy.system
    radii = np.abs(system.scalars.tabulate_dof_coordinates()[:, 0])
    state = system.with_occupancy(system.initial_state(0.9), 0.9 - 0.3 * radii**2)
    # So short a step only brings the mechanics into equilibrium.
    settled = strategy.method(1.0).attempt(state, 1e-12 * system.time_unit).state
    gained = 7.28e-7 * 59670.0 / 3

    def free(radius: np.ndarray | float) -> np.ndarray | float:
        return gained * (0.9 - 0.3 * radius**2 - 0.999)

    # The mean of r² is d/(d + 2) in d dimensions.
    extension = float(free(math.sqrt(dimensions / (dimensions + 2))))
    points = Sampler(system)
    axial = points.sample(settled).stress.components[:, 2]
    exact = 170e9 / 0.7 * (extension - free(points.radius))
    # So that the extension, in σ_z everywhere, is right to 1e-9 of the largest strain.
    assert axial == pytest.approx(exact, abs=1e-9 * np.abs(exact).max())


def test_the_dimension_chooses_the_strategy(line: ParticleMesh, disc: ParticleMesh) -> None:
    automatic = Discretisation(degree=1)
    assert isinstance(choose(line, LRMO, automatic).system, MonolithicSystem)
    assert isinstance(choose(disc, LRMO, automatic).system, SplitSystem)
