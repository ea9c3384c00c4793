"""The same particles in other solvers: PyBaMM, and finite volumes written for the purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.interpolate import BarycentricInterpolator

from oxyshell.outputs import Result
from oxyshell.scenario.loading import load
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.verification.exact import Record, agree, exact_row
from tests.verification.peers import finite_volumes, pybamm_runs
from tests.verification.peers.problem import PRISTINE, RU1, Sphere, zhang
from tests.verification.peers.rows import Figures, Ours, Refined, compare

type Runs = Callable[[Scenario, Callable[[Result], Figures]], Ours]

FOLDER = Path(__file__).parents[2] / "scenarios"
# Where profiles are compared.
ALONG = np.linspace(0, 1, 21)
ZHANG_TIMES = np.array([200.0, 500.0, 1000.0])
# One Li per formula unit at 0.1 C, in fifths.
LRMO_TIMES = 9101.853157 * np.arange(1, 6)
INSERTION = [f"at {time:g} s" for time in ZHANG_TIMES]
EXTRACTION = [f"at {time:.0f} s" for time in LRMO_TIMES]
THETA = "θ where it is furthest apart along the radius,"
CENTRE, SURFACE = "θ in the centre", "θ at the surface"
HOOP = "σ_θ at the surface, MPa,"
# σ_θ of the whole profile and the largest tension ever, which only the finite volumes have.
EDGE, PROFILE = "σ_θ at the layer's inner edge, MPa,", "σ_θ where it is furthest apart along the radius, MPa,"
REFINED = (
    {"numerics.elements.bulk": 24, "numerics.elements.layer": 16, "numerics.time_tolerance": 1e-6},
    {"numerics.elements.bulk": 48, "numerics.elements.layer": 32, "numerics.time_tolerance": 1e-7},
)


def shipped(name: str, times: np.ndarray, drift: str) -> Scenario:
    scenario = load(FOLDER / f"{name}.yaml")
    return scenario.with_values({"material.drift": drift, "output": {"at": {"time": list(times[:-1])}}})


@pytest.fixture(scope="module")
def ours(bench: SimulationCache) -> Runs:
    """Runs a scenario as it is and refined, unless that was done before, and reads figures off it."""
    known: dict[Scenario, list[Result]] = {}

    def figures(scenario: Scenario, read: Callable[[Result], Figures]) -> Ours:
        if scenario not in known:
            known[scenario] = [bench.run(scenario.with_values(values)) for values in ({}, *REFINED)]
        default, coarse, fine = map(read, known[scenario])
        return Ours(Refined(coarse, fine), default)

    return figures


def along(result: Result, name: str) -> np.ndarray:
    """A profile at `ALONG`, shape (times, points), by polynomials through five points of each element."""
    radius = (result.profiles.radius_m / result.profiles.radius_m[-1]).reshape(-1, 17)[:, ::4]
    values = result.profiles[name][1:].reshape(len(result.profiles.times) - 1, -1, 17)[:, :, ::4]
    cells = np.clip(np.searchsorted(radius[:, -1], ALONG), 0, len(radius) - 1)
    found = [
        BarycentricInterpolator(radius[cell], values[:, cell], axis=1)(at)
        for cell, at in zip(cells, ALONG, strict=True)
    ]
    return np.array(found).T


def ends(result: Result) -> Figures:
    """θ along the radius, and σ_θ at the surface."""
    theta = along(result, "occupancy")
    hoop = result.profiles["hoop_Pa"][1:, -1] / 1e6
    return {THETA: theta, CENTRE: theta[:, 0], SURFACE: theta[:, -1], HOOP: hoop}


def their_ends(nodes: np.ndarray, theta: np.ndarray, hoop: np.ndarray) -> Figures:
    profile = np.array([np.interp(ALONG, nodes, values) for values in theta])
    return {THETA: profile, CENTRE: profile[:, 0], SURFACE: profile[:, -1], HOOP: hoop / 1e6}


@pytest.fixture(scope="module")
def pybamm() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYBAMM_DISABLE_TELEMETRY", "true")
        yield pytest.importorskip("pybamm", reason="PyBaMM is not installed (`--extra peers`)")


CASES = [
    ("insertion, Zhang, Shyy & Sastry 2007, drift none", "zhang-2007", zhang("none"), ZHANG_TIMES, INSERTION),
    (
        "insertion, Zhang, Shyy & Sastry 2007, drift dilute",
        "zhang-2007",
        zhang("dilute"),
        ZHANG_TIMES,
        INSERTION,
    ),
    ("charge, lrmo-pristine, drift lattice", "lrmo-pristine", PRISTINE, LRMO_TIMES, EXTRACTION),
]
of_every_sphere = pytest.mark.parametrize(
    ("equation", "name", "sphere", "times", "moments"), CASES, ids=["fick", "dilute", "lattice"]
)


@of_every_sphere
def test_pybamm_finds_the_same(
    equation: str,
    name: str,
    sphere: Sphere,
    times: np.ndarray,
    moments: list[str],
    pybamm: Any,
    ours: Runs,
    record: Record,
) -> None:
    coarse, fine = (
        their_ends(run.nodes, run.theta, run.hoop)
        for run in (
            pybamm_runs.solve(pybamm, sphere, 400, times, 1e-8),
            pybamm_runs.solve(pybamm, sphere, 800, times, 1e-9),
        )
    )
    solver = f"PyBaMM {pybamm.__version__}, 800 cells"
    own = ours(shipped(name, times, sphere.drift), ends)
    compare(record, equation, solver, Refined(coarse, fine), own, moments)


def volumes(sphere: Sphere, cells: int, times: np.ndarray) -> tuple[finite_volumes.Solution, np.ndarray]:
    """The finite-volume solution and its σ_θ."""
    solution = finite_volumes.solve(sphere, cells, times)
    return solution, solution.stresses()[1]


@of_every_sphere
def test_finite_volumes_find_the_same(
    equation: str,
    name: str,
    sphere: Sphere,
    times: np.ndarray,
    moments: list[str],
    ours: Runs,
    record: Record,
) -> None:
    coarse, fine = (
        their_ends(solution.nodes, solution.theta, hoop[:, -1])
        for solution, hoop in (volumes(sphere, cells, times) for cells in (200, 400))
    )
    own = ours(shipped(name, times, sphere.drift), ends)
    compare(record, equation, VOLUMES, Refined(coarse, fine), own, moments)


VOLUMES = "own finite volumes, 400 cells"
GRADED = "charge, lrmo-ru1, graded layer, drift lattice"


def layered(result: Result) -> Figures:
    hoop = result.profiles["hoop_Pa"][1:] / 1e6
    edge = np.abs(result.profiles.depth_m - RU1.thickness).argmin()
    return {**ends(result), EDGE: hoop[:, edge], PROFILE: along(result, "hoop_Pa") / 1e6}


def their_layered(cells: int) -> Figures:
    solution, hoop = volumes(RU1, cells, LRMO_TIMES)
    profile = np.array([np.interp(ALONG, solution.nodes, values) for values in hoop])
    whole = {EDGE: hoop[:, cells] / 1e6, PROFILE: profile / 1e6}
    return {**their_ends(solution.nodes, solution.theta, hoop[:, -1]), **whole}


def test_finite_volumes_find_the_same_graded_particle(ours: Runs, record: Record) -> None:
    own = ours(shipped("lrmo-ru1", LRMO_TIMES, "lattice"), layered)
    compare(record, GRADED, VOLUMES, Refined(their_layered(200), their_layered(400)), own, EXTRACTION)


PEAK, DEPTH = "largest first principal stress, MPa,", "depth of the largest first principal stress, nm"


def peak(result: Result) -> Figures:
    return {PEAK: np.array([result.summary["stress"]["first_principal"]["peak_MPa"]])}


def their_peak(sphere: Sphere, cells: int) -> tuple[Figures, float]:
    """The largest of σ_r and σ_θ over nodes and moments, a thousand of them around the peak; and its node."""
    moments = np.linspace(0, LRMO_TIMES[-1], 201)
    for _ in range(2):
        solution = finite_volumes.solve(sphere, cells, moments)
        tension = np.maximum(*solution.stresses())
        moment, node = map(int, np.unravel_index(tension.argmax(), tension.shape))
        # It can be sharp: the current falls as soon as the surface is exhausted.
        around = moments[max(moment - 1, 0)], moments[min(moment + 1, moments.size - 1)]
        moments = np.linspace(*around, 1000)
    return {PEAK: np.array([tension.max() / 1e6])}, float(solution.nodes[node])


def test_finite_volumes_find_the_same_peak(ours: Runs, bench: SimulationCache, record: Record) -> None:
    scenario = shipped("lrmo-ru1", LRMO_TIMES, "lattice")
    (coarse, _), (fine, node) = (their_peak(RU1, cells) for cells in (200, 400))
    compare(record, GRADED, VOLUMES, Refined(coarse, fine), ours(scenario, peak), ["ever"])
    depth = bench.run(scenario).summary["stress"]["first_principal"]["depth_nm"]
    # A place is known to within a cell, a two-hundredth of the layer.
    exact = (1 - node) * RU1.radius * 1e9
    agree(record, exact_row(GRADED, VOLUMES, DEPTH, depth, exact, 1 / 200))
