"""Laws for the exchange current in scenarios, one from outside of the package among them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pytest

import oxyshell
from oxyshell.language.mistakes import ScenarioError
from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT
from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar
from oxyshell.models.electrode.kinetics import Kinetics
from oxyshell.models.electrode.kinetics_section import KINETICS, KineticsSection
from oxyshell.scenario.loading import loads
from tests.electrode import IDEAL, THERMAL_VOLTAGE, scenario_file
from tests.models.ufl_values import number

PROTOCOL = "[{charge: {rate: 0.1 C, until: {time: 60 s}}}]"
MOLAR_VOLUME = 20.11e-6


@dataclass(frozen=True)
class LinearExchange:
    """i0 = zF k c_s θ."""

    rate_constant: Scalar = quantity("m/s")

    def exchange_flux(self, theta: Scalar, sites: Scalar) -> Scalar:
        return self.rate_constant * sites * theta


class LinearKinetics(KineticsSection):
    """An exchange current in proportion to the content."""

    law: Literal["linear"]
    """Name of the law."""

    def model(self, charge_number: int, temperature: float) -> Kinetics:
        return LinearExchange(rate_constant=1e-9 * self.factor(temperature))


def with_kinetics(kinetics: str, temperature: str = "298.15 K") -> str:
    section = IDEAL.replace("{law: constant, exchange_current: 1 A/m^2}", kinetics)
    return scenario_file("kinetics", section, PROTOCOL, temperature=temperature)


def kinetics_of(kinetics: str, temperature: float = 298.15) -> Kinetics:
    scenario = loads(with_kinetics(kinetics, f"{temperature} K"))
    law: Kinetics = scenario.electrode.kinetics.model(1, temperature)
    return law


def test_a_rate_constant_is_scaled_with_the_electrolyte_and_the_temperature() -> None:
    text = "{law: content, rate_constant: 2e-9 m/s, electrolyte: 4 mol/l, activation: {energy: 30 kJ/mol}}"
    sites = 1.2 / MOLAR_VOLUME
    for temperature in (298.15, 318.15):
        factor = math.exp(-30e3 / GAS_CONSTANT * (1 / temperature - 1 / 298.15))
        found = number(kinetics_of(text, temperature).exchange_flux(0.5, sites))
        assert found == pytest.approx(2e-9 * 2 * sites * 0.5 * factor, rel=1e-12)


def test_an_exchange_current_is_one_per_surface() -> None:
    found = number(kinetics_of("{law: constant, exchange_current: 0.5 mA/cm^2}").exchange_flux(0.3, 1.0))
    assert found == pytest.approx(5.0 / FARADAY_CONSTANT, rel=1e-12)


def test_a_law_from_outside_is_a_class_that_is_registered() -> None:
    text = with_kinetics("{law: linear}")
    with pytest.raises(ScenarioError, match="'linear', expected one of 'constant' and 'content'"):
        loads(text)
    with KINETICS.registered(LinearKinetics):
        history = oxyshell.run(loads(text)).history
    flux = history["current_A_m2"] / FARADAY_CONSTANT
    exchange = 1e-9 * 1.2 / MOLAR_VOLUME * history["surface_occupancy"]
    expected = 2 * THERMAL_VOLTAGE * np.arcsinh(flux / exchange / 2)
    np.testing.assert_allclose(history["kinetic_overpotential_V"], expected, rtol=1e-9)
