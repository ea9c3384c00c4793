"""Titration of spheres whose diffusivity is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from oxyshell.models.electrode import gitt
from oxyshell.models.electrode.pulses import Pulse, pulses_of, without_jump
from tests.verification.closed_forms import SPHERE

RADIUS = 5e-6
DIFFUSIVITY = 1e-14
TIME = RADIUS**2 / DIFFUSIVITY
# Twice RT/F at 25 °C, V.
TWICE_THERMAL = 0.05138
# Of the fit: a tenth of what is promised; the splines through the states are off by a tenth of this.
FIT = 1e-3

# λ = tan λ: so many that the next term is below exp(−30) at 3e-8 of R²/D, where a pulse is sampled first.
_ORDERS = np.pi * np.arange(1, 12001)
_ROOTS = _ORDERS + np.pi / 2
for _ in range(15):
    _ROOTS = _ORDERS + np.arctan(_ROOTS)

type Curve = Callable[[np.ndarray], np.ndarray]


def rise(fourier: float) -> float:
    """What happens at the surface under a constant flux, by the eigenfunction series alone."""
    if fourier == 0:
        return 0.0
    return float(3 * fourier + 0.2 - 2 * np.sum(np.exp(-(_ROOTS**2) * fourier) / _ROOTS**2))


def straight(theta: np.ndarray) -> np.ndarray:
    return 4.4 - 0.9 * theta


def bent(theta: np.ndarray) -> np.ndarray:
    """A curve with a shoulder, like a layered oxide's."""
    return 4.4 - 0.8 * theta - 0.05 * np.tanh(12 * (theta - 0.55))


def no_jump(theta: np.ndarray) -> np.ndarray:
    return 0 * theta


def sampled(fourier: float, first: float = 0.0) -> np.ndarray:
    """Times of a pulse, close together where the voltage is steep, s."""
    return np.linspace(np.sqrt(first), 1, 60) ** 2 * fourier * TIME


def pulse(
    fourier: float,
    start: float = 0.7,
    step: float = -0.012,
    curve: Curve = straight,
    jump: Curve = lambda theta: np.full_like(theta, 0.004),
    first: float = 0.0,
) -> Pulse:
    """A pulse after which the sphere rests until it is even, by the eigenfunction series.

    Args:
        fourier: D τ/R².
        start: θ when it begins.
        step: Change of the mean occupancy.
        curve: U.
        jump: What the current adds, of θ at the surface.
        first: Share of its length after which it is sampled first.
    """
    time = sampled(fourier, first)
    filling = step / (fourier * TIME)
    surface = start + filling * TIME / 3 * np.array([rise(fo) for fo in time / TIME])
    relaxed = float(curve(np.array(start))), float(curve(np.array(start + step)))
    return Pulse(time, curve(surface) + jump(surface), filling, start, relaxed, rest=TIME)


@pytest.mark.parametrize("fourier", [1e-4, 1e-3, 0.0299, 0.0301, 0.1, 1.0])
def test_the_response_of_the_surface_is_the_series(fourier: float) -> None:
    # What is left out is below exp(−1/0.03) and exp(−λ13² 0.03).
    assert gitt.surface_response(np.array(fourier)) == pytest.approx(rise(fourier), rel=1e-11)


@pytest.mark.parametrize("fourier", [0.01, 0.1, 1.0])
def test_the_response_is_what_diffusion_is_verified_with(fourier: float) -> None:
    exact = SPHERE.rise(np.array([1.0]), fourier)[0]
    assert gitt.surface_response(np.array(fourier)) == pytest.approx(exact, rel=1e-9)


CHORDS = [(1e-4, 0.9824), (1e-3, 0.9450), (0.01, 0.8329), (0.05, 0.6533)]


@pytest.mark.parametrize(("fourier", "share"), CHORDS)
def test_the_chord_falls_short_by_what_is_known(fourier: float, share: float) -> None:
    # Printed digits; the voltage is a sum of numbers 100 times larger than its change.
    assert gitt.chord(pulse(fourier), RADIUS) == pytest.approx(share * DIFFUSIVITY, rel=1e-4)
    assert gitt.chord_share(fourier) == pytest.approx(share, rel=1e-4)


@pytest.mark.parametrize("step", [-0.012, 0.012])
@pytest.mark.parametrize("fourier", [1e-4, 1e-3, 0.01, 0.05, 0.3])
def test_the_fit_gives_the_diffusivity(fourier: float, step: float) -> None:
    one = pulse(fourier, step=step)
    (found,) = gitt.diffusivities([one], RADIUS)
    assert found.fitted == pytest.approx(DIFFUSIVITY, rel=1e-6)
    assert found.jump == pytest.approx(0.004, rel=1e-6)


def train(fourier: float, curve: Curve, jump: Curve) -> list[Pulse]:
    """Pulses from θ = 0.9 to 0.3."""
    return [pulse(fourier, start, curve=curve, jump=jump) for start in 0.9 - 0.012 * np.arange(50)]


@pytest.mark.parametrize("fourier", [0.01, 0.08])
def test_the_fit_follows_a_bent_open_circuit_voltage(fourier: float) -> None:
    found = gitt.diffusivities(train(fourier, bent, no_jump), RADIUS)
    known = [one.fitted / DIFFUSIVITY for one in found if one.within]
    assert len(known) > 40
    assert known == pytest.approx(np.ones(len(known)), rel=FIT)
    chords = [one.chord / DIFFUSIVITY for one in found if one.within]
    assert max(chords) < 0.99


