"""The section `material`."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, ValidationInfo, field_validator, model_validator

from oxyshell.language import chemistry, scales
from oxyshell.language.mistakes import CUSTOM, describe, listed, problem, refused
from oxyshell.language.occupancy import OccupancyProperty, OccupancyQuantity
from oxyshell.language.parameters import POSITIVE, SHARE, Bounds, Parameter, Quantity
from oxyshell.language.sections import Section, by_keys, tag
from oxyshell.models.base import formula as expressions
from oxyshell.models.base.properties import Constant
from oxyshell.models.ions.transport import DiluteDrift, Drift, LatticeDrift, NoDrift
from oxyshell.models.mechanics import elasticity as mechanics

# Beyond, one direction of strain is 10 000 times as stiff as the others, and its noise is read as stress.
_LEAST_COMPLIANCE = 2e-4
_VOLUMETRIC = "1 - poisson_ab/2 - sqrt(poisson_ab^2/4 + 2 poisson_ac^2 modulus_c/modulus_a)"
POISSON = Bounds(at_least=-1 + _LEAST_COMPLIANCE, at_most=(1 - _LEAST_COMPLIANCE) / 2)
_DRIFTS: dict[str, Drift] = {"lattice": LatticeDrift(), "dilute": DiluteDrift(), "none": NoDrift()}


class Ion(Section):
    """The ion that moves."""

    species: Annotated[str, Field(min_length=1)]
    """Element symbol; part of the formula."""
    charge_number: Annotated[int, Field(ge=1, le=4)] = 1
    """Charges per ion. Default 1."""
    sites_per_formula: Annotated[Parameter, Quantity("1", POSITIVE)]
    """Host sites per formula unit."""
    occupancy: Annotated[Parameter, Quantity("1", SHARE)]
    """Share of the sites that is filled as made."""


class VolumeChange(Section):
    """Chemical strain from a measured change in volume."""

    volume_change: Annotated[Parameter, Quantity("1", Bounds(above=-0.5, below=0.5))]
    """Relative volume that is lost when `per_extracted` ions leave."""
    per_extracted: Annotated[Parameter, Quantity("1", POSITIVE)] = Parameter.default("1.0", "1")
    """Ions per formula unit that leave meanwhile. Default 1."""

    def model(self, molar_volume: float) -> mechanics.ChemicalStrain:
        """Ω = volume_change · V_m / per_extracted."""
        change = self.volume_change.value * molar_volume / self.per_extracted.value
        return mechanics.IsotropicChemicalStrain(partial_molar_volume=Constant(change))


class PartialMolarVolume(Section):
    """Chemical strain from a partial molar volume."""

    partial_molar_volume: Annotated[
        OccupancyProperty, OccupancyQuantity("m^3/mol", scale=scales.PARTIAL_MOLAR_VOLUME)
    ]
    """Ω(θ), volume per mol of ions."""

    def model(self, molar_volume: float) -> mechanics.ChemicalStrain:
        """Ω as given."""
        return mechanics.IsotropicChemicalStrain(partial_molar_volume=self.partial_molar_volume.function)


class TransverseExpansion(Section):
    """Different chemical strains in the a-b plane and along c; dimension 2 or 3."""

    expansion_a: Annotated[OccupancyProperty, OccupancyQuantity("m^3/mol", scale=scales.PARTIAL_MOLAR_VOLUME)]
    """β_a(θ), strain in the plane per ion concentration."""
    expansion_c: Annotated[OccupancyProperty, OccupancyQuantity("m^3/mol", scale=scales.PARTIAL_MOLAR_VOLUME)]
    """β_c(θ), strain along c per ion concentration."""

    def model(self, molar_volume: float) -> mechanics.ChemicalStrain:
        """β_a and β_c as given."""
        return mechanics.TransverseChemicalStrain(
            expansion_a=self.expansion_a.function, expansion_c=self.expansion_c.function
        )


type ChemicalStrain = Annotated[
    Annotated[VolumeChange, tag(VolumeChange)]
    | Annotated[PartialMolarVolume, tag(PartialMolarVolume)]
    | Annotated[TransverseExpansion, tag(TransverseExpansion)],
    Discriminator(
        by_keys(VolumeChange, PartialMolarVolume, TransverseExpansion),
        custom_error_type=CUSTOM,
        custom_error_message="{expected}",
        custom_error_context={
            "expected": "'volume_change', 'partial_molar_volume', or 'expansion_a' and 'expansion_c'"
        },
    ),
]


class IsotropicElasticity(Section):
    """The same stiffness in all directions."""

    young_modulus: Annotated[OccupancyProperty, OccupancyQuantity("Pa", POSITIVE, scales.ELASTIC_MODULUS)]
    """E(θ)."""
    poisson_ratio: Annotated[OccupancyProperty, OccupancyQuantity("1", POISSON, scales.POISSON)]
    """ν(θ)."""

    @property
    def volumetric_compliance(self) -> tuple[float, str]:
        """The least over θ of what vanishes in an incompressible solid, in units of 1/E; its formula."""
        import numpy as np

        ratio = self.poisson_ratio.function
        values = ratio.value(ratio.samples(), expressions.NUMPY)
        return float(np.min(1 - 2 * np.asarray(values))), "1 - 2 poisson_ratio"

    def model(self) -> mechanics.Elasticity:
        """Hooke's law."""
        return mechanics.IsotropicElasticity(
            young_modulus=self.young_modulus.function, poisson_ratio=self.poisson_ratio.function
        )


