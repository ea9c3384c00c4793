"""Particles in units in which radius, host sites, diffusivity and RT are one; stresses are in GPa."""

from __future__ import annotations

from typing import Any

from oxyshell.models.base.properties import Constant
from oxyshell.models.host.lattice import Host
from oxyshell.models.ions.transport import NoDrift
from oxyshell.models.particle.model import ParticleModel
from tests import lrmo

GIGA = 1e9

_HOST = {"site_density": 1.0, "molar_volume": 1.0}


def unit_host(occupancy: float, **changes: Any) -> Host:
    """The host, as made at an occupancy."""
    return lrmo.host(occupancy=occupancy, **_HOST | changes)


def unit_particle(occupancy: float, **changes: Any) -> ParticleModel:
    """The model, as made at an occupancy, with whatever else `lrmo.particle` can change."""
    ones = _HOST | {"radius": 1.0, "thermal_energy": GIGA, "diffusivity": Constant(1.0), "drift": NoDrift()}
    return lrmo.particle(occupancy=occupancy, **ones | changes)
