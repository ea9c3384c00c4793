"""Scenarios on particles of the size that their shape has."""

from __future__ import annotations

from oxyshell.models.base.protocol import ProtocolStep
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.oxygen.from_scenario import oxygen_model, surface_law
from oxyshell.models.oxygen.model import OxygenModel
from oxyshell.models.oxygen.surface import SurfaceModel
from oxyshell.scenario.scenario import Scenario
from oxyshell.scenario.sized import SizedScenario


def sized(scenario: Scenario) -> SizedScenario:
    return scenario.on(scenario.geometry())


def oxygen_model_of(scenario: Scenario) -> OxygenModel | None:
    return oxygen_model(scenario, scenario.geometry())


def surface_of(scenario: Scenario) -> SurfaceModel:
    return surface_law(scenario, scenario.geometry())


def exchange_of(step: ProtocolStep) -> IonExchange:
    """The surface condition of a step of a particle that exchanges ions."""
    assert isinstance(step.exchange, IonExchange)
    return step.exchange
