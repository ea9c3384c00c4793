"""One run, end to end: a scenario in, a run folder out."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from oxyshell import ranks
from oxyshell.checkpoints import (
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
from oxyshell.errors import OxyshellError
from oxyshell.inputs import Scenario
from oxyshell.inputs.parameters import Parameter
from oxyshell.inputs.particle import Imported, Sphere
from oxyshell.meshes.ball import full_sphere, half_disc, octant, quarter_disc
from oxyshell.meshes.coordinates import Coordinates, Cylindrical, Planar, Spherical
from oxyshell.meshes.importing import import_mesh
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.models.protocol import Progress as Advance
from oxyshell.models.protocol import Protocol, ProtocolStep, Target
from oxyshell.outputs import NullFolder, Progress, Result, RunOutput, notices, read_run
from oxyshell.outputs.folder import LOG
from oxyshell.outputs.log import unexpected_errors_in
from oxyshell.oxygen_recording import OxygenRecording
from oxyshell.recording import Recording
from oxyshell.solver import places
from oxyshell.solver.coupling import Alone, Companionship, Controls, WithOxygen
from oxyshell.solver.march import Subject
from oxyshell.solver.moment import Moment
from oxyshell.solver.places import Layout
from oxyshell.solver.settings import Discretisation, LinearSolverChoice, StepControl, StrategyChoice
from oxyshell.solver.strategies import choose
from oxyshell.stopping import NeverStops, Stops, stopped

if TYPE_CHECKING:
    from oxyshell.models.particle import ParticleModel
    from oxyshell.outputs.figures import LabelledOxygen, PublishedShares

_LOGGER = logging.getLogger("oxyshell")
# In R²/D_O.
_OXYGEN_FIRST_STEP = 1e-9


def run(
    scenario: Scenario,
    out: str | Path | None = None,
    progress: Progress | None = None,
    resume: bool = False,
    checkpoint_every: float = EVERY,
    stops: Stops | None = None,
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

    Returns:
        Summary, history, profiles and fields. On every process the same, but a path is on the first only,
        and so are fields in memory where the mesh is shared out (dimension 2 and 3).

    Raises:
        OxyshellError: If the run cannot be solved, resumed or written; what was reached stays in the folder.
        RunStopped: If it was asked to stop.
    """
    if out is None:
        memory = NullFolder()
        memory.start(scenario.to_yaml())
        ready = _prepared(scenario, ranks.told(progress), stops or NeverStops())
        return ready.run(scenario, memory, progress)
    text, folder = scenario.to_yaml(), ranks.run_folder(out)
    identity = identity_of(text, _files(scenario))
    told = ranks.told(progress)
    with folder.claimed(), unexpected_errors_in(folder.path / LOG):
        beginning: Beginning = FromTheStart()
        if resume:
            beginning = ranks.from_first(lambda: find(folder.path, scenario, identity))
            if folder.ended:
                return ranks.from_first(lambda: _read(folder.path, scenario))
        ready = _prepared(scenario, told, stops or NeverStops())
        beginning.open(folder, text)
        keeper = FileKeeper(folder.path, identity, checkpoint_every, stops)
        result = ready.run(scenario, folder, progress, beginning, keeper)
        ranks.on_first(lambda: draw(result, scenario), None)
        return result


def _prepared(scenario: Scenario, told: Progress, stops: Stops) -> Simulation:
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
    """Draw the figures of a run into its folder."""
    from oxyshell.outputs.figures import LabelledHistory, LabelledProfiles, history_figure, particle_figure

    assert result.path is not None
    ion = scenario.material.ion.species
    volume = scenario.material.molar_volume.value
    profiles = LabelledProfiles(scenario.name, result.profiles, volume, ion)
    particle_figure([profiles], result.path / "figures" / "particle.png")
    history = LabelledHistory(scenario.name, result.history, ion)
    history_figure([history], result.path / "figures" / "history.png")
    if scenario.oxygen is not None:
        from oxyshell.outputs.figures import oxygen_figure, release_figure

        oxygen = labelled_oxygen(scenario.name, scenario, result)
        oxygen_figure([oxygen], result.path / "figures" / "oxygen.png")
        release_figure([history], result.path / "figures" / "release.png", published_shares(scenario))


