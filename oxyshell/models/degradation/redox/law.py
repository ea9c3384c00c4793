"""A law by which the redox of oxygen is lost from one cycle to the next, as a scenario states it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from oxyshell.language.parameters import Bounds, Parameter, Quantity
from oxyshell.language.sections import Section

_LEFT = Bounds(above=0, at_most=1)


class RedoxLaw(Section):
    """Share a of the oxygen's redox that is left.

    A law is a subclass whose `law` is annotated with its name, as in `law: Literal["exponential"]`.
    """

    law: str
    """Name of the law."""
    from_cycle: Annotated[int, Field(ge=1)] = 1
    """Cycle from which on the law holds; all is there before it. Default 1."""
    start: Annotated[Parameter, Quantity("1", _LEFT)] = Parameter.default("1", "1")
    """a in that cycle. Default 1."""

    def at_start(self) -> float:
        """The share in the first cycle."""
        return self.start.value if self.from_cycle == 1 else 1.0

    def after(self, share: float, number: int) -> float:
        """The share in the cycle after another one.

        Args:
            share: a in that cycle.
            number: Number of that cycle, from 1.
        """
        if number + 1 < self.from_cycle:
            return share
        return self.start.value if number + 1 == self.from_cycle else share * self.kept(number)

    def singular_cycles(self) -> frozenset[int]:
        """The cycle before the law begins to hold: over it a comes to its `start`."""
        return frozenset({self.from_cycle - 1}) if self.from_cycle > 1 else frozenset()

    def kept(self, number: int) -> float:
        """a(n + 1)/a(n), n being the number of a cycle that is `from_cycle` or later."""
        raise NotImplementedError

    def remarks(self) -> Iterator[str]:
        """Sentences that a reader of a run's results has to know of this law."""
        return iter(())
