"""Runs of files with ions that interact: refusals, remarks, voltages, restart, dimensions, layers."""

from __future__ import annotations

import functools
import signal
from pathlib import Path

import numpy as np
import pytest

import oxyshell
from oxyshell.errors import RunStopped, SolverError
from oxyshell.language.mistakes import ScenarioError
from oxyshell.models.base.physics import LabelledRun
from oxyshell.models.chemical_potential.figure import figures
from oxyshell.models.chemical_potential.report import findings
from oxyshell.models.particle.strategies import choose
from oxyshell.outputs import Result
from oxyshell.running import simulation
from oxyshell.running.numerics import elements, wanted_layers
from oxyshell.scenario.loading import loads
from oxyshell.solver.settings import Discretisation, StrategyChoice
from tests.phases import RADIUS, SITES, TIME, extraction, scenario_file

SHORT = f"[{extraction(0.02, '{extracted: 0.1}')}]"
RESTED = f"[{extraction(0.02, '{extracted: 0.3}')}, {{rest: {{time: {20 * TIME!r} s}}}}]"
REGULAR = "{model: regular, interaction: 3, front_width: 40 nm}"
COARSE = "{model: regular, interaction: 3, front_width: 200 nm}"
OPEN = "{model: open_circuit, front_width: 100 nm}"
ELECTRODE = (
    "electrode: {open_circuit: {regular: {potential: 3.2 V, interaction: 3}}, "
    "kinetics: {law: constant, exchange_current: 1 A/m^2}}\n"
)
LAYERED = (
    "{expansion_a: -1e-7 m^3/mol, expansion_c: 8e-7 m^3/mol}",
    "{modulus_a: 120 GPa, modulus_c: 80 GPa, poisson_ab: 0.2, poisson_ac: 0.3, shear_c: 40 GPa}",
)


@functools.cache
def run(text: str) -> Result:
    return oxyshell.run(loads(text))


def one_curve(curve: str) -> str:
    return ELECTRODE.replace("{regular: {potential: 3.2 V, interaction: 3}}", curve)


