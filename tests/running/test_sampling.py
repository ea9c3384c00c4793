"""Radial profiles: means over depths, on each side of an interface."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from oxyshell.meshes.ball import half_disc, octant
from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.hexagonal_prism import APOTHEM, hexagonal_prism
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.running.sampling import sampler
from oxyshell.solver import spaces
from oxyshell.solver.evaluation import Evaluation, cell_regions
from tests.processes import MPIEXEC, on_processes

LAYERS = (0.2, 0.1)
COARSE = Resolution(layer_elements=2, bulk_elements=4, tangential=4, interfaces=True)
BODIES: dict[str, Any] = {
    "line": lambda: radial_line(Spherical(), LAYERS, COARSE),
    "disc": lambda: half_disc(LAYERS, COARSE),
    "octant": lambda: octant(LAYERS, COARSE),
    "prism": lambda: hexagonal_prism(0.2, np.array(LAYERS) * APOTHEM, COARSE, 2),
}


def profile(particle: ParticleMesh) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Radii, depths and the region along the radius: a field that jumps at interfaces only."""
    solved: Any = SimpleNamespace(particle=particle, domain=spaces.domain(particle, 4))
    evaluation = Evaluation(solved)
    taken = sampler(particle, evaluation)
    regions = cell_regions(particle).astype(float).repeat(evaluation.points_per_cell)
    return taken.radius, taken.depth, taken.average(regions)


@pytest.mark.parametrize("body", BODIES)
def test_both_sides_of_an_interface_have_a_value_at_one_place(body):
    radius, depth, region = profile(BODIES[body]())
    assert set(region) == {1.0, 2.0, 3.0}
    (jumps,) = np.nonzero(np.diff(region))
    assert region[jumps].tolist() == [1.0, 2.0]
    deepest = APOTHEM if body == "prism" else 1.0
    np.testing.assert_allclose(depth[jumps], np.array([0.3, 0.1]) * deepest, atol=1e-12)
    # To the last bit, so that sorting by one of them leaves the inner side first and the outer one second.
    assert depth[jumps].tolist() == depth[jumps + 1].tolist()
    assert radius[jumps].tolist() == radius[jumps + 1].tolist()
    assert (np.diff(depth) <= 0).all()


def test_without_interfaces_a_depth_has_one_mean():
    particle = half_disc(0.2, Resolution(layer_elements=2, bulk_elements=4, tangential=4))
    _, depth, region = profile(particle)
    assert len(depth) == len(particle.levels)
    assert set(region) - {1.0, 2.0} == {region[np.argmin(np.abs(depth - 0.2))]}


@pytest.mark.slow
@pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own")
@pytest.mark.parametrize("processes", [pytest.param(2, marks=pytest.mark.long), 3])
def test_several_processes_find_the_same_profiles(processes):
    done = on_processes(processes, "-m", "tests.running.test_sampling")
    assert done.returncode == 0, done.stderr
    for body, found in json.loads(done.stdout).items():
        # Means of up to some hundred points, added in another order.
        for mine, theirs in zip(profile(BODIES[body]()), found, strict=True):
            np.testing.assert_allclose(theirs, mine, atol=1e-14, err_msg=body)


if __name__ == "__main__":
    told = {body: [one.tolist() for one in profile(BODIES[body]())] for body in ("disc", "octant", "prism")}
    if MPI.COMM_WORLD.rank == 0:
        sys.stdout.write(json.dumps(told))
