"""The layers that a mesh has to resolve, and the check that an imported mesh does."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from oxyshell.errors import MeshError
from oxyshell.meshes.arrays import Booleans, Floats, Integers
from oxyshell.meshes.distribution import MeshArrays
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.simplex import facet_keys, facets_of
from oxyshell.meshes.tags import BULK, LAYER, SURFACE

# Cells across a layer below which a linear profile in it is not followed.
_FEWEST = 3


@dataclass(frozen=True)
class WantedLayer:
    """A layer that a mesh has to resolve.

    Attributes:
        name: Name of its region.
        thickness: In R; 0 for cells of an imported mesh whose extent the mesh itself gives.
    """

    name: str
    thickness: float = 0.0


@dataclass(frozen=True)
class WantedLayers:
    """The layers that a mesh has to resolve.

    Attributes:
        layers: From inside out; none by default.
        by_region: In an imported mesh, a layer is the cells of the region of its name, instead of all that is
            less deep than its thickness.
        interfaces: The layers are regions that meet in interfaces, over which there are integrals.
    """

    layers: tuple[WantedLayer, ...] = ()
    by_region: bool = False
    interfaces: bool = False

    @classmethod
    def one(cls, thickness: float, by_region: bool = False, interfaces: bool = False) -> WantedLayers:
        """One surface layer of a thickness in R; none if that is 0 and its cells need no region."""
        if not thickness > 0 and not by_region:
            return cls()
        return cls((WantedLayer("layer", thickness),), by_region, interfaces)

    @property
    def thicknesses(self) -> Floats:
        """In R, from inside out; a single 0 without a layer."""
        return np.array([layer.thickness for layer in self.layers] or [0.0])

    @property
    def thickness(self) -> float:
        """Of all layers together, in R."""
        return sum(layer.thickness for layer in self.layers)

    def named(self, particle: ParticleMesh) -> ParticleMesh:
        """A mesh made with the layers, whose regions are named as they are: tags ascend from inside out."""
        if not self.layers:
            return particle
        names = (layer.name for layer in self.layers)
        return replace(particle, regions={"bulk": BULK} | dict(zip(names, itertools.count(LAYER))))


def check_layers(arrays: MeshArrays, regions: Mapping[str, int], wanted: WantedLayers) -> tuple[str, ...]:
    """A remark for each layer that is too thin for its cells.

    Args:
        arrays: An imported mesh.
        regions: Its cell tags by the region's name.
        wanted: The layers.

    Raises:
        MeshError: If a layer is a region that the mesh does not have, or, where regions meet in interfaces,
            if cells are in none of them.
    """
    if not wanted.by_region:
        return tuple(remark for layer in wanted.layers for remark in _surface_remark(arrays, layer))
    present = {name: tag for name, tag in regions.items() if (arrays.cell_tags == tag).any()}
    names = [layer.name for layer in wanted.layers]
    for name in names:
        if name not in present:
            raise MeshError(
                f"No cell of the mesh is in the region {name!r}; its regions are {', '.join(present)}. Put "
                f"its cells into a physical group {name!r}."
            )
    if wanted.interfaces:
        _check_described(arrays, present, names)
    return tuple(remark for name in names for remark in _region_remark(arrays, name, present[name]))


def _check_described(arrays: MeshArrays, present: Mapping[str, int], names: Sequence[str]) -> None:
    others = {name: tag for name, tag in present.items() if name not in ("bulk", *names)}
    if others:
        cells = int(np.isin(arrays.cell_tags, list(others.values())).sum())
        raise MeshError(
            f"{cells} cells of the mesh are in the regions {', '.join(map(repr, others))}, expected: bulk, "
            f"{', '.join(names)}. Describe them too, or put their cells into one of these groups."
        )


def _surface_remark(arrays: MeshArrays, layer: WantedLayer) -> tuple[str, ...]:
    height = float(np.median(_heights(arrays, arrays.facet_tags == SURFACE)))
    if layer.thickness >= _FEWEST * height * (1 - 1e-9):
        return ()
    remark = (
        f"The layer is {layer.thickness:.3g} R thick and the cells at the surface {height:.3g} R (median): "
        f"they do not resolve it. Mesh it with at least {_FEWEST} cells across."
    )
    return (remark,)


def _region_remark(arrays: MeshArrays, name: str, tag: int) -> tuple[str, ...]:
    sides = (arrays.cell_tags == tag)[:, None] & (_between_regions(arrays) | (arrays.facet_tags == SURFACE))
    height = float(np.median(_heights(arrays, sides)))
    # Of a thin region, whose two sides are all but equal.
    volume, area = _volumes(arrays)[arrays.cell_tags == tag].sum(), _areas(arrays, sides).sum()
    thickness = 2 * float(volume / area) / arrays.points.shape[1]
    # That of curved ones is a bit less.
    if thickness >= (_FEWEST - 0.5) * height:
        return ()
    remark = (
        f"The region {name!r} is about {thickness:.3g} R thick and its cells {height:.3g} R (median): they "
        f"do not resolve it. Mesh it with at least {_FEWEST} cells across."
    )
    return (remark,)


def _between_regions(arrays: MeshArrays) -> Booleans:
    """The facets of every cell that it shares with one of another region, shape (cells, d + 1)."""
    corners = _corners(arrays)
    _, facet = np.unique(facet_keys(facets_of(corners), len(arrays.points)), return_inverse=True)
    facet = facet.reshape(corners.shape)
    tags = np.broadcast_to(arrays.cell_tags[:, None], facet.shape)
    least, most = np.full(facet.max() + 1, tags.max()), np.zeros(facet.max() + 1, dtype=tags.dtype)
    np.minimum.at(least, facet, tags)
    np.maximum.at(most, facet, tags)
    return np.asarray((least != most)[facet])


def _corners(arrays: MeshArrays) -> Integers:
    return arrays.cells[:, : arrays.points.shape[1] + 1]


def _heights(arrays: MeshArrays, chosen: Booleans) -> Floats:
    """Distances of the vertices opposite to some facets from these, in R."""
    return np.asarray(_volumes(arrays)[np.nonzero(chosen)[0]] / _areas(arrays, chosen))


def _volumes(arrays: MeshArrays) -> Floats:
    """Determinants of the cells, d! times their volumes."""
    vertices = arrays.points[_corners(arrays)]
    return np.asarray(np.abs(np.linalg.det(vertices[:, 1:] - vertices[:, :1])))


def _areas(arrays: MeshArrays, chosen: Booleans) -> Floats:
    """Determinants of some facets, (d − 1)! times their areas."""
    cell, facet = np.nonzero(chosen)
    base = arrays.points[facets_of(_corners(arrays))[cell, facet]]
    spans = base[:, 1:] - base[:, :1]
    # Gram's determinant holds for an edge as for a triangle.
    return np.asarray(np.sqrt(np.linalg.det(spans @ spans.transpose(0, 2, 1))))
