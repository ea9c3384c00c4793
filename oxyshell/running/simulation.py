"""One run, end to end: a scenario in, a run folder out."""

from __future__ import annotations

import gc
import itertools
import logging
import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxyshell.errors import OxyshellError
from oxyshell.language.parameters import Parameter
from oxyshell.meshes.ball import full_sphere, half_disc, octant, quarter_disc
from oxyshell.meshes.coordinates import Coordinates, Cylindrical, Planar, Spherical
from oxyshell.meshes.importing import import_mesh
from oxyshell.meshes.layer_cells import WantedLayer
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.models.base.protocol import Progress as Advance
from oxyshell.models.base.protocol import Protocol
from oxyshell.models.host.step_layer import step_layer
from oxyshell.models.ions.current import KeptCurrent
from oxyshell.models.ions.occupancies import Occupancies, tabulated
from oxyshell.models.oxygen.recording import OxygenRecording
from oxyshell.outputs import NullFolder, Progress, Result, RunOutput, notices, read_run
from oxyshell.outputs.folder import LOG
from oxyshell.outputs.log import unexpected_errors_in
from oxyshell.running import ranks
from oxyshell.running.checkpoints import (
    EVERY,
    Beginning,
    Course,
    FileKeeper,
    FromTheStart,
    Keeper,
    NullKeeper,
    Reached,
    find,
    identity_of,
)
from oxyshell.running.completion import Completion
from oxyshell.running.finding import Findings
from oxyshell.running.holdings import claim_for_run
from oxyshell.running.recording import Recording
from oxyshell.running.stopping import NoStopRequests, StopRequests, stopped
from oxyshell.scenario.particle import Imported, Sphere
from oxyshell.scenario.scenario import Scenario
from oxyshell.solver import places
from oxyshell.solver.coupling import Alone, Companionship, Controls, WithOxygen
from oxyshell.solver.march import Subject
from oxyshell.solver.moment import Moment
from oxyshell.solver.places import Layout
from oxyshell.solver.settings import Discretisation, LinearSolverChoice, StepControl, StrategyChoice
from oxyshell.solver.strategies import choose, enter

if TYPE_CHECKING:
    from oxyshell.drawing import Body, LabelledHistory, LabelledOxygen, LabelledProfiles, PublishedShares
    from oxyshell.models.particle import ParticleModel

_LOGGER = logging.getLogger("oxyshell")
_MADE = itertools.count(1)
_COLLECTED_EVERY = 16
# In R²/D_O.
_OXYGEN_FIRST_STEP = 1e-9
# The surface of a full particle empties within h/k, h its outermost element: 1e-15 at a Biot number of 1e12.
_OXYGEN_MINIMUM_STEP = 1e-24


def run(
    scenario: Scenario,
    out: str | Path | None = None,
    progress: Progress | None = None,
    resume: bool = False,
    checkpoint_every: float = EVERY,
    stops: StopRequests | None = None,
    overwrite: bool = False,
) -> Result:
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
    identity = identity_of(text, _files(scenario))
    told = ranks.reporter(progress)
    with folder.claimed(), unexpected_errors_in(folder.path / LOG):
        beginning: Beginning = FromTheStart()
        if resume:
            beginning = ranks.from_first(lambda: find(folder.path, scenario, identity))
            if folder.ended:
                return ranks.from_first(lambda: _read(folder.path, scenario))
        else:
            ranks.on_first(lambda: claim_for_run(folder.path, scenario, overwrite))
        ready = _prepared(scenario, told, stops or NoStopRequests())
        beginning.open(folder, text)
        keeper = FileKeeper(folder.path, identity, checkpoint_every, stops)
        result = ready.run(scenario, folder, progress, beginning, keeper)
        ranks.on_first(lambda: draw(result, scenario))
        return result


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


def _read(folder: Path, scenario: Scenario) -> Result:
    """A run that reached its end, with the figures that a full disk or a stop may have kept away."""
    result = read_run(folder)
    with_oxygen = () if scenario.oxygen is None else ("oxygen", "release")
    if not all(
        (folder / "figures" / f"{name}.png").exists() for name in ("particle", "history", *with_oxygen)
    ):
        draw(result, scenario)
    return result


