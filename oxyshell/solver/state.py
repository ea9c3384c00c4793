"""What a run knows at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from oxyshell.solver.oxygen_march import OxygenState

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Companion:
    """What goes along with the ions.

    Attributes:
        oxygen: The oxygen.
        released: r as the ions' host has it, at the degrees of freedom of the occupancy that this process
            owns, in the ions' units.
        release_rate: How fast r has grown in the last step, per s.
    """

    oxygen: OxygenState
    released: Array
    release_rate: Array


@dataclass(frozen=True)
class State:
    """The unknowns at one time. Never changed in place, so going back to it restores it.

    Attributes:
        time: s.
        unknowns: The method's own unknowns, in its own order and units: the degrees of freedom that this
            process owns.
        left: What has left through the surface, mol: ions, or O2 where the state is that of the oxygen.
        earlier: States before this one that a multistep method looks back on, latest first.
        age: Steps since the present protocol step began.
        companion: What goes along with the ions, if anything does.
    """

    time: float
    unknowns: Array
    left: float
    earlier: tuple[State, ...] = ()
    age: int = 0
    companion: Companion | None = None


@dataclass(frozen=True)
class Attempt:
    """One tried step.

    Attributes:
        state: Where it leads.
        error: Estimated error over tolerance: accepted if this is at most 1 (so never if it is NaN).
        reason: Why the equations could not be solved, if they could not.
    """

    state: State
    error: float
    reason: str = ""


@dataclass(frozen=True)
class Observation:
    """What the controller asks about a state.

    Attributes:
        ions_in: Ions in the particle, mol.
        outflow: Ions leaving, mol/s.
        surface_occupancy: Mean of θ over the surface.
    """

    ions_in: float
    outflow: float
    surface_occupancy: float
