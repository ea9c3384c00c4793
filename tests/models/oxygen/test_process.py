"""Oxygen as a following system: its drive, units and error norm; solutions are in tests/verification."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from oxyshell.models.base.properties import Constant, FormulaProperty
from oxyshell.models.oxygen.model import LiOLiContent, OverOxidation, Reuse
from oxyshell.models.oxygen.process import OxygenTransport
from oxyshell.solver.driving import Forcing
from oxyshell.solver.integrators.rosenbrock import Rosenbrock
from oxyshell.solver.state import State
from tests.oxygen import FULL, HOST, INITIAL, RADIUS, Vessel, oxygen, velocity
from tests.surface_laws import SEALED, SITE_DENSITY, closed_sink, open_surface

SECONDS = 2000.0
VOLUME = 4 / 3 * math.pi * RADIUS**3
AREA = 4 * math.pi * RADIUS**2
SITES = HOST.site_density * HOST.molar_volume
SOURCE = OverOxidation(
    onset=0.1, rate=2e-3, content=LiOLiContent(bulk=0.842, deficient=0.755, deficiency=0.22)
)
CLOSED = oxygen(SEALED, initial=0.0, source=SOURCE)


@pytest.fixture(scope="module")
def vessel() -> Vessel:
    return Vessel(CLOSED)


def charge(vessel: Vessel, time: float, extracted: float) -> Forcing:
    return vessel.drive(time, FULL - extracted / SITES, extracted)


def stepped(vessel: Vessel, before: Forcing, after: Forcing, steps: int) -> State:
    """Equal steps without control."""
    system = vessel.system
    system.update(CLOSED)
    system.drive(before, after)
    method = Rosenbrock(system, 1.0)
    state = system.start_of(system.initial_state())
    for _ in range(steps):
        state = method.attempt(state, (after.time - before.time) / steps).state
    return state


# A drive.


def test_a_source_that_is_driven_linearly_in_time_is_followed_with_order_four(vessel: Vessel) -> None:
    # r' = k (p0 + p1 t − r), without ∂f/∂t of the drive the order would be 1.
    ends = charge(vessel, 0.0, 0.3), charge(vessel, SECONDS, 0.9)
    p0, p1, k = 0.2 / 4 / HOST.molar_volume, 0.6 / SECONDS / 4 / HOST.molar_volume, SOURCE.rate
    exact = VOLUME * (p0 + p1 * SECONDS - p1 / k - (p0 - p1 / k) * math.exp(-k * SECONDS))
    errors = [
        abs(vessel.system.contents(stepped(vessel, *ends, steps))["released"] / exact - 1)
        for steps in (16, 32)
    ]
    assert errors[1] < 1e-8
    assert math.log2(errors[0] / errors[1]) == pytest.approx(4.0, abs=0.3)


def test_a_drive_begins_at_its_own_start_whatever_the_one_before_left(vessel: Vessel) -> None:
    system = vessel.system
    system.update(CLOSED)
    low, high = charge(vessel, 0.0, 0.0), charge(vessel, SECONDS, 1.0)
    unknowns = system.initial_state().unknowns

    def at(time: float) -> np.ndarray:
        system.set_time(time)
        rate: np.ndarray = system.part(system.rate(unknowns), "released")
        return rate

    system.drive(low, high)
    # Its own start, before any time is set.
    assert not system.part(system.rate(unknowns), "released").any()
    at_end = at(SECONDS)
    assert not at(0.0).any()
    # A quarter of an ion per formula unit is out, of which an onset of a tenth releases nothing.
    assert at(SECONDS / 4) == pytest.approx(at_end * 0.15 / 0.9, rel=1e-12)
    # k p, p of one ion per formula unit, over the particle.
    flowing = SOURCE.rate * 0.9 / 4 / HOST.molar_volume * VOLUME
    assert at_end.sum() * system.amount_unit / system.time_unit == pytest.approx(flowing, rel=1e-12, abs=0)
    system.drive(replace(high, time=0.0), replace(low, time=SECONDS))
    assert system.part(system.rate(unknowns), "released") == pytest.approx(at_end, rel=1e-12)
    assert at(0.0) == pytest.approx(at_end, rel=1e-12)
    assert not at(SECONDS).any()
    # A state that ends one drive begins the next.
    old = State(SECONDS, unknowns, 3.0, group="oxygen")
    again = system.start_of(old)
    assert (again.time, again.left, again.group) == (SECONDS, 3.0, "oxygen")
    assert np.array_equal(again.unknowns, unknowns)


def test_the_slope_in_time_is_that_of_the_drive_and_leaves_its_time_alone(vessel: Vessel) -> None:
    system = vessel.system
    system.update(CLOSED)
    # Beyond the onset at both ends, the source is linear in time, and its difference over any time exact.
    system.drive(charge(vessel, 0.0, 0.3), charge(vessel, SECONDS, 0.9))
    unknowns = system.initial_state().unknowns
    system.set_time(0.25 * SECONDS)
    before = system.rate(unknowns)
    slope, outward = system.time_slope(unknowns, 1e-3 * SECONDS / system.time_unit)
    assert np.array_equal(system.rate(unknowns), before)
    # k dp/dt over the particle, of 0.6 ions per formula unit in `SECONDS`.
    growing = SOURCE.rate * 0.6 / SECONDS / 4 / HOST.molar_volume * VOLUME
    found = system.part(np.asarray(slope), "released").sum() * system.amount_unit / system.time_unit**2
    assert found == pytest.approx(growing, rel=1e-9, abs=0)
    still = charge(vessel, 0.0, 0.3)
    system.drive(still, replace(still, time=SECONDS))
    assert outward == 0.0  # nothing leaves
    assert system.time_slope(unknowns, 1.0) == (0.0, 0.0)


# Units, observation, error.


def test_in_its_own_units_radius_diffusion_time_and_reference_content_are_one() -> None:
    model = oxygen(fourier=0.2)
    units = OxygenTransport().units(model)
    assert units.length == RADIUS
    assert units.time == pytest.approx(2400.0 / 0.2, rel=1e-14)
    assert units.amount / units.length**3 == pytest.approx(INITIAL, rel=1e-14)
    # D of the particle as made.
    falling = replace(model.transport, bulk=FormulaProperty.parse("1 - 0.5*theta", 1e-18))
    slower = OxygenTransport().units(replace(model, transport=falling))
    assert slower.time == pytest.approx(RADIUS**2 / (1e-18 * (1 - 0.5 * FULL)), rel=1e-14)


def test_what_is_observed_is_in_moles_and_seconds(vessel: Vessel) -> None:
    transfer = velocity(2.0, 0.15)
    system = vessel.system
    system.update(oxygen(open_surface(transfer), source=SOURCE))
    seen = vessel.observe(system.initial_state())
    assert seen.lattice == pytest.approx(INITIAL * VOLUME, rel=1e-12, abs=0)
    assert seen.surface == pytest.approx(INITIAL, rel=1e-12)
    assert seen.leaving == pytest.approx(transfer * INITIAL * AREA, rel=1e-12, abs=0)
    assert (seen.captured, seen.generated, seen.filling, seen.fullest) == (0.0, 0.0, 0.0, 0.0)


def test_a_sink_s_content_is_that_of_its_area(vessel: Vessel) -> None:
    sink = closed_sink(2, velocity(1.0, 0.15), energy=-0.9)
    system = vessel.system
    system.update(oxygen(sink, source=SOURCE))
    empty = system.initial_state()
    unknowns = empty.unknowns.copy()
    half = 0.5 * 2 * SITE_DENSITY * system.units.length**2 / system.units.amount
    unknowns[system.fields.rows["captured"]] = half
    unknowns[system.fields.rows["mobile"]] = 0.0
    seen = vessel.observe(replace(empty, unknowns=unknowns))
    assert seen.captured == pytest.approx(SITE_DENSITY * AREA, rel=1e-12, abs=0)
    assert (seen.filling, seen.fullest) == pytest.approx((0.5, 0.5), rel=1e-12)
    assert seen.leaving == pytest.approx(sink.exchange.desorption * SITE_DENSITY * AREA, rel=1e-12, abs=0)


def test_errors_are_shares_of_the_reference_content_and_of_the_capacity(vessel: Vessel) -> None:
    system = vessel.system
    system.update(oxygen(closed_sink(2, velocity(1.0, 0.15)), initial=2e4, source=SOURCE))
    units = {"mobile": 1.0, "released": 1.0, "captured": 2 * SITE_DENSITY / (2e4 * RADIUS)}
    for name, unit in units.items():
        increment = np.zeros(system.size)
        increment[system.fields.rows[name][0]] = -3e-3 * unit
        assert system.error_norm(increment) == pytest.approx(3e-3, rel=1e-12)


def test_another_model_of_the_same_kind_is_taken_over(vessel: Vessel) -> None:
    others = [
        oxygen(closed_sink(1, 1e-9), source=SOURCE, reuse=Reuse(rate=1e-3, below=0.4)),
        oxygen(open_surface(1e-9), source=replace(SOURCE, onset=0.2), fourier=0.3),
    ]
    assert all(vessel.system.accepts(other) for other in others)
    assert not vessel.system.accepts(oxygen())  # another source
    table = replace(CLOSED.transport, layer=FormulaProperty.parse("theta", 1e-18))
    assert not vessel.system.accepts(replace(CLOSED, transport=table))
    assert vessel.system.accepts(replace(CLOSED, transport=replace(CLOSED.transport, layer=Constant(9.0))))
    kept = [vessel.keep(model).retention for model in others]
    assert kept == [Vessel(model).keep(model).retention for model in others]


def test_where_nothing_is_released_its_field_has_no_unknowns() -> None:
    idle = Vessel(oxygen())
    cells = idle.particle.mesh.topology.index_map(1).size_local
    # The mobile content has degree 3, and the surface of a line is a point.
    sizes = {name: rows.size for name, rows in idle.system.fields.rows.items()}
    assert sizes == {"mobile": 3 * cells + 1, "released": 0, "captured": 1}
    assert idle.system.degrees_of_freedom == 3 * cells + 2
    # No content of it is counted either.
    assert idle.system.contents(idle.system.initial_state())["released"] == 0.0
    # One degree less than the mobile content's, in cells: three values each.
    reacting = Vessel(CLOSED).system
    assert {name: rows.size for name, rows in reacting.fields.rows.items()} == {
        **sizes,
        "released": 3 * cells,
    }
