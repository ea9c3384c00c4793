"""History rows, profiles, field snapshots and the summary of a run, from what its physics records."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from oxyshell.models import registry
from oxyshell.models.base.observable import Observable, Where
from oxyshell.models.base.physics import Physics
from oxyshell.models.base.protocol import Protocol
from oxyshell.models.particle.system import System
from oxyshell.outputs.records import Column, FieldSnapshot, Profile, Row
from oxyshell.running.sampling import sampler
from oxyshell.running.step_tables import StepTables
from oxyshell.solver.evaluation import PROFILE_DIVISIONS, Evaluation, cell_regions, vtk_cells
from oxyshell.solver.gathering import CellGathering
from oxyshell.solver.recorder import Cells, Discretised, Recorder, RunFacts
from oxyshell.solver.state import Array, State
from oxyshell.solver.step_result import StepResult


class RecordingSetup:
    """Everything that the recordings of one discretised particle share."""

    def __init__(self, system: System, followers: Mapping[str, Any] | None = None) -> None:
        """Compile the expressions.

        Args:
            system: The discretised particle.
            followers: By the name of their physics, the discretised equations that are solved besides; by
                default none.
        """
        solid = system.particle.mesh.topology.dim > 1
        everywhere = Evaluation(system, line_divisions=PROFILE_DIVISIONS)
        self.particle = Discretised(
            system, everywhere, Evaluation(system, at_vertices=solid), followers or {}
        )
        self._makers = {one: one.recorders(self.particle) for one in registry.physics()}
        self.gathering = CellGathering(system.particle.mesh)
        self.sampler = sampler(system.particle, everywhere)

    def begin(self, facts: RunFacts) -> Recording:
        """A recording of a run that is about to start.

        Args:
            facts: The run; the system has taken over its numbers.
        """
        recorders = {one: tuple(maker(facts)) for one, maker in self._makers.items()}
        return Recording(self, recorders, facts.protocol)


class Recording:
    """Everything that is read off a system while it is marched once."""

    def __init__(
        self, setup: RecordingSetup, recorders: Mapping[Physics, tuple[Recorder, ...]], protocol: Protocol
    ) -> None:
        """Begin.

        Args:
            setup: The discretised particle.
            recorders: Those of each physics.
            protocol: What is done to the particle.
        """
        present = [one for one, several in recorders.items() if one.in_every_run or several]
        self._columns, self._profile_columns, of_steps, of_cycles = (
            _columns(where, present) for where in (Where.HISTORY, Where.PROFILE, Where.STEP, Where.CYCLE)
        )
        self._setup, self._by_physics = setup, recorders
        self._recorders = [one for several in recorders.values() for one in several]
        self._columns |= _as_columns(entry for one in self._recorders for entry in one.own_columns)
        self._tables = StepTables(protocol, self._recorders, of_steps, of_cycles)
        self._last: StepResult | None = None
        self._started = time.perf_counter()

    def remembered(self) -> dict[str, object]:
        """State after the steps so far, as plain numbers."""
        recorders = {
            physics.name: [one.remembered() for one in several]
            for physics, several in self._by_physics.items()
        }
        return {
            "wall_time": time.perf_counter() - self._started,
            "recorders": recorders,
            "tables": self._tables.remembered(),
        }

    def restore(self, remembered: Mapping[str, Any], moment: StepResult) -> None:
        """Take over the state that `remembered` gave after a moment."""
        for physics, several in self._by_physics.items():
            for one, state in zip(several, remembered["recorders"][physics.name], strict=True):
                one.restore(state)
        self._tables.restore(remembered["tables"])
        self._last = moment
        self._started = time.perf_counter() - remembered["wall_time"]

    def reader(self, names: Collection[str]) -> Callable[[State], dict[str, float]]:
        """A function that reads columns of some names off a state that may yet be rejected."""
        owners = {registry.physics_of(Where.HISTORY, name) for name in names}
        recorders = [
            one for physics, several in self._by_physics.items() if physics in owners for one in several
        ]

        def read(state: State) -> dict[str, float]:
            found = {name: value for one in recorders for name, value in one.present(state).items()}
            return {name: found[name] for name in names}

        return read

    def step(self, moment: StepResult) -> Row:
        """The history row of an accepted step."""
        self._last = moment
        row = {
            "time_s": moment.state.time,
            "time_step_s": moment.step,
            "rejected_steps": float(moment.rejected),
        }
        for one in self._recorders:
            row |= {name: float(number) for name, number in one.step(moment).items()}
        for one in self._recorders:
            one.look(moment, row)
        self._tables.look(moment, row)
        return Row(self._columns, row)

    def protocol_step(self, moment: StepResult) -> Row:
        """The row of the protocol step that has ended at a moment, after its history row."""
        return self._tables.of_step(moment)

    @property
    def last(self) -> StepResult:
        """The moment that was recorded last."""
        assert self._last is not None  # a run records its start
        return self._last

    @property
    def ended_cycle(self) -> Cells:
        """The row of the cycle that ended last, by column."""
        return self._tables.ended_cycle

    @property
    def simulated(self) -> Sequence[int]:
        """Numbers of the cycles so far, in repetitions in which some may be jumped over."""
        return self._tables.simulated

    def turned(self, time: float) -> None:
        """Learn that the next step of the protocol begins at a time, s."""
        self._tables.turned(time)

    def cycle(self, moment: StepResult) -> Iterator[Row]:
        """The row of the cycle that has ended at a moment, if one has, after that of its last step."""
        return self._tables.of_cycle(moment)

    def snapshot(self, moment: StepResult) -> tuple[Profile, FieldSnapshot]:
        """Profile and fields of an output time; the fields of all processes are on the first."""
        profile: dict[str, Array] = {}
        fields: dict[str, Array] = {}
        for one in self._recorders:
            sample = one.sample(moment.state)
            profile |= sample.profile
            fields |= sample.fields
        return self._profile(moment, profile), self._fields(moment, fields)

    def summary(self, status: str) -> dict[str, object]:
        """The numbers of `summary.json`."""
        last = self.last
        complete = {
            "status": status,
            "steps": last.steps,
            "rejected_steps": last.rejected,
            "wall_time_s": time.perf_counter() - self._started,
            "degrees_of_freedom": self._setup.particle.system.degrees_of_freedom,
            "time_s": last.state.time,
        }
        for one in self._recorders:
            complete |= one.summary()
        return complete

    def remarks(self) -> list[str]:
        """Sentences for the reader of the results."""
        return [remark for one in self._recorders for remark in one.remarks()]

    def _profile(self, moment: StepResult, values: Mapping[str, Array]) -> Profile:
        setup = self._setup
        sampler, length = setup.sampler, setup.particle.system.units.length
        return Profile(
            time_s=moment.state.time,
            extracted_per_formula=moment.extracted,
            radius_m=sampler.radius * length,
            depth_m=sampler.depth * length,
            values={name: sampler.average(array) for name, array in values.items()},
            columns=self._profile_columns,
        )

    def _fields(self, moment: StepResult, values: Mapping[str, Array]) -> FieldSnapshot:
        setup = self._setup
        system, gather, everywhere = setup.particle.system, setup.gathering.gather, setup.particle.everywhere
        points = gather(everywhere.coordinates * system.units.length)
        region = gather(cell_regions(system.particle))
        cells = vtk_cells(system.particle, everywhere, len(points))
        drawn = sum(len(block) for block in cells.values())
        return FieldSnapshot(
            time_s=moment.state.time,
            points=points,
            cells=cells,
            point_data={name: gather(array) for name, array in values.items()},
            cell_data={"region": np.repeat(region, drawn // max(len(region), 1))},
        )


def _columns(where: Where, present: Sequence[Physics]) -> dict[str, Column]:
    """Columns of the history or of the profiles of a run with some physics."""
    return _as_columns(registry.observables(where, present).values())


def _as_columns(declared: Iterable[Observable]) -> dict[str, Column]:
    return {one.name: Column(one.unit, one.description) for one in declared}
