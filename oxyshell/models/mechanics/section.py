"""Mechanics in a scenario: `chemical_strain` and `elasticity` of `material`, `confinement` of `surface`.

Sections that distinguish the c axis say so by `axial`; not every particle along a line has room for one.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Self, cast

from pydantic import model_validator

from oxyshell.language import scales
from oxyshell.language.mistakes import problem, refused
from oxyshell.language.occupancy import OccupancyProperty, OccupancyQuantity, SmoothQuantity
from oxyshell.language.parameters import NOT_NEGATIVE, POSITIVE, Bounds, Parameter, Quantity
from oxyshell.language.sections import Section, tag, told_by_keys
from oxyshell.models.base.expression import Array
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.properties import Constant
from oxyshell.models.base.smooth_table import Differentiable, Slope
from oxyshell.models.mechanics import elasticity

# Beyond, one direction of strain is 10 000 times as stiff as the others, and its noise is read as stress.
_LEAST_COMPLIANCE = 2e-4
_VOLUMETRIC = "1 - poisson_ab/2 - sqrt(poisson_ab^2/4 + 2 poisson_ac^2 modulus_c/modulus_a)"
_STRAIN = Bounds(above=-0.5, below=0.5)
_POISSON = Bounds(at_least=-1 + _LEAST_COMPLIANCE, at_most=(1 - _LEAST_COMPLIANCE) / 2)


class VolumeChange(Section):
    """Chemical strain from a measured change in volume."""

    axial: ClassVar[bool] = False

    volume_change: Annotated[Parameter, Quantity("1", Bounds(above=-0.5, below=0.5))]
    """Share of the volume that is lost when `per_extracted` ions leave; positive where the host shrinks as
    ions leave, negative where it expands. The partial molar volume is Ω = volume_change · V_m /
    per_extracted."""
    per_extracted: Annotated[Parameter, Quantity("1", POSITIVE)] = Parameter.default("1.0", "1")
    """Ions per formula unit that leave meanwhile. Default 1."""

    def model(self, molar_volume: float, site_density: float) -> elasticity.ChemicalStrain:
        """Ω = volume_change · V_m / per_extracted."""
        change = self.volume_change.value * molar_volume / self.per_extracted.value
        return elasticity.IsotropicChemicalStrain(partial_molar_volume=Constant(change))


class PartialMolarVolume(Section):
    """Chemical strain from a partial molar volume."""

    axial: ClassVar[bool] = False

    partial_molar_volume: Annotated[
        OccupancyProperty, OccupancyQuantity("m^3/mol", scale=scales.PARTIAL_MOLAR_VOLUME)
    ]
    """Ω(θ), volume per mol of ions."""

    def model(self, molar_volume: float, site_density: float) -> elasticity.ChemicalStrain:
        """Ω as given."""
        return elasticity.IsotropicChemicalStrain(partial_molar_volume=self.partial_molar_volume.function)


class TransverseExpansion(Section):
    """Different chemical strains in the a-b plane and along c, by their change with the ion content."""

    axial: ClassVar[bool] = True

    expansion_a: Annotated[OccupancyProperty, OccupancyQuantity("m^3/mol", scale=scales.PARTIAL_MOLAR_VOLUME)]
    """β_a(θ), strain in the plane per ion concentration."""
    expansion_c: Annotated[OccupancyProperty, OccupancyQuantity("m^3/mol", scale=scales.PARTIAL_MOLAR_VOLUME)]
    """β_c(θ), strain along c per ion concentration."""

    def model(self, molar_volume: float, site_density: float) -> elasticity.ChemicalStrain:
        """β_a and β_c as given."""
        return elasticity.TransverseChemicalStrain(
            expansion_a=self.expansion_a.function, expansion_c=self.expansion_c.function
        )


class StrainOverOccupancy(Section):
    """Different chemical strains in the a-b plane and along c, as functions of the occupancy of the bulk."""

    axial: ClassVar[bool] = True

    strain_a: Annotated[OccupancyProperty, SmoothQuantity("1", _STRAIN)]
    """ε_a(θ), strain in the plane of the bulk, relative to any content; a table has a continuous slope."""
    strain_c: Annotated[OccupancyProperty, SmoothQuantity("1", _STRAIN)]
    """ε_c(θ), strain along c, likewise."""

    def model(self, molar_volume: float, site_density: float) -> elasticity.ChemicalStrain:
        """β = (1/c_sb) dε/dθ in both directions."""
        # What `SmoothQuantity` reads has a slope.
        functions = (cast(Differentiable, one.function) for one in (self.strain_a, self.strain_c))
        a, c = (Slope(one, 1 / site_density) for one in functions)
        return elasticity.StrainOverOccupancy(expansion_a=a, expansion_c=c)


type ChemicalStrain = Annotated[
    Annotated[VolumeChange, tag(VolumeChange)]
    | Annotated[PartialMolarVolume, tag(PartialMolarVolume)]
    | Annotated[TransverseExpansion, tag(TransverseExpansion)]
    | Annotated[StrainOverOccupancy, tag(StrainOverOccupancy)],
    told_by_keys(
        "'volume_change', 'partial_molar_volume', 'expansion_a' and 'expansion_c', or 'strain_a' and "
        "'strain_c'",
        *(VolumeChange, PartialMolarVolume, TransverseExpansion, StrainOverOccupancy),
    ),
]


class IsotropicElasticity(Section):
    """The same stiffness in all directions."""

    axial: ClassVar[bool] = False

    young_modulus: Annotated[OccupancyProperty, OccupancyQuantity("Pa", POSITIVE, scales.ELASTIC_MODULUS)]
    """E(θ)."""
    poisson_ratio: Annotated[OccupancyProperty, OccupancyQuantity("1", _POISSON, scales.POISSON)]
    """ν(θ)."""

    @property
    def volumetric_compliance(self) -> tuple[float, str]:
        """The least over θ of what vanishes in an incompressible solid, in units of 1/E; its formula."""
        import numpy as np

        ratio = self.poisson_ratio.function
        values = ratio.value(ratio.samples(), NUMPY)
        return float(np.min(1 - 2 * np.asarray(values))), "1 - 2 poisson_ratio"

    def model(self) -> elasticity.Elasticity:
        """Hooke's law."""
        return elasticity.IsotropicElasticity(
            young_modulus=self.young_modulus.function, poisson_ratio=self.poisson_ratio.function
        )


