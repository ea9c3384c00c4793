"""Numbers that are read off the oxygen of one state."""

from __future__ import annotations

from dataclasses import dataclass

from mpi4py import MPI

from oxyshell.models.oxygen.model import OxygenModel
from oxyshell.solver.assembly import Scalar
from oxyshell.solver.following import FollowingSystem
from oxyshell.solver.state import State


@dataclass(frozen=True)
class OxygenObservation:
    """Amounts and rates of one state.

    Attributes:
        lattice: Mobile O2 in the lattice, mol.
        captured: O2 in the sink, mol.
        generated: O2 that the lattice has released, mol.
        leaving: O2 that leaves the particle, mol/s.
        surface: Mean of c over the surface, mol/m³.
        filling: Captured over capacity, mean over the surface; 0 without a sink.
        fullest: The same where it is largest.
    """

    lattice: float
    captured: float
    generated: float
    leaving: float
    surface: float
    filling: float
    fullest: float


class OxygenObserver:
    """Reads the numbers off a discretised oxygen."""

    def __init__(self, system: FollowingSystem[OxygenModel]) -> None:
        """Compile what is integrated."""
        self._system = system
        self._surface = Scalar(system.domain.surface(system.fields.values["mobile"]), system.comm)

    def observe(self, state: State) -> OxygenObservation:
        """The numbers of a state, which is loaded."""
        system = self._system
        contents = system.contents(state)
        capacity = float(system.numbers.surface.capacity)
        fullest = float(system.part(state.unknowns, "captured").max(initial=0.0)) / capacity
        if system.comm.size > 1:
            fullest = system.comm.allreduce(fullest, MPI.MAX)
        units = system.units
        return OxygenObservation(
            lattice=contents["mobile"],
            captured=contents["captured"],
            generated=contents["released"],
            leaving=system.observed_outflow(),
            surface=self._surface() / system.area * units.amount / units.length**3,
            filling=contents["captured"] / (capacity * system.area * units.amount),
            fullest=fullest,
        )
