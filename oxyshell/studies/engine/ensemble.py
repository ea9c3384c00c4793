"""An ensemble: runs of one scenario with other values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.points import ResolvedPoint
from oxyshell.studies.engine.quantities import Interest


@dataclass(frozen=True, kw_only=True)
class Ensemble:
    """Runs of one scenario with other values.

    Attributes:
        name: Its title.
        about: Its subject, in a sentence.
        base: The scenario that the points start from.
        points: The points, in the plan's order.
        interests: The numbers that are wanted of each.
        content: Plain data of the file that asks for it.
        keeps_folders: Whether each point leaves its run folder.
        timeout: Longest time that a point may take, s.
        processes: Number of processes that share each run.
    """

    name: str
    about: str
    base: Scenario
    points: Sequence[ResolvedPoint]
    interests: Sequence[Interest]
    content: Mapping[str, Any]
    keeps_folders: bool = False
    timeout: float = float("inf")
    processes: int = 1

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths whose values differ between points, in the order of the file."""
        return tuple(dict.fromkeys(path for point in self.points for path in point.values))
