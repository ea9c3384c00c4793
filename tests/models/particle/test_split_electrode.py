"""The voltage of an electrode where occupancy and displacement are solved in turn."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oxyshell.errors import ExtensionError
from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import radial_resolution
from oxyshell.models.base.process import Unknown
from oxyshell.models.base.properties import Constant
from oxyshell.models.base.protocol import Protocol
from oxyshell.models.electrode.exchange import ElectrodeExchange
from oxyshell.models.electrode.memory import FirstOrder, Hysteresis
from oxyshell.models.electrode.potentials.formula import FormulaCurve
from oxyshell.models.electrode.process import Electrode
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.mechanics.elasticity import TransverseChemicalStrain, TransverseElasticity
from oxyshell.solver.dof_positions import order
from oxyshell.solver.march import march_on
from oxyshell.solver.settings import StrategyChoice
from tests.lrmo import CURRENT
from tests.models.particle.cycling import (
    LEVEL,
    Cell,
    bounded_by_error,
    cell,
    electrode,
    ends,
    seconds,
    step,
    volts,
)
from tests.processes import MPIEXEC, on_processes
from tests.sampling import Sampler

ROOT = Path(__file__).parents[3]
MONOLITHIC, SPLIT = StrategyChoice.MONOLITHIC, StrategyChoice.SPLIT
HALF_FULL = 0.9
CHARGE = 12000.0
# Sheets that shrink three times as much in their plane as across it: stress work differs over the surface.
LAYERED: dict[str, Any] = {
    "elasticity": TransverseElasticity(*(Constant(value) for value in (180e9, 90e9, 0.28, 0.21, 45e9))),
    "chemical_strain": TransverseChemicalStrain(Constant(3e-7), Constant(1e-7)),
}


@pytest.fixture(scope="module")
def exact() -> Cell:
    """A line, all fields at once."""
    line = radial_line(Spherical(), 0.0, radial_resolution(0.0))
    return cell(line, electrode(), MONOLITHIC, occupancy=HALF_FULL)


@pytest.fixture(scope="module")
def plane(fine_disc: ParticleMesh) -> Cell:
    return cell(fine_disc, electrode(), SPLIT, occupancy=HALF_FULL)


def charge_and_rest(exchange: ElectrodeExchange) -> list[Any]:
    return [
        step(exchange.at_current(CURRENT), seconds(CHARGE)),
        step(exchange.at_current(0.0), seconds(2000.0)),
    ]


@pytest.mark.parametrize("shape", ["fine_disc", "fine_eighth"])
def test_a_disc_and_a_solid_have_the_voltage_of_the_line(
    shape: str, exact: Cell, request: pytest.FixtureRequest
) -> None:
    body = cell(request.getfixturevalue(shape), electrode(), SPLIT, occupancy=HALF_FULL)
    # While a few elements resolve what has diffused, the mesh errs.
    times = np.linspace(0.05 * CHARGE, CHARGE, 40)
    reference = exact.voltages_at(exact.run(charge_and_rest(electrode()), 1e-7), times)
    moments = body.run(charge_and_rest(electrode()))
    assert body.voltages_at(moments, times) == pytest.approx(reference, abs=1e-4)
    # It is not the voltage that does not change.
    assert np.ptp(reference) > 0.25


def test_voltages_converge_with_the_tolerance(exact: Cell) -> None:
    line = cell(exact.system.particle, electrode(), SPLIT, occupancy=HALF_FULL)
    times = np.linspace(0.01 * CHARGE, CHARGE, 60)
    reference = exact.voltages_at(exact.run(charge_and_rest(electrode()), 1e-7), times)
    errors = [
        np.abs(line.voltages_at(line.run(charge_and_rest(electrode()), tolerance), times) - reference).max()
        for tolerance in (1e-4, 1e-5, 1e-6)
    ]
    # Of second order, with an error per step of the tolerance: by 10^(2/3) each, and within the tolerance.
    assert errors[0] < 1e-4
    assert errors[2] < errors[1] / 3 < errors[0] / 9


@pytest.mark.parametrize(
    ("shape", "kind"),
    [("line", SPLIT), ("line", MONOLITHIC), ("disc", SPLIT), ("disc", MONOLITHIC), ("eighth", SPLIT)],
)
def test_a_constant_potential_gives_the_run_without_an_electrode(
    shape: str, kind: StrategyChoice, request: pytest.FixtureRequest
) -> None:
    particle = request.getfixturevalue(shape)
    runs = []
    for exchange in (IonExchange(), electrode(LEVEL, stress=0.0)):
        body = cell(particle, exchange, kind)
        steps = [
            step(exchange.at_current(CURRENT), seconds(9000.0)),
            step(exchange.at_current(0.0), seconds(3000.0)),
            step(exchange.at_current(-CURRENT), seconds(2000.0)),
        ]
        runs.append((body, body.run(steps)))
    (without, moments), (body, others) = runs
    assert len(moments) == len(others)
    for one, other in zip(moments, others, strict=True):
        theta, same = without.system.occupancy(one.state), body.system.occupancy(other.state)
        # A unit in the last place of the voltage is 1e-11 of this current.
        assert same == pytest.approx(theta, abs=1e-10)


def test_a_current_is_kept_and_no_ion_is_lost(plane: Cell) -> None:
    exchange = electrode()
    moments = plane.run(charge_and_rest(exchange))
    for one in moments:
        if one.step > 0:
            # At rest, a unit in the last place of the voltage makes 4e-19.
            asked = CURRENT * (one.protocol_step == 0)
            assert plane.flux(one) == pytest.approx(asked, rel=1e-9, abs=1e-18)
        assert one.balance_error < 1e-12


def test_a_voltage_is_held_and_the_current_falls(plane: Cell) -> None:
    exchange = electrode()
    moments = plane.run(
        [
            step(exchange.at_current(CURRENT), volts(4.0, 1)),
            step(exchange.at_voltage(4.0), seconds(6000.0)),
        ]
    )
    held = [one for one in moments if one.protocol_step == 1 and one.step > 0]
    assert all(plane.voltage(one) == pytest.approx(4.0, abs=1e-14) for one in held)
    fluxes = [plane.flux(one) for one in held]
    # The current is continuous, and falls from then on.
    assert fluxes[0] == pytest.approx(CURRENT, rel=2e-2)
    assert np.all(np.diff(fluxes) < 0)
    assert fluxes[-1] < 0.5 * CURRENT
    # What has passed is the integral of the current.
    time, area = [one.state.time for one in held], plane.system.area * plane.system.units.length**2
    passed = held[-1].state.left - held[0].state.left
    assert np.trapezoid(fluxes, time) * area == pytest.approx(passed, rel=1e-3)


def test_the_first_moment_after_a_rest_is_at_the_current(plane: Cell) -> None:
    exchange = electrode()
    system = plane.system
    rested = plane.run(charge_and_rest(exchange))[-1].state
    plane.subject(1e-4).begin(step(exchange.at_current(5 * CURRENT), seconds(1.0)), rested, rested.time)
    entered = system.with_numbers(rested, {})
    area = system.area * system.units.length**2
    assert system.observe(entered).outflow / area == pytest.approx(5 * CURRENT, rel=1e-9)
    # Nothing but the voltage has changed.
    assert np.flatnonzero(entered.unknowns != rested.unknowns).size == 1
    afresh = replace(entered, earlier=(), age=0)
    attempt = plane.strategy.method(1e-4).attempt(afresh, 1e-6 * system.time_unit)
    assert attempt.error <= 1.0


def test_tension_at_the_surface_raises_the_voltage(plane: Cell) -> None:
    shifted, plain = (
        cell(plane.system.particle, electrode(stress=stress), SPLIT, occupancy=HALF_FULL)
        for stress in (1.0, 0.0)
    )
    moments, others = (
        one.run(charge_and_rest(electrode(stress=stress))) for one, stress in ((shifted, 1.0), (plain, 0.0))
    )
    charged, other = next(ends(moments)), next(ends(others))
    raised = shifted.voltage(charged) - plain.voltage(other)
    # Ω σ_h/F, σ_h being two thirds of the hoop stress at a free surface.
    points = Sampler(shifted.system)
    hoop = points.at_surface(points.sample(charged.state).stress.hoop)
    assert hoop > 100e6
    assert raised == pytest.approx(7.28e-7 * 2 / 3 * hoop / 96485.33, rel=0.02)


@pytest.mark.parametrize("tolerance", [1e-3, 1e-4])
def test_passes_repeat_until_the_voltage_agrees_within_a_tenth_of_the_tolerance(
    tolerance: float, disc: ParticleMesh
) -> None:
    # Stress ten times as strong as the thermal energy makes of it, so that passes matter.
    exchange = electrode(stress=10.0)
    body = cell(disc, exchange, SPLIT, occupancy=HALF_FULL, **LAYERED)
    system = body.system
    begun = step(exchange.at_current(CURRENT), seconds(1.0))
    state = body.subject(tolerance).begin(begun, system.initial_state(HALF_FULL), 0.0)
    errors = []
    for length in 200 * 1.4 ** np.arange(6):
        found = []
        for accurate in (tolerance, 1e-4 * tolerance):
            reached, method = state, body.strategy.method(accurate)
            for _ in range(3):
                reached = method.attempt(reached, length).state
            found.append(system.numbers_of(reached)["voltage"])
        errors.append(abs(found[0] - found[1]))
    assert 0 < max(errors) < 0.1 * tolerance


def test_energy_is_the_integral_of_the_voltage_over_the_charge(plane: Cell) -> None:
    moments = plane.run(charge_and_rest(electrode()), 1e-5)
    system = plane.system
    charged = next(ends(moments))
    own = [one for one in moments if one.protocol_step == 0]
    passed = [one.state.left / system.amount_unit for one in own]
    integral = np.trapezoid([plane.voltage(one) for one in own], passed)
    energy = system.numbers_of(charged.state)["energy"] * system.area
    # The first step is of first order, and so are the trapezia where the voltage bends.
    assert energy == pytest.approx(integral, rel=1e-4)


def test_a_memory_of_first_order_is_that_of_the_line(disc: ParticleMesh, exact: Cell) -> None:
    potential = Hysteresis(
        delithiation=FormulaCurve.parse("4.6 - 1.2*x"),
        lithiation=FormulaCurve.parse("4.3 - 1.2*x"),
        rule=FirstOrder(10.0),
    )
    exchange = electrode(potential)
    found = []
    for particle, kind, tolerance in ((exact.system.particle, MONOLITHIC, 1e-6), (disc, SPLIT, 1e-4)):
        body = cell(particle, exchange, kind, occupancy=HALF_FULL)
        moments = body.run(
            [
                step(exchange.at_current(CURRENT), seconds(9000.0)),
                step(exchange.at_current(-CURRENT), seconds(4000.0)),
            ],
            tolerance,
        )
        found.append(body.system.numbers_of(moments[-1].state))
    line, plane = found
    assert plane["hysteresis"] == pytest.approx(line["hysteresis"], abs=3e-4)
    assert -0.9 < line["hysteresis"] < 0.9
    # The coarse disc errs by some 1e-4 in its surface.
    assert plane["voltage"] == pytest.approx(line["voltage"], abs=1e-3)


def test_a_run_goes_on_to_the_last_bit(disc: ParticleMesh) -> None:
    exchange = electrode()
    protocol = Protocol(tuple(charge_and_rest(exchange)))
    first = cell(disc, exchange, SPLIT, occupancy=HALF_FULL)
    moments = first.run(protocol.steps)
    for stopped in (7, len(moments) - 5):
        again = cell(disc, exchange, SPLIT, occupancy=HALF_FULL)
        rest = list(march_on(again.subject(1e-4), protocol, bounded_by_error(1e-4), moments[stopped]))
        assert len(rest) == len(moments) - stopped - 1
        for one, other in zip(rest, moments[stopped + 1 :], strict=True):
            assert one.state.time == other.state.time
            assert np.array_equal(one.state.unknowns, other.state.unknowns)


def test_every_unknown_of_a_state_has_a_place_of_its_own(plane: Cell) -> None:
    positions = plane.system.dof_positions
    assert len(positions) == plane.system.initial_state(0.9).unknowns.size
    shuffled = np.random.default_rng(1).permutation(len(positions))
    assert np.array_equal(shuffled[order(positions[shuffled], positions)], np.arange(len(positions)))


class Film(Electrode):
    """An electrode with a field on the surface besides."""

    def unknowns(self, model: Any, coordinates: Any) -> tuple[Unknown, ...]:
        return (*super().unknowns(model, coordinates), Unknown("thickness"))


class Coated(ElectrodeExchange):
    def processes(self) -> tuple[Electrode, ...]:
        return (Film(),)


def test_a_law_that_brings_a_field_along_is_refused(line: ParticleMesh) -> None:
    plain = electrode()
    coated = Coated(**{name: getattr(plain, name) for name in plain.__dataclass_fields__})
    with pytest.raises(ExtensionError, match=r"the field 'thickness'.*expected numbers"):
        cell(line, coated, SPLIT)


def summary() -> dict[str, Any]:
    from tests.coarse import disc

    exchange = electrode()
    body = cell(disc.__wrapped__(), exchange, SPLIT, occupancy=HALF_FULL)  # type: ignore[attr-defined]
    last = body.run(charge_and_rest(exchange))[-1]
    comm = body.system.particle.mesh.comm
    return {
        "processes": comm.size,
        "rank": comm.rank,
        "voltage": body.voltage(last),
        "energy": body.system.numbers_of(last.state)["energy"],
        "left": last.state.left,
        "surface": last.observation.surface_occupancy,
        "balance": last.balance_error,
    }


@pytest.mark.slow
@pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own")
def test_two_processes_have_the_voltage_of_one() -> None:
    done = on_processes(2, "-m", "tests.models.particle.test_split_electrode", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    alone, together = summary(), json.loads(done.stdout.splitlines()[-1])
    assert together["processes"] == 2
    assert together["balance"] < 1e-12
    assert together["left"] == pytest.approx(alone["left"], rel=1e-12, abs=0)
    for name in ("voltage", "energy", "surface"):
        # Sums in another order can make a pass more or less of it, a tenth of the tolerance.
        assert together[name] == pytest.approx(alone[name], abs=1e-5), name


if __name__ == "__main__":
    found = summary()
    if found["rank"] == 0:
        print(json.dumps(found))
