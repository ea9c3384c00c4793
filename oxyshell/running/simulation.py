"""One run, end to end: a scenario in, a run folder out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxyshell.errors import OxyshellError
from oxyshell.figure_format import FigureFormat
from oxyshell.models.base.combined_laws import NOTHING_CHANGES
from oxyshell.models.base.cycle_law import CycleLaw
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.process import Follower
from oxyshell.models.base.protocol import Protocol
from oxyshell.models.particle.strategies import choose
from oxyshell.models.particle.system import enter
from oxyshell.outputs import NullFolder, Progress, RunOutput, notices
from oxyshell.outputs.folder import LOG
from oxyshell.outputs.log import unexpected_errors_in
from oxyshell.running import jumps_told, ranks
from oxyshell.running.ageing import AgeingCycles
from oxyshell.running.checkpoint_tree import Positions
from oxyshell.running.checkpoints import (
    EVERY,
    CheckpointWriter,
    FileCheckpoints,
    FromTheStart,
    NoCheckpoints,
    RunProgress,
    RunSetup,
    StartingPoint,
    find,
    identity_of,
)
from oxyshell.running.communicators import collect_now_and_then
from oxyshell.running.completion import Completion
from oxyshell.running.ends import entry, in_summary, remarks, too_late
from oxyshell.running.figures import Told, draw, silently
from oxyshell.running.group_jumps import GroupJumps
from oxyshell.running.held_back import HeldBackOutput
from oxyshell.running.numerics import discretisation, elements, step_control, wanted_layers
from oxyshell.running.overwrite_protection import claim_for_run
from oxyshell.running.recording import Recording, RecordingSetup
from oxyshell.running.run_result import RunResult
from oxyshell.running.step_models import StepModels
from oxyshell.running.stopping import NoStopRequests, StopRequests, stopped
from oxyshell.running.telling import Silence, Telling, Words
from oxyshell.scenario.scenario import Scenario
from oxyshell.solver.following import FollowingMarch, FollowingSystem
from oxyshell.solver.marchable import Cycles, EqualCycles, Marchable, Method
from oxyshell.solver.recorder import RunFacts
from oxyshell.solver.settings import StepControl
from oxyshell.solver.staggering import StaggeredStep
from oxyshell.solver.state import LEADING, Observation, State

if TYPE_CHECKING:
    from oxyshell.models.particle.model import ParticleModel

type Watch = Callable[[State], Mapping[str, float]]
"""Reads off a state what stops are set on."""


def run(
    scenario: Scenario,
    out: str | Path | None = None,
    progress: Progress | None = None,
    resume: bool = False,
    checkpoint_every: float = EVERY,
    stops: StopRequests | None = None,
    overwrite: bool = False,
    figures: FigureFormat = FigureFormat.PNG,
    told: Told = silently,
) -> RunResult:
    """Run a scenario, on all processes together if there are several (`mpiexec`).

    Args:
        scenario: What to run.
        out: Run folder, written by the first process; without one nothing is written.
        progress: Who is told how far the run is, by the first process; nobody by default.
        resume: Go on from the checkpoint in the folder, if there is one; the outcome is the same to the last
            bit. A run that reached its end is read back.
        checkpoint_every: Seconds of wall time between two checkpoints, besides those at output times.
        stops: Who may ask the run to stop at a checkpoint; nobody by default.
        overwrite: Whether a run of another scenario in the folder is replaced.
        figures: Format of the figures in the folder.
        told: Who is given the result of a run with a folder before its figures are drawn; nobody by default.

    Returns:
        Summary, history, profiles and fields. On every process the same, but a path is on the first only,
        and so are fields in memory where the mesh is shared out (dimension 2 and 3).

    Raises:
        InputError: If the folder holds the run of another scenario.
        OxyshellError: If the run cannot be solved, resumed or written; what was reached stays in the folder.
        RunStopped: If it was asked to stop.
    """
    if out is None:
        memory = NullFolder()
        memory.start(scenario.to_yaml())
        ready = _prepared(scenario, ranks.reporter(progress), stops or NoStopRequests())
        return ready.run(scenario, memory, progress)
    text, folder = scenario.to_yaml(), ranks.run_folder(out)
    identity = identity_of(text, scenario.data_files())
    reporter = ranks.reporter(progress)
    with folder.claimed(), unexpected_errors_in(folder.path / LOG):
        start: StartingPoint = FromTheStart()
        if resume:
            start = ranks.from_first(lambda: find(folder.path, scenario, identity))
            if folder.ended:
                ended = ranks.from_first(lambda: RunResult.read(folder.path))
                return _told(ended, scenario, figures, told)
        else:
            ranks.on_first(lambda: claim_for_run(folder.path, scenario, overwrite))
        ready = _prepared(scenario, reporter, stops or NoStopRequests())
        start.open(folder, text)
        writer = FileCheckpoints(folder.path, identity, checkpoint_every, stops)
        result = ready.run(scenario, folder, progress, start, writer)
        return _told(result, scenario, figures, told)


def _prepared(scenario: Scenario, told: Progress, stops: StopRequests) -> Simulation:
    """Mesh, discretise and compile, telling what one waits for.

    Raises:
        OxyshellError: If that fails.
        RunStopped: If it was asked to stop meanwhile, which also ends a compiler.
    """
    try:
        with notices(told.message):
            return Simulation(scenario)
    except OxyshellError as error:
        if stops.asked:
            raise stopped(stops.asked, "before its first step; nothing has been computed yet") from error
        raise


def _told(result: RunResult, scenario: Scenario, figures: FigureFormat, told: Told) -> RunResult:
    """A result that was told, and drawn then; on all processes."""
    told(result)
    ranks.on_first(lambda: draw(result, scenario, figures))
    return result


class Simulation:
    """A scenario meshed and discretised, to be run again and again with other numbers.

    A second scenario `fits` if it needs the same mesh and the same forms; then running it compiles nothing.
    """

    def __init__(self, scenario: Scenario) -> None:
        """Mesh and discretise.

        Raises:
            MeshError: If the mesh cannot be made or read.
            SolverError: If the chosen strategy cannot treat the particle.
        """
        collect_now_and_then()
        self._key = _shape_of(scenario)
        self._mesh = scenario.particle.mesh(wanted_layers(scenario), elements(scenario))
        self._strategy = choose(self._mesh, scenario.model(), discretisation(scenario))
        self._system = self._strategy.system
        degree, compiled = self._system.scalars.ufl_element().degree, discretisation(scenario).compiled
        self._followers = {
            one.process.name: FollowingSystem(
                self._mesh,
                one.process,
                one.model,
                degree,
                self._system.scalars,
                self._system.offers,
                compiled,
            )
            for one in self._following(scenario)
        }
        self._recording = RecordingSetup(self._system, self._followers)

    def fits(self, scenario: Scenario) -> bool:
        """Whether this simulation can run a scenario."""
        if _shape_of(scenario) != self._key or not self._system.accepts(scenario.model()):
            return False
        models = {one.process.name: one.model for one in self._following(scenario)}
        return models.keys() == self._followers.keys() and all(
            system.accepts(models[name]) for name, system in self._followers.items()
        )

    def run(
        self,
        scenario: Scenario,
        folder: RunOutput | None = None,
        progress: Progress | None = None,
        start: StartingPoint | None = None,
        writer: CheckpointWriter | None = None,
    ) -> RunResult:
        """Run a scenario that fits.

        Args:
            scenario: What to run.
            folder: Where results go, already started; kept in memory by default.
            progress: Who is told; nobody by default.
            start: Where the run begins; at the start by default.
            writer: Keeps checkpoints; by default, there are none.

        Raises:
            OxyshellError: If the run cannot be solved or written.
            RunStopped: If the writer was asked to stop.
        """
        begin, keep = start or FromTheStart(), writer or NoCheckpoints()
        output = HeldBackOutput(folder or NullFolder())
        told = ranks.reporter(progress)
        system, model = self._system, scenario.model()
        system.update(model)
        sized = scenario.on(self._geometry(scenario))
        protocol = sized.protocol()
        recording = self._fresh_recording(scenario, protocol)
        ends, law = [*begin.ends], sized.cycle_law()

        with output, told:
            control = step_control(scenario, system.time_unit, len(protocol.steps))
            watch = recording.reader(protocol.columns)
            cycles = AgeingCycles(law, protocol, recording, output, ends, GroupJumps(self._followers))
            subject = self._subject(scenario, model, control, watch, law, cycles)
            setup = RunSetup(subject, protocol, control, recording, self._positions, self._mesh.mesh.comm)
            telling = self._telling(subject, protocol, told, output.keeps_snapshots or progress is not None)
            keep.watch(setup)
            for moment in begin.moments(setup):
                row = recording.step(moment)
                if moment.is_output or protocol.recorded(protocol.steps[moment.protocol_step].cycle):
                    output.step(row)
                telling.step(moment)
                if moment.is_output and output.keeps_snapshots:
                    output.snapshot(*recording.snapshot(moment))
                if moment.is_output:
                    telling.output(moment)
                if moment.ended_by is not None:
                    ends.append(entry(moment, protocol))
                    output.protocol_step(recording.protocol_step(moment))
                    for cycle in recording.cycle(moment):
                        output.cycle(cycle)
                if not output.holds:
                    keep.after(RunProgress(moment, ends, output))
            summary = recording.summary("completed") | {"protocol": [in_summary(end) for end in ends]}
            jumps = cycles.jumps(recording.last), recording.simulated
            summary |= jumps_told.entries(protocol, *jumps)
            said = [
                *self._mesh.remarks,
                *sized.remarks(),
                *recording.remarks(),
                *jumps_told.remarks(protocol, *jumps),
                *remarks(ends),
                *too_late(protocol, summary["time_s"]),
            ]
            summary |= {"remarks": said}
            # Clocks differ between processes.
            return RunResult.of(output.finish(ranks.agreed(summary)))

    def _telling(self, subject: Marchable, protocol: Protocol, told: Progress, heard: bool) -> Telling:
        """Words about the run, if there is anybody to hear them."""
        if not heard:
            return Silence()
        content = self._system.observe(subject.initial).content
        return Words(told, Completion(protocol, subject.capacity(content)))

    def _positions(self) -> Positions:
        return {
            LEADING: self._system.dof_positions,
            "scalars": self._system.scalar_positions,
            **{name: system.dof_positions for name, system in self._followers.items()},
        }

    def _following(self, scenario: Scenario) -> tuple[Follower[Any], ...]:
        return scenario.on(self._geometry(scenario)).followers()

    def _geometry(self, scenario: Scenario) -> Geometry:
        system = self._system
        size = Geometry.of(scenario.particle.radius.value, system.volume, system.area)
        return size.divided(system.shares)

    def _sites(self) -> float:
        """Host sites of the present model's particle, mol."""
        return self._system.observe(self._system.initial_state(1.0)).content

    def _fresh_recording(self, scenario: Scenario, protocol: Protocol) -> Recording:
        return self._recording.begin(RunFacts(scenario, protocol, self._geometry(scenario)))

    def _subject(
        self,
        scenario: Scenario,
        model: ParticleModel,
        control: StepControl,
        watch: Watch,
        law: CycleLaw = NOTHING_CHANGES,
        cycles: Cycles | None = None,
    ) -> Marchable:
        system = self._system

        def observe(state: State) -> Observation:
            seen, more = system.observe(state), watch(state)
            return replace(seen, more=more) if more else seen

        method: Method = self._strategy.method(control.tolerance)
        initial = system.initial_state()
        following = self._following(scenario)
        marches = [self._march(one, control.maximum_steps) for one in following]
        if marches:
            staggered = StaggeredStep(method, system, marches, control.tolerance)
            method, initial = staggered, staggered.start(initial, system.occupancy(initial).size)
        numbers = law.start()
        initial = replace(initial, cycle_numbers=numbers, active=law.active(numbers))
        models = StepModels(scenario, model, system, law, following, self._followers)
        return Marchable(
            method=method,
            observe=observe,
            begin=partial(enter, system, models.of_step),
            initial=initial,
            diffusion_time=system.time_unit,
            formula_units=system.formula_units,
            sites=self._sites(),
            content=system.conserved,
            cycles=cycles or EqualCycles(),
            shows_starts=bool(model.exchange.processes()),
        )

    def _march(self, follower: Follower[Any], maximum_steps: int) -> FollowingMarch[Any]:
        system = self._followers[follower.process.name]
        system.update(follower.model)
        control = StepControl(
            tolerance=follower.tolerance,
            first_step=follower.first_step,
            minimum_step=follower.minimum_step,
            maximum_steps=maximum_steps,
        )
        return FollowingMarch(system, control, follower.tolerance_key)


def _shape_of(scenario: Scenario) -> tuple[object, ...]:
    """All that mesh and discretisation depend on."""
    return (
        scenario.particle.mesh_key(),
        wanted_layers(scenario),
        elements(scenario),
        discretisation(scenario),
    )
