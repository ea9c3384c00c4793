"""The error falls at the order of the elements and of the time stepping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.resolution import Resolution
from oxyshell.models.particle.strategies import choose
from oxyshell.models.particle.system import Strategy
from oxyshell.outputs import Profiles
from oxyshell.scenario.scenario import Scenario
from oxyshell.solver.settings import Discretisation, StrategyChoice
from oxyshell.solver.state import Array, State
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.sampling import Sampler
from tests.sized import sized
from tests.verification import closed_forms
from tests.verification.closed_forms import SPHERE
from tests.verification.particles import DIFFUSION_TIME, DROP, FLUX_STRESS, OCCUPANCY, RADIUS, charged

pytestmark = pytest.mark.slow
# Late enough for the jump of the flux at the start to have been smoothed.
FOURIER = 0.2
# An order counts as reached from this much below; a little more is no fault.
SLACK, LUCK = 0.15, 0.4
# Boole's rule for the five points that a profile has in every element.
BOOLE = np.array([7, 32, 12, 32, 7]) / 90


def uniform(elements: int, degree: int, dimension: int, tolerance: float) -> Scenario:
    """A sphere under constant flux, divided evenly."""
    mesh = {"bulk": elements, "surface_size": 1.0}
    return charged("sphere", (FOURIER,), tolerance).with_values(
        {
            "particle.dimension": dimension,
            "numerics.degree": degree,
            "numerics.elements": mesh if dimension == 1 else mesh | {"tangential": elements},
        }
    )


def orders(errors: Sequence[tuple[float, ...]]) -> Array:
    """Orders between meshes that follow each other, each with twice as many elements, per quantity."""
    table = np.array(errors)
    return np.log2(table[:-1] / table[1:])


def norm(profiles: Profiles, values: Array) -> float:
    """Root of the mean square over the sphere's volume."""
    # Every fourth of the 17 points of an element, for the rule of five.
    radius = (profiles.radius_m / RADIUS).reshape(-1, 17)[:, ::4]
    weights = 3 * (radius[:, -1:] - radius[:, :1]) * BOOLE * radius**2
    return float(np.sqrt((weights * values.reshape(-1, 17)[:, ::4] ** 2).sum()))


def errors_on_a_line(scenario: Scenario, bench: SimulationCache) -> tuple[float, float, float]:
    profiles = bench.run(scenario).profiles
    radius = profiles.radius_m / RADIUS
    rise = SPHERE.rise(radius, FOURIER)
    exact = closed_forms.stresses(SPHERE, lambda r: SPHERE.rise(r, FOURIER), radius)
    return (
        norm(profiles, (OCCUPANCY - profiles["occupancy"][-1]) / DROP - rise),
        norm(profiles, -profiles["hoop_Pa"][-1] / FLUX_STRESS - exact.hoop),
        norm(profiles, -profiles["radial_stress_Pa"][-1] / FLUX_STRESS - exact.radial),
    )


@pytest.mark.parametrize(
    ("degree", "elements"),
    [(1, (8, 16, 32)), (2, (4, 8, 16)), (3, (4, 8))],
    ids=["linear", "quadratic", "cubic"],
)
def test_occupancy_and_stress_on_a_line(
    degree: int, elements: tuple[int, ...], bench: SimulationCache
) -> None:
    # The time steps leave errors of 1e-9, the finest cubic mesh 2e-8.
    found = orders([errors_on_a_line(uniform(n, degree, 1, 1e-8), bench) for n in elements])
    assert np.all(found > degree + 1 - SLACK)
    assert np.all(found < degree + 1 + LUCK)


@pytest.mark.parametrize("degree", [1, 2, 3])
def test_occupancy_and_stress_of_a_coupled_problem_on_a_line(degree: int, bench: SimulationCache) -> None:
    # With stress-driven transport there is no closed form, but a much finer solution at the same points.
    def profiles(elements: int, degree: int) -> Profiles:
        strong = {"material.drift": "lattice", "material.chemical_strain.partial_molar_volume": 4e-6}
        return bench.run(uniform(elements, degree, 1, 1e-8).with_values(strong)).profiles

    fine = profiles(16, 4)
    errors = []
    for elements in (4, 8):
        coarse = profiles(elements, degree)
        same = [int(np.argmin(np.abs(fine.radius_m - r))) for r in coarse.radius_m]
        assert fine.radius_m[same] == pytest.approx(coarse.radius_m, abs=1e-12 * RADIUS)
        scale = np.abs(fine["hoop_Pa"][-1]).max()
        errors.append(
            (
                norm(coarse, coarse["occupancy"][-1] - fine["occupancy"][-1, same]),
                norm(coarse, (coarse["hoop_Pa"][-1] - fine["hoop_Pa"][-1, same]) / scale),
            )
        )
    found = orders(errors)
    assert np.all(found > degree + 1 - SLACK)


