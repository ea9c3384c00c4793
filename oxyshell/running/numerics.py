"""The section `numerics` as the solver takes it."""

from __future__ import annotations

import math

from oxyshell.language.parameters import Parameter
from oxyshell.meshes.layer_cells import WantedLayer
from oxyshell.scenario.scenario import Scenario
from oxyshell.solver.settings import Discretisation, LinearSolverChoice, StepControl, StrategyChoice


def wanted_layer(scenario: Scenario) -> WantedLayer:
    """The layer that the mesh has to resolve."""
    shell = scenario.shell
    if shell is None:
        return WantedLayer()
    return WantedLayer(shell.thickness.value / scenario.particle.radius.value, shell.profile == "step")


def discretisation(scenario: Scenario) -> Discretisation:
    """The strategy, solver and degree that a scenario asks for."""
    numerics = scenario.numerics
    return Discretisation(
        strategy=StrategyChoice(numerics.strategy),
        linear_solver=LinearSolverChoice(numerics.linear_solver),
        degree=numerics.degree,
    )


def step_control(scenario: Scenario, diffusion_time: float) -> StepControl:
    """Limits of the time steps.

    Args:
        scenario: The scenario.
        diffusion_time: R²/D, s.
    """
    numerics, default = scenario.numerics, StepControl()

    def share(length: Parameter | None, otherwise: float) -> float:
        return otherwise if length is None else length.value / diffusion_time

    def unless(length: Parameter | None, otherwise: float) -> float:
        # A length that is asked for counts alone.
        return otherwise if length is None else math.inf

    return StepControl(
        tolerance=numerics.time_tolerance,
        first_step=share(numerics.first_step, default.first_step),
        first_share=unless(numerics.first_step, default.first_share),
        minimum_step=share(numerics.minimum_step, default.minimum_step),
        smallest_share=unless(numerics.minimum_step, default.smallest_share),
        maximum_step=share(numerics.maximum_step, default.maximum_step),
        largest_share=unless(numerics.maximum_step, default.largest_share),
        maximum_steps=numerics.steps_per_run,
    )
