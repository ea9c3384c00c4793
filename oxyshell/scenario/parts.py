"""The parts of a particle that are hosts of their own, and what they make together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oxyshell.models.base.geometry import CORE
from oxyshell.scenario.material import Material
from oxyshell.scenario.shell import Shell

SHELL = "layer"
"""Name of the layer that stands in the section `shell`."""
_NOTHING = Shell()


@dataclass(frozen=True)
class Layer:
    """A layer of a scenario.

    Attributes:
        name: Of its cells in the mesh.
        path: Keys down to its section.
        section: Its section.
    """

    name: str
    path: tuple[str, ...]
    section: Shell


@dataclass(frozen=True)
class Part:
    """A part of the particle that is one host: the core, or a region.

    Attributes:
        name: Of its cells in the mesh.
        path: Keys down to its section: `material`, or that of the layer.
        material: Its material.
        section: Its section; of the core, one without anything.
    """

    name: str
    path: tuple[str, ...]
    material: Material
    section: Shell

    def place(self, key: str) -> tuple[str, ...]:
        """Keys down to a property of its material, which may be that of the particle's."""
        return (*self.path, key) if key in self.section.own() else ("material", key)

    @property
    def sites(self) -> float:
        """Host sites per formula unit, those that are missing everywhere in it left out."""
        missing = 0.0 if self.section.graded else self.section.deficiency.value
        return self.material.ion.sites_per_formula.value * (1 - missing)

    @property
    def filled(self) -> float:
        """Ions per formula unit, as made."""
        return self.sites * self.material.ion.occupancy.value


def parts_of(core: Material, layers: Sequence[Layer]) -> tuple[Part, ...]:
    """The core and the regions, from inside out.

    Layers within the innermost region belong to the core; those around it, which touch the core nowhere, are
    regions even if they have no property of their own.
    """
    found = [Part(CORE, ("material",), core, _NOTHING)]
    for layer in layers:
        if len(found) > 1 or layer.section.is_region:
            found.append(Part(layer.name, layer.path, layer.section.material(core), layer.section))
    return tuple(found)


@dataclass(frozen=True)
class Amounts:
    """Amounts in the whole particle.

    Attributes:
        density: Mass per volume, kg/m³.
        molar_volume: Volume per mol of formula units, m³/mol.
        sites: Host sites per formula unit.
        filled: Ions per formula unit, as made.
    """

    density: float
    molar_volume: float
    sites: float
    filled: float


def amounts(parts: Sequence[Part], shares: Mapping[str, float]) -> Amounts:
    """The amounts that parts make together.

    Args:
        parts: The core and the regions.
        shares: Shares of the regions in the particle's volume, by name; the core is the rest.
    """
    core, *regions = parts
    if not regions:
        material = core.material
        return Amounts(material.density, material.molar_volume.value, core.sites, core.filled)
    volumes = [shares[one.name] for one in regions]
    volumes = [1 - sum(volumes), *volumes]
    units = [share / part.material.molar_volume.value for share, part in zip(volumes, parts, strict=True)]
    total = sum(units)

    def mean(numbers: Sequence[float]) -> float:
        return sum(number * amount for number, amount in zip(numbers, units, strict=True)) / total

    return Amounts(
        density=sum(share * part.material.density for share, part in zip(volumes, parts, strict=True)),
        molar_volume=1 / total,
        sites=mean([part.sites for part in parts]),
        filled=mean([part.filled for part in parts]),
    )
