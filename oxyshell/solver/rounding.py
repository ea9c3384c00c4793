"""Puts right what the round-off of a step's linear solves does to the balance.

Over a step that is long compared with diffusion, currents that nearly cancel are summed up: round-off
grows with the step, and gathers in the one mode that diffusion leaves alone, the mean content. What left
through the surface does not suffer from it, and says what the mean has to be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from mpi4py import MPI

from oxyshell.solver.state import Array

# In what the system could hold: less is not worth the trouble; more than this in a short step, or for every
# diffusion time of a long one, is no round-off, and stays for the balance to find.
_SMALLEST = 1e-14
_LARGEST = 1e-11
_LARGEST_PER_TIME = 1e-9


def is_round_off(lost: float, room: float, step: float) -> bool:
    """Whether a loss is one to put right.

    Args:
        lost: What a step has lost or gained.
        room: What the system could hold, in the same unit.
        step: Length of the step, in diffusion times.
    """
    return _SMALLEST * room < abs(lost) <= (_LARGEST + _LARGEST_PER_TIME * step) * room


@dataclass(frozen=True, eq=False)
class Account:
    """Content of a system M dy/dt = f(y): the unknowns that count, and the means to correct it.

    Attributes:
        weights: M e, where eᵀ f(y) is minus the outflow: e is 1 or −1 where an unknown counts, else 0.
        filling: M applied to 1 for the unknowns of the field that diffuses, else 0: what is put right is put
            there.
        solve: Applies the inverse of the prepared matrix.
        comm: The processes that share the unknowns.
    """

    weights: Array
    filling: Array
    solve: Callable[[Array], Array]
    comm: MPI.Comm

    def mended(self, change: Array, passed: float, step: float) -> Array:
        """A change of y over a step that keeps the balance.

        Args:
            change: As solved.
            passed: What has left meanwhile.
            step: Its length, in diffusion times.
        """
        weights = self.weights
        lost = self._total(float(weights @ change)) + passed
        if not is_round_off(lost, self._room, step):
            return change
        spread = self.solve(self.filling)
        mended: Array = change - spread * (lost / self._total(float(weights @ spread)))
        return mended

    @cached_property
    def _room(self) -> float:
        """The amount that the system could hold, over all processes."""
        return self._total(float(self.filling.sum()))

    def _total(self, own: float) -> float:
        return float(self.comm.allreduce(own)) if self.comm.size > 1 else own
