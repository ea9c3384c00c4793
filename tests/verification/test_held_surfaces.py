"""Surfaces that are held at a value: exact series, and the value itself, whatever the diffusivity."""

from __future__ import annotations

import math

import numpy as np
import pytest

from oxyshell.models.particle import split
from oxyshell.outputs import Result
from oxyshell.running.simulation import Simulation
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from tests.lrmo import scenario_file

RADIUS, DIFFUSIVITY = 150e-9, 1e-18
# Roots of J0, for the cylinder's series.
BESSEL = np.array([2.404825557695773, 5.520078110286311, 8.653727912911013, 11.791534439014281])


def scenario(fourier: float = 0.15, shape: str = "sphere", dimension: int = 1, **changes: object) -> Scenario:
    text = scenario_file(
        "Hold",
        particle=f"{{shape: {shape}, radius: 150 nm, dimension: {dimension}}}",
        ion="{species: Li, sites_per_formula: 1.20, occupancy: 0.9}",
        diffusivity="1e-18 m^2/s",
        drift="none",
        protocol=f"[{{hold: {{surface_occupancy: 0.1, time: {fourier * RADIUS**2 / DIFFUSIVITY} s}}}}]",
    )
    return loads(text).with_values({path.replace("__", "."): value for path, value in changes.items()})


def run(given: Scenario) -> Result:
    return Simulation(given).run(given)


def series(shape: str, fourier: float) -> float:
    """Share that remains after a jump of the surface value (Crank 1975, chapters 4 to 6)."""
    n = np.arange(1, 2000)
    match shape:
        case "sphere":
            terms = 6 / (n * math.pi) ** 2 * np.exp(-((n * math.pi) ** 2) * fourier)
        case "cylinder":
            terms = 4 / BESSEL**2 * np.exp(-(BESSEL**2) * fourier)
        case _:
            odd = (2 * n - 1) * math.pi / 2
            terms = 2 / odd**2 * np.exp(-(odd**2) * fourier)
    return float(terms.sum())


@pytest.mark.parametrize(
    ("shape", "fourier"), [("sphere", 0.01), ("sphere", 0.15), ("cylinder", 0.15), ("plate", 0.15)]
)
def test_what_remains_under_a_held_surface_is_the_series(shape: str, fourier: float) -> None:
    mean = run(scenario(fourier, shape)).history["mean_occupancy"][-1]
    # The tolerance of a step, 1e-4 of the occupancy, leaves 5e-7 of the share after all of them.
    assert (mean - 0.1) / 0.8 == pytest.approx(series(shape, fourier), abs=2e-6)


