"""State of a run at one time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LEADING = "particle"
"""Name of the group whose steps the march takes."""


@dataclass(frozen=True)
class State:
    """A group's unknowns at one time. Never changed in place, so going back to it restores it.

    Attributes:
        time: s.
        unknowns: The method's own unknowns, in its own order and units: the degrees of freedom that this
            process owns.
        left: Amount that has left through the surface, mol.
        earlier: States before this one that a multistep method looks back on, latest first.
        age: Steps since the present protocol step began.
        group: Name of the group.
        followers: Groups that are stepped within this one's steps, by name.
        feedback: How they act on this group, by the name of the port on which they do.
        cycle_numbers: Values that are in force for the length of a cycle, by name.
        active: Share of the as-made particle for which this one, as large as it was made, stands.
    """

    time: float
    unknowns: Array
    left: float
    earlier: tuple[State, ...] = ()
    age: int = 0
    group: str = LEADING
    followers: Mapping[str, FollowerState] = field(default_factory=dict)
    feedback: Mapping[str, Feedback] = field(default_factory=dict)
    cycle_numbers: Mapping[str, float] = field(default_factory=dict)
    active: float = 1.0

    def followed_by(self, time: float, unknowns: Array, left: float) -> State:
        """A later state of the same run, without a past; `dataclasses.replace` takes longer than some steps.

        Args:
            time: s.
            unknowns: Its unknowns.
            left: Amount that has left by then, mol.
        """
        kept = self.group, self.followers, self.feedback, self.cycle_numbers, self.active
        return State(time, unknowns, left, (), 0, *kept)


@dataclass(frozen=True)
class FollowerState:
    """A following group at one time. Never changed in place.

    Attributes:
        state: Its unknowns and what has left.
        step: Length that its next step may have, s.
        steps: Accepted steps so far.
        rejected: Rejected steps so far.
        balance_error: Largest error of its balance so far, over the most that it can hold, or over what has
            been there or passed the surface if that is more.
    """

    state: State
    step: float
    steps: int = 0
    rejected: int = 0
    balance_error: float = 0.0


@dataclass(frozen=True, eq=False)
class Feedback:
    """Effect of a following group on the leading one.

    Attributes:
        values: Values that the leading group has solved with, at the degrees of freedom of its scalar space
            that this process owns, in its units.
        rate: Their growth per s in the last step.
        group: Name under which positions of these degrees of freedom are kept.
    """

    values: Array
    rate: Array
    group: str = "scalars"


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
    """Numbers of a state that the march and its stops need.

    Attributes:
        content: Amount in the particle, mol.
        outflow: Amount leaving, mol/s.
        surface_occupancy: Mean of θ over the surface.
        more: Other observables that stops of the run are set on, by name.
    """

    content: float
    outflow: float
    surface_occupancy: float
    more: Mapping[str, float] = field(default_factory=dict)
