"""Phases in equilibrium and the front between them: numbers of a solution without stress.

Energies are per site in units of RT, lengths in units of ℓ. With f(θ) = θ ln θ + (1−θ) ln(1−θ) + ∫g dθ, two
phases coexist on a common tangent of f, and a flat front between them has (ℓ dθ/dx)²/2 = Δf(θ), the height of
f above that tangent (Cahn & Hilliard, J. Chem. Phys. 28 (1958) 258).
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.pieces import GAUSS
from oxyshell.models.chemical_potential.solution import Interaction

if TYPE_CHECKING:
    from oxyshell.models.base.expression import Array

# Occupancies are sampled evenly in ln(θ/(1−θ)), from −_FARTHEST on.
_FARTHEST, _SAMPLES = 32.0, 4001
# A lower one is of round-off.
_LEAST_BARRIER = 1e-10


@dataclass(frozen=True)
class Gap:
    """Two phases that coexist, and the flat front between them.

    Attributes:
        dilute: Binodal, occupancy of the dilute phase.
        concentrated: Occupancy of the concentrated one.
        unstable: Lowest and highest occupancy between them at which a uniform solution is unstable.
        barrier: Largest Δf on the way, at which the front is steepest.
        interface: ∫ √(2 Δf) dθ, the energy of the front per area in units of √(κ c_s RT).
        tail: 1/√f″ in the phase where this is shorter: over this length, in ℓ, the front's foot decays.
    """

    dilute: float
    concentrated: float
    unstable: tuple[float, float]
    barrier: float
    interface: float
    tail: float

    @property
    def middle(self) -> float:
        """Occupancy halfway between the phases, where a front is said to be."""
        return (self.dilute + self.concentrated) / 2

    @property
    def width(self) -> float:
        """Width of the front by its steepest tangent, in ℓ."""
        return float((self.concentrated - self.dilute) / (2 * self.barrier) ** 0.5)


@dataclass(frozen=True)
class FreeEnergy:
    """Chemical potential and free energy of a uniform solution.

    Attributes:
        interaction: Its excess, for numbers.
    """

    interaction: Interaction

    def potential(self, theta: Array) -> Array:
        """μ/RT, but for a constant."""
        import numpy as np

        with np.errstate(all="ignore"):
            return np.asarray(np.log(theta / (1 - theta)) + self.interaction.potential(theta, NUMPY))

    def slope(self, theta: Array) -> Array:
        """dμ/dθ over RT."""
        import numpy as np

        step = 1e-6 * theta * (1 - theta)
        excess = self.interaction.potential
        change = excess(theta + step, NUMPY) - excess(theta - step, NUMPY)
        return np.asarray(1 / (theta * (1 - theta)) + change / (2 * step))

    def value(self, theta: Array) -> Array:
        """Free energy f(θ)."""
        import numpy as np

        with np.errstate(all="ignore"):
            ideal = theta * np.log(theta) + (1 - theta) * np.log1p(-theta)
        return np.asarray(ideal + self.interaction.energy(theta, NUMPY))


def gap(interaction: Interaction) -> Gap | None:
    """The widest pair of phases that coexist; None if every uniform solution is stable.

    Args:
        interaction: With numbers.
    """
    found: Gap | None = _gap(interaction)  # type: ignore[arg-type]
    return found


@functools.lru_cache(maxsize=64)
def _gap(interaction: Interaction) -> Gap | None:
    import numpy as np
    from scipy.optimize import root

    energy = FreeEnergy(interaction)
    theta = _occupancies()
    tangents = _tangents(theta, energy.value(theta))
    if not tangents:
        return None
    low, high = max(tangents, key=lambda ends: theta[ends[1]] - theta[ends[0]])

    def mismatch(logits: Array) -> Array:
        a, b = _occupancy(logits)
        potentials = energy.potential(np.array([a, b]))
        values = energy.value(np.array([a, b]))
        # The second one is zero for the mean of two equal potentials as well, and better conditioned so.
        return np.array([potentials[1] - potentials[0], values[1] - values[0] - potentials.mean() * (b - a)])

    guess = np.log(theta[[low, high]] / (1 - theta[[low, high]]))
    dilute, concentrated = (float(one) for one in _occupancy(root(mismatch, guess, tol=1e-13).x))
    between = theta[(theta > dilute) & (theta < concentrated)]
    unstable = between[energy.slope(between) < 0]
    level, at_level = energy.potential(np.array([dilute]))[0], energy.value(np.array([dilute]))[0]

    def height(at: Array) -> Array:
        return np.asarray(np.maximum(energy.value(at) - at_level - level * (at - dilute), 0.0))

    ends = (unstable[0], unstable[-1]) if unstable.size else (np.nan, np.nan)
    return Gap(
        dilute=dilute,
        concentrated=concentrated,
        unstable=(_zero(energy, ends[0], -1), _zero(energy, ends[1], 1)),
        barrier=_largest(height, between),
        interface=_integral(lambda at: np.sqrt(2 * height(at)), dilute, concentrated),
        tail=float(1 / np.sqrt(energy.slope(np.array([dilute, concentrated])).max())),
    )


def profile(interaction: Interaction, found: Gap, theta: Array) -> Array:
    """Place of occupancies in a flat front, in ℓ from its middle, growing towards the concentrated phase.

    Args:
        interaction: As of `gap`.
        found: Its phases.
        theta: Occupancies between them.
    """
    import numpy as np

    energy = FreeEnergy(interaction)
    level = energy.potential(np.array([found.dilute]))[0]
    at_level = energy.value(np.array([found.dilute]))[0]

    def inverse(at: Array) -> Array:
        return np.asarray(1 / np.sqrt(2 * (energy.value(at) - at_level - level * (at - found.dilute))))

    return np.array([_integral(inverse, found.middle, float(one)) for one in theta])


def _occupancies() -> Array:
    import numpy as np

    return _occupancy(np.linspace(-_FARTHEST, _FARTHEST, _SAMPLES))


def _occupancy(logits: Array) -> Array:
    import numpy as np

    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-logits)))


def _tangents(theta: Array, values: Array) -> list[tuple[int, int]]:
    """Sides of the lower convex hull of f that lie below it in between: their ends' indices."""
    import numpy as np

    hull: list[int] = []
    for i in range(theta.size):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            to_b, to_i = theta[b] - theta[a], theta[i] - theta[a]
            if to_b * (values[i] - values[a]) > to_i * (values[b] - values[a]):
                break
            hull.pop()
        hull.append(i)

    def barrier(a: int, b: int) -> float:
        ends = [a, b]
        return float((values[a : b + 1] - np.interp(theta[a : b + 1], theta[ends], values[ends])).max())

    return [(a, b) for a, b in itertools.pairwise(hull) if barrier(a, b) > _LEAST_BARRIER]


