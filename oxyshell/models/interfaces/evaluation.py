"""Values on both sides of the interfaces of a discretised particle, and what passes them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from oxyshell.models.base.domain import Interface
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.geometry import CORE
from oxyshell.models.interfaces.energy_release import ElasticLayer, energy_release
from oxyshell.models.interfaces.observables import column
from oxyshell.models.ions import forms
from oxyshell.models.mechanics.stress import stress_entries, stress_sample
from oxyshell.models.particle.system import System
from oxyshell.solver.assembly import Scalar
from oxyshell.solver.sides import Sides
from oxyshell.solver.state import Array, State

_MEGA = 1e6
# Area and volume of what is taken for a sphere differ by no more than this from those of one.
_ROUND = 1e-3
# Areas, over that of the surface, below which a region has no part of the surface.
_NOTHING = 1e-12
# Of occupancies, below which there is nothing that passes.
_EMPTY = 1e-300
# Round-off of occupancies: where both sides are full, or both empty, up to that, no potential is known.
_UNKNOWN = 1e-15
# Entries of an interface's expression before those of the stress: θ, share of free sites, the rest of the
# chemical potential by the laws of the inner and of the outer part, W.
_STRESS = 5
# Place of the hoop stress among the entries of the stress.
_HOOP = 7
_TENSOR = np.array([[0, 3, 4], [3, 1, 5], [4, 5, 2]])
_COLUMNS = (
    "occupancy_inner",
    "occupancy_outer",
    "stress_work_inner",
    "stress_work_outer",
    "hoop_inner_MPa",
    "hoop_outer_MPa",
    "first_principal_inner_MPa",
    "first_principal_outer_MPa",
    "normal_traction_MPa",
    "shear_traction_MPa",
    "mean_normal_traction_MPa",
    "affinity",
    "potential_difference_RT",
)


class InterfaceValues:
    """Values at one interface."""

    def __init__(self, system: System, interface: Interface) -> None:
        """Compile the expressions.

        Args:
            system: The discretised particle.
            interface: The interface of two of its parts.
        """
        self._system, self.inner, self.outer = system, interface.inner, interface.outer
        (inner_name, inner), (outer_name, outer) = (
            system.symbols.parts[index] for index in (interface.inner, interface.outer)
        )
        self.names = (inner_name or CORE, outer_name)
        self._named: dict[str, str] = {}
        comm, fields = system.particle.mesh.comm, system.surface_fields
        self._sides = Sides(system, interface)
        theta, work, drift = fields["occupancy"], fields["stress_work"], inner.transport.drift
        potentials = [
            inner.transport.work_share * (model.standard.excess(theta) - drift.felt(work))
            for model in (inner, outer)
        ]
        self._expression = self._sides.compiled(
            [*map(ufl.as_ufl, (theta, drift.vacant(theta), *potentials, work)), *stress_entries(system)]
        )
        one, domain = fem.Constant(system.particle.mesh, 1.0), system.domain
        self._flux = Scalar(interface.integral(forms.interface_flux(inner, outer, interface, fields)), comm)
        self.area = Scalar(interface.integral(one), comm)()
        self.radius, self.depth = self._sides.radius, self._sides.depth
        inside = [domain.parts[index] for index in range(self.outer)]
        self._volume = math.fsum(Scalar(part.volume(one), comm)() for part in inside)

    @property
    def is_sphere(self) -> bool:
        """Whether it is a sphere about all parts within it."""
        area, volume = 4 * math.pi * self.radius**2, 4 / 3 * math.pi * self.radius**3
        return abs(self.area / area - 1) < _ROUND and abs(self._volume / volume - 1) < _ROUND

    def refresh(self) -> None:
        """Take over new values of the model's numbers."""
        self._flux.refresh()

    def flux(self) -> float:
        """Ions that pass outwards in the loaded state, mol/s."""
        return self._flux() * self._system.amount_unit / self._system.time_unit

    def columns(self) -> tuple[dict[str, float], float]:
        """Values at the interface in the loaded state.

        Returns:
            Columns of this interface, by the last words of their names, without those of the ions that pass;
            and the largest difference of the hoop stress between both sides, MPa.
        """
        sides, both = self._sides, self._sides.values(self._expression)
        # A process may have no place of this interface.
        (inner, outer), count, entries = both, both.shape[1], both.shape[2] - _STRESS
        stress = stress_sample(both[:, :, _STRESS:].reshape(2 * count, entries) * self._system.units.stress)
        most, averaged = np.empty((11, count)), np.empty((5, count))
        most[0:2] = hoop = stress.hoop.reshape(2, count)
        most[2:4] = stress.first_principal.reshape(2, count)
        most[4], most[5] = self._traction(0.5 * (stress.components[:count] + stress.components[count:]))
        most[6] = np.abs(hoop[1] - hoop[0])
        most[7:9] = _affinity(inner, outer)
        most[9:] = -most[7:9]
        averaged[0:2], averaged[2:4], averaged[4] = both[:, :, 0], both[:, :, 4], most[4]
        *others, traction = sides.means(averaged)
        *stresses, hoop_jump, g, difference, below, lower = sides.largest(most)
        values = [
            *others,
            *(stress / _MEGA for stress in stresses),
            traction / _MEGA,
            max(g, -below, key=abs),
            max(difference, -lower, key=abs),
        ]
        return dict(zip(_COLUMNS, values, strict=True)), hoop_jump / _MEGA

    def named(self, values: Mapping[str, float]) -> dict[str, float]:
        """Columns by their names in the history."""
        for name in values.keys() - self._named.keys():
            self._named[name] = column(*self.names, name)
        return {self._named[name]: value for name, value in values.items()}

    def _traction(self, components: Array) -> tuple[Array, Array]:
        """Normal and shear traction, from the mean stress of both sides."""
        n = self._sides.normal
        traction = (components[:, _TENSOR] * n[:, None, :]).sum(axis=2)
        normal = (traction * n).sum(axis=1)
        along = traction - normal[:, None] * n
        return normal, np.sqrt((along * along).sum(axis=1))


