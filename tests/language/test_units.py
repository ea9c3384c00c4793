# ruff: noqa: PT017 (here a refusal is one of two good ends)

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import pint
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oxyshell.language import units
from oxyshell.language.mistakes import Refusal
from oxyshell.language.spelling import canonical

REGISTRY = pint.UnitRegistry()
# A multiple of what depends on the temperature, and a rate that is not in coulomb.
OWN = ("RT", "C")
WRITTEN = [(si, unit) for si, kind in units.KINDS.items() for unit in kind.sizes if si not in OWN and unit]
# Molecules and mol, which pint keeps apart.
COUNTED = {
    **dict.fromkeys(("J/mol", "kJ/mol", "kcal/mol"), REGISTRY.avogadro_constant),
    **dict.fromkeys(("1/m^2", "1/cm^2", "1/nm^2", "1/m^3", "1/cm^3", "1/nm^3"), REGISTRY.avogadro_constant),
    **dict.fromkeys(("angstrom^3", "nm^3"), 1 / REGISTRY.avogadro_constant),
}
# Percentages of something, which pint does not know.
PERCENT = {"mol%", "at%", "vol%", "wt%"}


@pytest.mark.parametrize(("si", "unit"), WRITTEN)
def test_the_common_units_have_the_sizes_that_pint_gives(si: str, unit: str) -> None:
    # An energy per mol is one per molecule where that is asked for.
    counted = 1 if si == "J/mol" else COUNTED.get(unit, 1)
    quantity: Any = REGISTRY.Quantity(1.0, "%" if unit in PERCENT else unit) / counted
    expected = quantity.to("dimensionless" if si == "1" else si).magnitude
    # pint multiplies a handful of rounded factors.
    assert units.read(f"1 {unit}", si).value == pytest.approx(expected, rel=1e-14)


def test_every_si_unit_is_among_the_common_ones_and_explained() -> None:
    assert all(units.read(2.5, unit).value == 2.5 for unit in units.KINDS)


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("150 nm", "m", 1.5e-7),
        ("150nm", "m", 1.5e-7),
        ("1.568e-19 m^2/s", "m^2/s", 1.568e-19),
        ("3.62 %", "1", 0.0362),
        ("20.11 cm^3/mol", "m^3/mol", 2.011e-5),
        ("250 mA/g", "A/kg", 250.0),
        ("0.1 C", "C", 0.1),
        ("C/10", "C", 0.1),
        (0.1, "C", 0.1),
        ("1e-19", "m^2/s", 1e-19),
        (3, "s", 3.0),
        (".5 h", "s", 1800.0),
        ("-1e3 Pa/m", "Pa/m", -1000.0),
        ("1e13 1/s", "1/s", 1e13),
        ("6 1/min", "1/s", 0.1),
        ("6.97 g/cm^3", "kg/m^3", 6970.0),
        ("-1.497 eV", "eV", -1.497),
        (-1.497, "eV", -1.497),
        ("1e-14 cm2/s", "m^2/s", 1e-18),
        ("1e-14 cm² s⁻¹", "m^2/s", 1e-18),
        ("2 mA cm-2", "A/m^2", 20.0),
        ("\N{MINUS SIGN}1.497 eV", "eV", -1.497),
        ("33.4 Å^3", "m^3/mol", 33.4 * 6.02214076e-7),
        ("33.4 Å³", "m^3/mol", 33.4 * 6.02214076e-7),
        ("0.0334 nm3", "m^3/mol", 33.4 * 6.02214076e-7),
        ("6.02214076e23 m^-3", "mol/m^3", 1.0),
        ("6.02214076e17 cm-3", "mol/m^3", 1.0),
        ("5 nm^-2", "mol/m^2", 5e18 / 6.02214076e23),
        ("96485.3321233100184 J/mol", "eV", 1.0),
        ("0.46 wt%", "kg/kg", 0.0046),
        ("0.46 wt.%", "kg/kg", 0.0046),
        ("99.9 mol%", "1", 0.999),
        ("6 umol/(m^2)", "mol/m^2", 6e-6),
    ],
)
def test_numbers_and_texts_become_the_nearest_si_number(raw: object, unit: str, value: float) -> None:
    # Within the roundings of the products that are expected.
    assert units.read(raw, unit).value == pytest.approx(value, rel=3e-16)


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("25 degC", "K", 298.15),
        ("1 Å", "m", 1e-10),
        ("1e-14 cm²/s", "m^2/s", 1e-18),
        ("2 mA cm^-2", "A/m^2", 20.0),
        ("1 N/m^2", "Pa", 1.0),
        ("2 day", "s", 172800.0),
        ("7.5 mol/dm^3", "mol/m^3", 7500.0),
        ("-1 zJ", "eV", -1e-21 / 1.602176634e-19),
        ("0.5 mm/h", "m/s", 0.5e-3 / 3600),
        ("25 °C", "K", 298.15),
        ("4.5e21 1/dm^3", "mol/m^3", 4.5e24 / 6.02214076e23),
        ("33.4e6 pm^3", "m^3/mol", 33.4 * 6.02214076e-7),
        ("0.1 MJ/mol", "eV", 1e5 / 96485.33212331001),
    ],
)
def test_other_units_are_left_to_pint(raw: str, unit: str, value: float) -> None:
    assert units.read(raw, unit).value == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    ("raw", "unit"),
    [
        ("150 s", "m"),
        ("nm", "m"),
        ("1,5 nm", "m"),
        ("1 nm nm", "m"),
        ("0.1 coulomb", "C"),
        ("1 J/mol", "m"),
        ("-144 kJ", "mol/m^3"),
        ("C/0", "C"),
        (True, "1"),
        (None, "1"),
        (math.nan, "1"),
        (10**400, "1"),
        ("1e400 nm", "m"),
        ("9 m**9**9**9**9", "m"),
        ("1 " + "(" * 50 + "m", "m"),
        ("", "m"),
    ],
)
def test_what_is_no_such_quantity_is_refused(raw: object, unit: str) -> None:
    with pytest.raises(Refusal):
        units.read(raw, unit)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("m2/s", "m^2/s"),
        ("m**2*s**-1", "m^2/s"),
        ("m² s⁻¹", "m^2/s"),
        ("m^2 · s^-1", "m^2/s"),
        ("1/cm2", "1/cm^2"),
        ("cm\N{MINUS SIGN}2", "1/cm^2"),
        ("umol/(g min)", "umol/g/min"),
        ("µmol/g/min", "umol/g/min"),
        ("mol %", "mol%"),
        ("wt. %", "wt%"),
        ("\N{ANGSTROM SIGN}^3", "angstrom^3"),
        ("", ""),
    ],
)
def test_a_unit_has_one_spelling(text: str, spelled: str) -> None:
    assert canonical(text) == spelled