class TransverseElasticity(Section):
    """Stiffness of a layered host, isotropic in its a-b plane."""

    axial: ClassVar[bool] = True

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

    def _compliances(self) -> tuple[Array, Array]:
        """ν_ab, and the eigenvalue that vanishes in an incompressible solid, for all θ."""
        import numpy as np

        names = ("modulus_a", "modulus_c", "poisson_ab", "poisson_ac")
        theta = np.unique(np.concatenate([getattr(self, name).function.samples() for name in names]))
        ea, ec, nab, nac = (getattr(self, name).function.value(theta, NUMPY) for name in names)
        with np.errstate(all="ignore"):
            return nab, 1 - nab / 2 - np.sqrt(nab**2 / 4 + 2 * nac**2 * ec / ea)

    @property
    def volumetric_compliance(self) -> tuple[float, str]:
        """The least over θ of what vanishes in an incompressible solid, in units of 1/E; its formula."""
        import numpy as np

        return float(np.min(self._compliances()[1])), _VOLUMETRIC

    def model(self) -> elasticity.Elasticity:
        """Hooke's law of a transversely isotropic solid."""
        names = ("modulus_a", "modulus_c", "poisson_ab", "poisson_ac", "shear_c")
        return elasticity.TransverseElasticity(**{name: getattr(self, name).function for name in names})


type Elasticity = Annotated[
    Annotated[IsotropicElasticity, tag(IsotropicElasticity)]
    | Annotated[TransverseElasticity, tag(TransverseElasticity)],
    told_by_keys(
        "'young_modulus' and 'poisson_ratio', or 'modulus_a', 'modulus_c', 'poisson_ab', 'poisson_ac' and "
        "'shear_c'",
        *(IsotropicElasticity, TransverseElasticity),
    ),
]


class Deformation(Section):
    """The mechanics of a material."""

    chemical_strain: ChemicalStrain
    """Deformation of the host by its ion content."""
    elasticity: Elasticity
    """Stress from strain."""

    @property
    def transverse(self) -> bool:
        """True if any mechanical property distinguishes the c axis."""
        return self.chemical_strain.axial or self.elasticity.axial


class MechanicalSurface(Section):
    """The surface as mechanics sees it."""

    confinement: Annotated[Parameter, Quantity("Pa/m", NOT_NEGATIVE, scales.CONFINEMENT)] = Parameter.default(
        "0 Pa/m", "Pa/m"
    )
    """Stiffness k of an elastic surrounding: it presses on the surface with k u_n, u_n being the outward
    displacement, and pulls where the surface moves inwards. Default 0 Pa/m: a free surface."""

    def confinement_model(self) -> elasticity.Confinement:
        """The elastic surrounding."""
        return elasticity.Confinement(stiffness=self.confinement.value)
