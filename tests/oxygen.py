"""Oxygen alone, in a particle whose ions do what a test says, without files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from dolfinx import fem

from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.models.base.properties import Constant
from oxyshell.models.host.lattice import Host
from oxyshell.models.oxygen.model import NoSource, OxygenModel, OxygenTransport, Reuse, Source
from oxyshell.models.oxygen.process import OxygenTransport as OxygenProcess
from oxyshell.models.oxygen.recording import OxygenObservation, OxygenObserver
from oxyshell.models.oxygen.surface import SurfaceModel
from oxyshell.models.particle.system import System
from oxyshell.solver import spaces
from oxyshell.solver.driving import Forcing
from oxyshell.solver.following import FollowingMarch, FollowingSystem
from oxyshell.solver.settings import StepControl
from oxyshell.solver.state import FollowerState, State
from tests import lrmo
from tests.surface_laws import open_surface

RADIUS = 150e-9
SECONDS = 2400.0
INITIAL = 7500.0
HOST = lrmo.host()
FULL = 0.999


def velocity(biot: float, fourier: float) -> float:
    """k = Bi D/R of the diffusivity that brings D t/R² to a Fourier number at the end, m/s."""
    return biot * fourier * RADIUS / SECONDS


def oxygen(
    law: SurfaceModel | None = None,
    fourier: float = 0.15,
    initial: float = INITIAL,
    source: Source | None = None,
    host: Host = HOST,
    reuse: Reuse | None = None,
    layer_factor: float = 1.0,
) -> OxygenModel:
    """A model whose D t/R² is `fourier` after `SECONDS`; open at Bi = 1000 unless a law is given."""
    diffusivity = fourier * RADIUS**2 / SECONDS
    return OxygenModel(
        radius=RADIUS,
        initial=initial,
        host=host,
        transport=OxygenTransport(bulk=Constant(diffusivity), layer=Constant(layer_factor * diffusivity)),
        source=source or NoSource(),
        surface=(law or open_surface(velocity(1000.0, fourier))).exchange,
        reuse=reuse or Reuse(),
    )


def discretised(
    particle: ParticleMesh,
    model: OxygenModel,
    degree: int,
    scalars: fem.FunctionSpace,
    process: OxygenProcess | None = None,
) -> FollowingSystem[OxygenModel]:
    """Oxygen that follows ions whose occupancy is in the space `scalars`."""
    equations = process or OxygenProcess()
    return FollowingSystem(particle, equations, model, degree, scalars, System.offers)


def forcing(time: float, occupancy: np.ndarray, extracted: float = 0.0) -> Forcing:
    """Ions in a host as made: θ, and how many have left per formula unit."""
    nothing = np.zeros_like(occupancy)
    return Forcing(time, {"occupancy": occupancy, "released_in_host": nothing}, {"extracted": extracted})


@dataclass(frozen=True, eq=False)
class Kept:
    """Oxygen after a march.

    Attributes:
        system: What was solved.
        state: Where it ended.
        seen: What was observed there.
        total: Initial plus generated, mol.
    """

    system: FollowingSystem[OxygenModel]
    state: FollowerState
    seen: OxygenObservation
    total: float

    @property
    def retention(self) -> float:
        return self.seen.lattice / self.total

    @property
    def captured(self) -> float:
        return self.seen.captured / self.total

    @property
    def released(self) -> float:
        return self.state.state.left / self.total


class Vessel:
    """A discretised particle that is filled with oxygen again and again."""

    def __init__(self, model: OxygenModel, particle: ParticleMesh | None = None, degree: int = 3) -> None:
        self.particle = particle or radial_line(
            Spherical(), 0.0, Resolution(bulk_elements=12, surface_size=0.004)
        )
        scalars = spaces.scalars(self.particle, degree, [name for name, _ in model.parts])
        self.system = discretised(self.particle, model, degree, scalars)
        self._observer = OxygenObserver(self.system)
        self.points = scalars.dofmap.index_map.size_local
        self.radii = np.linalg.norm(scalars.tabulate_dof_coordinates()[: self.points], axis=1)

    def drive(self, time: float, occupancy: float | np.ndarray = FULL, extracted: float = 0.0) -> Forcing:
        content = np.broadcast_to(np.asarray(occupancy, dtype=float), (self.points,)).copy()
        return forcing(time, content, extracted)

    def observe(self, state: State) -> OxygenObservation:
        return self._observer.observe(state)

    def march(self, model: OxygenModel, tolerance: float = 1e-5) -> FollowingMarch[OxygenModel]:
        self.system.update(model)
        control = StepControl(tolerance=tolerance, first_step=1e-9)
        return FollowingMarch(self.system, control, "numerics.oxygen_tolerance")

    def keep(
        self,
        model: OxygenModel,
        *drives: Forcing,
        tolerance: float = 1e-5,
        watch: Callable[[OxygenObservation, FollowerState], None] | None = None,
    ) -> Kept:
        """March through some drives, by default at rest for `SECONDS`; `watch` sees every end of one."""
        march = self.march(model, tolerance)
        state = march.initial
        initial = self.observe(state.state).lattice
        stops = drives or (self.drive(0.0), self.drive(SECONDS))
        for before, after in pairwise(stops):
            state = march.advance(state, before, after)
            if watch is not None:
                watch(self.observe(state.state), state)
        seen = self.observe(state.state)
        return Kept(self.system, state, seen, initial + seen.generated)