@pytest.mark.parametrize(
    "text", ["()", "(m", "m)", "m**9**9", "m^2^3", "m/0", "*", "²", "1", "m //s", "((((((m))))))"]
)
def test_what_is_no_unit_has_none(text: str) -> None:
    assert canonical(text) is None


@pytest.mark.parametrize(
    ("raw", "unit", "hint"),
    [
        ("2,69 %", "1", "with a decimal point: '2.69 %'"),
        ("4,5 nm", "m", "with a decimal point: '4.5 nm'"),
        ("1,568e-19", "m^2/s", "with a decimal point: '1.568e-19'"),
        ("0.46 mol%", "kg/kg", "a mass fraction, for example '0.46 %'"),
        ("5 A^3", "m^3/mol", "'33.4 Å^3'"),
    ],
)
def test_a_near_miss_gets_the_spelling_that_works(raw: str, unit: str, hint: str) -> None:
    with pytest.raises(Refusal) as caught:
        units.read(raw, unit)
    assert hint in caught.value.expected


def test_a_unit_with_another_zero_has_no_size() -> None:
    with pytest.raises(Refusal) as caught:
        units.scale("degC", "K")
    assert caught.value.expected == "a unit with the same zero as K"
    assert units.scale("mK", "K") == pytest.approx(1e-3, rel=1e-15)


def test_a_bare_number_is_shown_with_its_unit() -> None:
    assert units.read(1.5e-7, "m").text == "1.5e-07 m"
    assert units.read(0.22, "1").text == "0.22"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=20), st.sampled_from(sorted(units.KINDS)))
@example("1 \x00", "m")
@example("1 ²", "m")
@example("1 m/0", "m")
@example("1 ()", "m")
@example("1 *", "m")
@example("1e-999999999999999999 m", "m")
def test_any_text_is_read_or_refused(text: str, unit: str) -> None:
    for raw in (text, f"1 {text}"):
        try:
            assert math.isfinite(units.read(raw, unit).value)
        except Refusal as refusal:
            assert refusal.found
            assert refusal.expected


def test_a_shipped_scenario_needs_neither_pint_nor_the_solver() -> None:
    code = (
        "import sys; from oxyshell.scenario.loading import load; "
        "scenario = load('scenarios/lrmo-charge-with-oxygen.yaml'); "
        "sized = scenario.on(scenario.geometry()); "
        "sized.protocol(), sized.remarks(), scenario.model(); "
        "heavy = {'pint', 'dolfinx', 'petsc4py', 'mpi4py', 'matplotlib', 'scipy', 'ufl'}; "
        "assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