def content_dependent(theta: np.ndarray) -> np.ndarray:
    """What Butler–Volmer adds at i/(2 i0) = −0.03 /√(θ(1 − θ)): 0.1 C of a layered oxide."""
    return TWICE_THERMAL * np.arcsinh(0.03 / np.sqrt(theta * (1 - theta)))


def test_kinetics_that_follow_the_content_are_within_the_fit() -> None:
    found = gitt.diffusivities(train(0.08, straight, content_dependent), RADIUS)
    inside = [one for one in found if one.within]
    assert [one.fitted / DIFFUSIVITY for one in inside] == pytest.approx(np.ones(len(inside)), rel=FIT)
    starts = np.array([one.occupancy for one in inside]) + 0.006
    assert [one.jump for one in inside] == pytest.approx(content_dependent(starts), rel=0.01)


@pytest.mark.parametrize("fourier", [1e-3, 0.05])
def test_a_jump_that_was_not_sampled_is_extrapolated(fourier: float) -> None:
    late, at_once = pulse(fourier, first=1e-3), pulse(fourier)
    assert late.time[0] > 0
    # √t and t are all that the response has up to 1e-4 of it in the first samples.
    assert without_jump(late) == pytest.approx(without_jump(at_once), abs=1e-5)
    assert gitt.chord(late, RADIUS) == pytest.approx(gitt.chord(at_once, RADIUS), rel=2e-3)
    diffusivity, _ = gitt.fitted(late, RADIUS, gitt.equilibrium([late]))
    assert diffusivity == pytest.approx(DIFFUSIVITY, rel=1e-6)


def test_a_jump_left_in_the_chord_is_another_diffusivity() -> None:
    one = pulse(1e-3)
    # As if the relaxed state were the first one with the current.
    left_in = replace(one, voltage=np.append(one.relaxed[0], one.voltage[1:]))
    transient = one.voltage[-1] - one.voltage[0]
    expected = (transient / (transient + 0.004)) ** 2
    assert expected < 0.95
    share = gitt.chord(left_in, RADIUS) / gitt.chord(one, RADIUS)
    assert share == pytest.approx(expected, rel=1e-9)


def test_pulses_are_found_in_a_record() -> None:
    one, other = pulse(0.05), pulse(0.05, start=0.688)
    rest = np.linspace(0, TIME, 5)
    time, current, voltage, occupancy = [np.array([0.0])], [np.zeros(1)], [np.array([one.relaxed[0]])], [0.7]
    mean = [np.array(occupancy)]
    for part in (one, other):
        begins = time[-1][-1]
        time += [begins + part.time, begins + part.duration + rest]
        # Round-off in a current is no jump.
        current += [np.full(part.time.size, 2.0) + 1e-12 * part.time, np.full(5, 1e-14)]
        voltage += [part.voltage, np.linspace(part.voltage[-1], part.relaxed[1], 5)]
        mean += [part.occupancy + part.filling * part.time, np.full(5, part.ends_at)]
    # A last current without a rest behind it.
    time.append(time[-1][-1] + one.time)
    current.append(np.full(one.time.size, 2.0))
    voltage.append(one.voltage)
    mean.append(one.occupancy + one.filling * one.time)
    record = map(np.concatenate, (time, current, voltage, mean))
    found = pulses_of(*record)
    assert [len(part.time) for part in found] == [60, 60]
    assert [part.occupancy for part in found] == pytest.approx([0.7, 0.688])
    assert [part.rest for part in found] == pytest.approx([TIME, TIME])
    assert [part.filling for part in found] == pytest.approx([one.filling, other.filling])
    assert [end for part in found for end in part.relaxed] == pytest.approx([*one.relaxed, *other.relaxed])
    estimates = gitt.diffusivities(found, RADIUS)
    assert [estimate.fitted for estimate in estimates] == pytest.approx([DIFFUSIVITY] * 2, rel=1e-6)


def test_what_a_short_rest_leaves_is_told() -> None:
    one = replace(pulse(0.05), rest=0.05 * TIME)
    (found,) = gitt.diffusivities([one], RADIUS)
    left = rise(0.1) - rise(0.05) - 3 * 0.05
    assert found.unrelaxed == pytest.approx(left / rise(0.05), rel=1e-5)
    assert any("when a rest ends" in words for words in gitt.remarks([found]))
    (rested,) = gitt.diffusivities([pulse(0.05)], RADIUS)
    assert rested.unrelaxed < 1e-6
    assert not any("when a rest ends" in words for words in gitt.remarks([rested]))


def test_long_pulses_are_told() -> None:
    (long,), (short,) = (gitt.diffusivities([pulse(fo)], RADIUS) for fo in (0.05, 0.9e-3))
    assert any("0.65 of the diffusivity" in words for words in gitt.remarks([long]))
    assert not any("chord" in words for words in gitt.remarks([short]))


def test_a_voltage_that_no_diffusivity_explains_is_told() -> None:
    flat = replace(pulse(0.05), voltage=np.full(60, 4.0))
    (found,) = gitt.diffusivities([flat], RADIUS)
    assert np.isnan(found.chord)
    assert np.isnan(found.fitted)
    assert "titration: no diffusivity fits 1 of 1 pulses" in list(gitt.remarks([found]))
