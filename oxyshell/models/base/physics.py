"""A physics as the rest of the program sees it, and a scenario as a physics sees it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.models.base.cycle_law import CycleLaw
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.observable import Observable, SectionArrays, Where
from oxyshell.models.base.process import Follower
from oxyshell.presentation.finding import Finding

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import InitErrorDetails


class ScenarioView(Protocol):
    """The part of a scenario that a physics may read: sections of the file, and the particle in SI.

    Attributes:
        temperature: The parameter T.
        particle: The section of the shape.
        material: The section of the material.
        numerics: The section of tolerances and methods.
        shell: The section of the surface layer; None where there is none of this name.
        layers: The layers, from inside out, a `scenario.parts.Layer` each.
        parts: The core and the regions, hosts of their own, from inside out, a `scenario.parts.Part` each.
        surface: The section of the surface.
        steps: Entries of the protocol.
    """

    temperature: Any
    particle: Any
    material: Any
    numerics: Any
    shell: Any
    surface: Any
    steps: Any

    @property
    def layers(self) -> Any: ...

    @property
    def parts(self) -> Any: ...

    def section(self, name: str) -> Any:
        """The section of a physics; None where the scenario has none."""

    def model(self) -> Any:
        """The particle's host, ions and mechanics, in SI."""

    def amounts(self, geometry: Geometry) -> Any:
        """Density, molar volume and sites of the whole particle, a `scenario.parts.Amounts`."""


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
        drawing: Draws it into the file at a path, of a width in inches.
        compares: Whether several runs are drawn in it too, in the folder of a comparison.
    """

    name: str
    drawing: Callable[[Path, float], None]
    compares: bool = True

    def draw(self, path: Path, width: float = TWO_COLUMNS) -> None:
        """Draw it into a file, of a width in inches."""
        self.drawing(path, width)


class Physics:
    """One physics: its section in a file, what it solves, reports, remarks and draws.

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
        """Type of its section in a scenario file, under the key `name`; None if it has none of its own.

        A section that is one of several is a type annotated with `language.variants.Variants`.
        """
        return None

    @property
    def requirement(self) -> str:
        """Words for what a scenario has to have so that its runs have it."""
        return f"the section '{self.name}'"

    def is_in(self, scenario: ScenarioView) -> bool:
        """Whether runs of a scenario have it."""
        return self.in_every_run or scenario.section(self.name) is not None

    def layer_section(self) -> type[BaseModel] | None:
        """Type of its section in a layer of the particle (`shell`, `regions`), under the key `name`.

        A layer with such a section is a host of its own. None if the physics has nothing of the kind, which
        then is the same in all layers.
        """
        return None

    def problems(self, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
        """Contradictions between its section and others, as `language.mistakes.problem` makes them."""
        return iter(())

    def particle_model(self, model: Any, scenario: ScenarioView) -> Any:
        """The particle's host, ions and mechanics with the effects of this physics on them.

        Args:
            model: The same without these effects.
            scenario: The scenario.
        """
        return model

    def finest_length(self, scenario: ScenarioView) -> float:
        """Length, m, over which a field of this physics changes much anywhere in the particle.

        The mesh resolves it throughout unless numbers of elements are given; infinite where nothing does.
        """
        return math.inf

    def followers(self, scenario: ScenarioView, geometry: Geometry) -> Sequence[Follower[Any]]:
        """Processes, with their numbers in SI, that are stepped within the steps of the particle's group."""
        return ()

    def cycle_laws(self, scenario: ScenarioView, geometry: Geometry) -> Sequence[CycleLaw]:
        """Laws of numbers that change from one cycle to the next, under names that no other law has."""
        return ()

    def cycle_columns(self, scenario: ScenarioView) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Columns of the table of cycles that its laws read, each with the place of the key that names it."""
        return iter(())

    def remarks(self, scenario: ScenarioView, geometry: Geometry) -> Iterator[str]:
        """Sentences that a reader of a run's results has to know."""
        return iter(())

    def findings(self, summary: Mapping[str, Any]) -> Iterator[Finding]:
        """Numbers that a reader is told at the end of a run, rows of one table.

        Args:
            summary: The summary of a run, which may be without this physics.
        """
        return iter(())

    def report(self, summary: Mapping[str, Any]) -> Iterator[str]:
        """Sentences below that table, such as a verdict that no number says.

        Args:
            summary: The summary of a run, which may be without this physics.
        """
        return iter(())

    def recorders(self, particle: Any) -> Callable[[Any], Sequence[Any]]:
        """Prepare, once for all runs of a discretised particle, what is read off them.

        Args:
            particle: A `solver.recorder.Discretised`; its followers say whether the physics is solved.

        Returns:
            A function that makes the `solver.recorder.Recorder`s of a run of its `solver.recorder.RunFacts`.
            A run without any has no columns of a physics that is not in every run.
        """
        return lambda facts: ()

    def section_arrays(self) -> SectionArrays:
        """Arrays of its profiles in sections of the particle; by default all of them, as scalars."""
        return SectionArrays(tuple(one.name for one in self.observables if one.where is Where.PROFILE))

    def figures(self, runs: Sequence[LabelledRun]) -> Sequence[Figure]:
        """Figures that it has of runs, some of which may be without it."""
        return ()
