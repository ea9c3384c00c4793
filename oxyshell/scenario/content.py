"""The keys of a scenario, and the particle that they describe.

The sections of physics are not here: `scenario.Scenario` puts them between the two parts of this list.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from oxyshell.errors import InputError
from oxyshell.language import scales
from oxyshell.language.former import Renamed
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.language.thermal import over_thermal_energy
from oxyshell.models import registry
from oxyshell.models.base.constants import GAS_CONSTANT
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.host.lattice import Host, NoLayer
from oxyshell.models.host.lattice import Layer as Deficit
from oxyshell.models.ions.standard import PotentialOffset
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.region import Interface, Region
from oxyshell.scenario.cell import Cell
from oxyshell.scenario.material import Material
from oxyshell.scenario.numerics import Numerics
from oxyshell.scenario.output import Output
from oxyshell.scenario.parts import SHELL, Amounts, Layer, Part, amounts, parts_of
from oxyshell.scenario.protocol.kinds import Steps
from oxyshell.scenario.protocol.limits import Limits
from oxyshell.scenario.shell import Regions, Shell
from oxyshell.scenario.surface import Surface
from oxyshell.shapes.registry import Particle


class ParticleKeys(Section):
    """The keys before those of the physics."""

    name: Annotated[str, Field(min_length=1)]
    """Name of the run."""
    about: str = ""
    """Its purpose, in a sentence."""
    temperature: Annotated[Parameter, Quantity("K", POSITIVE, scales.TEMPERATURE)] = Parameter.default(
        "298.15 K", "K"
    )
    """Temperature T. Default 298.15 K."""
    particle: Particle
    """Its shape and size."""
    material: Material
    """Its material."""
    shell: Shell | None = None
    """A layer under the surface, with fewer ion sites or of another material; null: none."""
    regions: Regions | None = None
    """Several layers by name, from inside out, or groups of cells of an imported mesh; null: none."""
    surface: Surface = Surface()
    """Its surface."""


class Content(ParticleKeys):
    """All keys but those of the physics, and what they mean in SI."""

    cell: Cell | None = None
    """The current of 1 C; needed where the protocol has a rate in C."""
    steps: Steps = Field(alias="protocol")
    """Steps in order: charge, discharge, rest, hold, or entries that stand for many of them."""
    limits: Limits | None = None
    """Voltages that end the whole run; null: none."""
    output: Output = Output()
    """Moments at which profiles and fields are written."""
    numerics: Numerics = Numerics()
    """Accuracy and methods."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """The section of a physics, by the name of the physics."""

    @property
    def notices(self) -> tuple[Renamed, ...]:
        """Former names in the file that it was read from, and in values that were changed since."""
        return ()

    def section(self, name: str) -> Any:
        """The section of a physics; None where the scenario has none.

        Args:
            name: Of the physics, such as "oxygen".
        """
        return self.entries().get(name)

    def data_files(self) -> tuple[Path, ...]:
        """Files of the particle and the protocol, whose content a written scenario does not have."""
        singles = (single for entry in self.steps for _, single in entry.singles())
        return (*self.particle.files(), *(file for single in singles for file in single.files()))

    def geometry(self) -> Geometry:
        """The size of a particle whose shape says it.

        Raises:
            InputError: If the mesh has to be read first.
        """
        found = self.particle.geometry()
        if found is None:
            raise InputError(
                f"found {self.particle.noun} in scenario '{self.name}', expected a shape of a size that keys "
                "tell; a mesh tells it once it is read: scenario.on(Geometry(radius, volume, area))"
            )
        return found.divided(self._shares())

    def _shares(self) -> dict[str, float]:
        """Shares of the layers in the volume, in closed form, as each is parallel to the surface."""
        particle = self.particle
        sections = [(one.name, one.section.thickness) for one in self.layers]
        depth = sum(0.0 if one is None else one.value for _, one in sections) / particle.radius.value
        shares, within = {}, self._within(depth)
        for name, thickness in sections:
            depth -= 0.0 if thickness is None else thickness.value / particle.radius.value
            around = self._within(depth)
            shares[name], within = around - within, around
        return shares

    def _within(self, depth: float) -> float:
        """Share of the volume that is deeper than a depth in R."""
        left = max(1 - depth / self.particle.deepest, 0.0)
        return float(left**self.particle.core_dimensions)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, from inside out."""
        several = [Layer(name, ("regions", name), one) for name, one in (self.regions or {}).items()]
        return tuple(several) if self.shell is None else (*several, Layer(SHELL, ("shell",), self.shell))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The core and the regions, from inside out."""
        return parts_of(self.material, self.layers)

    def amounts(self, geometry: Geometry) -> Amounts:
        """Amounts in the whole particle.

        Args:
            geometry: Its size, with the shares of its regions.
        """
        return amounts(self.parts, geometry.shares)

    def model(self, temperature: float | None = None) -> ParticleModel:
        """The particle's host, ions and mechanics, in SI.

        Args:
            temperature: Of a step, K; by default that of the scenario.
        """
        if temperature is None:
            return self._model(self.temperature.value)
        now = Parameter.default(f"{temperature!r} K", "K")
        return self.model_copy(update={"temperature": now})._model(self.temperature.value)

    def _model(self, reference: float) -> ParticleModel:
        """The particle, its work of stress being counted in RT of a reference temperature, K."""
        core, *regions = self.parts
        # Layers that are no regions are the host of the core.
        graded = [one.section.model() for one in self.layers if not regions]
        model = ParticleModel(
            radius=self.particle.radius.value,
            thermal_energy=GAS_CONSTANT * reference,
            **self._properties(core, reference, graded[-1] if graded else NoLayer()),
            exchange=self.surface.exchange_model(),
            confinement=self.surface.confinement_model(),
            regions=tuple(self._region(one, reference) for one in regions),
        )
        for physics in registry.physics():
            model = physics.particle_model(model, self)
        return model

    def _region(self, part: Part, reference: float) -> Region:
        """A region in SI, its ions' potential without that of an electrode."""
        section = part.section
        deficit = section.model() if section.deficiency.value > 0 else NoLayer()
        offset = section.potential_offset
        return Region(
            name=part.name,
            **self._properties(part, reference, deficit),
            standard=PotentialOffset(0.0 if offset is None else over_thermal_energy(offset, reference)),
            strain_free=section.strain_reference,
            interface=Interface() if section.interface is None else section.interface.model(),
        )

    def _properties(self, part: Part, reference: float, deficit: Deficit) -> dict[str, Any]:
        """Host, transport and mechanics of a part, in SI."""
        material = part.material
        return {
            "host": Host(
                site_density=material.site_density,
                occupancy=material.ion.occupancy.value,
                molar_volume=material.molar_volume.value,
                layer=deficit,
            ),
            "transport": material.transport_model(self.temperature.value, reference, self.particle.paths),
            "elasticity": material.elasticity.model(),
            "chemical_strain": material.chemical_strain.model(
                material.molar_volume.value, material.site_density
            ),
        }
