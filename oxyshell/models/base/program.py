"""Course of what an instrument sets, within one step of a protocol."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self


class Program(Protocol):
    """A flux over the time since a step began."""

    @property
    def varies(self) -> bool:
        """Whether it changes at all."""

    def flux(self, time: float) -> float:
        """The flux at a time, s, mol/(m² s), positive outwards."""

    def scaled(self, factor: float) -> Program:
        """The course of a flux that is larger by a factor."""


@dataclass(frozen=True)
class Steady:
    """No course: what the step sets stays as it is."""

    varies = False

    def flux(self, time: float) -> float:
        return 0.0

    def scaled(self, factor: float) -> Program:
        return self


@dataclass(frozen=True)
class Course:
    """Fluxes at some times, linear between them, constant after the last.

    Attributes:
        times: s since the step began, increasing from 0.
        fluxes: mol/(m² s), positive outwards.
    """

    times: tuple[float, ...]
    fluxes: tuple[float, ...]

    varies = True

    def flux(self, time: float) -> float:
        index = bisect_right(self.times, time)
        if index in (0, len(self.times)):
            return self.fluxes[min(index, len(self.times) - 1)]
        before, after = self.times[index - 1], self.times[index]
        share = (time - before) / (after - before)
        return self.fluxes[index - 1] + share * (self.fluxes[index] - self.fluxes[index - 1])

    def scaled(self, factor: float) -> Program:
        return replace(self, fluxes=tuple(factor * flux for flux in self.fluxes))


@dataclass(frozen=True, kw_only=True)
class Programmable:
    """A law of the surface whose set flux may take a course within a step.

    Attributes:
        program: The course.
    """

    program: Program = field(default_factory=Steady)

    def at_current(self, flux: float) -> Self:
        """The same where an instrument sets a flux, mol/(m² s), positive outwards."""
        raise NotImplementedError

    def in_solution(self, solution: Any) -> Self:
        """The same in a host whose ions interact; by default the flux does not depend on that."""
        return self

    def following(self, times: tuple[float, ...], fluxes: tuple[float, ...]) -> Self:
        """The same where an instrument sets fluxes at times, s since the start of the step."""
        return replace(self.at_current(fluxes[0]), program=Course(times, fluxes))

    def at_time(self, time: float) -> Self:
        """The same, with the flux that is set some seconds after the start of the step."""
        return self.at_current(self.program.flux(time)) if self.program.varies else self