def draw(result: Result, scenario: Scenario) -> None:
    """Draw the figures of a run into its folder, and of a radial one a section for ParaView."""
    from oxyshell.drawing import history_figure, particle_figure
    from oxyshell.outputs.bodies import write_bodies

    assert result.path is not None
    if scenario.particle.shape != "imported" and scenario.particle.dimension == 1:
        write_bodies(result.path, result.profiles, scenario.particle.shape)
    profiles = labelled_profiles(scenario.name, scenario, result)
    particle_figure([profiles], result.path / "figures" / "particle.png")
    history = labelled_history(scenario.name, scenario, result)
    history_figure([history], result.path / "figures" / "history.png")
    if scenario.oxygen is not None:
        from oxyshell.drawing import oxygen_figure, release_figure

        oxygen = labelled_oxygen(scenario.name, scenario, result)
        oxygen_figure([oxygen], result.path / "figures" / "oxygen.png")
        release_figure([history], result.path / "figures" / "release.png", published_shares(scenario))


def labelled_profiles(label: str, scenario: Scenario, result: Result) -> LabelledProfiles:
    """What a figure needs to cut a particle open."""
    from oxyshell.drawing import LabelledProfiles

    material, layer = scenario.material, 0.0 if scenario.shell is None else scenario.shell.thickness.value
    body, volume = _body(scenario, result), material.molar_volume.value
    return LabelledProfiles(label, result.profiles, volume, material.ion.species, body, layer)


def _body(scenario: Scenario, result: Result) -> Body:
    from oxyshell.drawing import Round, Slab, Solid

    match scenario.particle:
        case Imported() | Sphere(dimension=2) | Sphere(dimension=3):
            return Solid(result.fields)
    bodies: dict[str, Body] = {"sphere": Round("sphere"), "cylinder": Round("cylinder"), "plate": Slab()}
    return bodies[scenario.particle.shape]


def labelled_history(label: str, scenario: Scenario, result: Result) -> LabelledHistory:
    """What a figure needs of the course of a run."""
    from oxyshell.drawing import LabelledHistory, StepEnd

    ends: Any = result.summary["protocol"]
    steps = tuple(StepEnd(end["step"], end["time_s"]) for end in ends)
    return LabelledHistory(label, result.history, scenario.material.ion.species, steps)


def labelled_oxygen(label: str, scenario: Scenario, result: Result) -> LabelledOxygen:
    """What a figure needs of a run with oxygen."""
    from oxyshell.drawing import LabelledOxygen

    coverage = scenario.oxygen_surface().coverage if scenario.particle.shape != "imported" else 1.0
    return LabelledOxygen(label, result.profiles, result.history, coverage, _body(scenario, result))


