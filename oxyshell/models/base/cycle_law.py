"""Numbers of a particle that change from one cycle of a protocol to the next, and what they change in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oxyshell.models.base.observable import Cell

type CycleNumbers = Mapping[str, float]
"""Values that are in force for the length of a cycle, by name."""
type CycleCells = Mapping[str, Cell]
"""The row of a cycle in the table of cycles, by column."""


class CycleLaw:
    """A law of what changes from cycle to cycle: plain numbers, each constant within a cycle.

    The numbers that are in force in cycle N are those of N: s(1) is `start`, and s(N + 1) follows from s(N)
    and from what cycle N was like. Steps outside of all cycles keep the numbers that are in force.
    """

    def start(self) -> CycleNumbers:
        """The numbers in force from the start of a run on, at least one."""
        raise NotImplementedError

    def after(self, numbers: CycleNumbers, cycle: CycleCells, number: int) -> CycleNumbers:
        """The numbers in force in the cycle after another one.

        Args:
            numbers: Those in force in that cycle, of all laws.
            cycle: Its row of the table of cycles.
            number: Its number in the protocol, from 1.
        """
        raise NotImplementedError

    def singular_cycles(self) -> frozenset[int]:
        """Numbers of cycles that do not gain what those around them gain; no jump leads over one."""
        return frozenset()

    def active(self, numbers: CycleNumbers) -> float:
        """Share of the particle that still takes part.

        What is passed and stored per as-made mass is that share of what the simulated particle, which is as
        large as it was made, passes and stores.
        """
        return 1.0

    def retention(self, numbers: CycleNumbers) -> float:
        """Capacity over that of the first cycle, as the law alone has it; exactly 1 if nothing was lost."""
        return 1.0

    def aged(self, model: Any, numbers: CycleNumbers) -> Any:
        """The particle's model with the numbers' effects on it.

        Args:
            model: In SI, with what a step of the protocol sets at the surface.
            numbers: Those in force.
        """
        return model

    def aged_follower(self, model: Any, numbers: CycleNumbers) -> Any:
        """The model of a process that follows the particle, with the numbers' effects on it.

        Args:
            model: In SI.
            numbers: Those in force.
        """
        return model
