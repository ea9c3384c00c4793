"""The host lattice in a scenario: the composition in `material`, and the section `shell`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from oxyshell.language import chemistry, scales
from oxyshell.language.parameters import POSITIVE, Bounds, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.models.host.lattice import CosineLayer, Layer, LinearLayer, NoLayer, UniformLayer

# The layer models by profile, made from thickness and deficiency.
_LAYERS: Mapping[str, Callable[..., Layer]] = {
    "linear": LinearLayer,
    "step": UniformLayer,
    "cosine": CosineLayer,
}


MolarMass = Annotated[Parameter, Quantity("kg/mol", POSITIVE, scales.MOLAR_MASS)]
MolarVolume = Annotated[Parameter, Quantity("m^3/mol", POSITIVE, scales.MOLAR_VOLUME)]


def mass_of(formula: str) -> Mapping[str, str]:
    """The molar mass of a formula, as a file would give it."""
    source = "sum of standard atomic weights (IUPAC 2021) over the formula"
    return {"value": f"{chemistry.molar_mass(formula):.6g} g/mol", "status": "calculated", "source": source}


class Composition(Section):
    """The formula unit of a material, its mass and its volume."""

    formula: chemistry.Formula
    """Formula unit as made, such as Li1.2Mn0.54Ni0.13Co0.13O2."""
    molar_mass: MolarMass = Field(default=None, validate_default=True)
    """Mass per mol of formula units. Default: from the formula and standard atomic weights."""
    molar_volume: MolarVolume
    """Volume V_m per mol of formula units."""

    @field_validator("molar_mass", mode="before")
    @classmethod
    def _mass_of_formula(cls, raw: Any, info: ValidationInfo) -> Any:
        # A wrong formula is reported by itself; the mass then only has to be some number.
        return mass_of(info.data.get("formula", "H")) if raw is None else raw

    @property
    def density(self) -> float:
        """Mass per volume, kg/m³."""
        return self.molar_mass.value / self.molar_volume.value


class Deficit(Section):
    """The part of a particle in which ion sites are missing."""

    thickness: Annotated[Parameter, Quantity("m", POSITIVE, scales.THICKNESS)] | None = None
    """Thickness δ; below the radius. Null for a group of cells of an imported mesh, whose thickness is that
    of its cells, unless its deficiency falls with depth."""
    deficiency: Annotated[Parameter, Quantity("1", Bounds(at_least=0, below=1))] = Parameter.default("0", "1")
    """Share d of the host sites that is missing at the surface. Default 0."""
    profile: Literal["linear", "step", "cosine"] = "linear"
    """Fall of the deficit with depth, from the surface of the particle inwards; step: none, the whole layer
    lacks d. Default linear."""

    @property
    def graded(self) -> bool:
        """Whether the deficit, if there is any, falls with depth."""
        return self.profile != "step"

    def model(self) -> Layer:
        """The deficit, in SI."""
        if self.thickness is None and self.graded:
            return NoLayer()
        thickness = 0.0 if self.thickness is None else self.thickness.value
        return _LAYERS[self.profile](thickness=thickness, deficiency=self.deficiency.value)
