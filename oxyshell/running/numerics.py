"""The section `numerics` as the solver takes it."""

from __future__ import annotations

import math

from oxyshell.language.parameters import Parameter
from oxyshell.meshes.layer_cells import WantedLayer, WantedLayers
from oxyshell.meshes.resolution import no_longer_than
from oxyshell.models import registry
from oxyshell.models.particle.strategies import DEGREE
from oxyshell.scenario.scenario import Scenario
from oxyshell.shapes.elements import Elements
from oxyshell.solver.settings import Discretisation, LinearSolverChoice, StepControl, StrategyChoice

# In radii: voltages are then right to 1e-5 V 0.1 s after a jump of the current by 2 C in a large particle.
_THIN = 0.01
# Unknowns along the shortest length that is to be resolved.
_INTERVALS = 4
# However long it is: elements along the radius by dimension, and size of the outermost one in R.
_FEWEST, _SURFACE = {1: 8, 2: 24}, 0.05
# More time steps than this are unusual in one step of a protocol.
_USUAL = 1000


def wanted_layers(scenario: Scenario) -> WantedLayers:
    """The layers that the mesh has to resolve."""
    radius, regions = scenario.particle.radius.value, bool(scenario.parts[1:])
    found = []
    for layer in scenario.layers:
        thickness = layer.section.thickness
        found.append(WantedLayer(layer.name, 0.0 if thickness is None else thickness.value / radius))
    groups = regions or scenario.regions is not None
    return WantedLayers(tuple(found), by_region=groups, interfaces=regions)


def elements(scenario: Scenario) -> Elements:
    """The numbers of elements that the mesh is made with.

    A law that brings numbers of its own to the surface reads the occupancy there from the first second of a
    step on: the outermost element is thin then, unless its size is given. Where a field changes much over a
    length anywhere in the particle, elements are short everywhere, unless their number is given.
    """
    given = scenario.numerics.elements
    if given.surface_size is None and scenario.model().exchange.processes():
        given = given.model_copy(update={"surface_size": _THIN})
    size = longest_element(scenario)
    if given.bulk is not None or size >= 1:
        return given
    particle = scenario.particle
    surface = given.surface_size or min(size, _SURFACE)
    tangential = given.tangential or particle.elements_along(size)
    bulk = max(no_longer_than(size, surface, tangential), _FEWEST.get(particle.dimension or 3, 10))
    return given.model_copy(update={"bulk": bulk, "tangential": tangential, "surface_size": surface})


def longest_element(scenario: Scenario) -> float:
    """Length, in R, that elements may have to resolve what changes over the shortest length.

    That is half of this length for quadratic elements, and as many unknowns for others.
    """
    shortest = min(one.finest_length(scenario) for one in registry.physics())
    degree = scenario.numerics.degree or DEGREE.get(scenario.particle.dimension or 3, 1)
    return shortest / scenario.particle.radius.value * degree / _INTERVALS


def discretisation(scenario: Scenario) -> Discretisation:
    """The strategy, solver and degree that a scenario asks for."""
    numerics = scenario.numerics
    return Discretisation(
        strategy=StrategyChoice(numerics.strategy),
        linear_solver=LinearSolverChoice(numerics.linear_solver),
        degree=numerics.degree,
        compiled=numerics.loop == "compiled",
    )


def step_control(scenario: Scenario, diffusion_time: float, protocol_steps: int = 1) -> StepControl:
    """Limits of the time steps.

    Args:
        scenario: The scenario.
        diffusion_time: R²/D, s.
        protocol_steps: Steps of its protocol, repeated ones as often as they are run.
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
        maximum_steps=numerics.steps_per_run or max(default.maximum_steps, _USUAL * protocol_steps),
    )
