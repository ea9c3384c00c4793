"""How a run is solved: numbers that change the accuracy and the cost of a result, not its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class StrategyChoice(Enum):
    """Which equations are solved together."""

    AUTO = "auto"
    MONOLITHIC = "monolithic"
    SPLIT = "split"


class LinearSolverChoice(Enum):
    """How the split strategy solves for the displacement."""

    AUTO = "auto"
    DIRECT = "direct"
    MULTIGRID = "multigrid"


@dataclass(frozen=True)
class Discretisation:
    """How the equations become algebra.

    Attributes:
        strategy: All fields at once or in turn; by default, by dimension.
        linear_solver: Factorisation or multigrid; by default, by size.
        degree: Polynomial degree of the occupancy; by default, by dimension and size.
    """

    strategy: StrategyChoice = StrategyChoice.AUTO
    linear_solver: LinearSolverChoice = LinearSolverChoice.AUTO
    degree: int | None = None


@dataclass(frozen=True)
class StepControl:
    """Adaptive time steps.

    Attributes:
        tolerance: Largest error of the occupancy in one step.
        first_step: First step of a run and of each protocol step, as a share of the diffusion time R²/D.
        minimum_step: Smallest step before the run gives up, as a share of the diffusion time.
        maximum_step: Largest step, as a share of the diffusion time.
        maximum_growth: Largest ratio of two steps that follow each other.
        maximum_steps: Steps, rejected ones among them, before the run gives up.
    """

    tolerance: float = 1e-4
    first_step: float = 1e-6
    minimum_step: float = 1e-12
    maximum_step: float = 0.1
    maximum_growth: float = 5.0
    maximum_steps: int = 100_000