TABLES = {
    "falls by eight decades to where it starts": ([0, 0.85, 0.9], [1e-18, 1e-18, 1e-26], 0.1),
    "falls by eight decades to where it is held": ([0, 0.15, 0.9], [1e-26, 1e-18, 1e-18], 0.1),
    "has a barrier on the way": ([0, 0.4, 0.5, 0.6, 1], [1e-18, 1e-18, 1e-22, 1e-18, 1e-18], 0.1),
    "rises by eight decades, filled": ([0, 0.89, 0.95], [1e-26, 1e-26, 1e-18], 0.999),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_surface_is_held_whatever_the_diffusivity(name: str) -> None:
    occupancies, values, held = TABLES[name]
    diffusivity = {"table": {"occupancy": occupancies, "values": values}, "unit": "m^2/s"}
    given = scenario(0.05).with_values(
        {"material.diffusivity": diffusivity, "protocol.0.hold.surface_occupancy": held}
    )
    history = run(given).history
    assert np.abs(history["surface_occupancy"][1:] - held).max() < 1e-9
    assert history["balance_error"].max() < 1e-12


def test_a_surface_is_held_under_strong_coupling_and_let_go_again() -> None:
    given = scenario(
        0.02, material__drift="lattice", material__chemical_strain={"volume_change": "10 %"}
    ).with_values(
        {
            "protocol": [
                {"charge": {"rate": "0.1 C", "until": {"extracted": 0.2}}},
                {"hold": {"surface_occupancy": 0.3, "time": "10 min"}},
                {"rest": {"time": "10 min"}},
                {"discharge": {"rate": "0.1 C", "until": {"extracted": 0.1}}},
            ]
        }
    )
    result = run(given)
    history, ends = result.history, result.summary["protocol"]
    assert isinstance(ends, list)
    charged, held, rested, filled = (end["time_s"] for end in ends)
    within = (history["time_s"] > charged) & (history["time_s"] <= held)
    assert np.abs(history["surface_occupancy"][within] - 0.3).max() < 1e-9
    # Let go, the surface follows the ions beneath it, and none passes it.
    resting = (history["time_s"] >= held) & (history["time_s"] <= rested)
    assert np.ptp(history["extracted_per_formula"][resting]) < 1e-12
    assert abs(history["surface_occupancy"][resting][-1] - 0.3) > 0.01
    assert history["extracted_per_formula"][-1] == pytest.approx(0.1, abs=1e-9)
    assert filled > rested
    assert history["balance_error"].max() < 1e-12


def test_a_disc_is_held_as_the_line_is() -> None:
    line = run(scenario(0.15))
    disc = run(scenario(0.15, dimension=2, numerics__elements={"bulk": 8, "tangential": 6}))
    assert np.abs(disc.history["surface_occupancy"][1:] - 0.1).max() < 1e-9
    remains = (disc.history["mean_occupancy"][-1] - 0.1) / (line.history["mean_occupancy"][-1] - 0.1)
    # Second-order steps to 1e-4 of the occupancy err by 0.2 % of the share after all of them.
    assert remains == pytest.approx(1.0, abs=5e-3)
    assert disc.history["balance_error"].max() < 1e-10


def test_an_iterative_solver_holds_too(monkeypatch: pytest.MonkeyPatch) -> None:
    given = scenario(
        0.02,
        dimension=3,
        numerics__elements={"bulk": 3, "tangential": 3},
        numerics__degree=1,
        numerics__time_tolerance=1e-2,
    )
    factorised = run(given)
    monkeypatch.setattr(split, "_IONS_DIRECT_LIMIT", {3: 0})
    iterated = run(given)
    assert np.abs(iterated.history["surface_occupancy"][1:] - 0.1).max() < 1e-6
    np.testing.assert_allclose(
        iterated.history["mean_occupancy"][-1], factorised.history["mean_occupancy"][-1], atol=1e-6
    )


OXYGEN = {
    "initial": "7500 mol/m^3",
    "diffusivity": "1e-18 m^2/s",
    "surface": {"law": "fixed", "content": 0},
}


def test_oxygen_leaves_a_held_surface_as_the_series_says() -> None:
    given = scenario(0.15, oxygen=OXYGEN, protocol=[{"rest": {"time": f"{0.15 * 2.25e4} s"}}])
    result = run(given)
    assert result.history["oxygen_retention"][-1] == pytest.approx(series("sphere", 0.15), abs=1e-6)
    n = np.arange(1, 100)
    per_fourier = 6 * np.exp(-((n * math.pi) ** 2) * 0.15).sum()
    initial = result.history["oxygen_in_lattice_mol"][0]
    released = result.history["oxygen_released_umol_g"][-1] / result.history["oxygen_released_mol"][-1]
    rate = per_fourier * initial * DIFFUSIVITY / RADIUS**2 * released * 60
    # The gradient of cubic elements under the surface.
    assert result.history["oxygen_release_umol_g_min"][-1] == pytest.approx(rate, rel=1e-4)


@pytest.mark.parametrize("content", [0.0, 3000.0])
def test_oxygen_is_held_where_its_diffusivity_changes_with_the_ions(content: float) -> None:
    table = {"occupancy": [0.5, 0.9], "values": [1e-16, 1e-22]}
    oxygen = {
        **OXYGEN,
        "diffusivity": {"table": table, "unit": "m^2/s"},
        "surface": {"law": "fixed", "content": f"{content} mol/m^3"},
    }
    result = run(scenario(oxygen=oxygen, protocol=[{"charge": {"rate": "1 C", "until": {"extracted": 0.5}}}]))
    surface = result.profiles["oxygen_mol_m3"][-1][-1]
    assert surface == pytest.approx(content, abs=7500 * 1e-9)
    assert result.history["oxygen_balance_error"].max() < 1e-12
