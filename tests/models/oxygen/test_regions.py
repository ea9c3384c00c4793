from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from oxyshell.meshes.ball import half_disc
from oxyshell.meshes.coordinates import Coordinates, Cylindrical, Planar, Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution, disc_resolution
from oxyshell.models.base.properties import Constant
from oxyshell.models.host.lattice import Host, UniformLayer
from oxyshell.models.oxygen.model import (
    NoSource,
    OverOxidation,
    OxygenModel,
    OxygenRegion,
    OxygenTransport,
    Source,
)
from oxyshell.models.particle.core import core_of
from tests.oxygen import HOST, RADIUS, SECONDS, Kept, Vessel, oxygen, velocity
from tests.surface_laws import closed_sink, fixed_surface

SHARE = 0.2
LINE = radial_line(Spherical(), SHARE, Resolution(layer_elements=8, bulk_elements=10))
SOURCE = OverOxidation(onset=0.396, rate=1e-3)
DIFFUSIVITY = 0.15 * RADIUS**2 / SECONDS
# So slow that its lattice does not notice: sources that are steady and even.
STEADY = OverOxidation(onset=0.0, rate=1e-9)


def layered(
    model: OxygenModel, factor: float = 1.0, host: Host = HOST, source: Source | None = None
) -> OxygenModel:
    """The model with a shell that has D_O times a factor, a host and a source of its own."""
    transport = OxygenTransport(bulk=Constant(factor * DIFFUSIVITY), layer=Constant(factor * DIFFUSIVITY))
    own = source or model.source
    return replace(model, regions=(OxygenRegion(name="layer", host=host, transport=transport, source=own),))


def emptied(vessel: Vessel, model: OxygenModel, points: np.ndarray) -> Kept:
    """Some ions leave, more of them near the surface, and stay away."""
    begin, end = 0.9 - 0.3 * points**2, 0.4 - 0.2 * points**2
    return vessel.keep(
        model,
        vessel.drive(0.0, begin, 0.2),
        vessel.drive(0.4 * SECONDS, end, 0.8),
        vessel.drive(SECONDS, end, 0.8),
        tolerance=1e-4,
    )


def test_a_region_like_the_core_changes_nothing() -> None:
    model = oxygen(closed_sink(1, velocity(1000.0, 0.15)), initial=500.0, source=SOURCE)
    plain, parted = Vessel(model, LINE), Vessel(layered(model), LINE)
    assert parted.points == plain.points + 1  # the occupancy may jump
    one, other = emptied(plain, model, plain.radii), emptied(parted, layered(model), parted.radii)
    assert other.state.steps == one.state.steps
    for name in ("lattice", "captured", "generated", "surface", "fullest"):
        # Round-off, which steps let grow by some decades.
        assert getattr(other.seen, name) == pytest.approx(getattr(one.seen, name), rel=1e-10), name
    assert other.seen.generated > 100 * 500e-3 * RADIUS**3
    assert other.state.balance_error < 1e-12


# Fo = 12 of the core: what was not steady has decayed by e^-15 at least.
END = 80 * SECONDS


def steady_mean(edge: float, core: float, shell: float, inner: float, outer: float, d: int) -> float:
    """Mean content over that outside of a sphere (d = 3), a long cylinder (2) or a plate (1) of two layers.

    With sources s_c and s_s the flux is s_c r/d in the core and (s_c a^d + s_s (r^d − a^d))/(d r^{d−1}) in
    the shell; c = 0 at r = 1 and is continuous. By parts, the mean is the integral of r^d flux/D.

    Args:
        edge: a.
        core: D_c.
        shell: D_s.
        inner: s_c.
        outer: s_s.
        d: Dimension.
    """
    within = inner * edge ** (d + 2) / (d + 2) / core
    through = (inner - outer) * edge**d * (1 - edge**2) / 2 + outer * (1 - edge ** (d + 2)) / (d + 2)
    return (within + through / shell) / d


BODIES: dict[str, tuple[Coordinates, int]] = {
    "sphere": (Spherical(), 3),
    "cylinder": (Cylindrical(), 2),
    "plate": (Planar(), 1),
}
LAYERED = [("sphere", 0.2), ("sphere", 5.0), ("cylinder", 0.4), ("plate", 1.5)]


@pytest.mark.parametrize(("body", "factor"), LAYERED)
def test_two_layers_in_steady_state(body: str, factor: float) -> None:
    coordinates, d = BODIES[body]
    line = radial_line(coordinates, SHARE, Resolution(layer_elements=4, bulk_elements=4))
    # The content is some millionths of the lattice's, by which errors are measured; the source that becomes
    # slower by 1e-9 a second is 1e-5 behind what it would be in a steady state.
    check_steady(line, factor, d, degree=3, error=3e-5)


