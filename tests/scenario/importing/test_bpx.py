from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import oxyshell
from oxyshell.errors import InputError, OutputError, OxyshellError
from oxyshell.models.base.formula import NUMPY
from oxyshell.scenario.importing.bpx.reading import BpxScenario, read_bpx
from oxyshell.scenario.loading import loads
from tests.scenario.importing.bpx_files import OCP, POSITIVE, write, write_version_0


def imported(path: Path, *arguments: Any, **positive: Any) -> tuple[BpxScenario, Any]:
    made = read_bpx(write(path / "cell.json", **positive), *arguments)
    return made, loads(made.to_yaml())


def ocp(x: float) -> float:
    return float(eval(OCP, {"tanh": math.tanh, "cosh": math.cosh, "x": x}))


def test_the_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    _, scenario = imported(tmp_path)
    material = scenario.material
    assert scenario.temperature.value == 303.15
    assert scenario.particle.radius.value == 3e-6
    # One site per formula unit: V_m = 1/c_max.
    assert material.molar_volume.value == pytest.approx(1 / 50000, rel=1e-15)
    assert material.site_density == pytest.approx(50000, rel=1e-12)
    assert material.ion.occupancy.value == 0.9
    assert material.diffusivity_activation.energy.value == 15000
    assert material.diffusivity_activation.reference.value == 298.15
    x = np.array([0.3, 0.5, 0.9])
    assert material.diffusivity.function.value(x, NUMPY) == pytest.approx(1e-14 * (1.2 - x), rel=1e-12)


def test_the_exchange_current_density_is_that_of_the_file(tmp_path: Path) -> None:
    """BPX: F K √(x (1 − x)) at the initial concentration in the electrolyte, with Arrhenius' factor."""
    _, scenario = imported(tmp_path)
    kinetics = scenario.electrode.kinetics
    assert kinetics.electrolyte.value == kinetics.reference.value == 1200
    concentration = scenario.material.site_density
    warmer = math.exp(-30000 / 8.314462618 * (1 / 303.15 - 1 / 298.15))
    # zF k c_s √(θ(1 − θ)), both without F √(x (1 − x)).
    ours = kinetics.rate_constant.value * concentration * kinetics.factor(303.15)
    assert ours == pytest.approx(2e-5 * warmer, rel=1e-9)


def test_every_number_says_where_it_comes_from(tmp_path: Path) -> None:
    _, scenario = imported(tmp_path)
    origins = {one.path: one for one in scenario.provenance()}
    radius = origins["particle.radius"]
    assert (radius.status, radius.source) == (
        "literature",
        "BPX file cell.json: Positive electrode, Particle radius [m]",
    )
    assert [one.path for one in origins.values() if one.status == "unstated"] == []
    assert origins["material.elasticity.young_modulus"].status == "chosen"
    assert origins["material.chemical_strain.volume_change"].source.startswith("BPX has none")


def test_it_runs_with_the_open_circuit_potential_of_the_file(tmp_path: Path) -> None:
    _, scenario = imported(tmp_path)
    history = oxyshell.run(scenario).history
    x, potential = history["mean_occupancy"], history["open_circuit_voltage_V"]
    assert x[0] == pytest.approx(0.9, abs=1e-9)
    assert x[-1] == pytest.approx(0.36, abs=1e-3)
    assert potential == pytest.approx([ocp(one) for one in x], abs=1e-9)


def test_what_has_no_counterpart_is_told_in_the_file_as_well(tmp_path: Path) -> None:
    made, _ = imported(tmp_path)
    text = made.to_yaml()
    assert "Separator: Thickness [m], Porosity, Transport efficiency." in made.left_out
    assert "Negative electrode (--electrode negative reads it)." in made.left_out
    (own,) = [one for one in made.left_out if one.startswith("Positive electrode")]
    assert "Porosity" in own
    assert not {key for key in POSITIVE if key in own} & {
        "OCP [V]",
        "Particle radius [m]",
        "Diffusivity [m2.s-1]",
    }
    assert text.startswith("# Imported from the BPX file cell.json, Positive electrode.\n# Chosen: formula ")
    assert "# Not taken over: Separator: " in text
    assert max(len(line) for line in text.splitlines() if line.startswith("#")) <= 110


def test_the_negative_electrode_has_tables(tmp_path: Path) -> None:
    _, scenario = imported(tmp_path, "negative")
    # As made it is full: its charge is the discharge of the cell.
    assert scenario.material.ion.occupancy.value == 0.8
    assert scenario.material.formula == "LiC6"
    curve = scenario.electrode.open_circuit.table.curve
    x = np.array([0.05, 0.3, 0.75])
    assert curve.value(x, NUMPY) == pytest.approx([0.6, 0.16, 0.1], abs=1e-12)
    diffusivity = scenario.material.diffusivity.function.value(np.array([0.0, 0.5, 1.0]), NUMPY)
    assert diffusivity == pytest.approx([4e-14, 2e-14, 1e-14], rel=1e-9)


def test_a_material_of_the_library_has_what_bpx_has_not(tmp_path: Path) -> None:
    _, scenario = imported(tmp_path, "positive", "", "LRMO-pristine")
    assert scenario.material.elasticity.young_modulus.value == 170e9
    assert scenario.material.ion.sites_per_formula.value == 1.2
    # The density of sites stays that of the file.
    assert scenario.material.site_density == pytest.approx(50000, rel=1e-12)


