"""Coarse particles as fixtures, for conftests that want them."""

from __future__ import annotations

import pytest

from oxyshell.meshes.ball import half_disc, octant
from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution


@pytest.fixture(scope="session")
def line() -> ParticleMesh:
    return radial_line(Spherical(), 0.0, Resolution(bulk_elements=6, surface_size=0.05))


@pytest.fixture(scope="session")
def disc() -> ParticleMesh:
    return half_disc(0.0, Resolution(bulk_elements=5, tangential=3, surface_size=0.1))


@pytest.fixture(scope="session")
def fine_disc() -> ParticleMesh:
    return half_disc(0.0, Resolution(bulk_elements=10, tangential=6, surface_size=0.05))


@pytest.fixture(scope="session")
def eighth() -> ParticleMesh:
    return octant(0.0, Resolution(bulk_elements=5, tangential=3, surface_size=0.1))


@pytest.fixture(scope="session")
def fine_eighth() -> ParticleMesh:
    return octant(0.0, Resolution(bulk_elements=8, tangential=4, surface_size=0.06))
