"""A particle from a mesh file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from mpi4py import MPI

from oxyshell.errors import MeshError
from oxyshell.meshes.coordinates import Axisymmetric, Cartesian, Coordinates
from oxyshell.meshes.distance import SurfaceFacets, depth_function
from oxyshell.meshes.distribution import distribute
from oxyshell.meshes.imported_mesh import ImportedMesh, read
from oxyshell.meshes.layer_cells import WantedLayers, check_layers
from oxyshell.meshes.particle import ParticleMesh

_LEVELS = 60
_SYSTEMS: dict[int, Callable[[float], Coordinates]] = {2: Axisymmetric, 3: Cartesian}


def import_mesh(
    path: str | Path,
    radius: float,
    multiplicity: float = 1.0,
    layers: WantedLayers | None = None,
    length_unit: str = "m",
    comm: MPI.Intracomm = MPI.COMM_WORLD,
) -> ParticleMesh:
    """Read a mesh of triangles or tetrahedra of first or second order, in any format that meshio knows.

    A plane mesh is the half section x = r ≥ 0, y = z of a body of revolution; tetrahedra are a solid.
    Physical groups of gmsh carry tags by name: "surface", "symmetry_x", "symmetry_y", "symmetry_z" for
    facets, "bulk", "layer" and any other name for cells. If copies of the mesh make the particle, flat sides
    in coordinate planes through the origin are symmetry planes without a group too. Without a group for the
    surface, every exterior facet that is not on a symmetry plane or the axis is the surface; with one, the
    rest of the exterior is impermeable and free.

    Args:
        path: The file; rank 0 reads it.
        radius: The particle's radius R in the file's units of length.
        multiplicity: Number of copies of the mesh that make the particle: 2ⁿ with n symmetry planes.
        layers: The layers that the mesh has to resolve; none by default.
        length_unit: The file's unit of length, for messages.
        comm: Communicator that the mesh is distributed over.

    Raises:
        MeshError: On every rank, if the file cannot be read or its mesh cannot be used.
    """
    wanted = layers or WantedLayers()
    imported = _read_on_root(
        lambda: read_with_layers(Path(path), radius, multiplicity, wanted, length_unit), comm
    )
    arrays = imported.arrays
    mesh, cell_tags, facet_tags = distribute(comm, arrays, wanted.interfaces)
    dimension = mesh.geometry.dim
    coordinates = _SYSTEMS[dimension](multiplicity)
    facets = comm.bcast(SurfaceFacets.of(arrays) if comm.rank == 0 else None)
    depth = depth_function(mesh, facets)
    deepest = comm.allreduce(float(depth.x.array.max(initial=0.0)), op=MPI.MAX)
    return ParticleMesh(
        mesh=mesh,
        coordinates=coordinates,
        facet_tags=facet_tags,
        cell_tags=cell_tags,
        depth=depth,
        # Squares crowd the levels at the surface.
        levels=deepest * np.linspace(0.0, 1.0, _LEVELS) ** 2,
        regions=imported.regions,
        remarks=imported.remarks,
        interfaces=wanted.interfaces,
    )


def read_with_layers(
    path: Path, radius: float, multiplicity: float, layers: WantedLayers, length_unit: str
) -> ImportedMesh:
    """The file's mesh, checked as far as that needs no distributed mesh; see `import_mesh`.

    Raises:
        MeshError: If the file cannot be read or its mesh cannot be used.
    """
    found = read(path, radius, multiplicity, length_unit)
    remarks = (*found.remarks, *check_layers(found.arrays, found.regions, layers))
    return replace(found, remarks=remarks)


def _read_on_root(reading: Callable[[], ImportedMesh], comm: MPI.Intracomm) -> ImportedMesh:
    """The file's mesh on rank 0 and an empty one elsewhere; an error on rank 0 is raised on all."""
    refusal = ""
    imported: ImportedMesh | None = None
    if comm.rank == 0:
        try:
            imported = reading()
        except MeshError as error:
            refusal = str(error)
    refusal = comm.bcast(refusal)
    if refusal:
        raise MeshError(refusal)
    elsewhere: ImportedMesh = comm.bcast(imported and imported.without_cells())
    return imported or elsewhere