def labelled_oxygen(label: str, scenario: Scenario, result: Result) -> LabelledOxygen:
    """What a figure needs of a run with oxygen."""
    from oxyshell.outputs.figures import LabelledOxygen

    coverage = scenario.oxygen_surface().coverage if scenario.particle.shape != "imported" else 1.0
    return LabelledOxygen(label, result.profiles, result.history, coverage)


def published_shares(scenario: Scenario) -> PublishedShares:
    """What was published about the oxygen's state on charge, for the figure; nothing if nothing was."""
    from oxyshell.outputs.figures import PublishedShares

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
        told = ranks.told(progress)
        system, model = self._system, scenario.model()
        system.update(model)
        protocol = scenario.protocol(self._ratio(scenario))
        recording = self._fresh_recording(scenario)
        ends = [*begin.ends]

        with output, told:
            controls = Controls(_control(scenario, system.time_unit), _oxygen_control(scenario))
            subject = self._subject(scenario, model, controls)
            course = Course(subject, protocol, controls.ions, recording, self._layout, self._mesh.mesh.comm)
            keep.watch(course)
            for moment in begin.moments(course):
                output.step(recording.step(moment))
                told.update(_fraction(moment, protocol), _where(moment))
                if moment.is_output:
                    output.snapshot(*recording.snapshot(moment))
                    told.message(_where(moment))
                    _LOGGER.info("%s", _where(moment))
                if moment.ended_by is not None:
                    ends.append(_end(moment, protocol))
                keep.after(Reached(moment, tuple(ends), output.place))
            summary = recording.summary("completed") | {"protocol": ends}
            remarks = [*self._mesh.remarks, *scenario.remarks(self._ratio(scenario)), *recording.remarks()]
            summary |= {"remarks": remarks}
            # Clocks differ between processes.
            return output.finish(ranks.agreed(summary))

    def _layout(self) -> Layout:
        occupancy = places.of_space(self._system.scalars)
        return Layout(self._system.places, occupancy, self._companionship.places)

    def _ratio(self, scenario: Scenario) -> float:
        """V/A of the mesh, m."""
        return scenario.particle.radius.value * self._system.volume / self._system.area

    def _fresh_recording(self, scenario: Scenario) -> Recording:
        system = self._system
        sites = system.observe(system.initial_state(1.0)).ions_in
        volume = system.volume * scenario.particle.radius.value**3
        self._recording.restart(sites, volume * scenario.material.density)
        return self._recording

    def _subject(self, scenario: Scenario, model: ParticleModel, controls: Controls) -> Subject:
        system = self._system

        def begin(step: ProtocolStep) -> None:
            system.update(replace(model, exchange=step.exchange))

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
            begin=begin,
            initial=initial,
            diffusion_time=system.time_unit,
            formula_units=system.volume * model.radius**3 / model.host.molar_volume,
        )


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
            return import_mesh(particle.mesh_file, radius, particle.multiplicity)
        case Sphere(dimension=2):
            build = quarter_disc if particle.extent == "quarter" else half_disc
            return build(layer, _resolution(scenario, Resolution.axisymmetric()))
        case Sphere(dimension=3):
            build = full_sphere if particle.extent == "full" else octant
            return build(layer, _resolution(scenario, Resolution.solid()))
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

    return StepControl(
        tolerance=numerics.time_tolerance,
        first_step=share(numerics.first_step, default.first_step),
        minimum_step=share(numerics.minimum_step, default.minimum_step),
        maximum_step=share(numerics.maximum_step, default.maximum_step),
    )


def _oxygen_control(scenario: Scenario) -> StepControl:
    # It starts with a jump at the surface, where a transfer velocity may be far above that of diffusion.
    return StepControl(tolerance=scenario.numerics.oxygen_tolerance, first_step=_OXYGEN_FIRST_STEP)


def _fraction(moment: Moment, protocol: Protocol) -> float:
    """How much of the protocol is done: whole steps, and of the present one what its nearest end says."""
    if moment.ended_by is not None:
        return (moment.protocol_step + 1) / len(protocol.steps)
    step = protocol.steps[moment.protocol_step]
    shares = [_share(target, moment) for target in step.until]
    return min((moment.protocol_step + max(shares, default=0.0)) / len(protocol.steps), 1.0)


def _share(target: Target, moment: Moment) -> float:
    match target.progress:
        case Advance.TIME:
            return moment.step_time / target.value
        case Advance.EXTRACTED:
            return moment.extracted / target.value if target.value > 0 else 0.0
        case Advance.SURFACE_OCCUPANCY:
            return 0.0


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
