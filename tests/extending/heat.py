"""Heat in the particle as a physics of one file; it warms its surroundings, and a memory in the layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import ufl
from pydantic import BaseModel

from oxyshell.language.parameters import NOT_NEGATIVE, POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.models.base.dimension import Units, quantity
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Form
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.observable import Observable, Where
from oxyshell.models.base.physics import Physics, ScenarioView
from oxyshell.models.base.process import Fields, Follower, Lives, Process, Unknown
from oxyshell.solver.recorder import Discretised, Recorder, RunFacts, Sample
from oxyshell.solver.state import State
from oxyshell.solver.step_result import StepResult


class HeatSection(Section):
    """Heat conduction with a uniform source and a transfer to the surroundings."""

    conductivity: Annotated[Parameter, Quantity("W/(m K)", POSITIVE)]
    """k."""
    heat_capacity: Annotated[Parameter, Quantity("J/(m^3 K)", POSITIVE)]
    """Heat capacity per volume, C."""
    transfer: Annotated[Parameter, Quantity("W/(m^2 K)", POSITIVE)]
    """h at the surface."""
    source: Annotated[Parameter, Quantity("W/m^3", NOT_NEGATIVE)]
    """Source per volume, q."""
    surroundings: Annotated[Parameter, Quantity("J/K", POSITIVE)]
    """Heat capacity of the surroundings."""
    uptake: Annotated[Parameter, Quantity("1/s", NOT_NEGATIVE)]
    """Rate at which the memory follows the temperature."""
    tolerance: float = 1e-5
    """Largest error of a temperature in one step, over q R/3h. Default 1e-5."""


@dataclass(frozen=True)
class HeatModel:
    """Heat in SI.

    Attributes:
        radius: R, m.
        area: Of the surface, m².
        conductivity: k, W/(m K).
        heat_capacity: C, J/(m³ K).
        transfer: h, W/(m² K).
        source: q, W/m³.
        surroundings: Heat capacity of the surroundings, J/K.
        uptake: Rate of the memory, 1/s.
        scale: q R/3h, K.
    """

    radius: Any = quantity("m")
    area: Any = quantity("m^2")
    conductivity: Any = quantity("J/(m s K)")
    heat_capacity: Any = quantity("J/(m^3 K)")
    transfer: Any = quantity("J/(m^2 s K)")
    source: Any = quantity("J/(m^3 s)")
    surroundings: Any = quantity("J/K")
    uptake: Any = quantity("1/s")
    scale: Any = quantity("K")


class HeatConduction(Process[HeatModel]):
    """C ∂T/∂t = ∇·(k ∇T) + q, −k ∇T·n = h (T − T₀), and what leaves warms the surroundings."""

    name: ClassVar[str] = "heat"
    conserves: ClassVar[str] = "J"

    def unknowns(self, model: HeatModel, coordinates: Any) -> tuple[Unknown, ...]:
        return (
            Unknown("rise", counts=1.0),
            Unknown("brought", lives=Lives.CELLS, counts=-1.0),
            Unknown("surroundings", lives=Lives.NUMBER, counts=1.0),
            Unknown("memory", region="layer"),
        )

    def units(self, model: HeatModel) -> Units:
        return Units(
            length=model.radius,
            time=model.radius**2 * model.heat_capacity / model.conductivity,
            stress=model.heat_capacity * model.scale,
            temperature=model.scale,
        )

    def amount(self, model: HeatModel, domain: Domain, name: str, field: Any, test: Any) -> Form:
        match name:
            case "rise":
                return domain.volume(model.heat_capacity * field * test)
            case "surroundings":
                return domain.surface(model.surroundings / model.area * field * test)
        return super().amount(model, domain, name, field, test)

    def rates(self, model: HeatModel, domain: Domain, fields: Fields, tests: Fields) -> Mapping[str, Form]:
        rise, test, gradient = fields["rise"], tests["rise"], domain.coordinates.gradient
        conduction = model.conductivity * ufl.inner(gradient(rise, domain.x), gradient(test, domain.x))
        passed = model.transfer * (rise - fields["surroundings"])
        lag = rise - fields["memory"]
        return {
            "rise": domain.volume(model.source * test - conduction) - domain.surface(passed * test),
            "brought": domain.volume(model.source * tests["brought"]),
            "surroundings": domain.surface(passed * tests["surroundings"]),
            "memory": domain.volume(model.uptake * lag * tests["memory"], "layer"),
        }

    def scales(self, model: HeatModel) -> Mapping[str, float]:
        return {"rise": model.scale, "surroundings": model.scale, "memory": model.scale}


class HeatRecorder(Recorder):
    """Reads heat off one run."""

    def __init__(self, particle: Discretised) -> None:
        self._system, self._points = particle.followers["heat"], particle.everywhere
        self._rise = self._points.compiled([self._system.fields.values["rise"]])

    def step(self, moment: StepResult) -> Mapping[str, float]:
        heat = moment.state.followers["heat"]
        contents = self._system.contents(heat.state)
        # ∫ memory dV is in K m³.
        units = self._system.units
        per_joule = units.temperature * units.length**3 / self._system.amount_unit
        return {
            "heat_stored_J": contents["rise"],
            "heat_brought_J": contents["brought"],
            "heat_of_surroundings_J": contents["surroundings"],
            "heat_memory_K_m3": contents["memory"] * per_joule,
            "heat_balance_error": heat.balance_error,
        }

    def sample(self, state: State) -> Sample:
        self._system.load(state.followers["heat"].state)
        values = self._points.values(self._rise)[:, 0] * self._system.units.temperature
        return Sample(profile={"temperature_rise_K": values}, fields={"temperature_rise_K": values})


class Heat(Physics):
    """Heat in the particle."""

    name = "heat"
    observables = (
        Observable("heat_stored_J", "J", "heat in the particle"),
        Observable("heat_brought_J", "J", "heat that the source has brought"),
        Observable("heat_of_surroundings_J", "J", "heat in the surroundings"),
        Observable("heat_memory_K_m3", "K m^3", "integral of the memory over the layer"),
        Observable("heat_balance_error", "1", "largest error of the balance of heat so far"),
        Observable("temperature_rise_K", "K", "temperature rise T", Where.PROFILE),
        Observable("temperature_rise_K", "K", "temperature rise T", Where.FIELD),
    )

    def section(self) -> type[BaseModel]:
        return HeatSection

    def followers(self, scenario: ScenarioView, geometry: Geometry) -> Sequence[Follower[Any]]:
        section = scenario.section(self.name)
        if section is None:
            return ()
        model = HeatModel(
            radius=geometry.radius,
            area=geometry.area,
            conductivity=section.conductivity.value,
            heat_capacity=section.heat_capacity.value,
            transfer=section.transfer.value,
            source=section.source.value,
            surroundings=section.surroundings.value,
            uptake=section.uptake.value,
            scale=section.source.value * geometry.radius / (3 * section.transfer.value),
        )
        return [Follower(HeatConduction(), model, section.tolerance, "heat.tolerance")]

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        if self.name not in particle.followers:
            return lambda facts: ()
        return lambda facts: [HeatRecorder(particle)]