class LineInterfaceValues(InterfaceValues):
    """Values at one interface of a line: one place, across which nothing shears."""

    def columns(self) -> tuple[dict[str, float], float]:
        both = self._sides.values(self._expression)
        (inner, outer), unit = both[:, 0].tolist(), self._system.units.stress / _MEGA
        stresses = [[unit * entry for entry in side[_STRESS:]] for side in (inner, outer)]
        hoops = [stress[_HOOP] for stress in stresses]
        principal = [max(stress[:3]) for stress in stresses]
        normal = 0.5 * (stresses[0][0] + stresses[1][0])
        g, difference = (float(one[0]) for one in _affinity(both[0], both[1]))
        occupancies, works = ((inner[index], outer[index]) for index in (0, 4))
        values = [*occupancies, *works, *hoops, *principal, normal, 0.0, normal, g, difference]
        return dict(zip(_COLUMNS, values, strict=True)), abs(hoops[1] - hoops[0])


def _affinity(inner: Array, outer: Array) -> tuple[Array, Array]:
    """Affinity g of passage outwards, and difference of chemical potential in RT, at each place."""
    difference = inner[:, 2] - outer[:, 3]
    forth, back = inner[:, 0] * outer[:, 1], outer[:, 0] * inner[:, 1]
    rise = np.exp(0.5 * difference)
    step = difference + np.log(np.maximum(forth, _EMPTY) / np.maximum(back, _EMPTY))
    known = np.maximum(forth, back) > _UNKNOWN
    return forth * rise - back / rise, np.where(known, step, 0.0)


class InterfaceEvaluation:
    """All interfaces of a discretised particle, and the ions in its regions.

    Attributes:
        interfaces: Values at each, from inside out.
        sites: Host sites of each region, mol.
    """

    def __init__(self, system: System) -> None:
        """Compile expressions and integrals.

        Args:
            system: A discretised particle with regions.
        """
        self._system = system
        kind = LineInterfaceValues if system.particle.mesh.topology.dim == 1 else InterfaceValues
        self.interfaces = [kind(system, one) for one in system.ion_domain.interfaces]
        mesh, theta = system.particle.mesh, system.surface_fields["occupancy"]
        one = fem.Constant(mesh, 1.0)
        models = [model for _, model in system.symbols.parts]
        parts = list(zip(models, system.ion_domain.parts, strict=True))
        self._contents, self._sites = (
            [Scalar(forms.ion_content(*part, field, one), mesh.comm) for part in parts]
            for field in (theta, one)
        )
        at_surface = [Scalar(where.surface(one), mesh.comm)() for _, where in parts]
        pairs = [(values.inner, values.outer) for values in self.interfaces]
        chain = pairs == [(index, index + 1) for index in range(len(parts) - 1)]
        self.is_layered = chain and max(at_surface[:-1]) < _NOTHING * system.area
        round_all = 3 * system.volume / system.area
        spheres = abs(system.volume / (4 / 3 * math.pi * round_all**3) - 1) < _ROUND
        self._is_sphere = self.is_layered and spheres and all(one.is_sphere for one in self.interfaces)
        self._radii = [*(values.radius for values in self.interfaces), round_all]
        self._elasticities = [model.elasticity for _, model in system.si.parts]

    def refresh(self) -> None:
        """Take over new values of the model's numbers."""
        for values in self.interfaces:
            values.refresh()
        for integral in (*self._contents, *self._sites):
            integral.refresh()
        self._elasticities = [model.elasticity for _, model in self._system.si.parts]

    @property
    def length(self) -> float:
        """R, m."""
        return self._system.units.length

    def load(self, state: State) -> None:
        """Look at a state."""
        self._system.load(state)

    def contents(self) -> list[float]:
        """Ions in each region in the loaded state, mol."""
        return [content() * self._system.amount_unit for content in self._contents]

    def sites(self) -> list[float]:
        """Host sites of each region, mol."""
        return [sites() * self._system.amount_unit for sites in self._sites]

    def energy_releases(self, tractions: Sequence[float], occupancies: Sequence[float]) -> list[float]:
        """Energy that each interface releases per area, J/m², if it opens; NaN unless it is known.

        Args:
            tractions: Mean normal traction of each, Pa.
            occupancies: Mean of each region, at which its moduli are taken.
        """
        layers = list(self._layers(occupancies))
        if len(layers) < len(occupancies):
            return [math.nan for _ in tractions]
        stiffness = float(self._system.si.confinement.stiffness)
        return [
            energy_release(traction, layers, index + 1, stiffness) for index, traction in enumerate(tractions)
        ]

    def _layers(self, occupancies: Sequence[float]) -> Any:
        """Layers of the sphere that it is, those whose material is isotropic."""
        if not self._is_sphere:
            return
        for elasticity, radius, theta in zip(self._elasticities, self._radii, occupancies, strict=True):
            moduli = elasticity.isotropic_moduli(theta, NUMPY)
            if moduli:
                yield ElasticLayer(radius * self._system.units.length, *map(float, moduli))
