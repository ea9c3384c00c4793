"""Ions and oxygen together: the ions step first, the oxygen follows, and the host may change on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from oxyshell.errors import SolverError, StepLimitError
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.oxygen.model import OxygenModel
from oxyshell.models.particle import ParticleModel
from oxyshell.solver.assembly import largest
from oxyshell.solver.march import Method
from oxyshell.solver.oxygen import Drive, OxygenSystem
from oxyshell.solver.oxygen_march import OxygenMarch, OxygenState
from oxyshell.solver.places import NOWHERE
from oxyshell.solver.settings import StepControl
from oxyshell.solver.state import Array, Attempt, Companion, State
from oxyshell.solver.strategies import System


@dataclass(frozen=True)
class Controls:
    """How accurately ions and oxygen go together.

    Attributes:
        ions: Time step control of the ions.
        oxygen: That of the oxygen, in shares of its own diffusion time.
    """

    ions: StepControl
    oxygen: StepControl


class Companionship(Protocol):
    """What goes along with the ions of one discretised particle."""

    @property
    def places(self) -> Array:
        """Where its unknowns stand, as `places.of_space` says it."""

    def accepts(self, model: OxygenModel | None) -> bool:
        """Whether `join` takes this oxygen."""

    def join(
        self,
        ions: Method,
        start: State,
        model: ParticleModel,
        oxygen: OxygenModel | None,
        controls: Controls,
    ) -> tuple[Method, State]:
        """The method and the state at the start of a run with what goes along.

        Args:
            ions: The ions' own method.
            start: The ions' own state.
            model: The ions' model, SI.
            oxygen: The oxygen's model, SI.
            controls: How accurately.
        """


class Alone:
    """The null companionship: ions without oxygen."""

    places = NOWHERE

    def accepts(self, model: OxygenModel | None) -> bool:
        return model is None

    def join(
        self,
        ions: Method,
        start: State,
        model: ParticleModel,
        oxygen: OxygenModel | None,
        controls: Controls,
    ) -> tuple[Method, State]:
        return ions, start


class WithOxygen:
    """Oxygen on the mesh and in the spaces of the ions.

    Attributes:
        system: The discretised oxygen.
    """

    def __init__(self, ions: System, particle: ParticleMesh, model: OxygenModel) -> None:
        """Discretise."""
        self._ions = ions
        degree = ions.scalars.ufl_element().degree
        self.system = OxygenSystem(particle, model, degree, ions.scalars)

    @property
    def places(self) -> Array:
        return self.system.places

    def accepts(self, model: OxygenModel | None) -> bool:
        return model is not None and self.system.accepts(model)

    def join(
        self,
        ions: Method,
        start: State,
        model: ParticleModel,
        oxygen: OxygenModel | None,
        controls: Controls,
    ) -> tuple[Method, State]:
        assert oxygen is not None  # `accepts` has seen to it
        self.system.update(oxygen)
        march = OxygenMarch(self.system, controls.oxygen)
        nothing = np.zeros(self._ions.occupancy(start).size)
        state = replace(start, companion=Companion(march.initial, nothing, nothing))
        return Joint(ions, self._ions, march, model, controls.ions.tolerance), state


class Joint:
    """A method that takes a step of the ions and lets the oxygen follow through it.

    Where the host changes with the oxygen, the ions' step is taken in the host that the oxygen's last rate
    predicts for its end; by how much the oxygen then misses the prediction is part of the step's error.
    """

    def __init__(
        self, ions: Method, system: System, march: OxygenMarch, model: ParticleModel, tolerance: float
    ) -> None:
        """Set up.

        Args:
            ions: The ions' own method.
            system: Their system.
            march: The oxygen.
            model: The ions' model, SI.
            tolerance: Largest miss of the prediction in one step, as an occupancy.
        """
        self._method, self._system, self._march = ions, system, march
        self._formula_units = system.volume * model.radius**3 / model.host.molar_volume
        ion_volume = float(model.chemical_strain.volume(model.host.occupancy, NUMPY))
        self._weight = model.host.vacancies.weight(ion_volume) / tolerance

    @property
    def order(self) -> int:
        """Order of the ions' error estimate."""
        return self._method.order

    def attempt(self, state: State, step: float) -> Attempt:
        """Try one step of `step` seconds; the error is NaN if the equations could not be solved."""
        before = _companion(state)
        predicted = self._present(before.oxygen) + step * before.release_rate
        start = self._carried(state, predicted)
        self._system.host.follow(start)
        ions = self._method.attempt(start, step)
        if not ions.error <= 1.0:
            return Attempt(state, ions.error)
        reached = replace(ions.state, companion=start.companion)
        try:
            oxygen = self._march.advance(before.oxygen, self._drive(state), self._drive(reached))
        except StepLimitError:
            raise
        except SolverError as failure:
            return Attempt(state, float("nan"), str(failure))
        released = self._present(oxygen)
        missed = self._weight * largest(released - predicted, self._system.particle.mesh.comm)
        rate = (released - self._present(before.oxygen)) / step
        companion = Companion(oxygen, predicted, rate)
        return Attempt(replace(reached, companion=companion), max(ions.error, missed))

    def _carried(self, state: State, released: Array) -> State:
        """A state, and those that it looks back on, in a host that has released r: the ions stay the same."""
        before = _companion(state)
        theta = self._system.host.carried(self._system.occupancy(state), before.released, released)
        moved = self._system.with_occupancy(state, theta)
        earlier = tuple(self._carried(one, released) for one in state.earlier)
        return replace(moved, companion=replace(before, released=released), earlier=earlier)

    def _drive(self, state: State) -> Drive:
        return Drive(
            time=state.time,
            occupancy=self._system.occupancy(state),
            released=_companion(state).released / self._in_ions_units,
            extracted=state.left / self._formula_units,
        )

    def _present(self, oxygen: OxygenState) -> Array:
        """What the oxygen has released, in the ions' space and units."""
        self._march.system.load(oxygen.state)
        return self._system.host.taken(self._march.system.functions[1]) * self._in_ions_units

    @property
    def _in_ions_units(self) -> float:
        """What the oxygen's unit of content is in the ions'."""
        theirs, ours = self._march.system.units, self._system.units
        return theirs.amount / theirs.length**3 / (ours.amount / ours.length**3)


def _companion(state: State) -> Companion:
    assert state.companion is not None  # `WithOxygen.join` has given it to the first state
    return state.companion
