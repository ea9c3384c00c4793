from __future__ import annotations

import pytest

from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT
from oxyshell.models.base.dimension import Units, in_units
from tests.lrmo import LRMO


def test_stress_coupling_of_lrmo() -> None:
    # 2 · 242.86 GPa · (7.28e-7)² · 59670 / (9 · 2478.96), by hand.
    assert LRMO.stress_coupling() == pytest.approx(0.6885, abs=5e-5)


def test_stress_coupling_has_no_unit() -> None:
    other = in_units(LRMO, Units(length=1e-7, time=3.0, amount=1e-15, stress=1e9))
    assert other.stress_coupling() == pytest.approx(LRMO.stress_coupling(), rel=1e-13)


def test_constants_of_nature_are_those_of_the_si() -> None:
    boltzmann, avogadro, charge = 1.380649e-23, 6.02214076e23, 1.602176634e-19
    assert pytest.approx(boltzmann * avogadro, rel=1e-15) == GAS_CONSTANT
    assert pytest.approx(charge * avogadro, rel=1e-15) == FARADAY_CONSTANT
