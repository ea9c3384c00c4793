"""The strength of what drives a loss in a cycle, relative to a reference sample, as a scenario states it."""

from __future__ import annotations

from collections.abc import Iterator

from oxyshell.language.sections import Section
from oxyshell.models.base.cycle_law import CycleCells


class Driver(Section):
    """X of a loss.

    A kind is a subclass whose `kind` is annotated with its name, as in `kind: Literal["number"]`.
    """

    kind: str
    """Kind of driver."""

    @property
    def of_first_cycle(self) -> bool:
        """Whether X of the first cycle holds in all."""
        return False

    def relative(self, cycle: CycleCells) -> float:
        """X in a cycle, at least 0.

        Args:
            cycle: Row of the table of cycles.
        """
        raise NotImplementedError

    def columns(self) -> Iterator[tuple[str, str]]:
        """Columns of the table of cycles that it reads, each with the key that names it."""
        return iter(())

    def remarks(self, loss: str) -> Iterator[str]:
        """Sentences that a reader of a run's results has to know of it.

        Args:
            loss: What it drives: "the growth of the layer".
        """
        return iter(())
