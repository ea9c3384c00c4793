"""Strain that two phases have in common along their front: its energy, its stress, and what survives it.

Stiffness and strain are those of the particle's model, in the frame of its coordinates, whose third direction
is c. A front lies across the direction in which ions come and go.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oxyshell.models.particle.model import ParticleModel

if TYPE_CHECKING:
    from oxyshell.models.base.expression import Array

# (1/2π) ∫ g(x)/x² dx, x > 0: the elastic energy of one front across a plate of thickness h per length of it,
# over E e² h²/(1 − ν²), e being a strain along the thickness. Of a wave cos kx a plate keeps the share
# g(kh) = 1 − (2/a)(cosh 2a − 1)/(sinh 2a + 2a), a = kh/2, of the energy in an infinite body.
_ISOLATED = 0.023995


@dataclass(frozen=True)
class Misfit:
    """Two contents of one host that share a plane front.

    Attributes:
        strain: Largest difference of strain along one direction, without sign.
        modulus: Young's modulus along that direction, Pa.
        plane_modulus: E/(1 − ν²) there, Pa: what stretches it while the other direction in the front is held.
        energy: B (Δθ)² of a plane front in an infinite body, Pa: see `CoherentInteraction`.
    """

    strain: float
    modulus: float
    plane_modulus: float
    energy: float

    @property
    def stress(self) -> float:
        """E e, Pa: scale of the misfit stress; a thin coherent layer has E e/(1 − ν) by equal strains."""
        return self.modulus * self.strain

    def layer(self, toughness: float) -> float:
        """Thickness of a transformed layer whose energy E e²/2 just makes the surface of a crack, m.

        Args:
            toughness: K_IC, Pa √m: a crack costs K_IC²/E per area.
        """
        return 2 * (toughness / self.stress) ** 2

    def plate(self, toughness: float) -> float:
        """Thickness of a plate in which the energy of one front across it just makes a crack through it, m.

        Args:
            toughness: As above.
        """
        return toughness**2 / (self.modulus * _ISOLATED * self.plane_modulus * self.strain**2)


def misfit(model: ParticleModel, dilute: float, concentrated: float, normal: int = 0) -> Misfit:
    """The misfit between two occupancies of the bulk.

    Args:
        model: The particle, with numbers.
        dilute: The lower occupancy.
        concentrated: The higher one.
        normal: Direction of the frame across the front: 2 for c, 0 for one in the plane of the layers.
    """
    import numpy as np

    host, middle = model.host, (dilute + concentrated) / 2
    strain = _numbers(model.chemical_strain.strain(concentrated, dilute, float(host.site_density)))
    stiffness = _stiffness(model, middle)
    compliance = np.linalg.inv(_voigt(stiffness))
    along = int(np.argmax(np.abs(np.diag(strain))))
    # Held along the second or third direction, whichever is another one.
    across = 2 if along != 2 else 1
    plane = np.linalg.inv(compliance[np.ix_([along, across], [along, across])])[0, 0]
    return Misfit(
        strain=float(abs(strain[along, along])),
        modulus=float(1 / compliance[along, along]),
        plane_modulus=float(plane),
        energy=_plane_energy(stiffness, strain, normal),
    )


def coherent_stiffness(model: ParticleModel, dilute: float, concentrated: float, normal: int = 0) -> float:
    """B/(c_s RT) of fronts between two occupancies, see `CoherentInteraction`; arguments as of `misfit`."""
    energy = misfit(model, dilute, concentrated, normal).energy / (concentrated - dilute) ** 2
    return float(energy / (model.host.site_density * model.thermal_energy))


def _plane_energy(stiffness: Array, strain: Array, n: int) -> float:
    """½ (ε:C:ε − n·σ·Γ·σ·n), σ = C:ε, Γ⁻¹ = n·C·n (Khachaturyan 1983), n a direction of the frame."""
    import numpy as np

    stress = np.einsum("ijkl,kl", stiffness, strain)
    relaxed = stress[:, n] @ np.linalg.solve(stiffness[:, n, :, n], stress[:, n])
    return float(np.tensordot(strain, stress) - relaxed) / 2


_PAIRS = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))


def _stiffness(model: ParticleModel, theta: float) -> Array:
    """C, shape (3, 3, 3, 3), Pa."""
    import numpy as np
    import ufl

    found = np.zeros((3, 3, 3, 3))
    for k, m in itertools.product(range(3), repeat=2):
        unit = np.zeros((3, 3))
        unit[k, m] += 0.5
        unit[m, k] += 0.5
        found[:, :, k, m] = _numbers(model.elasticity.stress(ufl.as_matrix(unit.tolist()), theta))
    return found


def _voigt(stiffness: Array) -> Array:
    import numpy as np

    return np.array([[stiffness[i, j, k, m] for k, m in _PAIRS] for i, j in _PAIRS])


def _numbers(tensor: Any) -> Array:
    """Numbers of a tensor of numbers, by UFL's own evaluation."""
    import numpy as np
    import ufl

    return np.array([[float(ufl.as_ufl(tensor[i, j])(())) for j in range(3)] for i in range(3)])
