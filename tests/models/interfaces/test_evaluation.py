"""Values at interfaces: a misfit in closed form, jumps at rest, and what passes an interface."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from oxyshell.meshes.ball import octant, quarter_disc
from oxyshell.meshes.coordinates import Planar, Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution, radial_resolution
from oxyshell.models.base.properties import Constant
from oxyshell.models.interfaces.evaluation import InterfaceEvaluation, _affinity
from oxyshell.models.mechanics.elasticity import TransverseElasticity
from tests.processes import on_processes
from tests.regions import Stage, follow, model_of
from tests.verification.layered import Part, pair

RADIUS, EDGE = 200e-9, 195.5 / 200
CORE = Part(
    edge=EDGE, site_density=1e4, diffusivity=1e-19, young=170e9, poisson=0.3, volume=0.0, occupancy=0.9
)
SHRUNK, SHRUNK_SHELL = -0.0075, -0.0060
MESHES: dict[str, Callable[[], ParticleMesh]] = {
    "line": lambda: radial_line(Spherical(), 1 - EDGE, radial_resolution(1 - EDGE)),
    "disc": lambda: quarter_disc(1 - EDGE, Resolution(bulk_elements=10, layer_elements=2, tangential=8)),
    "octant": lambda: octant(1 - EDGE, Resolution(bulk_elements=6, layer_elements=1, tangential=6)),
}


# Traction and hoop stress at the shell's inner edge, MPa, in closed form.
@pytest.mark.parametrize(
    ("young", "poisson", "traction", "hoop"),
    [(170e9, 0.3, 16.027, -348.259), (100e9, 0.25, 8.938, -194.217)],
    ids=["one modulus", "softer shell"],
)
@pytest.mark.parametrize("mesh", ["line", "disc", pytest.param("octant", marks=pytest.mark.long)])
def test_a_misfit_presses_the_shell_on_the_core(
    mesh: str, young: float, poisson: float, traction: float, hoop: float
) -> None:
    # Emptied from 0.9 to 0.3 everywhere: the core shrinks more, and pulls at the shell.
    inner = replace(CORE, volume=3 * SHRUNK / (-0.6 * CORE.site_density))
    parts = pair(inner, young=young, poisson=poisson, volume=inner.volume * SHRUNK_SHELL / SHRUNK)
    pace = 0.6 * CORE.site_density * RADIUS / 3
    run = follow(
        model_of(parts, RADIUS, "none"), MESHES[mesh](), [Stage(pace / 1e7, 1e7), Stage(0.0, 1e8)], 1e-3
    )
    evaluation = InterfaceEvaluation(run.system)
    evaluation.load(run.last)
    (interface,) = evaluation.interfaces
    found, jump = interface.columns()
    # The closed form to its digits; bodies to a thousandth of the stress in the shell that it is given for.
    bound = {"line": 1e-3, "disc": 0.15, "octant": 0.35}[mesh]
    assert found["normal_traction_MPa"] == pytest.approx(traction, abs=bound)
    assert found["mean_normal_traction_MPa"] == pytest.approx(traction, abs=bound)
    # Normals at corners of quadratic facets are off by up to 0.002, between stresses that differ by −364 MPa.
    assert found["shear_traction_MPa"] == pytest.approx(0.0, abs=2 * bound)
    assert found["hoop_outer_MPa"] == pytest.approx(hoop, abs=bound)
    # The core has the same stress in all directions.
    assert found["hoop_inner_MPa"] == pytest.approx(traction, abs=bound)
    assert jump == pytest.approx(traction - hoop, abs=2 * bound)
    (energy,) = evaluation.energy_releases([traction * 1e6], [0.3, 0.3])
    a, b = EDGE * RADIUS, RADIUS
    hollow = a * ((1 + poisson) * b**3 / 2 + (1 - 2 * poisson) * a**3) / (young * (b**3 - a**3))
    expected = 0.5 * (traction * 1e6) ** 2 * (a * 0.4 / 170e9 + hollow)
    # Of a coarse octant the thickness, R/44 from volume and area, is off by some thousandths.
    assert energy == pytest.approx(expected, rel={"line": 1e-6, "disc": 1e-3, "octant": 5e-3}[mesh])


def test_contents_are_counted_as_the_equations_count_them() -> None:
    parts = pair(replace(CORE, edge=0.7), site_density=0.5 * CORE.site_density)
    mesh = octant(0.3, Resolution(bulk_elements=4, layer_elements=2, tangential=3))
    run = follow(model_of(parts, RADIUS, "none"), mesh, [Stage(CORE.site_density * RADIUS / 30e5, 1e5)], 1e-2)
    evaluation = InterfaceEvaluation(run.system)
    evaluation.load(run.last)
    # Curved cells hold as much as the quadrature sees in them.
    content = run.moments[-1].observation.content
    assert sum(evaluation.contents()) == pytest.approx(content, rel=1e-14)


def charged(resistance: float = 0.0, offset: float = 0.0):
    """A step layer after a charge."""
    core = Part(
        edge=0.8,
        site_density=1.2 / 20.11e-6,
        diffusivity=1.568e-19,
        young=170e9,
        poisson=0.3,
        volume=2.011e-6,
    )
    parts = pair(core, site_density=0.5 * core.site_density, resistance=resistance, offset=offset)
    mesh = radial_line(Spherical(), 0.2, radial_resolution(0.2))
    return follow(model_of(parts, 150e-9), mesh, [Stage(1.092652545 * 50e-9, 2e4)], 1e-4)


def test_perfect_contact_is_equilibrium_and_a_resistance_drives_the_flux() -> None:
    run = charged(offset=1.5)
    evaluation = InterfaceEvaluation(run.system)
    evaluation.load(run.last)
    columns, _ = evaluation.interfaces[0].columns()
    # Nitsche's penalty leaves a residual of the order of the error of the flux, far below any tolerance.
    assert abs(columns["affinity"]) < 1e-5
    # The difference of μ by its definition: ln(θ/(1−θ)) − W, and the offset.
    inner, outer = (
        math.log(columns[f"occupancy_{side}"] / (1 - columns[f"occupancy_{side}"]))
        - columns[f"stress_work_{side}"]
        for side in ("inner", "outer")
    )
    assert columns["potential_difference_RT"] == pytest.approx(inner - outer - 1.5, abs=1e-12)
    assert abs(columns["potential_difference_RT"]) < 1e-4

    resistance = 1e11
    run = charged(resistance)
    evaluation = InterfaceEvaluation(run.system)
    evaluation.load(run.last)
    interface = evaluation.interfaces[0]
    columns, _ = interface.columns()
    area = 4 * np.pi * (0.8 * 150e-9) ** 2
    law = 1.2 / 20.11e-6 * columns["affinity"] / resistance
    assert columns["affinity"] > 0.01
    # The law holds up to the difference between κ-consistent and gradient's flux: an error of the mesh.
    assert interface.flux() == pytest.approx(law * area, rel=1e-5)


def test_regions_lose_what_passes_in_every_moment() -> None:
    run = charged(offset=-1.0)
    system, state = run.system, run.last
    evaluation = InterfaceEvaluation(system)
    evaluation.load(state)
    flux = evaluation.interfaces[0].flux() / system.amount_unit * system.time_unit
    rate = system.rate(state.unknowns)[system.fields.rows["occupancy"]]
    core, layer = system.places
    outflow = system.outflow(state.unknowns)
    assert flux > 0.1 * outflow > 0
    # An identity of the equations, up to the round-off of sums.
    assert rate[core].sum() == pytest.approx(-flux, rel=1e-10)
    assert rate[layer].sum() == pytest.approx(flux - outflow, abs=1e-10 * outflow)
    contents = evaluation.contents()
    assert sum(contents) == pytest.approx(run.moments[-1].observation.content, rel=1e-14)


def test_no_sphere_and_no_isotropic_material_have_no_energy() -> None:
    parts = pair(replace(CORE, volume=1e-6), young=100e9)
    model = model_of(parts, RADIUS)
    plate = follow(model, radial_line(Planar(), 1 - EDGE, radial_resolution(1 - EDGE)), [Stage(0.0, 1.0)])
    assert math.isnan(InterfaceEvaluation(plate.system).energy_releases([1e6], [0.9, 0.9])[0])
    (region,) = model.regions
    layered = TransverseElasticity(*map(Constant, (100e9, 80e9, 0.2, 0.2, 40e9)))
    model = replace(model, regions=(replace(region, elasticity=layered),))
    run = follow(model, MESHES["line"](), [Stage(0.0, 1.0)])
    assert math.isnan(InterfaceEvaluation(run.system).energy_releases([1e6], [0.9, 0.9])[0])


def test_hosts_that_are_both_empty_have_no_difference_of_potentials() -> None:
    # Occupancies, vacant shares, and potentials without their ideal parts, of the inner and the outer side.
    empty = np.array([[2e-26, 1.0, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0]])
    other = np.array([[-4e-26, 1.0, 0.0, 0.0], [0.5, 0.5, 0.0, -40.0], [4e-18, 1.0, 0.0, 40.0]])
    _, difference = _affinity(empty, other)
    assert difference[0] == 0
    assert difference[1] == pytest.approx(40, rel=1e-12)
    # In equilibrium with a host that is 40 RT higher, of which hardly a site is filled.
    assert difference[2] == pytest.approx(math.log(0.5 / (4e-18 * 0.5)) - 40, rel=1e-12)


SMALL_CORE = """
from mpi4py import MPI
from oxyshell.meshes.ball import half_disc
from oxyshell.meshes.resolution import Resolution
from oxyshell.models.interfaces.evaluation import InterfaceEvaluation
from tests.models.interfaces.test_evaluation import CORE, EDGE, RADIUS
from tests.regions import Stage, follow, model_of
from tests.verification.layered import pair
from dataclasses import replace

parts = pair(replace(CORE, edge=0.1, volume=1e-6), site_density=7e3)
mesh = half_disc(0.9, Resolution(layer_elements=6, bulk_elements=2, tangential=2, interfaces=True))
run = follow(model_of(parts, RADIUS, "none"), mesh, [Stage(1e-6, 10.0)], 1e-3)
evaluation = InterfaceEvaluation(run.system)
evaluation.load(run.last)
(interface,) = evaluation.interfaces
found, jump = interface.columns()
places = MPI.COMM_WORLD.gather(len(interface._sides.normal))
if MPI.COMM_WORLD.rank == 0:
    print(min(places), jump, *found.values())
"""


@pytest.mark.long
def test_a_process_without_a_part_of_an_interface_takes_part() -> None:
    alone, shared = (on_processes(processes, "-c", "import oxyshell" + SMALL_CORE) for processes in (1, 3))
    assert (alone.returncode, shared.returncode) == (0, 0), shared.stderr
    (_, *expected), (least, *found) = ([float(one) for one in run.stdout.split()] for run in (alone, shared))
    assert least == 0
    # Round-off of a stress of some MPa.
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)
