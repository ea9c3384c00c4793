from __future__ import annotations

import pytest

from oxyshell.inputs.chemistry import composition, molar_mass
from oxyshell.inputs.mistakes import Refusal


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
    "text", ["", "Li(", "Li)", "()", "li", "Li1.2.3", "Li2+", "Xx", "2Li", "H" * 300, "Li0"]
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        composition(text)


def test_a_misspelt_element_gets_a_suggestion() -> None:
    with pytest.raises(Refusal) as caught:
        composition("LiMa2O4")
    assert caught.value.found == "the unknown element 'Ma'"
