"""Settings of the solver, which change the accuracy and the cost of a result, not its meaning."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

BALANCE_LIMIT = 1e-8
"""Largest error of a balance, over what there is room for, before a run stops with an error."""


class StrategyChoice(Enum):
    """Which equations are solved together."""

    AUTO = "auto"
    MONOLITHIC = "monolithic"
    SPLIT = "split"


class LinearSolverChoice(Enum):
    """Linear solver of the split strategy for the displacement."""

    AUTO = "auto"
    DIRECT = "direct"
    MULTIGRID = "multigrid"


@dataclass(frozen=True)
class Discretisation:
    """Discretisation of the equations.

    Attributes:
        strategy: All fields at once or in turn; by default, by dimension.
        linear_solver: Factorisation or multigrid; by default, by size.
        degree: Polynomial degree of the occupancy; by default, by dimension and size.
        compiled: Whether small systems are assembled and solved by the compiled loop.
    """

    strategy: StrategyChoice = StrategyChoice.AUTO
    linear_solver: LinearSolverChoice = LinearSolverChoice.AUTO
    degree: int | None = None
    compiled: bool = True


@dataclass(frozen=True)
class StepControl:
    """Adaptive time steps.

    Shares of the expected duration bind the leading group's steps only; where nothing says how long a
    protocol step will take, the duration is infinite.

    Attributes:
        tolerance: Largest error of the occupancy in one step.
        first_step: First step of a run and of each protocol step, as a share of the diffusion time R²/D.
        first_share: Largest first step as a share of the expected duration of the protocol step.
        minimum_step: Smallest step before the run gives up, as a share of the diffusion time.
        smallest_share: The same as a share of the expected duration; the smaller of the two counts.
        maximum_step: Largest step, as a share of the diffusion time.
        largest_share: Largest step as a share of the expected duration, or of the time since the protocol
            step began where that is longer. It bounds what an error estimate can overlook.
        maximum_growth: Largest ratio of two steps that follow each other.
        maximum_steps: Steps, rejected ones among them, before the run gives up.
    """

    tolerance: float = 1e-4
    first_step: float = 1e-6
    first_share: float = 1e-4
    minimum_step: float = 1e-28
    smallest_share: float = 1e-28
    maximum_step: float = math.inf
    largest_share: float = 0.05
    maximum_growth: float = 5.0
    maximum_steps: int = 100_000
