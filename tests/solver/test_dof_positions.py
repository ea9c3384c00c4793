"""Unknowns are known by where they stand, whoever owns them."""

from __future__ import annotations

import numpy as np
import pytest
from dolfinx import fem

from oxyshell.errors import OutputError
from oxyshell.meshes.ball import half_disc, octant
from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.resolution import Resolution
from oxyshell.solver import dof_positions

COARSE = Resolution(layer_elements=1, bulk_elements=2, tangential=2)
MESHES = {
    "line": radial_line(Spherical(), 0.0, Resolution(bulk_elements=5)).mesh,
    "disc": half_disc(0.1, COARSE).mesh,
    "octant": octant(0.1, COARSE).mesh,
}


def spaces() -> dict[str, fem.FunctionSpace]:
    found = {}
    for name, mesh in MESHES.items():
        for degree in (1, 2, 3):
            found[f"{name}, degree {degree}"] = fem.functionspace(mesh, ("Lagrange", degree))
        found[f"{name}, vectors"] = fem.functionspace(mesh, ("Lagrange", 2, (mesh.geometry.dim,)))
        found[f"{name}, cell by cell"] = fem.functionspace(mesh, ("DG", 1))
    return found


SPACES = spaces()


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
def test_no_two_unknowns_stand_in_one_place_and_any_order_is_undone(space: fem.FunctionSpace) -> None:
    own = dof_positions.of_space(space)
    assert len(own) == space.dofmap.index_map.size_global * space.dofmap.index_map_bs
    assert len(np.unique(own.round(7), axis=0)) == len(own)
    shuffled = np.random.default_rng(1).permutation(len(own))
    # Another process may compute a place with other round-off.
    stored = own[shuffled] * (1 + 1e-14)
    assert np.array_equal(dof_positions.order(stored, own), np.argsort(shuffled))


def test_a_place_is_where_a_function_has_its_value() -> None:
    space = SPACES["octant, vectors"]
    function = fem.Function(space)
    function.interpolate(lambda x: np.vstack([x[0], 2 * x[1], 3 * x[2]]))
    own = dof_positions.of_space(space)
    component = own[:, 4].astype(int)
    expected = (component + 1) * own[np.arange(len(own)), component]
    assert function.x.array == pytest.approx(expected, rel=1e-13, abs=1e-13)


def test_the_places_of_another_mesh_are_refused() -> None:
    other = dof_positions.of_space(fem.functionspace(half_disc(0.11, COARSE).mesh, ("Lagrange", 2)))
    own = dof_positions.of_space(SPACES["disc, degree 2"])
    with pytest.raises(OutputError, match="unknowns stand where a checkpoint has none"):
        dof_positions.order(other, own)
