"""Standard potential of ions in a host: by how much ions in different hosts differ at equal occupancy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar, Value
from oxyshell.models.base.formula import UFL, Operations


class StandardPotential(Protocol):
    """Part e(θ) of μ = RT (ln(θ/(1−θ)) + e(θ) − W), which matters only where two hosts meet."""

    def excess(self, theta: Value, operations: Operations = UFL) -> Value:
        """e(θ), in units of the RT in which the work of stress is counted."""


@dataclass(frozen=True)
class PotentialOffset:
    """A difference that does not depend on the occupancy.

    Attributes:
        offset: μ⁰/RT; 0 is that of the particle's own material.
    """

    offset: Scalar = quantity("1", default=0.0)

    def excess(self, theta: Value, operations: Operations = UFL) -> Value:
        return self.offset
