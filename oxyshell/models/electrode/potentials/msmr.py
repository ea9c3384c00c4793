"""A potential as the sum of several insertion reactions (MSMR, multi-species multi-reaction)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from oxyshell.errors import InputError
from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Array, Scalar, Value
from oxyshell.models.base.formula import NUMPY, UFL, Operations

ACCURACY = 1e-12
"""Error of U, V, for contents from 1e-9 to 1 − 1e-9, besides what round-off of x makes of it.

Between two reactions that lie far apart U is so steep that x does not tell it: there it errs by up to
`_UNTOLD`.
"""

_UNTOLD = 1e-3
# Round-off of ln(x/(1 − x)), which is a sum of several terms.
_ROUND_OFF = 2e-15

# Numbers of breaks between the pieces of the starting value, which decide what is compiled: full trees of
# decisions. The first two suffice for most materials; reactions much narrower than RT/F take more.
_SIZES = (7, 15, 31, 63, 127)
# The starting value bends between these: beyond, every reaction is filled or empty to 1e-11.
_REACH = 25.0
_SAMPLES_OF_A_REACTION = 241
# exp(z) and its square are numbers below it; what is this far from its potential plays no part.
_LARGEST_EXPONENT = 300.0


@dataclass(frozen=True)
class MsmrCurve:
    """U(x) with Σ x_j = x, x_j = X_j/(1 + exp[F(U − U_j)/(RT ω_j)]) (Verbrugge et al. 2017).

    With y = ln(x/(1 − x)), in which U is nearly straight, U(y) begins at a piecewise cubic starting value and
    is corrected by two Halley steps: in an expression, without iteration. Outside of 0 < x < 1 it is not a
    number.

    Attributes:
        potentials: U_j, V.
        shares: X_j, of sum 1.
        widths: ω_j.
        thermal_voltage: RT/F, V.
        breaks: Increasing y at which the starting value changes to its next piece.
        origins: y from which each piece counts, one more than `breaks`.
        cubics: Coefficients of each piece, V: all of 1, all of y − origin, of its square, of its cube.
    """

    potentials: tuple[Scalar, ...] = quantity("1")
    shares: tuple[Scalar, ...] = quantity("1")
    widths: tuple[Scalar, ...] = quantity("1")
    thermal_voltage: Scalar = quantity("1")
    breaks: tuple[Scalar, ...] = quantity("1", default=())
    origins: tuple[Scalar, ...] = quantity("1", default=())
    cubics: tuple[Scalar, ...] = quantity("1", default=())

    @classmethod
    def of(
        cls,
        potentials: Sequence[float],
        shares: Sequence[float],
        widths: Sequence[float],
        thermal_voltage: float,
    ) -> MsmrCurve:
        """Find the starting values of a set of reactions.

        Args:
            potentials: U_j, V.
            shares: X_j, positive; they are divided by their sum.
            widths: ω_j, positive.
            thermal_voltage: RT/F, V.

        Raises:
            InputError: If a reaction is so narrow that `ACCURACY` is out of reach.
        """
        total = sum(shares)
        bare = cls(
            tuple(potentials), tuple(share / total for share in shares), tuple(widths), thermal_voltage
        )
        return _with_starting_values(bare)

    @property
    def bounded(self) -> bool:
        return True

    @property
    def domain(self) -> None:
        return None

    def content(self, potential: Value, operations: Operations = UFL) -> Value:
        """X at potential U: the function of which `value` is the inverse."""
        return self._filling(potential, operations).filled

    def value(self, x: Value, operations: Operations = UFL) -> Value:
        # Not the logarithm of formulas: what is beyond 0 and 1 has to be no number.
        return self.at_logit(operations.ln(x) - operations.ln(1.0 - x), operations)

    def slope(self, x: Value, operations: Operations = UFL) -> Value:
        return -1.0 / self._filling(self.value(x, operations), operations).fall

    def at_logit(self, y: Value, operations: Operations = UFL) -> Value:
        """U at y = ln(x/(1 − x)), V."""
        potential = self._start(y, operations)
        for _ in range(2):
            potential = self._corrected(potential, y, operations)
        return potential

    def _start(self, y: Value, operations: Operations) -> Value:
        pieces = len(self.origins)
        a, b, c, d = (
            operations.pick(y, self.breaks, self.cubics[power * pieces : (power + 1) * pieces])
            for power in range(4)
        )
        distance = y - operations.pick(y, self.breaks, self.origins)
        return a + distance * (b + distance * (c + distance * d))

    def _corrected(self, potential: Value, y: Value, operations: Operations) -> Value:
        """One Halley step for ln(x/(1 − x)) = y."""
        at = self._filling(potential, operations)
        slope = -at.fall / (at.filled * at.empty)
        newton = (operations.ln(at.filled / at.empty) - y) / slope
        bend = at.bend / at.fall - slope * (at.empty - at.filled)
        return potential - newton / (1.0 - 0.5 * newton * bend)

    def _filling(self, potential: Value, operations: Operations) -> _Filling:
        filled: Any = 0.0
        empty: Any = 0.0
        fall: Any = 0.0
        bend: Any = 0.0
        for centre, share, width in zip(self.potentials, self.shares, self.widths, strict=True):
            scale = width * self.thermal_voltage
            factor = operations.exp(operations.min((potential - centre) / scale, _LARGEST_EXPONENT))
            p = 1.0 / (1.0 + factor)
            q = factor * p
            part = share * p * q / scale
            filled, empty = filled + share * p, empty + share * q
            fall, bend = fall + part, bend + part * (p - q) / scale
        return _Filling(filled, empty, fall, bend)


@dataclass(frozen=True)
class _Filling:
    """x, 1 − x, −dx/dU and −d²x/dU²."""

    filled: Any
    empty: Any
    fall: Any
    bend: Any


def _with_starting_values(curve: MsmrCurve) -> MsmrCurve:
    import numpy as np

    scales = np.array(curve.widths) * curve.thermal_voltage
    centres = np.array(curve.potentials)
    low, high = float(np.min(centres - _REACH * scales)), float(np.max(centres + _REACH * scales))
    spread = np.linspace(-_REACH, _REACH, _SAMPLES_OF_A_REACTION)
    samples = np.unique(np.clip(centres[:, None] + scales[:, None] * spread, low, high))
    logits = _logit(curve, samples)
    nodes = [low, high]
    # Reactions too far apart for these numbers may leave nothing between them.
    with np.errstate(all="ignore"):
        for size in _SIZES:
            while len(nodes) < size:
                _divide(curve, nodes, samples, logits)
            found = _with_nodes(curve, nodes)
            if _is_right(found, samples, logits):
                return found
    narrowest, widest = float(np.min(curve.widths)), float(np.max(curve.widths))
    raise InputError(
        f"reactions of widths from {narrowest:g} to {widest:g} over {np.ptp(centres):.3g} V, between which U "
        f"is too steep to be known to {_UNTOLD:g} V"
    )


def _logit(curve: MsmrCurve, potentials: Array) -> Array:
    import numpy as np

    at = curve._filling(potentials, NUMPY)
    result: Array = np.log(at.filled / at.empty)
    return result


def _is_right(curve: MsmrCurve, samples: Array, logits: Array) -> bool:
    """Whether the curve has its accuracy at potentials of which ln(x/(1 − x)) is known, and between them."""
    import numpy as np

    # Between two samples as well: what is right at all samples was not fitted to them. And where there are
    # none, between reactions.
    spread = np.linspace(samples[0], samples[-1], _SAMPLES_OF_A_REACTION)
    middles = np.concatenate([(samples[1:] + samples[:-1]) / 2, spread])
    everywhere = np.concatenate([samples, middles])
    y = np.concatenate([logits, _logit(curve, middles)])
    with np.errstate(all="ignore"):
        error = np.abs(curve.at_logit(y, NUMPY) - everywhere)
        at = curve._filling(everywhere, NUMPY)
        untold = _ROUND_OFF * np.maximum(np.abs(y), 1.0) * at.filled * at.empty / at.fall
    # Written so that what is not a number is wrong.
    return bool(np.all((error <= np.maximum(ACCURACY, untold)) & (error <= _UNTOLD)))


def _divide(curve: MsmrCurve, nodes: list[float], samples: Array, logits: Array) -> None:
    """Halve the piece in which the starting value is farthest off."""
    import numpy as np

    start = _with_nodes(curve, nodes)._start(logits, NUMPY)
    worst = float(samples[np.argmax(np.abs(start - samples))])
    index = int(np.clip(np.searchsorted(nodes, worst), 1, len(nodes) - 1))
    nodes.insert(index, (nodes[index - 1] + nodes[index]) / 2)


def _with_nodes(curve: MsmrCurve, nodes: Sequence[float]) -> MsmrCurve:
    """The curve with cubics through increasing potentials, which have the right slopes; straight beyond."""
    import numpy as np

    # y falls with U.
    u = np.array(nodes[::-1])
    at = curve._filling(u, NUMPY)
    y, slope = np.log(at.filled / at.empty), -at.filled * at.empty / at.fall
    h, chord = np.diff(y), np.diff(u) / np.diff(y)
    square = (3 * chord - 2 * slope[:-1] - slope[1:]) / h
    cube = (slope[:-1] + slope[1:] - 2 * chord) / h**2
    zero = np.zeros(1)
    cubics = (
        np.concatenate([u[:1], u]),
        np.concatenate([slope[:1], slope]),
        np.concatenate([zero, square, zero]),
        np.concatenate([zero, cube, zero]),
    )
    return replace(
        curve,
        breaks=tuple(y.tolist()),
        origins=(float(y[0]), *y.tolist()),
        cubics=tuple(np.concatenate(cubics).tolist()),
    )
