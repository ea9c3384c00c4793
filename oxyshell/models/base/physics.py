"""A physics as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.observable import Observable, SectionArrays, Where
from oxyshell.models.base.process import Follower

if TYPE_CHECKING:
    from pydantic import BaseModel


@dataclass(frozen=True)
class LabelledRun:
    """One of the runs that a figure shows.

    Attributes:
        label: Name of the system.
        scenario: Its scenario, a `scenario.Scenario`.
        result: The run, an `outputs.Result`.
    """

    label: str
    scenario: Any
    result: Any


@dataclass(frozen=True)
class Figure:
    """A figure of one run or of several beside each other.

    Attributes:
        name: Name of its file, without the ending.
        draw: Draws it into a PNG at a path.
        compares: Whether several runs are drawn in it too, in the folder of a comparison.
    """

    name: str
    draw: Callable[[Path], None]
    compares: bool = True


class Physics:
    """One physics: what a file says about it, what it solves, reports, remarks and draws.

    A physics overrides what it has; the defaults say that it has nothing of the kind. Nothing outside its
    folder names it but the list in `models.registry`.

    Attributes:
        name: Key of its section in a scenario file, and its name in results.
        observables: All that it reports.
        in_every_run: Whether there is no run without it; otherwise a run has it where its file has a section
            of that name.
    """

    name: ClassVar[str]
    observables: ClassVar[tuple[Observable, ...]] = ()
    in_every_run: ClassVar[bool] = False

    def section(self) -> type[BaseModel] | None:
        """Type of its section in a scenario file, under the key `name`; None if it has none of its own."""
        return None

    def followers(self, scenario: Any, geometry: Geometry) -> Sequence[Follower[Any]]:
        """Processes that follow the particle's group; none by default.

        Args:
            scenario: The scenario.
            geometry: Size of the particle.
        """
        return ()

    def remarks(self, scenario: Any, geometry: Geometry | None) -> Iterator[str]:
        """Sentences that a reader of a run's results has to know.

        Args:
            scenario: The scenario.
            geometry: Size of the particle; None before an imported mesh has been read.
        """
        return iter(())

    def recorders(self, particle: Any) -> Callable[[Any], Sequence[Any]] | None:
        """Prepare, once for all runs of a discretised particle, what is read off them.

        Args:
            particle: A `solver.recorder.Discretised`; its followers say whether the physics is solved.

        Returns:
            A function that makes the `solver.recorder.Recorder`s of a run of its `solver.recorder.RunFacts`;
            None where the particle is without this physics.
        """
        return None

    def section_arrays(self) -> SectionArrays:
        """Arrays of its profiles in sections of the particle; by default all of them, as scalars."""
        return SectionArrays(tuple(one.name for one in self.observables if one.where is Where.PROFILE))

    def figures(self, runs: Sequence[LabelledRun]) -> Sequence[Figure]:
        """Figures that it has of runs, some of which may be without it."""
        return ()
