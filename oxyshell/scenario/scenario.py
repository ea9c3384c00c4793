"""A scenario: one particle, one protocol."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Self

from pydantic import Field, ModelWrapValidatorHandler, PrivateAttr, ValidationInfo, model_validator

from oxyshell.errors import InputError
from oxyshell.language import scales, writing
from oxyshell.language.mistakes import refuse
from oxyshell.language.occupancy import OccupancyProperty
from oxyshell.language.parameters import POSITIVE, Circumstances, Parameter, Quantity, Status
from oxyshell.language.sections import Context, Section, leaves
from oxyshell.models.base.constants import GAS_CONSTANT
from oxyshell.models.base.protocol import Protocol
from oxyshell.models.host.lattice import Host
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.ions.transport import Transport
from oxyshell.models.mechanics.confinement import Confinement
from oxyshell.models.oxygen.exchange_sections import Carrier
from oxyshell.models.oxygen.model import OxygenModel
from oxyshell.models.oxygen.section import Oxygen, vacancies
from oxyshell.models.oxygen.surface import Sealed, SurfaceLaw
from oxyshell.models.particle.model import ParticleModel
from oxyshell.scenario import checks, circumstances, overrides, remarks
from oxyshell.scenario.material import Material
from oxyshell.scenario.numerics import Numerics
from oxyshell.scenario.particle import Particle, Shell, Surface, layer
from oxyshell.scenario.protocol import Cell, Conversion, Output, Steps


class Provenance(NamedTuple):
    """Where a parameter comes from."""

    path: str
    text: str
    status: Status
    source: str
    under: Circumstances = ()


class Scenario(Section):
    """One particle and what is done to it; frozen, and equal to another by content."""

    name: Annotated[str, Field(min_length=1)]
    """What the run is called."""
    about: str = ""
    """What it is about, in a sentence."""
    temperature: Annotated[Parameter, Quantity("K", POSITIVE, scales.TEMPERATURE)] = Parameter.default(
        "298.15 K", "K"
    )
    """Temperature T. Default 298.15 K."""
    particle: Particle
    """Its shape and size."""
    material: Material
    """What it is made of."""
    shell: Shell | None = None
    """An ion-deficient layer under the surface; null: none."""
    surface: Surface = Surface()
    """What holds its surface."""
    oxygen: Oxygen | None = None
    """Mobile oxygen; null: none."""
    cell: Cell | None = None
    """What 1 C is; needed where the protocol has a rate in C."""
    steps: Steps = Field(alias="protocol")
    """What is done to it, step by step: charge, discharge, rest or hold."""
    output: Output = Output()
    """When profiles and fields are written."""
    numerics: Numerics = Numerics()
    """How accurately and by which method."""

    _document: Any = PrivateAttr(default=None)
    _folder: Path = PrivateAttr(default_factory=Path.cwd)

    @model_validator(mode="wrap")
    @classmethod
    def _keep_document(
        cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        scenario = handler(data)
        scenario._document = data
        scenario._folder = info.context.folder if isinstance(info.context, Context) else Path.cwd()
        return scenario

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse([*checks.problems(self), *circumstances.problems(self)])
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.entries() == other.entries()

    def __hash__(self) -> int:
        return hash(tuple(self.entries().values()))

    def with_values(self, values: Mapping[str, Any]) -> Scenario:
        """The scenario with other values.

        Args:
            values: New values by path, as they would stand in a file: `{"particle.radius": "200 nm"}`. What
                stood there goes with its status, source and circumstances; to say where the new value comes
                from, give `{"value": ..., "status": ..., "source": ..., "under": ...}`.

        Raises:
            ScenarioError: If a path does not exist, or the result is no valid scenario.
        """
        return overrides.apply(self, copy.deepcopy(self._document), self._folder, values)

    def get(self, path: str) -> Any:
        """The value at a path, numbers in SI: `get("particle.radius")`.

        Raises:
            ScenarioError: If there is no such path, or it ends in a section or in a property that depends on
                the occupancy.
        """
        return overrides.get(self, path)

    def unit(self, path: str) -> str:
        """The SI unit of the parameter at a path, "1" for a pure number.

        Raises:
            ScenarioError: If there is no such path, or it ends in a section.
        """
        return overrides.unit(self, path)

    def in_si(self, path: str, number: float) -> float | str:
        """A number in the SI unit of a path as it would stand in a file: "1.5e-07 m"; pure numbers are bare.

        Raises:
            ScenarioError: If there is no such path, or it ends in a section.
        """
        unit = self.unit(path)
        return float(number) if unit == "1" else f"{float(number)!r} {unit}"

    def to_yaml(self) -> str:
        """The scenario as YAML, every default included; reading it gives an equal scenario."""
        return writing.to_yaml(self.to_data())

    def provenance(self) -> list[Provenance]:
        """Value, status, source and circumstances of every physical parameter, in the order of the file."""
        physical = {key: value for key, value in self.entries().items() if key not in ("output", "numerics")}
        return [
            Provenance(path, leaf.text, leaf.status, leaf.source, leaf.under)
            for path, leaf in leaves(physical)
            if isinstance(leaf, Parameter | OccupancyProperty)
        ]

    def host_model(self) -> Host:
        """The host lattice, in SI."""
        material = self.material
        return Host(
            site_density=material.site_density,
            occupancy=material.ion.occupancy.value,
            molar_volume=material.molar_volume.value,
            layer=layer(self.shell),
            vacancies=vacancies(self.oxygen),
        )

    def model(self) -> ParticleModel:
        """The particle's physics, in SI."""
        material = self.material
        return ParticleModel(
            radius=self.particle.radius.value,
            thermal_energy=GAS_CONSTANT * self.temperature.value,
            host=self.host_model(),
            transport=Transport(diffusivity=material.diffusivity.function, drift=material.drift_model()),
            elasticity=material.elasticity.model(),
            chemical_strain=material.chemical_strain.model(material.molar_volume.value),
            exchange=IonExchange(margin=self.surface.exhausted_below.value),
            confinement=Confinement(stiffness=self.surface.confinement.value),
        )

    def oxygen_model(self, volume_to_surface: float | None = None) -> OxygenModel | None:
        """The particle's oxygen, in SI; None where the scenario has none.

        Args:
            volume_to_surface: V/A of the particle, m; by default that of the shape.

        Raises:
            InputError: If the particle is imported and no V/A is given.
        """
        section = self.oxygen
        if section is None:
            return None
        return OxygenModel(
            radius=self.particle.radius.value,
            initial=section.initial.value,
            host=self.host_model(),
            transport=section.transport_model(),
            source=section.source_model(self.material.ion.charge_number),
            surface=self.oxygen_surface(volume_to_surface).exchange,
            reuse=section.reuse_model(),
        )

    def oxygen_surface(self, volume_to_surface: float | None = None) -> SurfaceLaw:
        """What the surface does to oxygen, with the share of it that a sink covers; sealed without oxygen.

        Args:
            volume_to_surface: V/A of the particle, m; by default that of the shape.

        Raises:
            InputError: If the particle is imported and no V/A is given.
        """
        section = self.oxygen
        return Sealed() if section is None else section.surface.model(self.carrier(volume_to_surface))

    def carrier(self, volume_to_surface: float | None = None) -> Carrier:
        """What a surface law of oxygen has to know of the particle.

        Args:
            volume_to_surface: V/A of the particle, m; by default that of the shape.

        Raises:
            InputError: If the particle is imported and no V/A is given, or the scenario has no oxygen.
        """
        if self.oxygen is None:
            raise InputError(f"found no oxygen in scenario '{self.name}', expected the section 'oxygen'")
        return Carrier(
            radius=self.particle.radius.value,
            volume_to_surface=self._volume_to_surface(volume_to_surface),
            density=self.material.density,
            temperature=self.temperature.value,
            diffusivity=self.oxygen.diffusivity.at(self.material.ion.occupancy.value),
        )

    def chosen(self) -> dict[str, str]:
        """The physical parameters that nobody measured or calculated, as written, by path."""
        return {fact.path: fact.text for fact in self.provenance() if fact.status in ("chosen", "unstated")}

    def remarks(self, volume_to_surface: float | None = None) -> list[str]:
        """Sentences that a reader of the results has to know, each number computed from the scenario.

        Args:
            volume_to_surface: V/A of the particle, m; by default that of the shape.

        Raises:
            InputError: If the particle is imported and no V/A is given.
        """
        return list(remarks.about(self, volume_to_surface))

    def _volume_to_surface(self, given: float | None) -> float:
        ratio = given or self.particle.volume_to_surface
        if ratio is None:
            raise InputError("an imported particle has the volume to surface ratio of its mesh; hand it over")
        return ratio

    def protocol(self, volume_to_surface: float | None = None) -> Protocol:
        """What is done to the particle, in SI.

        Args:
            volume_to_surface: V/A of the particle, m; by default that of the shape.

        Raises:
            InputError: If the particle is imported and no V/A is given.
        """
        material = self.material
        conversion = Conversion(
            volume_to_surface=self._volume_to_surface(volume_to_surface),
            molar_volume=material.molar_volume.value,
            density=material.density,
            one_c=0.0 if self.cell is None else self.cell.one_c.value,
            charge_number=material.ion.charge_number,
            margin=self.surface.exhausted_below.value,
        )
        return Protocol(tuple(step.step(conversion) for step in self.steps), self.output.at.stops())
