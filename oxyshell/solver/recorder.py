"""The interface through which a physics reads its quantities off a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.observable import Cell, Observable
from oxyshell.models.base.protocol import Protocol, ProtocolStep
from oxyshell.solver.evaluation import Evaluation
from oxyshell.solver.state import Array, State
from oxyshell.solver.step_result import StepResult


@dataclass(frozen=True, eq=False)
class Discretised:
    """A discretised particle, of which one run after another is recorded.

    Attributes:
        system: Its equations, a `models.particle.system.System`.
        everywhere: Points at which profiles and fields are sampled.
        at_points: Points that are looked at after every step.
        followers: By the name of their physics, the discretised equations that are solved besides.
    """

    system: Any
    everywhere: Evaluation
    at_points: Evaluation
    followers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RunFacts:
    """Facts that a run is recorded with, known before its first step.

    Attributes:
        scenario: The scenario, a `scenario.Scenario`.
        protocol: Its protocol, in SI.
        geometry: Size of its particle.
    """

    scenario: Any
    protocol: Protocol
    geometry: Geometry


@dataclass(frozen=True, eq=False)
class Sample:
    """Values at the points of `Discretised.everywhere`, by the names of observables.

    Attributes:
        profile: Arrays of the profiles, shape (points,), before they are taken along the radius.
        fields: Arrays of the fields: scalars (points,), vectors (points, 3), tensors (points, 9) row by row.
    """

    profile: Mapping[str, Array] = field(default_factory=dict)
    fields: Mapping[str, Array] = field(default_factory=dict)


type Cells = Mapping[str, Cell]
"""Values of one row, by column."""


@dataclass(frozen=True, eq=False)
class EndedStep:
    """A step of the protocol that has come to its end.

    Attributes:
        step: The step.
        index: Its place in the protocol.
        start: Columns of the history, of all recorders, at its start.
        end: The same at its end.
        reason: Keys of the ends that were met, the first one first, or "already met".
    """

    step: ProtocolStep
    index: int
    start: Mapping[str, float]
    end: Mapping[str, float]
    reason: str


@dataclass(frozen=True, eq=False)
class EndedCycle:
    """A cycle whose last step has come to its end.

    Attributes:
        number: Its number, from 1.
        block: Name of the repetition.
        start: Columns of the history, of all recorders, at its start.
        end: The same at its end.
        steps: Rows of its steps in the table of steps.
    """

    number: int
    block: str
    start: Mapping[str, float]
    end: Mapping[str, float]
    steps: Sequence[Cells]

    def numbers(self, column: str) -> list[float]:
        """A column of the table of steps, one number per step of the cycle."""
        return [float(row[column]) for row in self.steps]


class Recorder:
    """Reads one kind of quantities off one run, from its start to its end.

    A recorder overrides what it has; the defaults say that it has nothing of the kind. On several processes
    all call the same methods, which give the same numbers everywhere.

    Attributes:
        kept: Names, without the underscore, of its attributes that a resumed run takes over: plain numbers.
    """

    kept: ClassVar[tuple[str, ...]] = ()

    @property
    def own_columns(self) -> Sequence[Observable]:
        """Columns of the history beside those of its physics, under names that depend on the particle."""
        return ()

    def step(self, moment: StepResult) -> Mapping[str, float]:
        """Read an accepted step, and give its columns of the history."""
        return {}

    def present(self, state: State) -> Mapping[str, float]:
        """Columns that may end a step, of a state that may yet be rejected."""
        return {}

    def look(self, moment: StepResult, row: Mapping[str, float]) -> None:
        """Look at an accepted step with the columns of all recorders."""

    def sample(self, state: State) -> Sample:
        """Values of an output time."""
        return Sample()

    def summary(self) -> Mapping[str, object]:
        """Entries of the summary, nested as in its file."""
        return {}

    def of_step(self, ended: EndedStep) -> Cells:
        """Its columns of the table of steps, once `step` has read the last moment of a step.

        What is summed up within a step begins anew here.
        """
        return {}

    def of_cycle(self, ended: EndedCycle) -> Cells:
        """Its columns of the table of cycles, once `of_step` has been called for the last step of a cycle."""
        return {}

    def remarks(self) -> Iterator[str]:
        """Sentences for the reader of the results."""
        return iter(())

    def remembered(self) -> Mapping[str, Any]:
        """State after the steps so far, as plain numbers."""
        return {name: getattr(self, f"_{name}") for name in self.kept}

    def restore(self, remembered: Mapping[str, Any]) -> None:
        """Take over the state that `remembered` gave."""
        for name in self.kept:
            setattr(self, f"_{name}", remembered[name])
