"""Integrals over the particle, with the weights 4πr², 2πr, … of its coordinate system."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import ufl
from dolfinx.mesh import Mesh, MeshTags

from oxyshell.meshes.coordinates import Coordinates
from oxyshell.meshes.tags import SURFACE
from oxyshell.models.base.expression import Expression


@dataclass(frozen=True, eq=False)
class Measure:
    """Integrals over the whole particle, in units of R³ (volume) and R² (surface).

    For a cylinder they are per R of length, for a plate per R² of area, both halves counted.

    Attributes:
        mesh: The mesh to integrate over.
        coordinates: Its coordinate system, whose weight multiplies every integrand.
        cell_tags: Regions of the cells.
        facet_tags: Tags of the facets.
    """

    mesh: Mesh[np.float64]
    coordinates: Coordinates
    cell_tags: MeshTags
    facet_tags: MeshTags

    def volume(self, integrand: Expression, degree: int) -> ufl.Form:
        """∫ integrand dV over the particle, with a quadrature exact for polynomials of the degree.

        Args:
            integrand: Scalar expression, possibly with test and trial functions.
            degree: Quadrature degree; it has to cover the integrand and the weight.
        """
        return self._weighted(integrand) * self._over("dx", self.cell_tags, degree)

    def region(self, integrand: Expression, tag: int, degree: int) -> ufl.Form:
        """∫ integrand dV over the cells with one region tag; see `volume`."""
        return self._weighted(integrand) * self._over("dx", self.cell_tags, degree)(tag)

    def surface(self, integrand: Expression, degree: int) -> ufl.Form:
        """∫ integrand dA over the particle's surface; see `volume`."""
        return self._weighted(integrand) * self._over("ds", self.facet_tags, degree)(SURFACE)

    def _weighted(self, integrand: Expression) -> Expression:
        return integrand * self.coordinates.weight(ufl.SpatialCoordinate(self.mesh))

    def _over(self, kind: str, tags: MeshTags, degree: int) -> ufl.Measure:
        rule = {"quadrature_degree": degree}
        return ufl.Measure(kind, domain=self.mesh, subdomain_data=tags, metadata=rule)