def published_shares(scenario: Scenario) -> PublishedShares:
    """What was published about the oxygen's state on charge, for the figure; nothing if nothing was."""
    from oxyshell.drawing import PublishedShares

    assert scenario.oxygen is not None
    shares = scenario.oxygen.peroxide_shares
    if shares is None:
        return PublishedShares()
    by_system = {series.system: series.percent for series in shares.series}
    return PublishedShares(shares.voltages, by_system, shares.source)


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
        _collect_now_and_then()
        self._key = _shape_of(scenario)
        self._mesh = _mesh(scenario)
        self._strategy = choose(self._mesh, scenario.model(), _discretisation(scenario))
        self._system = self._strategy.system
        self._recording = Recording(self._system)
        self._companionship: Companionship = Alone()
        if (oxygen := scenario.oxygen_model(self._ratio(scenario))) is not None:
            along = WithOxygen(self._system, self._mesh, oxygen)
            self._companionship = along
            self._recording = Recording(self._system, OxygenRecording(along.system))

    def fits(self, scenario: Scenario) -> bool:
        """Whether this simulation can run a scenario."""
        return (
            _shape_of(scenario) == self._key
            and self._system.accepts(scenario.model())
            and self._companionship.accepts(scenario.oxygen_model(self._ratio(scenario)))
        )

    def run(
        self,
        scenario: Scenario,
        folder: RunOutput | None = None,
        progress: Progress | None = None,
        beginning: Beginning | None = None,
        keeper: Keeper | None = None,
    ) -> Result:
        """Run a scenario that fits.

        Args:
            scenario: What to run.
            folder: Where results go, already started; kept in memory by default.
            progress: Who is told; nobody by default.
            beginning: Where the run begins; at the start by default.
            keeper: Keeps checkpoints; by default, there are none.

        Raises:
            OxyshellError: If the run cannot be solved or written.
            RunStopped: If the keeper was asked to stop.
        """
        begin, keep = beginning or FromTheStart(), keeper or NullKeeper()
        output = folder or NullFolder()
        told = ranks.reporter(progress)
        system, model = self._system, scenario.model()
        system.update(model)
        protocol = scenario.protocol(self._ratio(scenario))
        recording = self._fresh_recording(scenario, protocol)
        ends = [*begin.ends]

        with output, told:
            controls = Controls(_control(scenario, system.time_unit), _oxygen_control(scenario))
            subject = self._subject(scenario, model, controls)
            course = Course(subject, protocol, controls.ions, recording, self._layout, self._mesh.mesh.comm)
            completion = Completion(protocol, subject.capacity(system.observe(subject.initial).ions_in))
            keep.watch(course)
            for moment in begin.moments(course):
                output.step(recording.step(moment))
                told.update(completion.share(moment), _briefly(moment))
                if moment.is_output:
                    output.snapshot(*recording.snapshot(moment))
                    told.message(_where(moment))
                    _LOGGER.info("%s", _where(moment))
                if moment.ended_by is not None:
                    ends.append(_end(moment, protocol))
                keep.after(Reached(moment, tuple(ends), output.place))
            steps = [{**end, **recording.of_protocol_step(index)} for index, end in enumerate(ends)]
            summary = recording.summary("completed") | {"protocol": steps}
            remarks = [
                *self._mesh.remarks,
                *scenario.remarks(self._ratio(scenario)),
                *recording.remarks(),
                *_too_late(protocol, summary["time_s"]),
            ]
            summary |= {"remarks": remarks}
            # Clocks differ between processes.
            return output.finish(ranks.agreed(summary))

    def _layout(self) -> Layout:
        occupancy = places.of_space(self._system.scalars)
        return Layout(self._system.places, occupancy, self._companionship.places)

    def _ratio(self, scenario: Scenario) -> float:
        """V/A of the mesh, m."""
        return scenario.particle.radius.value * self._system.volume / self._system.area

    def _sites(self) -> float:
        """Host sites of the present model's particle, mol."""
        return self._system.observe(self._system.initial_state(1.0)).ions_in

    def _fresh_recording(self, scenario: Scenario, protocol: Protocol) -> Recording:
        volume = self._system.volume * scenario.particle.radius.value**3
        findings = self._findings(scenario, protocol)
        self._recording.restart(self._sites(), volume * scenario.material.density, findings)
        return self._recording

    def _findings(self, scenario: Scenario, protocol: Protocol) -> Findings:
        system = self._system
        area = system.area * scenario.particle.radius.value**2
        # The errors of single steps, each below the tolerance, add up to a few of them.
        error = 3 * scenario.numerics.time_tolerance
        tables = tabulated(scenario)
        return Findings(
            (
                KeptCurrent(protocol, area),
                Occupancies(system.occupancy, self._mesh.mesh.comm, tables, error),
                *step_layer(scenario, system),
            )
        )

    def _subject(self, scenario: Scenario, model: ParticleModel, controls: Controls) -> Subject:
        system = self._system

        method, initial = self._companionship.join(
            self._strategy.method(controls.ions.tolerance),
            system.initial_state(model.host.occupancy),
            model,
            scenario.oxygen_model(self._ratio(scenario)),
            controls,
        )
        return Subject(
            method=method,
            observe=system.observe,
            begin=partial(enter, system, model),
            initial=initial,
            diffusion_time=system.time_unit,
            formula_units=system.volume * model.radius**3 / model.host.molar_volume,
            sites=self._sites(),
        )


def _collect_now_and_then() -> None:
    """Free the MPI communicators of particles that nobody has any more: MPI has 2048, and then it aborts.

    They are in cycles of references, which Python by itself may leave alone for hundreds of runs.
    """
    if next(_MADE) % _COLLECTED_EVERY == 0:
        gc.collect()


def _files(scenario: Scenario) -> tuple[Path, ...]:
    """What a scenario reads besides itself."""
    match scenario.particle:
        case Imported(mesh_file=file):
            return (file,)
    return ()


def _shape_of(scenario: Scenario) -> tuple[object, ...]:
    """What mesh and discretisation depend on."""
    particle = scenario.particle
    shape = particle.model_copy(update={"radius": None}) if particle.shape != "imported" else particle
    return (shape, _layer(scenario), scenario.numerics.elements, _discretisation(scenario))


