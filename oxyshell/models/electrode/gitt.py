"""Diffusivities of a sphere from galvanostatic intermittent titration: pulses of current between rests.

In units of R²/D and of N R/(D c_s) the surface of a sphere through which a constant flux N passes moves by
s(Fo) = 3 Fo + 1/5 − 2 Σ exp(−λ_k² Fo)/λ_k², λ = tan λ (Crank, The Mathematics of Diffusion, 1975, chapter 6).

Weppner & Huggins (J. Electrochem. Soc. 124 (1977) 1569) have s ≈ 2 √(Fo/π), the chord from the start of the
pulse to its end as its slope, and U straight between the two relaxed states:
D = 4/(π τ) (R/3)² (ΔE_s/ΔE_t)². That is 4 Fo/(π s²) of the true D, Fo = D τ/R²: 0.982, 0.945, 0.833, 0.653 at
Fo = 1e-4, 1e-3, 0.01, 0.05. The fit of the exact response has s as it is, and U as all relaxed states
together give it.

What kinetics and films add to the voltage is no part of ΔE_t: the chord begins at the voltage right after the
current is switched on, found from √t → 0 where it was not sampled then. For the fit this jump is a function
of θ at the surface, known from the starts of all pulses, where the particle is even; its value in the pulse
itself is an unknown beside D.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oxyshell.models.electrode.pulses import Pulse, without_jump

type Array = NDArray[np.float64]
type Curve = Callable[[Array], Array]
"""A number of the occupancy θ."""

CHORD_UP_TO = 1e-3
"""D τ/R² up to which the chord gives D to 6 %."""
RELAXED_WITHIN = 0.01
"""Share of a pulse's change at the surface that may be left when the rest behind it ends."""

# Below, 1 − s is without images of the centre, which are smaller than exp(−1/Fo).
_EARLY = 0.03
# Terms of the series: the next one is exp(−λ² Fo) < 1e-15 there.
_TERMS = 12


@dataclass(frozen=True)
class Diffusivities:
    """Diffusivities that a pulse gives.

    Attributes:
        occupancy: Mean occupancy in the middle of the pulse.
        chord: D by the √t chord, m²/s.
        fitted: D by the fit of the exact response, m²/s; not a number where no fit was found.
        jump: Voltage that the current adds when it is switched on, by the fit, V.
        fourier: D τ/R² of the pulse, by the fit.
        unrelaxed: Share of the change at the surface that is left when the rest ends, by the fit.
        within: Whether the surface stays, by the fit, on this side of the last relaxed state but one: U is
            less well known in the last interval, and extrapolated beyond.
    """

    occupancy: float
    chord: float
    fitted: float
    jump: float
    fourier: float
    unrelaxed: float
    within: bool


def surface_response(fourier: Array) -> Array:
    """Return s(Fo), the change at the surface of a sphere under a constant flux, in N R/(D c_s).

    Args:
        fourier: Fo = D t/R², not negative, of any shape.
    """
    from scipy.special import erf

    fourier = np.asarray(fourier, dtype=float)
    root = np.sqrt(np.minimum(fourier, _EARLY))
    early: Array = np.exp(root**2) * (1 + erf(root)) - 1
    eigenvalues = _eigenvalues()
    decay = np.exp(-(eigenvalues**2) * np.maximum(fourier, _EARLY)[..., None]) / eigenvalues**2
    late = 3 * fourier + 0.2 - 2 * decay.sum(axis=-1)
    response: Array = np.where(fourier < _EARLY, early, late)
    return response


def _eigenvalues() -> Array:
    """The first λ = tan λ > 0, by λ ← kπ + arctan λ, which gains a digit each time."""
    orders: Array = np.pi * np.arange(1.0, _TERMS + 1)
    values: Array = orders + np.pi / 2
    for _ in range(20):
        values = np.add(orders, np.arctan(values))
    return values


def chord(pulse: Pulse, radius: float) -> float:
    """D by the √t chord, m²/s: D = 4/(π τ) (R/3)² (ΔE_s/ΔE_t)².

    Args:
        pulse: The pulse.
        radius: R of the sphere, m.
    """
    before, after = pulse.relaxed
    transient = pulse.voltage[-1] - without_jump(pulse)
    if transient == 0:
        return float("nan")
    share = (after - before) / transient
    return float(4 / (np.pi * pulse.duration) * (radius / 3) ** 2 * share**2)


def chord_share(fourier: float) -> float:
    """D by the chord over the true D where U is linear: 4 Fo/(π s²)."""
    response = float(surface_response(np.array(fourier)))
    return 4 * fourier / (np.pi * response**2)


def equilibrium(pulses: Sequence[Pulse]) -> Curve:
    """U of θ through the relaxed states before and after pulses.

    Args:
        pulses: One or more, in any order.
    """
    states = {pulse.occupancy: pulse.relaxed[0] for pulse in pulses}
    # The state behind a pulse is the one before the next one, to round-off.
    begins = np.array(sorted(states))
    for pulse in pulses:
        if np.abs(begins - pulse.ends_at).min() > 1e-3 * abs(pulse.ends_at - pulse.occupancy):
            states[pulse.ends_at] = pulse.relaxed[1]
    return _through(states)


def resistance(pulses: Sequence[Pulse]) -> Curve:
    """Jump of the voltage over the filling rate, of θ, through the starts of pulses.

    Args:
        pulses: One or more, in any order.
    """
    return _through(
        {pulse.occupancy: (without_jump(pulse) - pulse.relaxed[0]) / pulse.filling for pulse in pulses}
    )


