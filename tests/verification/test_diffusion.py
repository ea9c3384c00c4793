"""Diffusion in a sphere, a cylinder and a plate against the eigenfunction series."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.resolution import radial_resolution
from oxyshell.models.base.protocol import TIME, Protocol, ProtocolStep, Stop
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.particle.strategies import choose
from oxyshell.solver.march import march
from oxyshell.solver.marchable import Marchable
from oxyshell.solver.settings import Discretisation, StepControl
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.verification import closed_forms
from tests.verification.closed_forms import CYLINDER, PLATE, SHAPES, SPHERE, Shape
from tests.verification.exact import exact_row
from tests.verification.particles import (
    DIFFUSION_TIME,
    DIFFUSIVITY,
    DROP,
    OCCUPANCY,
    RADIUS,
    SITES,
    charged,
    held,
)

BOUND = 1e-3
CRANK = "series, Crank 1975"
HELD_AT = (0.01, 0.05, 0.1, 0.2, 0.4)
CHARGED_AT = (0.05, 0.1, 0.2, 0.5)
ENDS = np.array([0.0, 1.0])
# Printed in the physics brief, section 5.
PRINTED_REMAINING = {
    "sphere": (0.691486, 0.393060, 0.229521, 0.084504, 0.011731),
    "cylinder": (0.784526, 0.547879, 0.394176, 0.217852, 0.068431),
    "plate": (0.887162, 0.747687, 0.643177, 0.495912, 0.302118),
}
PRINTED_RISE = [
    (SPHERE, 0.05, 0.003424, 0.312165),
    (SPHERE, 0.1, 0.059878, 0.486762),
    (SPHERE, 0.2, 0.308037, 0.798253),
    (SPHERE, 0.5, 1.200019, 1.699996),
    (CYLINDER, 0.1, 0.026922, 0.418326),
    (CYLINDER, 0.2, 0.167938, 0.642770),
    (CYLINDER, 0.5, 0.750219, 1.249912),
    (PLATE, 0.1, 0.007885, 0.356826),
    (PLATE, 0.2, 0.061464, 0.505165),
    (PLATE, 0.5, 0.334791, 0.831876),
]
PRINTED_ROBIN = {0.1: 0.956693, 1: 0.681103, 10: 0.228707, 100: 0.147148}
HALF_A_DIGIT = 0.6e-6

of_every_shape = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)


@of_every_shape
def test_the_series_give_the_printed_shares(shape: Shape) -> None:
    series = [shape.remaining(fo) for fo in HELD_AT]
    assert series == pytest.approx(PRINTED_REMAINING[shape.name], abs=HALF_A_DIGIT)


@pytest.mark.parametrize(("shape", "fo", "centre", "surface"), PRINTED_RISE)
def test_the_series_give_the_printed_rises(shape: Shape, fo: float, centre: float, surface: float) -> None:
    assert shape.rise(ENDS, fo) == pytest.approx([centre, surface], abs=HALF_A_DIGIT)


@of_every_shape
def test_what_remains_under_a_fixed_surface_value(shape: Shape, bench: SimulationCache, record: Any) -> None:
    result = bench.run(held(shape.name, HELD_AT, tolerance=1e-5))
    time, content = result.history["time_s"], result.history["mean_occupancy"]
    for fo in HELD_AT:
        (found,) = content[time == fo * DIFFUSION_TIME]
        share, series = (found - 0.1) / (OCCUPANCY - 0.1), shape.remaining(fo)
        figure = f"share that remains at Fo = {fo:g}"
        record(exact_row(f"diffusion, {shape.name}, surface held", CRANK, figure, share, series, BOUND))
        assert share == pytest.approx(series, rel=BOUND)


@of_every_shape
def test_profiles_under_a_constant_flux(shape: Shape, bench: SimulationCache) -> None:
    profiles = bench.run(charged(shape.name, CHARGED_AT, tolerance=1e-6)).profiles
    for fo, occupancy in zip(CHARGED_AT, profiles["occupancy"][1:], strict=True):
        exact = shape.rise(profiles.radius_m / RADIUS, fo)
        assert np.abs((OCCUPANCY - occupancy) / DROP - exact).max() < BOUND * exact.max()


@of_every_shape
def test_centre_and_surface_under_a_constant_flux(shape: Shape, bench: SimulationCache, record: Any) -> None:
    # At Fo = 0.05 hardly anything has reached the centre, a hundredth of what has happened at the surface: to
    # have a thousandth of that, the wide elements of the default mesh around the centre are halved.
    scenario = charged(shape.name, CHARGED_AT, tolerance=1e-6)
    profiles = bench.run(scenario.with_values({"numerics.elements.bulk": 24})).profiles
    for fo, occupancy in zip(CHARGED_AT, profiles["occupancy"][1:], strict=True):
        found = (OCCUPANCY - occupancy[[0, -1]]) / DROP
        series = shape.rise(ENDS, fo)
        for place, computed, exact in zip(("centre", "surface"), found, series, strict=True):
            figure = f"(c − c0) D/(F R), {place}, at Fo = {fo:g}"
            equation = f"diffusion, {shape.name}, constant flux"
            record(exact_row(equation, CRANK, figure, computed, exact, BOUND))
        assert found == pytest.approx(series, rel=BOUND)


@pytest.fixture(scope="module")
def robin() -> dict[float, float]:
    """Shares left at Fo = 0.15 by the transfer number L; the scenario language has no such surface."""
    model = charged("sphere", (1.0,), tolerance=1e-6).model()
    strategy = choose(radial_line(Spherical(), 0.0, radial_resolution(0.0)), model, Discretisation())
    system = strategy.system
    left = {}
    for number in PRINTED_ROBIN:
        exchange = IonExchange(transfer=number * DIFFUSIVITY / RADIUS, target=0.0)
        system.update(replace(model, exchange=exchange))
        end = Stop(TIME, 0.15 * DIFFUSION_TIME)
        subject = Marchable(
            method=strategy.method(1e-6),
            observe=system.observe,
            begin=lambda _step, state, _began: state,
            initial=system.initial_state(OCCUPANCY),
            diffusion_time=DIFFUSION_TIME,
            formula_units=SITES,
            sites=system.observe(system.initial_state(1.0)).content,
        )
        moments = list(
            march(subject, Protocol((ProtocolStep("robin", exchange, (end,)),)), StepControl(1e-6))
        )
        left[number] = moments[-1].observation.content / moments[0].observation.content
    return left


@pytest.mark.parametrize("number", PRINTED_ROBIN)
def test_what_remains_in_a_sphere_that_loses_in_proportion(
    number: float, robin: dict[float, float], record: Any
) -> None:
    series = closed_forms.robin_remaining(number, 0.15)
    assert series == pytest.approx(PRINTED_ROBIN[number], abs=HALF_A_DIGIT)
    figure = f"share that remains at Fo = 0.15, L = {number:g}"
    record(exact_row("diffusion, sphere, Robin surface", CRANK, figure, robin[number], series, BOUND))
    assert robin[number] == pytest.approx(series, rel=BOUND)