def _layer(scenario: Scenario) -> float:
    """Thickness of the layer in radii."""
    return 0.0 if scenario.shell is None else scenario.shell.thickness.value / scenario.particle.radius.value


def _mesh(scenario: Scenario) -> ParticleMesh:
    particle, layer = scenario.particle, _layer(scenario)
    match particle:
        case Imported():
            radius = particle.radius.value / particle.metres_per_unit
            step = scenario.shell is not None and scenario.shell.profile == "step"
            return import_mesh(particle.mesh_file, radius, particle.multiplicity, WantedLayer(layer, step))
        case Sphere(dimension=2):
            build = quarter_disc if particle.extent == "quarter" else half_disc
            return build(layer, _resolution(scenario, Resolution.axisymmetric(layer)))
        case Sphere(dimension=3):
            build = full_sphere if particle.extent == "full" else octant
            return build(layer, _resolution(scenario, Resolution.solid(layer)))
    coordinates = _LINES[particle.shape]
    # Each process has the whole line: sharing so little out would only cost.
    return radial_line(coordinates, layer, _resolution(scenario, Resolution.radial(layer)))


_LINES: dict[str, Coordinates] = {"sphere": Spherical(), "cylinder": Cylindrical(), "plate": Planar()}


def _resolution(scenario: Scenario, default: Resolution) -> Resolution:
    elements = scenario.numerics.elements
    return Resolution(
        layer_elements=elements.layer or default.layer_elements,
        bulk_elements=elements.bulk or default.bulk_elements,
        tangential=elements.tangential or default.tangential,
        surface_size=elements.surface_size or default.surface_size,
    )


def _discretisation(scenario: Scenario) -> Discretisation:
    numerics = scenario.numerics
    return Discretisation(
        strategy=StrategyChoice(numerics.strategy),
        linear_solver=LinearSolverChoice(numerics.linear_solver),
        degree=numerics.degree,
    )


def _control(scenario: Scenario, diffusion_time: float) -> StepControl:
    numerics, default = scenario.numerics, StepControl()

    def share(length: Parameter | None, otherwise: float) -> float:
        return otherwise if length is None else length.value / diffusion_time

    def unless(length: Parameter | None, otherwise: float) -> float:
        # A length that is asked for counts alone.
        return otherwise if length is None else math.inf

    return StepControl(
        tolerance=numerics.time_tolerance,
        first_step=share(numerics.first_step, default.first_step),
        first_share=unless(numerics.first_step, default.first_share),
        minimum_step=share(numerics.minimum_step, default.minimum_step),
        smallest_share=unless(numerics.minimum_step, default.smallest_share),
        maximum_step=share(numerics.maximum_step, default.maximum_step),
        largest_share=unless(numerics.maximum_step, default.largest_share),
        maximum_steps=numerics.steps_per_run,
    )


def _oxygen_control(scenario: Scenario) -> StepControl:
    numerics = scenario.numerics
    # It starts with a jump at the surface, where a transfer velocity may be far above that of diffusion.
    return StepControl(
        tolerance=numerics.oxygen_tolerance,
        first_step=_OXYGEN_FIRST_STEP,
        minimum_step=_OXYGEN_MINIMUM_STEP,
        maximum_steps=numerics.steps_per_run,
    )


def _too_late(protocol: Protocol, ended: object) -> Iterator[str]:
    """A remark on output times that the run, which ended at a time in s, did not come to."""
    assert isinstance(ended, float)
    last = ended * (1 + 1e-9)
    late = [one.value for one in protocol.outputs if one.progress is Advance.TIME and one.value > last]
    if late:
        times = ", ".join(f"{time:.6g} s" for time in sorted(late))
        yield f"The run ended at {ended:.6g} s: nothing was written for output.at.time {times}."


def _briefly(moment: Moment) -> str:
    return f"t = {moment.state.time:.4g} s, {moment.extracted:.3f} extracted"


def _where(moment: Moment) -> str:
    return (
        f"t = {moment.state.time:.6g} s, {moment.extracted:.4f} extracted per formula unit, "
        f"surface occupancy {moment.observation.surface_occupancy:.4f}"
    )


def _end(moment: Moment, protocol: Protocol) -> dict[str, object]:
    assert moment.ended_by is not None
    return {
        "step": protocol.steps[moment.protocol_step].label,
        "ended_by": moment.ended_by.progress.value,
        "time_s": moment.state.time,
        "extracted_per_formula": moment.extracted,
    }