def errors_in_a_body(scenario: Scenario, bench: SimulationCache) -> tuple[float, float]:
    """Root mean squares over all points of the cells."""
    end = bench.run(scenario).fields[-1]
    radius = np.linalg.norm(end.points, axis=1) / RADIUS
    rise = SPHERE.rise(radius, FOURIER)
    exact = closed_forms.stresses(SPHERE, lambda r: SPHERE.rise(r, FOURIER), radius)
    occupancy = (OCCUPANCY - end.point_data["occupancy"]) / DROP - rise
    hoop = -end.point_data["hoop_Pa"] / FLUX_STRESS - exact.hoop
    return float(np.sqrt((occupancy**2).mean())), float(np.sqrt((hoop**2).mean()))


@pytest.mark.parametrize(("degree", "elements"), [(1, (4, 8, 16)), (2, (4, 8))], ids=["linear", "quadratic"])
def test_occupancy_and_stress_in_a_plane(
    degree: int, elements: tuple[int, ...], bench: SimulationCache
) -> None:
    # BDF2 leaves errors of 1e-5, as small as those of the finest quadratic mesh would be; hence coarse ones.
    scenarios = [uniform(n, degree, 2, 1e-6).with_values({"particle.extent": "quarter"}) for n in elements]
    found = orders([errors_in_a_body(scenario, bench) for scenario in scenarios])
    assert np.all(found > degree + 1 - SLACK)
    assert np.all(found < degree + 1 + LUCK)


def test_occupancy_and_stress_in_a_solid(bench: SimulationCache) -> None:
    found = orders([errors_in_a_body(uniform(n, 1, 3, 1e-4), bench) for n in (4, 8)])
    assert np.all(found > 2 - SLACK)
    assert np.all(found < 2 + LUCK)


# Time steps of a fixed length, on a mesh that stays the same.


def stepped(strategy: Strategy, start: State, fourier: float, steps: int) -> State:
    """So many equal steps; nothing is asked about their errors."""
    method, state = strategy.method(1e-8), start
    for _ in range(steps):
        state = method.attempt(state, fourier * DIFFUSION_TIME / steps).state
    return state


@dataclass(frozen=True)
class TimeStepping:
    """What is measured, and what has to come out.

    Attributes:
        kind: The strategy with the method.
        drift: Whether stress drives the ions.
        steps: Two numbers of equal steps from Fo = 0.1 to 0.5.
        least: Smallest order to be seen between them.
        most: Largest.
    """

    kind: StrategyChoice
    drift: str
    steps: tuple[int, int]
    least: float
    most: float


MEASURED = {
    "Rosenbrock": TimeStepping(StrategyChoice.MONOLITHIC, "none", (32, 64), 3.7, 4.3),
    # Stiff and nonlinear: a Rosenbrock method of order 4 is known to lose a part of it there. It keeps the
    # 3 that its step control counts on.
    "Rosenbrock coupled": TimeStepping(StrategyChoice.MONOLITHIC, "lattice", (8, 64), 3.0, 4.3),
    "BDF2 coupled": TimeStepping(StrategyChoice.SPLIT, "lattice", (32, 128), 1.85, 2.3),
}


@pytest.mark.parametrize("case", MEASURED.values(), ids=list(MEASURED))
def test_time_steps(case: TimeStepping) -> None:
    scenario = charged("sphere", (1.0,), 1e-6).with_values(
        {"material.drift": case.drift, "material.chemical_strain.partial_molar_volume": 4e-6}
    )
    model = replace(scenario.model(), exchange=sized(scenario).protocol().steps[0].exchange)
    line = radial_line(Spherical(), 0.0, Resolution(bulk_elements=6, surface_size=0.1))
    strategy = choose(line, model, Discretisation(strategy=case.kind))
    strategy.system.update(model)
    points = Sampler(strategy.system)
    # The jump of the flux at the start is no smooth function of time. What follows is.
    state = strategy.system.initial_state(OCCUPANCY)
    for fourier in np.diff(np.geomspace(1e-6, 0.1, 60), prepend=0.0):
        state = stepped(strategy, state, fourier, 1)
    start = replace(state, earlier=())

    def occupancy(steps: int) -> Array:
        return points.sample(stepped(strategy, start, 0.4, steps)).occupancy

    # Eight times as many steps leave a hundredth of the error.
    exact = occupancy(8 * case.steps[-1])
    coarse, fine = (np.abs(occupancy(steps) - exact).max() for steps in case.steps)
    order = np.log(coarse / fine) / np.log(case.steps[1] / case.steps[0])
    assert case.least < order < case.most
