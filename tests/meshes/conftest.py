from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from dolfinx import fem

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution


@pytest.fixture
def integral() -> Callable[[Any], float]:
    def assemble(form: Any) -> float:
        return float(fem.assemble_scalar(fem.form(form)))

    return assemble


@pytest.fixture
def everywhere() -> Callable[[ParticleMesh, Any], np.ndarray]:
    """Values of an expression at the vertices and the middle of every cell, shape (points, *shape)."""

    def evaluate(particle: ParticleMesh, expression: Any) -> np.ndarray:
        dimension = particle.mesh.topology.dim
        points = np.vstack([np.zeros(dimension), np.eye(dimension), np.full(dimension, 0.25)])
        cells = np.arange(particle.mesh.topology.index_map(dimension).size_local, dtype=np.int32)
        shape = expression.ufl_shape
        # UFL may have found a constant, which knows no mesh.
        on_mesh = expression + fem.Constant(particle.mesh, np.zeros(shape))
        return fem.Expression(on_mesh, points).eval(particle.mesh, cells).reshape(-1, *shape)

    return evaluate


@pytest.fixture
def coarse() -> Resolution:
    return Resolution(layer_elements=3, bulk_elements=6, tangential=4)


@pytest.fixture
def gmsh() -> Iterator:
    try:
        import gmsh
    except (ImportError, OSError) as error:  # the wheel wants X libraries that a machine may lack
        pytest.skip(f"gmsh does not import: {error}")
    gmsh.initialize(interruptible=False)
    gmsh.option.setNumber("General.Verbosity", 0)
    yield gmsh
    gmsh.finalize()