def test_elasticity_of_the_user_s_own_keys_is_taken_over(tmp_path: Path) -> None:
    own = {
        "Positive electrode Young's modulus [Pa]": 1.5e11,
        "Positive electrode Poisson's ratio": 0.2,
        "Positive electrode partial molar volume [m3.mol-1]": 3e-6,
        "Something else": 1,
    }
    made, scenario = imported(tmp_path, **{"User-defined": own})
    assert scenario.material.elasticity.poisson_ratio.value == 0.2
    assert scenario.material.chemical_strain.partial_molar_volume.value == 3e-6
    assert "User-defined: Something else." in made.left_out
    assert not [one for one in made.chosen if one.startswith(("elasticity", "chemical_strain"))]


def test_branches_of_hysteresis_are_taken_over(tmp_path: Path) -> None:
    """PyBaMM: dh/dx = γ/2 (±1 − h); here dh/dq = γ(±1 − h)."""
    branches = {
        "OCP (delithiation) [V]": f"{OCP} + 0.01",
        "OCP (lithiation) [V]": f"{OCP} - 0.01",
        "OCP hysteresis decay constant": 8,
    }
    made, scenario = imported(tmp_path, positive=branches)
    curves = scenario.electrode.open_circuit
    assert curves.charge.formula.written.endswith("+ 0.01")
    assert curves.discharge.formula.written.endswith("- 0.01")
    assert (curves.hysteresis.order, curves.hysteresis.decay.value) == ("first", 4)
    assert any("OCP [V]" in one for one in made.left_out)


def test_a_function_that_is_none_everywhere_becomes_a_table_of_the_range(tmp_path: Path) -> None:
    pole = {"OCP [V]": "4 - x + 0.001/x**3", "Diffusivity [m2.s-1]": "1e-14*(x - 0.2)"}
    made, scenario = imported(tmp_path, positive=pole)
    x = np.linspace(0.3, 0.9, 77)
    # Straight lines between 401 points, h²/8 U" = 1.4 µV with U" = 0.012/x⁵ at x = 0.3, and 1e-6 of 4 V from
    # the points that a table leaves out.
    potential = scenario.electrode.open_circuit.table.curve.value(x, NUMPY)
    assert potential == pytest.approx(4 - x + 0.001 / x**3, abs=5.4e-6)
    diffusivity = scenario.material.diffusivity.function.value(x, NUMPY)
    assert diffusivity == pytest.approx(1e-14 * (x - 0.2), rel=1e-6)
    told = [one for one in made.changed if "is a table of" in one]
    assert [one.partition(" is")[0] for one in told] == ["Diffusivity [m2.s-1]", "OCP [V]"]


def test_a_blend_needs_the_name_of_a_particle(tmp_path: Path) -> None:
    shared = ("Thickness [m]", "Conductivity [S.m-1]", "Porosity", "Transport efficiency")
    electrode = {key: POSITIVE[key] for key in shared}
    particle = {key: entry for key, entry in POSITIVE.items() if key not in shared}
    blend = {**electrode, "Particle": {"large": particle, "small": {**particle, "Particle radius [m]": 1e-6}}}
    path = write(tmp_path / "cell.json", **{"Positive electrode": blend})
    with pytest.raises(InputError, match="expected --particle with one of 'large' and 'small'"):
        read_bpx(path)
    assert loads(read_bpx(path, "positive", "small").to_yaml()).particle.radius.value == 1e-6
    with pytest.raises(InputError, match="no --particle"):
        read_bpx(path, "negative", "small")


def test_version_0_of_the_format_is_read_with_a_remark(tmp_path: Path) -> None:
    made = read_bpx(write_version_0(tmp_path / "old.json"))
    scenario = loads(made.to_yaml())
    assert scenario.temperature.value == 310
    assert scenario.electrode.kinetics.electrolyte.value == 900
    assert any("legacy BPX v0.x" in one for one in made.changed)


@pytest.mark.parametrize(
    "function",
    [
        "quit(x)",
        "open(0)",
        "9**9**9**9",
        "__import__",
        "(1).real",
        "y + 1",
        "x if x else 1",
        "exp(x, x)",
        "1 +",
    ],
)
def test_functions_that_are_none_are_refused_before_they_run(function: str, tmp_path: Path) -> None:
    path = write(tmp_path / "cell.json", positive={"OCP [V]": function})
    with pytest.raises(InputError, match=r"cell\.json: Positive electrode, OCP \[V\]: "):
        read_bpx(path)


def test_mistakes_name_their_keys(tmp_path: Path) -> None:
    path = write(tmp_path / "cell.json", positive={"Particle radius [m]": [1], "Wrong": 1})
    with pytest.raises(InputError) as caught:
        read_bpx(path)
    assert "Particle radius [m]" in str(caught.value)
    assert "Wrong" in str(caught.value)


def test_a_potential_that_rises_is_told_by_its_path(tmp_path: Path) -> None:
    path = write(tmp_path / "cell.json", positive={"OCP [V]": {"x": [0, 0.5, 1], "y": [4, 3, 3.5]}})
    with pytest.raises(InputError, match=r"cell\.json: electrode\.open_circuit\.table"):
        read_bpx(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"Header": 1, "Parameterisation": 2}', "x" * 10])
def test_other_files_are_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text(text)
    with pytest.raises((InputError, OutputError), match=r"other\.json"):
        read_bpx(tmp_path / "other.json")


def test_a_file_that_is_not_there_and_a_material_that_is_not(tmp_path: Path) -> None:
    with pytest.raises(OxyshellError, match=r"nothing\.json"):
        read_bpx(tmp_path / "nothing.json")
    with pytest.raises(InputError, match="the unknown material 'NMC81'"):
        read_bpx(write(tmp_path / "cell.json"), "positive", "", "NMC81")
