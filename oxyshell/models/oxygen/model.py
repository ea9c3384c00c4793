"""Oxygen that leaves its lattice sites: its release, its diffusion, and its fluxes at the surface.

The mobile content is c(x, t), mol of O2 per volume: ∂c/∂t = ∇·(D_O ∇c) + S. What the lattice has released so
far is r(x, t) = ∫S dt, and the sink at the surface holds Γ per area, so that at every time
lattice ∫c dV + captured ∫Γ dA + released = initial + generated ∫r dV.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.domain import Position
from oxyshell.models.base.expression import Expression, Scalar
from oxyshell.models.base.properties import Property
from oxyshell.models.host.lattice import Host
from oxyshell.models.oxygen.surface import SurfaceExchange


@dataclass(frozen=True, kw_only=True)
class OxygenTransport:
    """Diffusion of mobile O2.

    Attributes:
        bulk: D_O(θ) below the surface layer, m²/s.
        layer: D_O(θ) in the surface layer, m²/s.
    """

    bulk: Property = quantity("m^2/s")
    layer: Property = quantity("m^2/s")

    @property
    def in_bulk(self) -> tuple[Property, ...]:
        """The diffusivity of the bulk in each direction that differs from others."""
        return (self.bulk,)

    def dissipated(
        self, theta: Scalar, position: Position, gradient: Expression, other: Expression, coordinates: Any
    ) -> Expression:
        """a·D_O b of two gradients.

        Args:
            theta: Ion content over the sites as made.
            position: Where.
            gradient: b.
            other: a.
            coordinates: Coordinate system, which knows the direction of c.
        """
        import ufl

        return self.diffusivity(theta, position) * ufl.inner(gradient, other)

    def outward(
        self, theta: Scalar, position: Position, gradient: Expression, normal: Expression, coordinates: Any
    ) -> Expression:
        """n·D_O b of a gradient b and the normal n of the surface; other arguments as of `dissipated`."""
        import ufl

        return self.diffusivity(theta, position) * ufl.dot(gradient, normal)

    def diffusivity(self, theta: Scalar, position: Position) -> Scalar:
        """D_O at a point, m²/s."""
        within = position.in_layer
        return (1 - within) * self.bulk.value(theta) + within * self.layer.value(theta)


@dataclass(frozen=True, kw_only=True)
class LayeredOxygenTransport(OxygenTransport):
    """Diffusion of mobile O2 in a layered host; `bulk` and `layer` are those within the layers.

    Attributes:
        bulk_c: D_O(θ) along c below the surface layer, m²/s.
        layer_c: D_O(θ) along c in the surface layer, m²/s.
    """

    bulk_c: Property = quantity("m^2/s")
    layer_c: Property = quantity("m^2/s")

    @property
    def in_bulk(self) -> tuple[Property, ...]:
        return self.bulk, self.bulk_c

    def dissipated(
        self, theta: Scalar, position: Position, gradient: Expression, other: Expression, coordinates: Any
    ) -> Expression:
        import ufl

        return ufl.inner(self._conducted(theta, position, gradient, coordinates), other)

    def outward(
        self, theta: Scalar, position: Position, gradient: Expression, normal: Expression, coordinates: Any
    ) -> Expression:
        import ufl

        return ufl.dot(self._conducted(theta, position, gradient, coordinates), normal)

    def _conducted(
        self, theta: Scalar, position: Position, gradient: Expression, coordinates: Any
    ) -> Expression:
        along_c = OxygenTransport(bulk=self.bulk_c, layer=self.layer_c)
        within, across = (one.diffusivity(theta, position) for one in (self, along_c))
        return coordinates.layered(gradient, within, across)


@dataclass(frozen=True, kw_only=True)
class LiOLiContent:
    """Share of the oxygen that can be over-oxidised, relative to the bulk: oxygen between two lithium ions.

    Such Li–O–Li configurations leave O 2p states near the Fermi level; missing lithium makes them rarer.

    Attributes:
        bulk: Electron share of oxygen near the Fermi level where no ion site is missing.
        deficient: The same share where `deficiency` of the sites is missing; between them a straight line.
        deficiency: d at which `deficient` was found.
    """

    bulk: Scalar = quantity("1", default=1.0)
    deficient: Scalar = quantity("1", default=1.0)
    deficiency: Scalar = quantity("1", default=1.0)

    def relative(self, deficit: Scalar) -> Scalar:
        """The local share w = 1 − (1 − s_d/s_0) deficit/d, 1 in the bulk."""
        return 1 - (1 - self.deficient / self.bulk) * deficit / self.deficiency


class Source(Protocol):
    """Source of mobile oxygen: lattice oxygen that leaves its sites.

    Attributes:
        releases: True unless it never releases anything.
    """

    releases: ClassVar[bool]

    def most(self, host: Host) -> float:
        """Most O2 per volume that a host without a layer can release, mol/m³; for numbers only."""

    def release(self, host: Host, position: Position, theta: Scalar, released: Scalar) -> Scalar:
        """S ≥ 0, mol of O2 per volume and time.

        Args:
            host: The host lattice.
            position: Where.
            theta: Ion content over the sites as made.
            released: r, what has been released there.
        """


@dataclass(frozen=True)
class NoSource:
    """The null source: no lattice oxygen becomes mobile."""

    releases: ClassVar[bool] = False

    def most(self, host: Host) -> float:
        return 0.0

    def release(self, host: Host, position: Position, theta: Scalar, released: Scalar) -> Scalar:
        return 0 * released


@dataclass(frozen=True, kw_only=True)
class OverOxidation:
    """Ions taken out beyond the transition metals' capacity oxidise oxygen, which can then leave its site.

    Of the over-oxidised oxygen p(θ), as O2, what has not been released yet is released at a rate k:
    S = k max(p − r, 0). On insertion p falls, and what is still on its site stays there.

    Attributes:
        onset: Ions per formula unit that leave before oxygen is oxidised.
        electrons: Electrons that an ion takes along, over the electrons of one O2: z/4.
        rate: k, 1/s.
        content: Local share of the oxygen that takes part.
    """

    releases: ClassVar[bool] = True

    onset: Scalar = quantity("1")
    electrons: Scalar = quantity("1", default=0.25)
    rate: Scalar = quantity("1/s")
    content: LiOLiContent = LiOLiContent()

    def most(self, host: Host) -> float:
        extracted: float = host.site_density * host.molar_volume * host.occupancy
        most: float = self.electrons * (extracted - self.onset) / host.molar_volume
        return max(most, 0.0)

    def releasable(self, host: Host, position: Position, theta: Scalar) -> Scalar:
        """Over-oxidised oxygen p = w (z/4) max(x − x_on, 0)/V_m, mol/m³; x: extracted per formula unit."""
        import ufl

        # Where a surface jumps, finite elements overshoot for a moment: below 0 there is nothing to take out.
        extracted = (
            host.sites_as_made(position) * host.molar_volume * (host.occupancy - ufl.max_value(theta, 0.0))
        )
        share = self.content.relative(host.layer.deficit(position))
        return share * self.electrons * ufl.max_value(extracted - self.onset, 0.0) / host.molar_volume

    def release(self, host: Host, position: Position, theta: Scalar, released: Scalar) -> Scalar:
        import ufl

        return self.rate * ufl.max_value(self.releasable(host, position, theta) - released, 0.0)


@dataclass(frozen=True, kw_only=True)
class Reuse:
    """Captured oxygen is reduced and goes back to the lattice once the particle holds enough ions again.

    Attributes:
        rate: k_re, 1/s; 0 for none.
        below: Ions extracted per formula unit, mean of the particle, below which it goes back.
        width: The rate rises from 0 at `below` to k_re at `below` − `width`.
    """

    rate: Scalar = quantity("1/s", default=0.0)
    below: Scalar = quantity("1", default=0.0)
    width: Scalar = quantity("1", default=1e-2)

    def present_rate(self, extracted: Scalar) -> Scalar:
        """k_re (3s² − 2s³), s = (below − x)/width between 0 and 1, 1/s."""
        import ufl

        s = ufl.min_value(ufl.max_value((self.below - extracted) / self.width, 0.0), 1.0)
        return self.rate * s**2 * (3 - 2 * s)


@dataclass(frozen=True, kw_only=True)
class OxygenRegion:
    """The oxygen of a region around the core. Its content c is that of the core where both meet.

    Attributes:
        name: Name of its cells in the mesh.
        host: Its host lattice.
        transport: Diffusion of mobile O2 in it.
        source: Release of its lattice oxygen.
    """

    name: str
    host: Host
    transport: OxygenTransport
    source: Source


@dataclass(frozen=True, kw_only=True)
class OxygenModel:
    """A particle's oxygen, in SI units.

    Attributes:
        radius: R, m.
        initial: Mobile O2 in the lattice at the start, mol/m³.
        host: The host lattice of the core.
        transport: Diffusion of mobile O2 in the core.
        source: Release of lattice oxygen of the core.
        surface: Fluxes at the surface.
        reuse: Return of captured oxygen to the lattice on discharge.
        regions: Parts with hosts of their own, from inside out; what is in none of them is the core.
    """

    radius: Scalar = quantity("m")
    initial: Scalar = quantity("mol/m^3")
    host: Host
    transport: OxygenTransport
    source: Source
    surface: SurfaceExchange
    reuse: Reuse = Reuse()
    regions: tuple[OxygenRegion, ...] = ()

    def in_region(self, region: OxygenRegion) -> OxygenModel:
        """The particle as if it were all of one of its regions."""
        return replace(self, host=region.host, transport=region.transport, source=region.source, regions=())

    @property
    def parts(self) -> Sequence[tuple[str, OxygenModel]]:
        """The core, "", and the regions by name, from inside out, each as if the particle were all of it."""
        core = ("", replace(self, regions=()) if self.regions else self)
        return (core, *((region.name, self.in_region(region)) for region in self.regions))

    @property
    def releases(self) -> bool:
        """Whether the lattice of any part can release oxygen."""
        return any(part.source.releases for _, part in self.parts)

    @property
    def most(self) -> float:
        """Most O2 per volume that the lattice of any part can release, mol/m³."""
        return max(part.source.most(part.host) for _, part in self.parts)

    @property
    def reference_content(self) -> float:
        """Unit in which contents are solved: the most that start, source or outside can bring, mol/m³."""
        return max(self.initial, self.most, self.surface.outside) or 1.0
