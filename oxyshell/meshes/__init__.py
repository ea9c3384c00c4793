"""The particle's mesh, and integrals over it."""

from oxyshell import _stack

_stack.load()

# DOLFINx can be imported only after the loader has run.
from oxyshell.meshes.ball import full_sphere, half_disc, octant, quarter_disc  # noqa: E402
from oxyshell.meshes.coordinates import Axisymmetric, Cartesian, Coordinates, Cylindrical, Planar, Spherical  # noqa: E402
from oxyshell.meshes.importing import import_mesh  # noqa: E402
from oxyshell.meshes.line import radial_line  # noqa: E402
from oxyshell.meshes.measure import Measure  # noqa: E402
from oxyshell.meshes.particle import ParticleMesh  # noqa: E402
from oxyshell.meshes.resolution import Resolution, radial_levels  # noqa: E402
from oxyshell.meshes.tags import BULK, LAYER, REGIONS, SURFACE, SYMMETRY  # noqa: E402

__all__ = [
    "BULK",
    "LAYER",
    "REGIONS",
    "SURFACE",
    "SYMMETRY",
    "Axisymmetric",
    "Cartesian",
    "Coordinates",
    "Cylindrical",
    "Measure",
    "ParticleMesh",
    "Planar",
    "Resolution",
    "Spherical",
    "full_sphere",
    "half_disc",
    "import_mesh",
    "octant",
    "quarter_disc",
    "radial_levels",
    "radial_line",
]
