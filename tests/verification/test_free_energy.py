"""The free energy of a closed particle falls at every step if stress drives its ions, in all regions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import radial_resolution
from oxyshell.models.host.lattice import NoVacancies
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.ions.transport import NoDrift
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.monolithic import MonolithicSystem
from oxyshell.models.particle.units import natural_units
from oxyshell.running.numerics import elements, wanted_layers
from oxyshell.scenario.loading import load
from oxyshell.scenario.scenario import Scenario
from oxyshell.solver.settings import Discretisation, StrategyChoice
from oxyshell.studies.registry import load_any
from tests.free_energy import free_energy
from tests.regions import Stage, follow, model_of
from tests.sampling import Sampler
from tests.verification.layered import Part, pair

FOLDER = Path(__file__).parents[2] / "scenarios"
TOGETHER = Discretisation(strategy=StrategyChoice.MONOLITHIC)


def _closes(scenario: Scenario) -> bool:
    """Whether its ions have the free energy that is computed here: test_phases.py has that of interaction."""
    return not scenario.model().solution.processes()


SHIPPED = {
    file.stem: file
    for file in sorted(FOLDER.glob("*.yaml"))
    if isinstance(found := load_any(file), Scenario) and _closes(found)
}


def course(model: ParticleModel, mesh: ParticleMesh, tolerance: float = 1e-5) -> np.ndarray:
    """F over RT at the steps of a rest after a charge (a discharge, where nothing is filled as made)."""
    units, host = natural_units(model), model.host
    flux = 0.5 * host.site_density * units.length / units.time
    # 0.3 of the sites of a sphere, fewer of other shapes.
    duration = 0.3 / 3 / 0.5 * units.time
    sign = 1.0 if host.occupancy > 0.5 else -1.0
    closed = replace(model, exchange=IonExchange())
    run = follow(
        closed, mesh, [Stage(sign * flux, duration), Stage(0.0, 2 * units.time)], tolerance, TOGETHER
    )
    assert isinstance(run.system, MonolithicSystem)
    energy = free_energy(run.system)
    began = duration * (1 - 1e-9)
    return np.array([energy(one.state) for one in run.moments if one.state.time >= began])


def falls(values: np.ndarray) -> bool:
    """Whether no step adds more than a step may err by: the square of its tolerance."""
    fall = values[0] - values[-1]
    return bool(fall > 1e-5 * abs(values[0])) and bool(np.all(np.diff(values) < 1e-9 * fall))


@pytest.mark.parametrize("name", SHIPPED)
def test_of_every_shipped_scenario(name: str) -> None:
    scenario = load(SHIPPED[name])
    model = scenario.model()
    if isinstance(model.transport.drift, NoDrift):
        pytest.skip("stress does not drive its ions")
    model = replace(model, host=replace(model.host, vacancies=NoVacancies()))
    mesh = scenario.particle.mesh(wanted_layers(scenario), elements(scenario))
    values = course(model, mesh)
    assert values.size > 10
    assert falls(values)


LRMO = Part(edge=0.8, site_density=6e4, diffusivity=1e-19, young=170e9, poisson=0.3, volume=0.1 * 20.11e-6)
PARTS = {
    "step": pair(LRMO, site_density=3e4),
    "softer, faster": pair(LRMO, young=50e9, poisson=0.25, diffusivity=1e-17, volume=1e-6, resistance=1e11),
    "offset": pair(LRMO, site_density=3e4, offset=2.0),
    "negative offset": pair(LRMO, site_density=3e4, offset=-2.0, diffusivity=1e-20),
}


@pytest.mark.parametrize("drift", ["lattice", "dilute"])
@pytest.mark.parametrize("parts", PARTS.values(), ids=list(PARTS))
def test_of_two_regions(parts: tuple[Part, Part], drift: str) -> None:
    line = radial_line(Spherical(), 0.2, radial_resolution(0.2))
    values = course(model_of(parts, 150e-9, drift), line)
    assert falls(values)


def test_without_drift_it_may_rise() -> None:
    # Fick's law evens out θ, and bends what had come to fit.
    stiff = replace(LRMO, volume=3 * LRMO.volume)
    parts = pair(stiff, site_density=3e4, diffusivity=1e-18)
    line = radial_line(Spherical(), 0.2, radial_resolution(0.2))
    values = course(model_of(parts, 150e-9, "none"), line)
    assert np.diff(values).max() > 1e-3 * np.ptp(values)


def test_its_slope_at_rest_is_the_chemical_potential() -> None:
    # A wrong elastic energy would go unnoticed where it falls as well.
    parts = PARTS["offset"]
    model = model_of(parts, 150e-9)
    line = radial_line(Spherical(), 0.2, radial_resolution(0.2))

    def rested(time: float) -> tuple[float, float, float]:
        """Content over the unit of amount, F over RT, and μ/RT in the centre."""
        run = follow(model, line, [Stage(1e-8, time), Stage(0.0, 1e8)], 1e-5, TOGETHER)
        system, points = run.system, Sampler(run.system)
        assert isinstance(system, MonolithicSystem)
        sample = points.sample(run.last)
        theta, stress = sample.occupancy[0], sample.stress.hydrostatic[0]
        potential = np.log(theta / (1 - theta)) - LRMO.volume * stress / model.thermal_energy
        content = run.moments[-1].observation.content / system.amount_unit
        return content, free_energy(system)(run.last), float(potential)

    (less, lower, _), (_, _, between), (more, upper, _) = (rested(time) for time in (90e3, 91e3, 92e3))
    # A parabola through three: the content changes by 1 %.
    assert (upper - lower) / (more - less) == pytest.approx(between, rel=1e-4)