class TransverseElasticity(Section):
    """Stiffness of a layered host, isotropic in its a-b plane; dimension 2 or 3."""

    modulus_a: Annotated[OccupancyProperty, OccupancyQuantity("Pa", POSITIVE, scales.ELASTIC_MODULUS)]
    """E_a(θ), Young's modulus in the plane."""
    modulus_c: Annotated[OccupancyProperty, OccupancyQuantity("Pa", POSITIVE, scales.ELASTIC_MODULUS)]
    """E_c(θ), Young's modulus along c."""
    poisson_ab: Annotated[
        OccupancyProperty, OccupancyQuantity("1", Bounds(above=-1, below=1), scales.POISSON)
    ]
    """ν_ab(θ), contraction in the plane under tension in the plane."""
    poisson_ac: Annotated[OccupancyProperty, OccupancyQuantity("1", scale=scales.POISSON)]
    """ν_ac(θ), contraction along c under tension in the plane."""
    shear_c: Annotated[OccupancyProperty, OccupancyQuantity("Pa", POSITIVE, scales.ELASTIC_MODULUS)]
    """G_c(θ), shear modulus between c and the plane."""

    @model_validator(mode="after")
    def _stable(self) -> Self:
        """Check the smallest eigenvalue of the compliance, scaled by the moduli, as in an isotropic solid.

        With m = ν_ac √(E_c/E_a) the eigenvalues are 1 + ν_ab and 1 − ν_ab/2 ∓ √(ν_ab²/4 + 2 m²); for an
        isotropic solid, 1 − 2ν and 1 + ν. All above 0 means a positive strain energy.
        """
        import numpy as np

        nab, volumetric = self._compliances()
        worst = float(min(np.min(1 + nab), np.min(volumetric)))
        if not worst >= _LEAST_COMPLIANCE * (1 - 1e-9):
            found = f"a stiffness that is {'unstable' if worst <= 0 else 'nearly singular'} ({worst:.4g})"
            expected = (
                f"{_VOLUMETRIC} and 1 + poisson_ab at least {_LEAST_COMPLIANCE:g} for every theta (stability)"
            )
            raise refused(problem(found, expected))
        return self

    def _compliances(self) -> tuple[Any, Any]:
        """ν_ab, and the eigenvalue that vanishes in an incompressible solid, for all θ."""
        import numpy as np

        names = ("modulus_a", "modulus_c", "poisson_ab", "poisson_ac")
        theta = np.unique(np.concatenate([getattr(self, name).function.samples() for name in names]))
        ea, ec, nab, nac = (getattr(self, name).function.value(theta, expressions.NUMPY) for name in names)
        with np.errstate(all="ignore"):
            return nab, 1 - nab / 2 - np.sqrt(nab**2 / 4 + 2 * nac**2 * ec / ea)

    @property
    def volumetric_compliance(self) -> tuple[float, str]:
        """The least over θ of what vanishes in an incompressible solid, in units of 1/E; its formula."""
        import numpy as np

        return float(np.min(self._compliances()[1])), _VOLUMETRIC

    def model(self) -> mechanics.Elasticity:
        """Hooke's law of a transversely isotropic solid."""
        names = ("modulus_a", "modulus_c", "poisson_ab", "poisson_ac", "shear_c")
        return mechanics.TransverseElasticity(**{name: getattr(self, name).function for name in names})


type Elasticity = Annotated[
    Annotated[IsotropicElasticity, tag(IsotropicElasticity)]
    | Annotated[TransverseElasticity, tag(TransverseElasticity)],
    Discriminator(
        by_keys(IsotropicElasticity, TransverseElasticity),
        custom_error_type=CUSTOM,
        custom_error_message="{expected}",
        custom_error_context={
            "expected": "'young_modulus' and 'poisson_ratio', or 'modulus_a', 'modulus_c', 'poisson_ab', "
            "'poisson_ac' and 'shear_c'"
        },
    ),
]


class Material(Section):
    """What the particle is made of."""

    formula: chemistry.Formula
    """Formula unit as made, such as Li1.2Mn0.54Ni0.13Co0.13O2."""
    molar_mass: Annotated[Parameter, Quantity("kg/mol", POSITIVE, scales.MOLAR_MASS)] = Field(
        default=None, validate_default=True
    )
    """Mass per mol of formula units. Default: from the formula and standard atomic weights."""
    molar_volume: Annotated[Parameter, Quantity("m^3/mol", POSITIVE, scales.MOLAR_VOLUME)]
    """Volume V_m per mol of formula units."""
    ion: Ion
    """Which ion moves, and how many there are."""
    diffusivity: Annotated[OccupancyProperty, OccupancyQuantity("m^2/s", POSITIVE, scales.DIFFUSIVITY)]
    """D(θ)."""
    drift: Literal["lattice", "dilute", "none"] = "lattice"
    """What stress does to the flux: of ions on a lattice of sites (default), in dilute solution, nothing."""
    chemical_strain: ChemicalStrain
    """How the ion content deforms the host."""
    elasticity: Elasticity
    """How strain becomes stress."""

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

    @model_validator(mode="after")
    def _ion_in_formula(self) -> Self:
        elements = chemistry.composition(self.formula)
        if self.ion.species not in elements:
            expected = f"an element of the formula: {listed(elements)}"
            raise refused(problem(describe(self.ion.species), expected, "ion", "species"))
        return self

    @property
    def density(self) -> float:
        """Mass per volume, kg/m³."""
        return self.molar_mass.value / self.molar_volume.value

    @property
    def site_density(self) -> float:
        """c_sb, host sites per volume, mol/m³."""
        return self.ion.sites_per_formula.value / self.molar_volume.value

    @property
    def transverse(self) -> bool:
        """Whether any property distinguishes the c axis."""
        axial = (TransverseExpansion, TransverseElasticity)
        return isinstance(self.chemical_strain, axial) or isinstance(self.elasticity, axial)

    def drift_model(self) -> Drift:
        """What the stress does to the flux."""
        return _DRIFTS[self.drift]
