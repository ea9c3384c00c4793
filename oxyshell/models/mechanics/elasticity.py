"""Small-strain elasticity with a chemical strain: σ = C:(ε − ε*), ε* from the change in ion content.

All tensors are 3×3, in the local orthonormal frame of the mesh's coordinates. Where material axes matter,
the layered host's c axis is the third one: z.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Expression, Scalar, Value
from oxyshell.models.base.formula import NUMPY, Operations
from oxyshell.models.base.properties import Property


class Elasticity(Protocol):
    """Stress of an elastic strain."""

    def stress(self, elastic_strain: Expression, theta: Expression) -> Expression:
        """σ = C(θ):(ε − ε*), a symmetric 3×3 tensor, Pa."""

    def biaxial_modulus(self, theta: Value, operations: Operations) -> Value:
        """E/(1 − ν), the stress of a plane that is kept from shrinking, per strain, Pa."""

    def isotropic_moduli(self, theta: Value, operations: Operations) -> tuple[Value, ...]:
        """E in Pa and ν of an isotropic material; nothing where directions differ."""

    def plane_energies(self, a: Value, c: Value, theta: Value, operations: Operations) -> tuple[Value, Value]:
        """σ:e of a thin layer that is kept from straining by e = diag(a, a, c), free across itself.

        Returns:
            For a layer across c, and for one along c, in Pa times the square of the unit of a and c.
        """

    def crack_compliance(self, theta: Value, operations: Operations, along_c: bool = False) -> Value:
        """Energy that a flaw opened in plane strain releases per area of it over K², 1/Pa.

        Args:
            theta: Occupancy at its tip.
            operations: Of numbers or of expressions.
            along_c: Whether it grows along c, opened by tension in the plane; else it grows in the plane, its
                front along c.
        """


@dataclass(frozen=True)
class IsotropicElasticity:
    """Hooke's law of an isotropic solid.

    Attributes:
        young_modulus: E(θ), Pa.
        poisson_ratio: ν(θ).
    """

    young_modulus: Property = quantity("Pa")
    poisson_ratio: Property = quantity("1")

    def stress(self, elastic_strain: Expression, theta: Expression) -> Expression:
        import ufl

        e, nu = self.young_modulus.value(theta), self.poisson_ratio.value(theta)
        lame = e * nu / ((1 + nu) * (1 - 2 * nu))
        return lame * ufl.tr(elastic_strain) * ufl.Identity(3) + e / (1 + nu) * elastic_strain

    def biaxial_modulus(self, theta: Value, operations: Operations) -> Value:
        return self.young_modulus.value(theta, operations) / (1 - self.poisson_ratio.value(theta, operations))

    def isotropic_moduli(self, theta: Value, operations: Operations) -> tuple[Value, ...]:
        return self.young_modulus.value(theta, operations), self.poisson_ratio.value(theta, operations)

    def plane_energies(self, a: Value, c: Value, theta: Value, operations: Operations) -> tuple[Value, Value]:
        e, nu = self.young_modulus.value(theta, operations), self.poisson_ratio.value(theta, operations)
        return 2 * e / (1 - nu) * a * a, e / (1 - nu * nu) * (a * a + 2 * nu * a * c + c * c)

    def crack_compliance(self, theta: Value, operations: Operations, along_c: bool = False) -> Value:
        nu = self.poisson_ratio.value(theta, operations)
        return (1 - nu * nu) / self.young_modulus.value(theta, operations)


@dataclass(frozen=True)
class TransverseElasticity:
    """Hooke's law of a layered host: isotropic in its a–b plane, different along c (the third axis).

    Attributes:
        modulus_a: E_a, Young's modulus in the plane, Pa.
        modulus_c: E_c, Young's modulus along c, Pa.
        poisson_ab: ν_ab, contraction in the plane under tension in the plane.
        poisson_ac: ν_ac, contraction along c under tension in the plane; ν_ca = ν_ac E_c/E_a.
        shear_c: G_c, shear modulus between c and the plane, Pa.
    """

    modulus_a: Property = quantity("Pa")
    modulus_c: Property = quantity("Pa")
    poisson_ab: Property = quantity("1")
    poisson_ac: Property = quantity("1")
    shear_c: Property = quantity("Pa")

    def stress(self, elastic_strain: Expression, theta: Expression) -> Expression:
        import ufl

        ea, ec = self.modulus_a.value(theta), self.modulus_c.value(theta)
        nab, nac = self.poisson_ab.value(theta), self.poisson_ac.value(theta)
        shear = self.shear_c.value(theta)
        # Inverse of the compliance in closed form; `room` is its determinant without the moduli.
        nca = nac * ec / ea
        room = 1 - nab - 2 * nac * nca
        c11 = ea * (1 - nac * nca) / ((1 + nab) * room)
        c12 = ea * (nab + nac * nca) / ((1 + nab) * room)
        c13 = ea * nca / room
        c33 = ec * (1 - nab) / room
        e = elastic_strain
        s11 = c11 * e[0, 0] + c12 * e[1, 1] + c13 * e[2, 2]
        s22 = c12 * e[0, 0] + c11 * e[1, 1] + c13 * e[2, 2]
        s33 = c13 * (e[0, 0] + e[1, 1]) + c33 * e[2, 2]
        s12 = (c11 - c12) * e[0, 1]
        s13, s23 = 2 * shear * e[0, 2], 2 * shear * e[1, 2]
        return ufl.as_matrix([[s11, s12, s13], [s12, s22, s23], [s13, s23, s33]])

    def biaxial_modulus(self, theta: Value, operations: Operations) -> Value:
        return self.modulus_a.value(theta, operations) / (1 - self.poisson_ab.value(theta, operations))

    def isotropic_moduli(self, theta: Value, operations: Operations) -> tuple[Value, ...]:
        return ()

    def plane_energies(self, a: Value, c: Value, theta: Value, operations: Operations) -> tuple[Value, Value]:
        ea, ec = self.modulus_a.value(theta, operations), self.modulus_c.value(theta, operations)
        nac = self.poisson_ac.value(theta, operations)
        nca = nac * ec / ea
        along = (ea * a * a + 2 * nca * ea * a * c + ec * c * c) / (1 - nac * nca)
        return 2 * self.biaxial_modulus(theta, operations) * a * a, along

    def crack_compliance(self, theta: Value, operations: Operations, along_c: bool = False) -> Value:
        """Sih, Paris and Irwin, Int. J. Fract. Mech. 1 (1965) 189: of an orthotropic body."""
        ea, ec = self.modulus_a.value(theta, operations), self.modulus_c.value(theta, operations)
        nab, nac = self.poisson_ab.value(theta, operations), self.poisson_ac.value(theta, operations)
        if not along_c:
            return (1 - nac * nac * ec / ea) / ea
        # 1 along c, in which it grows, 2 the direction of the tension; strain along the front vanishes.
        first, second, mixed = 1 / ec - nac * nac / ea, (1 - nab * nab) / ea, -nac * (1 + nab) / ea
        shear = 1 / self.shear_c.value(theta, operations)
        bend = (second / first) ** 0.5 + (2 * mixed + shear) / (2 * first)
        return (first * second / 2) ** 0.5 * bend**0.5


class ChemicalStrain(Protocol):
    """Strain of the host by its ion content."""

    def strain(self, theta: Expression, as_made: Scalar, sites: Scalar) -> Expression:
        """ε*, the strain relative to the as-made content c_s θ0: a diagonal 3×3 tensor."""

    def work(self, stress: Expression, theta: Expression) -> Expression:
        """β:σ, the stress part of −μ, J/mol; β = ∂ε*/∂c."""

    def volume(self, theta: Value, operations: Operations) -> Value:
        """Ω = tr β, the partial molar volume, m³/mol."""

    def coupling(self, elasticity: Elasticity, theta: float, sites: float, thermal_energy: float) -> float:
        """−∂W/∂θ where the content of a free solid varies in one direction; for numbers.

        Args:
            elasticity: Stiffness.
            theta: Occupancy as made.
            sites: c_sb.
            thermal_energy: RT.
        """


@dataclass(frozen=True)
class IsotropicChemicalStrain:
    """The same strain in all directions: ε* = (Ω/3)(c − c0) I, and ∫Ω dc/3 where Ω depends on occupancy.

    Attributes:
        partial_molar_volume: Ω(θ), m³/mol.
    """

    partial_molar_volume: Property = quantity("m^3/mol")

    def coupling(self, elasticity: Elasticity, theta: float, sites: float, thermal_energy: float) -> float:
        return _isotropic_coupling(self, elasticity, theta, sites, thermal_energy)

    def strain(self, theta: Expression, as_made: Scalar, sites: Scalar) -> Expression:
        import ufl

        return sites * self.partial_molar_volume.integral(as_made, theta) / 3 * ufl.Identity(3)

    def work(self, stress: Expression, theta: Expression) -> Expression:
        import ufl

        return self.partial_molar_volume.value(theta) * ufl.tr(stress) / 3

    def volume(self, theta: Value, operations: Operations) -> Value:
        return self.partial_molar_volume.value(theta, operations)


@dataclass(frozen=True)
class TransverseChemicalStrain:
    """Different strains in the a–b plane and along c: ε* = diag(β_a, β_a, β_c)(c − c0).

    Attributes:
        expansion_a: β_a(θ), m³/mol.
        expansion_c: β_c(θ), m³/mol.
    """

    expansion_a: Property = quantity("m^3/mol")
    expansion_c: Property = quantity("m^3/mol")

    def coupling(self, elasticity: Elasticity, theta: float, sites: float, thermal_energy: float) -> float:
        return _isotropic_coupling(self, elasticity, theta, sites, thermal_energy)

    def strain(self, theta: Expression, as_made: Scalar, sites: Scalar) -> Expression:
        import ufl

        a = sites * self.expansion_a.integral(as_made, theta)
        c = sites * self.expansion_c.integral(as_made, theta)
        return ufl.as_matrix([[a, 0, 0], [0, a, 0], [0, 0, c]])

    def work(self, stress: Expression, theta: Expression) -> Expression:
        a, c = self.expansion_a.value(theta), self.expansion_c.value(theta)
        return a * (stress[0, 0] + stress[1, 1]) + c * stress[2, 2]

    def volume(self, theta: Value, operations: Operations) -> Value:
        return 2 * self.expansion_a.value(theta, operations) + self.expansion_c.value(theta, operations)


@dataclass(frozen=True)
class StrainOverOccupancy(TransverseChemicalStrain):
    """Strains that are known over the range of occupancy, where β changes and may turn its sign."""

    def coupling(self, elasticity: Elasticity, theta: float, sites: float, thermal_energy: float) -> float:
        """The middle of the values that it takes at any occupancy, and across c and along it."""
        import numpy as np

        both = (self.expansion_a, self.expansion_c)
        places = [np.linspace(0.0, 1.0, 101), *(one.samples() for one in both)]
        occupancies = np.unique(np.concatenate(places))
        a, c = (one.value(occupancies, NUMPY) for one in both)
        values = np.array(np.broadcast_arrays(*elasticity.plane_energies(a, c, occupancies, NUMPY)))
        middle = (float(np.nanmin(values)) + float(np.nanmax(values))) / 2
        return middle * sites / thermal_energy


def _isotropic_coupling(
    strain: ChemicalStrain, elasticity: Elasticity, theta: float, sites: float, thermal_energy: float
) -> float:
    """2 E Ω² c_sb/(9 (1 − ν) RT), with the modulus of the a-b plane."""
    volume = strain.volume(theta, NUMPY)
    stiffness = elasticity.biaxial_modulus(theta, NUMPY)
    return float(2 * stiffness * volume**2 * sites / (9 * thermal_energy))


@dataclass(frozen=True)
class Confinement:
    """An elastic surrounding that resists normal displacement: t·n = −k u·n; stiffness 0 is a free surface.

    Attributes:
        stiffness: k, Pa/m.
    """

    stiffness: Scalar = quantity("Pa/m", default=0.0)

    def normal_traction(self, normal_displacement: Scalar) -> Scalar:
        """Traction on the surface, Pa, positive outwards."""
        return -self.stiffness * normal_displacement
