"""Spheres that other solvers are given, in SI units, after docs/physics.md. Imports nothing of oxyshell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

GAS_CONSTANT = 8.314462618
FARADAY_CONSTANT = 96485.33212
# What a gradient of W does to the flux: the factor m(θ). Of arrays and of a solver's own symbols.
MOBILITY: dict[str, Callable[[Any], Any]] = {
    "none": lambda theta: 0 * theta,
    "dilute": lambda theta: theta,
    "lattice": lambda theta: theta * (1 - theta),
}


@dataclass(frozen=True, kw_only=True)
class Sphere:
    """A free sphere at constant current.

    Attributes:
        radius: R, m.
        diffusivity: D, m²/s.
        site_density: c_sb, mol/m³.
        occupancy: θ0, as made.
        partial_molar_volume: Ω, m³/mol.
        young: E, Pa.
        poisson: ν.
        temperature: T, K.
        drift: A key of `MOBILITY`.
        extraction: N·n, mol/(m² s), negative on insertion.
        margin: Occupancy of the surface below which ions that leave grow fewer; 0 if none leave.
        thickness: δ of a linear layer, m.
        deficiency: d, the share of sites missing at its surface.
    """

    radius: float
    diffusivity: float
    site_density: float
    occupancy: float
    partial_molar_volume: float
    young: float
    poisson: float
    temperature: float
    drift: str
    extraction: float
    margin: float = 0.0
    thickness: float = 0.0
    deficiency: float = 0.0

    @property
    def time_unit(self) -> float:
        """R²/D, s."""
        return self.radius**2 / self.diffusivity

    @property
    def biaxial_modulus(self) -> float:
        """E/(1 − ν), Pa."""
        return self.young / (1 - self.poisson)

    @property
    def coupling(self) -> float:
        """Return b = 2 E Ω² c_sb/(9 (1 − ν) RT), by which W falls as c_s/c_sb (θ − θ0) rises."""
        work = self.biaxial_modulus * self.partial_molar_volume**2 * self.site_density
        return 2 * work / (9 * GAS_CONSTANT * self.temperature)

    @property
    def strain(self) -> float:
        """Ω c_sb/3: what all sites of the bulk are worth."""
        return self.partial_molar_volume * self.site_density / 3

    def mobility(self, theta: Any) -> Any:
        return MOBILITY[self.drift](theta)

    def outward(self, theta: Any, minimum: Callable[[Any, Any], Any]) -> Any:
        """N·n R/(D c_sb) at an occupancy of the surface, with the solver's own `minimum`."""
        flux = self.extraction * self.radius / (self.diffusivity * self.site_density)
        if self.margin == 0:
            return flux + 0 * theta
        return flux * (1 - (1 - minimum(theta / self.margin, 1)) ** 3)


def zhang(drift: str) -> Sphere:
    """LiMn2O4 that takes up Li at 2 A/m²: Zhang, Shyy & Sastry, J. Electrochem. Soc. 154 (2007) A910."""
    return Sphere(
        radius=5e-6,
        diffusivity=7.08e-15,
        site_density=2.29e4,
        occupancy=0.0,
        partial_molar_volume=3.497e-6,
        young=10e9,
        poisson=0.3,
        temperature=300.0,
        drift=drift,
        extraction=-2 / FARADAY_CONSTANT,
    )


def lrmo(volume_change: float, thickness: float = 0.0, deficiency: float = 0.0) -> Sphere:
    """The Li-rich oxide of Sun et al. 2025 at 0.1 C, with its volume change per Li extracted."""
    radius, molar_volume, molar_mass = 150e-9, 20.11e-6, 84.805e-3
    # 25 A/kg; moles of ions per area of a sphere's surface and time.
    extraction = 25.0 * molar_mass / FARADAY_CONSTANT / molar_volume * radius / 3
    return Sphere(
        radius=radius,
        diffusivity=1.568e-19,
        site_density=1.20 / molar_volume,
        occupancy=0.999,
        partial_molar_volume=volume_change * molar_volume,
        young=170e9,
        poisson=0.3,
        temperature=298.15,
        drift="lattice",
        extraction=extraction,
        margin=1e-3,
        thickness=thickness,
        deficiency=deficiency,
    )


PRISTINE = lrmo(0.0362)
RU1 = lrmo(0.0269, thickness=4.5e-9, deficiency=0.22)
