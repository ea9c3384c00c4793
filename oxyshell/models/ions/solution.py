"""Solution of ions in their host: how they interact there, beside the stress that they cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from oxyshell.models.base.expression import Expression
from oxyshell.models.base.process import Fields, Process


class Solution(Protocol):
    """Excess of the ions' chemical potential over that of an ideal solution, μ = RT (ln(θ/(1−θ)) − W)."""

    def work(self, fields: Fields) -> Expression:
        """W, what stress and interaction take off the chemical potential, in units of RT: it drives ions."""

    def surface_work(self, fields: Fields) -> Expression:
        """The part of W that does not follow from the occupancy of a point alone, as a voltage shows it."""

    def processes(self) -> tuple[Process[Any], ...]:
        """Equations that it brings into the particle's group."""


@dataclass(frozen=True)
class IdealSolution:
    """The null interaction: ions differ from vacancies by their number only, and W is that of stress."""

    def work(self, fields: Fields) -> Expression:
        return fields["stress_work"]

    def surface_work(self, fields: Fields) -> Expression:
        return fields["stress_work"]

    def processes(self) -> tuple[Process[Any], ...]:
        return ()
