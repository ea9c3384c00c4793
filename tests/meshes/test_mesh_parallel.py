from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import meshio
import numpy as np
import pytest

from oxyshell.meshes.ball import ball_arrays
from oxyshell.meshes.resolution import Resolution

pytestmark = pytest.mark.slow
SCRIPT = """
import sys
from oxyshell.errors import MeshError
from oxyshell.meshes.ball import octant
from oxyshell.meshes.hexagonal_prism import hexagonal_prism
from oxyshell.meshes.importing import import_mesh
from oxyshell.meshes.round_plate import round_plate
from oxyshell.meshes.resolution import Resolution
from oxyshell.meshes.tags import LAYER
from dolfinx import fem
from mpi4py import MPI

coarse = Resolution(layer_elements=2, bulk_elements=5, tangential=4)

def total(form):
    return MPI.COMM_WORLD.allreduce(fem.assemble_scalar(fem.form(form)))

plates = [round_plate(0.2, 0.1, coarse, 0.9), hexagonal_prism(0.2, 0.1, coarse, 2)]
particles = [octant(0.1, coarse), import_mesh(sys.argv[1], radius=1.0), *plates]
values = []
for particle in particles:
    measure = particle.measure
    values += [total(measure.volume(1, 6)), total(measure.surface(1, 6))]
    values.append(total(measure.volume(particle.depth, 6)))
values.append(total(particles[0].measure.region(1, LAYER, 6)))
values.append(float(particles[1].levels[-1]))
try:
    import_mesh("absent.msh", radius=1.0)
except MeshError:
    refused = 1
print(MPI.COMM_WORLD.allreduce(refused), *values, flush=True) if MPI.COMM_WORLD.rank == 0 else (
    MPI.COMM_WORLD.allreduce(refused)
)
"""


def test_two_ranks_measure_the_same(tmp_path):
    script = tmp_path / "measure.py"
    script.write_text(SCRIPT)
    # The straight-sided octant; points that no cell uses are dropped.
    sector = ball_arrays(((1,), (1,), (1,)), 0.1, Resolution(2, 4, 3))
    foreign = tmp_path / "octant.vtu"
    meshio.write(foreign, meshio.Mesh(sector.points, [("tetra", sector.cells[:, :4])]))

    def run(n: int) -> np.ndarray:
        launcher = [str(Path(sys.executable).with_name("mpiexec")), "-n", str(n)] if n > 1 else []
        command = [*launcher, sys.executable, str(script), str(foreign)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return np.array(done.stdout.split(), dtype=float)

    alone, together = run(1), run(2)
    assert (alone[0], together[0]) == (1, 2)
    np.testing.assert_allclose(together[1:], alone[1:], rtol=1e-12)
