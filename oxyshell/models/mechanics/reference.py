"""Occupancy at which a host is free of strain against the particle as made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar


class StrainReference(Protocol):
    """Content from which the chemical strain is counted."""

    def occupancy(self, as_made: Scalar) -> Scalar:
        """θ at which there is no strain.

        Args:
            as_made: θ0.
        """


@dataclass(frozen=True)
class AsMade:
    """The host fits as it was made."""

    def occupancy(self, as_made: Scalar) -> Scalar:
        return as_made


@dataclass(frozen=True)
class AtOccupancy:
    """The host would fit at another content: as made, it is under stress.

    Attributes:
        value: That content, as an occupancy.
    """

    value: Scalar = quantity("1")

    def occupancy(self, as_made: Scalar) -> Scalar:
        return self.value