def _through(points: Mapping[float, float]) -> Curve:
    """A cubic spline, straight beyond its ends; straight lines through fewer than four points."""
    from scipy.interpolate import make_interp_spline

    places = np.array(sorted(points))
    values = np.array([points[one] for one in places])
    if places.size == 1:
        return lambda theta: np.full_like(theta, values[0])
    spline = make_interp_spline(places, values, k=3 if places.size > 3 else 1)
    slope = spline.derivative()

    def curve(theta: Array) -> Array:
        inside = np.clip(theta, places[0], places[-1])
        found: Array = spline(inside) + slope(inside) * (theta - inside)
        return found

    return curve


def surface_occupancy(pulse: Pulse, radius: float, diffusivity: float) -> Array:
    """θ at the surface during a pulse that begins where all is even, shape (samples,).

    Args:
        pulse: The pulse.
        radius: R, m.
        diffusivity: D, m²/s.
    """
    time = radius**2 / diffusivity
    occupancy: Array = pulse.occupancy + pulse.filling * time / 3 * surface_response(pulse.time / time)
    return occupancy


def fitted(pulse: Pulse, radius: float, loaded: Curve) -> tuple[float, float]:
    """D, m²/s, and an offset, V, with which the curve at the surface is closest to the voltage.

    Args:
        pulse: The pulse, with three samples or more.
        radius: R, m.
        loaded: Voltage of θ at the surface while the current flows, but for the offset.

    Returns:
        Not numbers where no diffusivity within a factor of 1000 of the chord's fits.
    """
    from scipy.optimize import least_squares

    guess = chord(pulse, radius)
    if not np.isfinite(guess) or guess <= 0:
        return float("nan"), float("nan")

    def left(logarithm: float) -> Array:
        """Voltage less that of the curve."""
        found: Array = pulse.voltage - loaded(surface_occupancy(pulse, radius, np.exp(logarithm)))
        return found

    def residual(unknown: Array) -> Array:
        found = left(unknown[0])
        spread: Array = (found - found.mean()) / np.ptp(pulse.voltage)
        return spread

    start, reach = np.log(guess), np.log(1e3)
    tolerances = {"xtol": 1e-12, "ftol": 1e-12, "gtol": 1e-12}
    found = least_squares(residual, [start], bounds=(start - reach, start + reach), **tolerances)
    if not found.success or found.active_mask[0]:
        return float("nan"), float("nan")
    return float(np.exp(found.x[0])), float(left(found.x[0]).mean())


def diffusivities(pulses: Sequence[Pulse], radius: float) -> tuple[Diffusivities, ...]:
    """Diffusivities of each pulse; those in one direction, one after the other, share their curves.

    Args:
        pulses: In order.
        radius: R, m.
    """
    rows = [tuple(row) for _, row in itertools.groupby(pulses, key=lambda pulse: pulse.filling > 0)]
    return tuple(found for row in rows for found in _one_way(row, radius))


def _one_way(pulses: Sequence[Pulse], radius: float) -> Iterator[Diffusivities]:
    open_circuit, jump = equilibrium(pulses), resistance(pulses)
    # In the direction of the pulses; the last pulse begins at the last state but one.
    limit = pulses[-1].occupancy
    for pulse in pulses:
        yield _read(pulse, radius, open_circuit, jump, limit)


def _read(pulse: Pulse, radius: float, open_circuit: Curve, resistance: Curve, limit: float) -> Diffusivities:
    def loaded(theta: Array) -> Array:
        voltage: Array = open_circuit(theta) + pulse.filling * resistance(theta)
        return voltage

    diffusivity, offset = fitted(pulse, radius, loaded)
    at_start = np.array([pulse.occupancy])
    per_time = diffusivity / radius**2
    share, surface = float("nan"), pulse.ends_at
    if np.isfinite(diffusivity):
        on, off = pulse.duration * per_time, pulse.rest * per_time
        then, later = surface_response(np.array([on + off, off]))
        share = float((then - later - 3 * on) / surface_response(np.array(on)))
        surface = float(surface_occupancy(pulse, radius, diffusivity)[-1])
    return Diffusivities(
        occupancy=(pulse.occupancy + pulse.ends_at) / 2,
        chord=chord(pulse, radius),
        fitted=diffusivity,
        jump=float(pulse.filling * resistance(at_start)[0]) + offset,
        fourier=pulse.duration * per_time,
        unrelaxed=share,
        within=bool((limit - surface) * pulse.filling >= 0),
    )


def remarks(estimates: Sequence[Diffusivities]) -> Iterator[str]:
    """Sentences about what a reader of the diffusivities has to know."""
    numbers = [one for one in estimates if np.isfinite(one.fitted)]
    longest = max((one.fourier for one in numbers), default=0.0)
    if longest > CHORD_UP_TO:
        yield (
            f"titration: pulses are up to {longest:.2g} of R²/D long, where the √t chord gives "
            f"{chord_share(longest):.2f} of the diffusivity; above {CHORD_UP_TO:g} take the fit"
        )
    unrelaxed = max((abs(one.unrelaxed) for one in numbers), default=0.0)
    if unrelaxed > RELAXED_WITHIN:
        yield (
            f"titration: when a rest ends, up to {unrelaxed:.1%} of the pulse's change at the surface is "
            "left; both diffusivities take the particle to be even then"
        )
    beyond = sum(not one.within for one in numbers)
    if beyond:
        yield (
            f"titration: in {beyond} of {len(estimates)} pulses the surface goes beyond the last relaxed "
            "state but one, where the open-circuit voltage is not as well known"
        )
    failed = len(estimates) - len(numbers)
    if failed:
        yield f"titration: no diffusivity fits {failed} of {len(estimates)} pulses"