@pytest.mark.slow
def test_two_layers_of_a_body_in_steady_state() -> None:
    resolution = replace(disc_resolution(SHARE), layer_elements=3, bulk_elements=5, tangential=4)
    # The volume of the mesh is 7e-5 less than that of the sphere.
    check_steady(half_disc(SHARE, resolution), 0.2, 3, degree=2, error=2e-4)


def check_steady(particle: ParticleMesh, factor: float, d: int, degree: int, error: float) -> None:
    idle = layered(oxygen(fixed_surface(0.0), initial=0.0, source=STEADY), factor, source=NoSource())
    busy = replace(idle, regions=(replace(idle.regions[0], source=replace(STEADY, electrons=0.5)),))
    rate = 1e-9 * math.exp(-1e-9 * END) * 0.25 / HOST.molar_volume * RADIUS**2
    theta = HOST.occupancy - 1.0 / (HOST.site_density * HOST.molar_volume)
    for model, outer in ((idle, 0.0), (busy, 2.0)):
        vessel = Vessel(model, particle, degree)
        drives = vessel.drive(0.0, theta, 1.0), vessel.drive(END, theta, 1.0)
        kept = vessel.keep(model, *drives, tolerance=1e-8)
        exact = steady_mean(1 - SHARE, DIFFUSIVITY, factor * DIFFUSIVITY, rate, outer * rate, d)
        assert kept.seen.lattice / (vessel.system.volume * RADIUS**3) == pytest.approx(exact, rel=error)
        # It counts r, some millionths of which are what is mobile.
        assert kept.state.balance_error < 1e-12


def test_each_region_releases_by_its_own_host() -> None:
    host = replace(HOST, site_density=HOST.site_density / 2, molar_volume=2 * HOST.molar_volume)
    model = layered(oxygen(source=SOURCE, initial=0.0), host=host)
    theta, volume = 0.2, 4 / 3 * math.pi * RADIUS**3
    vessel = Vessel(model, LINE)
    end = 20 / SOURCE.rate  # all of it, but for e^-20
    kept = vessel.keep(model, vessel.drive(0.0, theta, 1.0), vessel.drive(end, theta, 1.0))
    within = (1 - SHARE) ** 3

    def released(one: Host) -> float:
        extracted = one.site_density * one.molar_volume * (one.occupancy - theta)
        return 0.25 * (extracted - SOURCE.onset) / one.molar_volume

    exact = volume * (within * released(HOST) + (1 - within) * released(host))
    # 1e-5 of the largest content in a step; by far most steps are below it.
    assert kept.seen.generated == pytest.approx(exact, rel=1e-6)


def test_a_host_of_no_source_releases_nothing_and_one_of_any_is_solved_for() -> None:
    model = layered(oxygen(source=None, initial=0.0), source=SOURCE)
    assert model.releases
    assert not oxygen().releases
    vessel = Vessel(model, LINE)
    kept = vessel.keep(model, vessel.drive(0.0, 0.2, 1.0), vessel.drive(SECONDS, 0.2, 1.0))
    released = kept.system.part(kept.state.state.unknowns, "released")
    cells = kept.system.fields.spaces["released"].tabulate_dof_coordinates()[:, 0]
    assert np.all(released[cells < 0.799] == 0.0)
    assert np.all(released[cells > 0.801] > 0.0)


def test_the_most_of_a_particle_is_that_of_any_part() -> None:
    model = oxygen(source=SOURCE, initial=0.0)
    denser = replace(HOST, site_density=2 * HOST.site_density, molar_volume=HOST.molar_volume / 2)
    assert layered(model, host=denser).most == pytest.approx(2 * model.most)
    assert layered(model, source=NoSource()).reference_content == model.reference_content
    assert layered(oxygen(source=None, initial=0.0), source=SOURCE).reference_content == model.most


def test_a_core_keeps_the_sizes_of_layers_in_regions() -> None:
    graded = replace(HOST, layer=UniformLayer(thickness=3e-9, deficiency=0.2))
    model = layered(oxygen(source=SOURCE), host=graded)
    core = core_of(model, 0.5)
    (own,), (made,) = core.regions, model.regions
    assert own.host.layer == graded.layer
    assert own.host.site_density == pytest.approx(made.host.site_density)
    # Half the radius: a quarter of the diffusion time, in a unit of length in which R is as made.
    assert own.transport.bulk.value(0.5) == pytest.approx(4 * made.transport.bulk.value(0.5))
