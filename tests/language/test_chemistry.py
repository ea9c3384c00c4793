from __future__ import annotations

import pytest

from oxyshell.language.chemistry import composition, molar_mass
from oxyshell.language.mistakes import Refusal


# Handbook values, with the uncertainty of the standard atomic weights they are made of.
@pytest.mark.parametrize(
    ("formula", "mass"),
    [
        ("H2O", 18.015),
        ("LiMn2O4", 180.81),
        ("LiFePO4", 157.76),
        ("Li1.20Mn0.555Ni0.158Co0.080O2", 84.805),
        ("Li(Ni0.8Mn0.1Co0.1)O2", 97.28),
        ("Ca(OH)2", 74.093),
        ("Na0.6Li0.2Mn0.7Ru0.1O2", 95.74),
        ("Mg3(Si2O5)2(OH)2", 379.27),
    ],
)
def test_molar_masses(formula: str, mass: float) -> None:
    assert molar_mass(formula) == pytest.approx(mass, abs=0.011)


def test_parentheses_multiply_and_repeated_elements_add() -> None:
    assert composition("Li(Mn(O2)0.5)2O") == {"Li": 1.0, "Mn": 2.0, "O": 3.0}


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Li[Li0.2Mn0.54Ni0.13Co0.13]O2", "Li1.2Mn0.54Ni0.13Co0.13O2"),
        ("Li [Li0.2 Mn0.54 Ni0.13 Co0.13] O2", "Li1.2Mn0.54Ni0.13Co0.13O2"),
        ("{Li}[Mn2]O4", "LiMn2O4"),
        ("LiCoO₂", "LiCoO2"),
        ("Li₁.₂Mn₀.₈O₂", "Li1.2Mn0.8O2"),
        ("Li4/3Ti5/3O4", "Li1.333333333333333Ti1.666666666666667O4"),
        ("NaNi1/3Fe1/3Mn1/3O2", "NaNi0.333333333333333Fe0.333333333333333Mn0.333333333333333O2"),
        ("(NiMnCo)1/3Li1O2", "LiNi0.333333333333333Mn0.333333333333333Co0.333333333333333O2"),
        ("0.5Li2MnO3·0.5LiCoO2", "Li1.5Mn0.5Co0.5O2.5"),
        ("FePO4·2H2O", "FePH4O6"),
    ],
)
def test_the_spellings_of_the_field_are_read(written: str, plain: str) -> None:
    expected = composition(plain)
    assert composition(written) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    "text",
    ["Li1-xCoO2", "LiNi1/0O2", "Li+", "Li[CoO2", "LiCo]O2", "LiNixO2", "0.5·LiCoO2", "LiCoO2·", "Li1/O2"],
)
def test_formulas_that_leave_something_open_are_refused_with_what_works(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        composition(text)
    assert "NaNi1/3Fe1/3Mn1/3O2" in caught.value.expected or "an element symbol" in caught.value.expected


@pytest.mark.parametrize(
    "text", ["", "Li(", "Li)", "()", "li", "Li1.2.3", "Li2+", "Xx", "2Li", "H" * 300, "Li0"]
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        composition(text)


def test_a_misspelt_element_gets_a_suggestion() -> None:
    with pytest.raises(Refusal) as caught:
        composition("LiMa2O4")
    assert caught.value.found == "the unknown element 'Ma'"
