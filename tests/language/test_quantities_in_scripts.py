"""Values of pint and NumPy in place of texts and numbers of a file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pint
import pytest

import oxyshell
from oxyshell.language import documents, units
from oxyshell.language.mistakes import Refusal, ScenarioError
from oxyshell.language.quantities_in_scripts import plain
from oxyshell.scenario.overrides import parse_time

RU1 = Path(__file__).parents[2] / "scenarios" / "lrmo-ru1.yaml"
UNITS = pint.UnitRegistry()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (UNITS.Quantity(150, "nm"), "150 nm"),
        (UNITS.Quantity(np.float64(1.5), "m^2/s"), "1.5 m^2/s"),
        (UNITS.Quantity([1, 2], "um"), ["1 μm", "2 μm"]),
        (UNITS.Quantity(np.array([[1.0]]), "nm"), [["1.0 nm"]]),
        (UNITS.Quantity(0.5), 0.5),
        (UNITS.Quantity(3, "percent"), "3 %"),
        (UNITS.Quantity(2, "C"), "2 coulomb"),
        (UNITS.Quantity(2, "micron"), "2 um"),
        (np.int64(3), 3),
        (np.array([1.0, 2.0]), [1.0, 2.0]),
        ({"a": (1, np.float32(0.5))}, {"a": [1, 0.5]}),
        (Fraction(1, 4), 0.25),
        (None, None),
    ],
)
def test_a_value_becomes_that_of_a_file(value: Any, expected: Any) -> None:
    assert plain(value) == expected


@pytest.mark.parametrize(
    "value", [1j, UNITS.Quantity(1j, "nm"), object(), UNITS.Quantity(np.array(["x"]), "nm")]
)
def test_a_value_that_no_file_can_have_is_refused(value: Any) -> None:
    with pytest.raises(Refusal):
        plain(value)


@pytest.mark.parametrize("unit", [unit for unit in units.KINDS if unit not in ("C", "RT", "kg/kg", "1")])
def test_every_common_unit_survives_pint(unit: str) -> None:
    """Each spelling that files have is read by pint, written by it, and read again as the same number."""
    for spelled, size in units.KINDS[unit].sizes.items():
        if "mol" in unit and "mol" not in spelled:
            continue  # per particle, which pint has as another dimension
        quantity = UNITS.Quantity(2.0, spelled)
        assert units.read(plain(quantity), unit).value == pytest.approx(2 * float(size), rel=1e-9), spelled


def test_a_scenario_takes_quantities_and_keeps_their_units() -> None:
    given = {
        "particle.radius": UNITS.Quantity(200, "nm"),
        "temperature": UNITS.Quantity(25, "degC"),
        "material.diffusivity": UNITS.Quantity(np.float64(1e-15), "cm^2/s"),
        "shell.deficiency": np.float64(0.2),
    }
    scenario = oxyshell.load(RU1).with_values(given)
    assert scenario.particle.radius.text == "200 nm"
    assert scenario.get("particle.radius") == 2e-7
    assert scenario.get("temperature") == 298.15
    assert scenario.get("material.diffusivity") == pytest.approx(1e-19)
    assert scenario.get("shell.deficiency") == 0.2


def test_a_wrong_dimension_is_refused_with_the_usual_message() -> None:
    expected = r"found '3 kg', which is \[mass\], expected a length, for example '150 nm'"
    with pytest.raises(ScenarioError, match=expected):
        oxyshell.load(RU1).with_values({"particle.radius": UNITS.Quantity(3, "kg")})


def test_a_sweep_takes_arrays_of_quantities() -> None:
    study = oxyshell.sweep(RU1, {"shell.thickness": UNITS.Quantity([4, 5], "nm")}, timeout=1 * UNITS.minute)
    column = study.column("shell.thickness")
    assert (column.unit, list(column.values)) == ("nm", [4, 5])
    ends = {"from": UNITS.Quantity(4, "nm"), "to": UNITS.Quantity(5, "nm"), "points": np.int64(2)}
    between = oxyshell.sweep(RU1, {"shell.thickness": ends}).column("shell.thickness")
    assert between.values == pytest.approx(column.values)
    assert parse_time(UNITS.Quantity(2, "min"), "timeout") == 120


def test_a_scenario_is_made_of_a_mapping() -> None:
    content = documents.read_file(RU1).data
    content["particle"]["radius"] = UNITS.Quantity(150, "nm")
    assert oxyshell.load(content).get("particle.radius") == oxyshell.load(RU1).get("particle.radius")
    assert oxyshell.run(content).summary["steps"] == 53
    content["particle"]["radius"] = UNITS.Quantity(150, "s")
    with pytest.raises(ScenarioError) as caught:
        oxyshell.load(content)
    (mistake,) = caught.value.mistakes
    assert (mistake.path, mistake.line) == ("particle.radius", None)
