"""Voltage of a particle at rest without stress, by the ions that are in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from oxyshell.models.base.expression import Array
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.electrode.exchange import ElectrodeExchange
from oxyshell.models.electrode.standard import OpenCircuitStandard

# Contents x of a table of U, evenly spread over ln(x/(1−x)): U of an ideal solution is a straight line then.
_POINTS = 4001
_FARTHEST = 20.0


class Rest(Protocol):
    """U of a particle at rest."""

    def voltage(self, theta: float, memory: Mapping[str, float]) -> float:
        """V.

        Args:
            theta: Mean occupancy of all its sites.
            memory: Numbers that the potential remembers.
        """


class OneHost:
    """A particle that is one host, or whose hosts share ions as ideal solutions do: U of the surface's."""

    def __init__(self, exchange: Callable[[], ElectrodeExchange]) -> None:
        """Set up with the present law of the surface, its numbers not being symbols."""
        self._exchange = exchange

    def voltage(self, theta: float, memory: Mapping[str, float]) -> float:
        exchange = self._exchange()
        return float(exchange.potential.value(exchange.content(theta), memory, NUMPY))


class SeveralHosts:
    """Hosts that share ions by their open-circuit potentials: the voltage at which they hold all of them."""

    def __init__(self, standards: Sequence[OpenCircuitStandard], sites: Sequence[float]) -> None:
        """Set up.

        Args:
            standards: Potentials of the hosts.
            sites: Sites of each, in any unit.
        """
        curves = [_curve(one) for one in standards]
        voltages = np.unique(np.concatenate([voltage for _, voltage in curves]))
        held = [np.interp(voltages, voltage[::-1], theta[::-1]) for theta, voltage in curves]
        self._theta = np.average(held, axis=0, weights=sites)[::-1]
        self._voltage = voltages[::-1]

    def voltage(self, theta: float, memory: Mapping[str, float]) -> float:
        return float(np.interp(theta, self._theta, self._voltage))


def _curve(standard: OpenCircuitStandard) -> tuple[Array, Array]:
    """Occupancies, ascending, and the voltage that falls with them."""
    least = 1 - float(standard.exchangeable / standard.sites)
    content = 1 / (1 + np.exp(-np.linspace(-_FARTHEST, _FARTHEST, _POINTS)))
    voltage = np.broadcast_to(np.asarray(standard.curve.value(content, NUMPY), dtype=float), content.shape)
    # What rises is noise of a table.
    return least + (1 - least) * content, np.minimum.accumulate(voltage)