# Of a file: its text, the path of its mistake, and words of the message.
WRONG = {
    "an unknown model": (
        scenario_file(SHORT, potential="{model: regularr, interaction: 3, front_width: 40 nm}"),
        "chemical_potential.model",
        "did you mean 'regular'?",
    ),
    "neither width nor energy": (
        scenario_file(SHORT, potential="{model: regular, interaction: 3}"),
        "chemical_potential",
        "exactly one of 'front_width' and 'gradient_energy'",
    ),
    "both": (
        scenario_file(
            SHORT, potential="{model: regular, interaction: 3, front_width: 1 nm, gradient_energy: 1e-8 J/m}"
        ),
        "chemical_potential.gradient_energy",
        "exactly one of",
    ),
    "a width of no front": (
        scenario_file(SHORT, potential="{model: regular, interaction: 1.9, front_width: 40 nm}"),
        "chemical_potential.front_width",
        "do not separate into phases",
    ),
    "an attraction beyond sense": (
        scenario_file(SHORT, potential="{model: regular, interaction: 30, front_width: 40 nm}"),
        "chemical_potential.interaction",
        "at most 20",
    ),
    "a front of atoms": (
        scenario_file(SHORT, "{shape: plate, radius: 100 um}", potential=REGULAR.replace("40 nm", "0.01 nm")),
        "chemical_potential.front_width",
        "of 10000 cells",
    ),
    "as made between the phases": (
        scenario_file(SHORT, occupancy=0.6),
        "material.ion.occupancy",
        "at most 0.2113 or at least 0.7887: in between, a particle separates into phases of 0.07072 and",
    ),
    "split": (
        scenario_file(SHORT, more="numerics: {strategy: split}\n"),
        "numerics.strategy",
        "solved together",
    ),
    "a layer": (
        scenario_file(SHORT, more="shell: {thickness: 10 nm, deficiency: 0.2, profile: step}\n"),
        "shell",
        "all sites are alike",
    ),
    "no lattice": (
        scenario_file(SHORT).replace("  formula", "  drift: dilute\n  formula"),
        "material.drift",
        "'lattice'",
    ),
    "two equilibria": (
        scenario_file(SHORT, more=one_curve("{formula: 3.4 - x/5}")),
        "chemical_potential.model",
        "two equilibria",
    ),
    "no electrode": (
        scenario_file(SHORT, potential=OPEN),
        "chemical_potential.model",
        "an electrode",
    ),
    "a memory": (
        scenario_file(
            SHORT,
            potential=OPEN,
            more=one_curve("{charge: {formula: 3.4 - x/5}, discharge: {formula: 3.3 - x/5}}"),
        ),
        "electrode.open_circuit",
        "one curve without hysteresis",
    ),
    "two factors": (
        scenario_file(
            SHORT,
            potential="{model: open_circuit, gradient_energy: 1e-8 J/m}",
            more=one_curve("{formula: 3.4 - x/5}").replace(
                "kinetics:", "thermodynamic_factor: jump, kinetics:"
            ),
        ),
        "electrode.thermodynamic_factor",
        "'ideal' beside chemical_potential",
    ),
    "a voltage without stress": (
        scenario_file(
            SHORT,
            potential=OPEN,
            more=ELECTRODE.replace("kinetics:", "stress_shifts_potential: false, kinetics:"),
        ),
        "electrode.stress_shifts_potential",
        "one potential",
    ),
    "phases at the surface alone": (
        scenario_file(SHORT, potential="{model: ideal, gradient_energy: 1e-8 J/m}", more=ELECTRODE),
        "electrode.open_circuit.regular.interaction",
        "at most 2",
    ),
    "a toughness in another unit": (
        scenario_file(SHORT, potential=REGULAR.replace("}", ", fracture_toughness: 1}")),
        "chemical_potential.fracture_toughness",
        "was '1 MPa m^0.5' meant?",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_does_not_fit_is_refused_where_it_stands(case: str) -> None:
    text, path, part = WRONG[case]
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    (mistake,) = caught.value.mistakes
    assert mistake.path == path, str(mistake)
    assert part in str(mistake)


def test_a_strategy_that_solves_one_after_the_other_is_refused() -> None:
    scenario = loads(scenario_file(SHORT))
    mesh = scenario.particle.mesh(wanted_layers(scenario), elements(scenario))
    with pytest.raises(SolverError, match="'split' for ions that interact"):
        choose(mesh, scenario.model(), Discretisation(strategy=StrategyChoice.SPLIT))


def test_the_mesh_resolves_the_front_unless_elements_are_given() -> None:
    # Four unknowns along 40 nm of 1 µm, three to a cubic cell.
    chosen = elements(loads(scenario_file(SHORT)))
    assert chosen.bulk == 34
    assert chosen.surface_size == pytest.approx(0.03)
    quadratic = elements(loads(scenario_file(SHORT, more="numerics: {degree: 2}\n")))
    assert quadratic.bulk == 50
    # A foot that decays over 0.09 of the width asks for more.
    steep = elements(loads(scenario_file(SHORT, potential=REGULAR.replace("3,", "5,"), occupancy=0.98)))
    assert steep.bulk is not None
    assert steep.bulk > 50
    given = loads(scenario_file(SHORT, more="numerics: {elements: {bulk: 12}}\n"))
    assert elements(given).bulk == 12
    (told,) = [one for one in given.on(given.geometry()).remarks() if "too few" in one]
    assert "bulk = 12 is too few for a front of 40 nm, which asks for 34" in told
    # Without the section, nothing is asked for.
    plain = loads(scenario_file(SHORT).replace(f"chemical_potential: {REGULAR}\n", ""))
    assert elements(plain) == plain.numerics.elements


def test_a_reader_is_told_what_is_chosen_and_what_is_a_bound() -> None:
    tough = REGULAR.replace("}", ", fracture_toughness: 0.3 MPa m^0.5}")
    scenario = loads(scenario_file(SHORT, potential=tough, volume_change="3 %"))
    told = " ".join(scenario.on(scenario.geometry()).remarks())
    assert "their front is 40 nm wide, of 0.4 J/m²: the width is a choice" in told
    assert "and not a stress that is predicted" in told
    assert "K_IC = 0.3 MPa √m" in told
    assert "faster, the surface is empty before the front has come to the centre" in told
    free = loads(scenario_file(SHORT, potential="{model: ideal, gradient_energy: 1e-8 J/m}"))
    assert any("do not separate into phases" in one for one in free.on(free.geometry()).remarks())


def test_the_voltage_of_two_phases_at_rest_is_that_of_both() -> None:
    result = run(scenario_file(RESTED, potential=OPEN, more=ELECTRODE))
    # μ is the same everywhere: 3.2 V, whatever the surface's phase; a time step errs by 1e-4 of occupancy.
    assert result.history["voltage_V"][-1] == pytest.approx(3.2, abs=2e-5)
    surface = result.history["surface_occupancy"][-1]
    assert surface == pytest.approx(0.0707, abs=1e-3)
    assert result.summary["ions"]["balance_error"] < 1e-13
    # Under way, U + the gradient's part + the reaction add up to the voltage.
    parts = [f"{name}_overpotential_V" for name in ("concentration", "stress", "kinetic", "film")]
    total = sum(result.history[name] for name in ("open_circuit_voltage_V", *parts))
    np.testing.assert_allclose(total, result.history["voltage_V"], rtol=0, atol=1e-9)


@pytest.mark.long
def test_a_regular_solution_and_its_voltage_are_the_same_ions() -> None:
    plain = run(scenario_file(SHORT, potential=REGULAR.replace("40 nm", "100 nm")))
    electrode = run(
        scenario_file(SHORT, potential=OPEN, more=ELECTRODE + "numerics: {elements: {surface_size: 0.05}}\n")
    )
    # Both follow one flux; steps differ, each to 1e-4 of the occupancy.
    at = np.linspace(0, RADIUS, 50)
    occupancies = [
        np.interp(at, one.profiles.radius_m, one.profiles["occupancy"][-1]) for one in (plain, electrode)
    ]
    np.testing.assert_allclose(occupancies[0], occupancies[1], rtol=0, atol=2e-3)


def test_a_run_that_was_stopped_goes_on_to_the_same_end(tmp_path: Path) -> None:
    class AfterTwentySteps:
        calls = 0

        @property
        def asked(self) -> int:
            self.calls += 1
            return signal.SIGTERM if self.calls > 20 else 0

    text = scenario_file(SHORT, potential=COARSE)
    with pytest.raises(RunStopped):
        simulation.run(loads(text), tmp_path / "run", stops=AfterTwentySteps())
    resumed, whole = oxyshell.run(loads(text), tmp_path / "run", resume=True), run(text)
    for name, values in whole.history.items():
        np.testing.assert_array_equal(resumed.history[name], values, err_msg=name)
    assert resumed.summary["chemical_potential"] == whole.summary["chemical_potential"]


def test_a_round_plate_fed_by_its_rim_has_the_front_of_a_cylinder() -> None:
    steps = f"[{extraction(0.02, '{extracted: 0.3}')}]"
    # Cells of 0.1 R are enough to compare the two.
    disc, cylinder = (
        run(scenario_file(steps, particle, potential=COARSE, more=numerics))
        for particle, numerics in (
            (
                "{shape: disc, radius: 1 um, thickness: 0.2 um}",
                "numerics: {elements: {bulk: 10, tangential: 1, surface_size: 0.1}}\n",
            ),
            ("{shape: cylinder, radius: 1 um}", ""),
        )
    )
    fronts = [result.history["front_radius_nm"][-1] * 1e-9 / RADIUS for result in (disc, cylinder)]
    assert 0.5 < fronts[1] < 0.95
    assert fronts[0] == pytest.approx(fronts[1], abs=5e-3)
    assert disc.summary["ions"]["balance_error"] < 1e-12


def test_the_figure_of_a_front_is_drawn_where_there_is_one(tmp_path: Path) -> None:
    text = scenario_file(RESTED, potential=OPEN, more=ELECTRODE)
    labelled = [LabelledRun(name, loads(text), run(text)) for name in ("one", "other")]
    for number in (1, 2):
        (figure,) = figures(labelled[:number])
        file = tmp_path / f"{number}.png"
        figure.draw(file)
        assert file.read_bytes().startswith(b"\x89PNG")
        assert (figure.name, figure.compares) == ("front", True)
    uniform = scenario_file(SHORT, potential=COARSE)
    assert figures([LabelledRun("uniform", loads(uniform), run(uniform))]) == ()


def test_a_layered_plate_has_the_stress_of_its_strains() -> None:
    strain, stiffness = LAYERED
    text = scenario_file(
        f"[{extraction(0.02, '{extracted: 0.2}')}]",
        "{shape: plate, radius: 1 um, c_axis: normal}",
        potential=COARSE,
    )
    text = text.replace("{volume_change: 0 %, per_extracted: 1}", strain)
    text = text.replace("{young_modulus: 100 GPa, poisson_ratio: 0.25}", stiffness)
    result = run(text)
    theta, radius = result.profiles["occupancy"][-1], result.profiles.radius_m / RADIUS
    mean = np.trapezoid(theta, radius)
    # Across layers that lie in the faces: E_a/(1 − ν_ab) (⟨ε_a⟩ − ε_a), whatever c does.
    exact = 120e9 / 0.8 * -1e-7 * SITES * (mean - theta)
    hoop = result.profiles["hoop_Pa"][-1]
    np.testing.assert_allclose(hoop, exact, rtol=0, atol=2e-3 * np.abs(exact).max())
    numbers = result.summary["chemical_potential"]["phases"]
    jump = (numbers["concentrated"] - numbers["dilute"]) * SITES
    assert numbers["strain_jump"] == pytest.approx(8e-7 * jump, rel=1e-9)
    # A front across c is stretched within the layers alone.
    energy = 120e9 / 0.8 * (1e-7 * SITES) ** 2
    density = SITES * 8.31446261815324 * 298.15
    assert numbers["coherent_stiffness"] == pytest.approx(energy / density, rel=1e-9)


def test_lines_at_the_end_of_a_run() -> None:
    result = run(scenario_file(SHORT, potential=COARSE))
    told = {one.quantity: one.value for one in findings(result.summary)}
    assert told["occupancies of the phases"] == "0.0707 and 0.9293"
    assert (told["width of a flat front"], told["energy of a flat front"]) == ("200 nm", "2 J/m²")
    assert list(findings({})) == []
