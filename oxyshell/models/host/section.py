"""The host lattice in a scenario: the composition in `material`, and the section `shell`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from oxyshell.language import chemistry, scales
from oxyshell.language.parameters import POSITIVE, Bounds, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.models.host.lattice import CosineLayer, Layer, LinearLayer, StepLayer

# The layer models by profile, made from thickness and deficiency.
_LAYERS: Mapping[str, Callable[..., Layer]] = {
    "linear": LinearLayer,
    "step": StepLayer,
    "cosine": CosineLayer,
}


class Composition(Section):
    """The formula unit of a material, its mass and its volume."""

    formula: chemistry.Formula
    """Formula unit as made, such as Li1.2Mn0.54Ni0.13Co0.13O2."""
    molar_mass: Annotated[Parameter, Quantity("kg/mol", POSITIVE, scales.MOLAR_MASS)] = Field(
        default=None, validate_default=True
    )
    """Mass per mol of formula units. Default: from the formula and standard atomic weights."""
    molar_volume: Annotated[Parameter, Quantity("m^3/mol", POSITIVE, scales.MOLAR_VOLUME)]
    """Volume V_m per mol of formula units."""

    @field_validator("molar_mass", mode="before")
    @classmethod
    def _mass_of_formula(cls, raw: Any, info: ValidationInfo) -> Any:
        if raw is not None:
            return raw
        # A wrong formula is reported by itself; the mass then only has to be some number.
        formula = info.data.get("formula", "H")
        source = "sum of standard atomic weights (IUPAC 2021) over the formula"
        return {
            "value": f"{chemistry.molar_mass(formula):.6g} g/mol",
            "status": "calculated",
            "source": source,
        }

    @property
    def density(self) -> float:
        """Mass per volume, kg/m³."""
        return self.molar_mass.value / self.molar_volume.value


class Shell(Section):
    """An ion-deficient layer under the surface."""

    thickness: Annotated[Parameter, Quantity("m", POSITIVE, scales.THICKNESS)]
    """Thickness δ; below the radius."""
    deficiency: Annotated[Parameter, Quantity("1", Bounds(at_least=0, below=1))]
    """Share d of the host sites that is missing at the surface."""
    profile: Literal["linear", "step", "cosine"] = "linear"
    """Fall of the deficit with depth. Default linear."""

    def model(self) -> Layer:
        """The layer, in SI."""
        return _LAYERS[self.profile](thickness=self.thickness.value, deficiency=self.deficiency.value)