def _zero(energy: FreeEnergy, near: float, side: int) -> float:
    """The occupancy beside an unstable sample at which the slope of μ is zero."""
    import numpy as np
    from scipy.optimize import brentq

    if not np.isfinite(near):
        return float("nan")
    spread = 2 * _FARTHEST / (_SAMPLES - 1)
    logit = np.log(near / (1 - near))

    def slope(at: float) -> float:
        return float(energy.slope(_occupancy(np.array([at])))[0])

    outside = logit + side * 2 * spread
    if slope(outside) <= 0:
        return float(near)
    return float(_occupancy(np.array([brentq(slope, *sorted((logit, outside)), xtol=1e-14)]))[0])


def _largest(function: Callable[[Array], Array], at: Array) -> float:
    """The largest value over samples and the parabola through those around it."""
    import numpy as np

    values = function(at)
    i = int(np.clip(np.argmax(values), 1, at.size - 2))
    parabola = np.polyfit(at[i - 1 : i + 2] - at[i], values[i - 1 : i + 2], 2)
    vertex = -parabola[1] / (2 * parabola[0])
    return float(max(values[i], np.polyval(parabola, vertex)))


def _integral(function: Callable[[Array], Array], start: float, end: float, parts: int = 400) -> float:
    """∫ of a function by Gauss' rule on parts that shrink towards both ends."""
    import numpy as np

    points, weights = np.array(GAUSS).T
    edges = start + (end - start) * (1 - np.cos(np.linspace(0, np.pi, parts + 1))) / 2
    widths = np.diff(edges)
    at = edges[:-1, None] + widths[:, None] * points
    return float((function(at.reshape(-1)).reshape(at.shape) @ weights) @ widths)
