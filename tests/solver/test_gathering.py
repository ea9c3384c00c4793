"""Degrees of freedom that are written on some number of processes and read on another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.processes import MPIEXEC, on_processes

pytestmark = pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own")

# Every node gets a number of its own, drawn where it is owned.
SCRIPT = """
import sys
from pathlib import Path

import numpy as np
from oxyshell import meshes
import basix.ufl
from dolfinx import fem
from mpi4py import MPI
from oxyshell.errors import OutputError
from oxyshell.solver.gathering import Nodes, gather_nodes, scatter_nodes

world = MPI.COMM_WORLD
build = {"quarter disc": meshes.quarter_disc, "octant": meshes.octant}[sys.argv[1]]
mesh = build(0.1, meshes.Resolution(layer_elements=1, bulk_elements=3, tangential=2)).mesh
source, target = map(Path, sys.argv[2:])

def spaces():
    for degree in (1, 2, 3):
        for shape in (None, (2,), (3,)):
            element = basix.ufl.element("Lagrange", mesh.basix_cell(), degree, shape=shape)
            yield f"{degree} {shape}", fem.functionspace(mesh, element)
        yield f"cellwise {degree}", fem.functionspace(mesh, ("DG", degree - 1))

given = dict(np.load(source)) if world.rank == 0 and source.exists() else None
given = world.bcast(given)
found = {}
for name, space in spaces():
    size = space.dofmap.index_map.size_local * space.dofmap.index_map_bs
    values = np.random.default_rng([world.rank, size]).normal(size=size)
    if given is not None:
        values = scatter_nodes(space, Nodes(given[f"places of {name}"], given[f"values of {name}"]))
        assert values.shape == (size,)
    nodes = gather_nodes(space, values)
    found |= {f"places of {name}": nodes.places, f"values of {name}": nodes.values}
    assert world.rank == 0 or len(nodes.values) == 0
if world.rank == 0:
    np.savez(target, **found)

refused = 0
_, space = next(spaces())
whole = world.bcast(gather_nodes(space, np.zeros(space.dofmap.index_map.size_local)))
moved = whole.places.copy()
moved[-1] += 1e-6
for places, values in (
    (moved, whole.values),
    (whole.places[1:], whole.values[1:]),
    (whole.places, np.zeros((len(moved), 2))),
    (whole.places, whole.values[1:]),
):
    try:
        scatter_nodes(space, Nodes(places, values))
    except OutputError as error:
        refused += "expected" in str(error)
# What one process refuses, all refuse.
refused = world.gather(refused)
if world.rank == 0:
    print(*refused)
"""


@pytest.fixture(scope="module", params=["quarter disc", "octant"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    path = tmp_path_factory.mktemp("nodes") / "on_three.npz"
    exchange(3, request.param, path.with_name("nothing"), path)
    return request.param, path


def exchange(processes: int, shape: str, source: Path, target: Path) -> None:
    done = on_processes(processes, "-c", SCRIPT, shape, source, target)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["4"] * processes


@pytest.mark.parametrize("processes", [1, 2])
def test_nodes_written_on_three_processes_come_back_bit_by_bit(
    processes: int, written: tuple[str, Path], tmp_path: Path
) -> None:
    from scipy.spatial import cKDTree

    shape, path = written
    exchange(processes, shape, path, tmp_path / "again.npz")
    before, after = np.load(path), np.load(tmp_path / "again.npz")
    assert set(before) == set(after)
    for name in [key.removeprefix("places of ") for key in before if key.startswith("places")]:
        ours, theirs = before[f"places of {name}"], after[f"places of {name}"]
        distance, same = cKDTree(ours).query(theirs)
        assert distance.max() < 1e-12
        assert sorted(same) == list(range(len(ours)))
        values = before[f"values of {name}"]
        assert len(np.unique(values)) == values.size
        np.testing.assert_array_equal(after[f"values of {name}"], values[same])
