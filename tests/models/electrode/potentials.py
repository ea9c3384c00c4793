"""Potentials of published materials, and of lithium-rich oxide as fitted by this project."""

from __future__ import annotations

import numpy as np

from oxyshell.models.electrode.potentials.msmr import MsmrCurve

type Reactions = tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]
"""U_j in V, X_j and ω_j."""

THERMAL_VOLTAGE = 8.31446261815324 * 298.15 / 96485.33212331001
"""RT/F at 298.15 K, V."""

# Lithium-rich oxide, for 1.0 exchangeable Li. The shares of discharge add up to 1.001.
FIRST_CHARGE: Reactions = ((4.113, 4.503), (0.263, 0.737), (8.0, 1.77))
DISCHARGE: Reactions = ((4.180, 3.514, 2.609), (0.409, 0.388, 0.204), (4.86, 4.86, 4.86))
# Graphite: its reactions are up to 70 times narrower than others.
GRAPHITE: Reactions = (
    (0.08843, 0.12799, 0.14331, 0.16984, 0.21446, 0.36325),
    (0.43336, 0.23963, 0.15018, 0.05462, 0.06744, 0.05476),
    (0.08611, 0.08009, 0.72469, 2.53277, 0.0947, 5.97354),
)
REACTIONS: dict[str, Reactions] = {"first charge": FIRST_CHARGE, "discharge": DISCHARGE, "graphite": GRAPHITE}

NMC811 = (
    "-0.8090*x + 4.4875 - 0.0428*tanh(18.5138*(x - 0.5542)) - 17.7326*tanh(15.7890*(x - 0.3117)) "
    "+ 17.5842*tanh(15.9308*(x - 0.3120))"
)
"""Chen et al., J. Electrochem. Soc. 167 (2020) 080534, CC BY."""


def nmc811(x: np.ndarray) -> np.ndarray:
    """The same, written anew."""
    edges = ((0.0428, 18.5138, 0.5542), (17.7326, 15.7890, 0.3117), (-17.5842, 15.9308, 0.3120))
    result: np.ndarray = 4.4875 - 0.8090 * x - sum(a * np.tanh(b * (x - c)) for a, b, c in edges)
    return result


def msmr(reactions: Reactions) -> MsmrCurve:
    return MsmrCurve.of(*reactions, THERMAL_VOLTAGE)


def contents() -> np.ndarray:
    """Contents from 1e-9 to 1 − 1e-9, dense towards both ends."""
    near = np.geomspace(1e-9, 1e-2, 200)
    return np.unique(np.concatenate([near, np.linspace(1e-2, 0.99, 1000), 1 - near]))
