"""A law by which the layer grows from one cycle to the next, as a scenario states it."""

from __future__ import annotations

from collections.abc import Iterator

from oxyshell.language.sections import Section
from oxyshell.models.base.cycle_law import CycleCells


class GrowthLaw(Section):
    """Growth of the layer.

    A law is a subclass whose `law` is annotated with its name, as in `law: Literal["linear"]`.
    """

    law: str
    """Name of the law."""

    def after(self, thickness: float, drive: float, cycle: CycleCells) -> float:
        """Thickness in the cycle after another one, m.

        Args:
            thickness: In that cycle, m.
            drive: X A of that cycle: what drives the growth, times the relative area.
            cycle: Its row of the table of cycles.
        """
        raise NotImplementedError

    def remarks(self) -> Iterator[str]:
        """Sentences that a reader of a run's results has to know of this law."""
        return iter(())
