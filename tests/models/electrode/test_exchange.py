"""Butler–Volmer kinetics, films and controls, as functions of a point on the surface."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from oxyshell.models.base.constants import FARADAY_CONSTANT
from oxyshell.models.electrode.control import Control
from oxyshell.models.electrode.film import NoFilm, OhmicFilm
from oxyshell.models.electrode.kinetics import ConstantExchange, ContentExchange
from oxyshell.models.electrode.memory import Single
from tests.electrode import THERMAL_VOLTAGE, ideal_curve, law
from tests.models.ufl_values import number

SITES = 59670.0
OMEGA = 7.28e-7
"""Partial molar volume of the pristine particle, m³/mol."""
AT_1C = 0.0527132024
"""Current per surface of LRMO at 1 C, R = 150 nm, A/m²."""


def at(voltage: float, theta: float = 0.5, work: float = 0.0) -> Mapping[str, Any]:
    return {"occupancy": theta, "stress_work": work, "voltage": voltage}


def voltage_of(exchange: Any, flux: float, theta: float = 0.5, work: float = 0.0) -> float:
    """V that drives a flux."""

    def miss(voltage: float) -> float:
        return number(exchange.outward_flux(at(voltage, theta, work), SITES)) - flux

    return float(brentq(miss, 0.0, 8.0, xtol=1e-15))


@pytest.mark.parametrize(
    ("exchange_current", "millivolts"),
    [(1.0, (0.1354, 1.354, 6.752)), (0.1, (1.354, 13.391, 55.973)), (0.01, (13.391, 87.173, 168.192))],
)
def test_the_overpotential_is_that_of_butler_and_volmer(
    exchange_current: float, millivolts: tuple[float, ...]
) -> None:
    exchange = law(kinetics=ConstantExchange(flux=exchange_current / FARADAY_CONSTANT))
    for rate, expected in zip((0.1, 1.0, 5.0), millivolts, strict=True):
        eta = 1e3 * (voltage_of(exchange, rate * AT_1C / FARADAY_CONSTANT) - 3.9)
        # The numbers have four digits.
        assert eta == pytest.approx(expected, rel=4e-4)


def test_charge_and_discharge_are_opposite() -> None:
    exchange, flux = law(), AT_1C / FARADAY_CONSTANT
    up, down = (voltage_of(exchange, sign * flux) - 3.9 for sign in (1, -1))
    assert up > 0
    assert down == pytest.approx(-up, rel=1e-9)


def test_tension_at_the_surface_raises_the_voltage_of_equilibrium() -> None:
    # μ = −F U − Ωσ_h, and V_eq = −μ/F.
    for pressure in (378e6, -378e6):
        work = OMEGA * pressure / (THERMAL_VOLTAGE * FARADAY_CONSTANT)
        mu = -FARADAY_CONSTANT * 3.9 - OMEGA * pressure
        assert voltage_of(law(), 0.0, work=work) == pytest.approx(-mu / FARADAY_CONSTANT, abs=1e-12)
    assert pytest.approx(2.85, rel=0.01) == 1e3 * OMEGA * 378e6 / FARADAY_CONSTANT
    assert voltage_of(law(work_voltage=0.0), 0.0, work=0.1) == pytest.approx(3.9, abs=1e-12)


def test_the_content_counts_exchangeable_sites() -> None:
    exchange = law()
    assert exchange.content(1.0) == pytest.approx(1.0)
    assert exchange.content(0.175) == pytest.approx(0.01)
    assert exchange.content(1 / 6) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("share", [1e-9, 1e-6, 1e-3, 1.0, 1e3, 1e6])
def test_a_film_leaves_the_reaction_its_drive(share: float) -> None:
    film = OhmicFilm(resistance=share * THERMAL_VOLTAGE)
    for drive in (*np.linspace(-40, 40, 41).tolist(), 1e-9, -1e-9):
        y = number(film.reaction_drive(drive, 1.0, THERMAL_VOLTAGE))
        # y + c sinh y = s, to the round-off of its largest term.
        assert y + share * math.sinh(y) == pytest.approx(drive, rel=1e-13, abs=1e-18)


def test_a_film_takes_its_resistance_times_the_current() -> None:
    resistance, current = 0.02, AT_1C
    film = OhmicFilm(resistance=resistance * FARADAY_CONSTANT)
    bare, filmed = (voltage_of(law(film=film), current / FARADAY_CONSTANT) for film in (NoFilm(), film))
    assert filmed - bare == pytest.approx(resistance * current, rel=1e-9)
    assert number(film.voltage(current / FARADAY_CONSTANT)) == pytest.approx(resistance * current)
    assert number(NoFilm().voltage(1.0)) == 0.0


def test_an_exchange_current_that_depends_on_the_content_ends_at_full_and_empty() -> None:
    kinetics = ContentExchange(rate_constant=2e-9)
    assert number(kinetics.exchange_flux(0.5, SITES)) == pytest.approx(2e-9 * SITES / 2)
    assert number(kinetics.exchange_flux(0.1, SITES)) == pytest.approx(2e-9 * SITES * 0.3)
    # Compiled, it is not a number there; of numbers, an imaginary one.
    assert complex(kinetics.exchange_flux(1.0 + 1e-9, SITES)).real == 0.0


def test_a_current_is_kept_where_the_potential_ends_it_and_falls_where_none_does() -> None:
    constant = law().at_current(3e-7)
    for theta, share in ((0.5, 1.0), (5e-4, 1 - 0.5**3)):
        voltage = 3.9 + 2 * THERMAL_VOLTAGE * math.asinh(3e-7 * FARADAY_CONSTANT / 2)
        fields = at(voltage, theta)
        assert number(constant.outward_flux(fields, SITES)) == pytest.approx(3e-7 * share, rel=1e-12)
        assert abs(number(constant.residual(fields, SITES))) < 1e-12 * 3e-7
    bounded = law(potential=Single(ideal_curve()), exchangeable=1.2).at_current(3e-7)
    voltage = voltage_of(bounded, 3e-7, 5e-4)
    assert number(bounded.residual(at(voltage, 5e-4), SITES)) == pytest.approx(0.0, abs=1e-18)


def test_a_control_is_one_residual() -> None:
    assert Control.of_current(2.0).residual(2.5, 1.0, 4.0) == 0.5
    assert Control.of_voltage(4.0).residual(2.5, 1.0, 4.25) == 0.25
    assert law().at_current(-2.0).set_flux == -2.0
    assert law().at_voltage(4.0).set_flux == 0.0
    assert law().at_voltage(4.0).at_current(1.0).set_flux == 1.0


def test_a_current_follows_its_course_and_stays_after_it() -> None:
    exchange = law().following((0.0, 10.0, 20.0), (0.0, 2.0, -2.0))
    found = [exchange.at_time(time).set_flux for time in (0.0, 5.0, 10.0, 15.0, 17.5, 20.0, 30.0)]
    assert found == [0.0, 1.0, 2.0, 0.0, -1.0, -2.0, -2.0]
    assert law().at_time(5.0) == law()


def test_a_full_or_empty_surface_is_an_end_where_the_potential_is_a_curve() -> None:
    assert law().last_ends(1) == ()
    bounded = law(potential=Single(ideal_curve()))
    (empty,), (full,) = bounded.last_ends(1), bounded.last_ends(-1)
    assert (empty.rises, full.rises) == (-1, 1)
    assert empty.value == pytest.approx(1 / 6, abs=1e-5)
    assert full.value == pytest.approx(1.0, abs=1e-5)
    assert bounded.last_ends(0) == (empty, full)
