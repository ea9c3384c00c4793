"""Starting point and checkpoints of a run."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import operator
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol as Interface

from mpi4py import MPI

from oxyshell.errors import ResumeError
from oxyshell.language.mistakes import ScenarioError
from oxyshell.models.base.protocol import Protocol
from oxyshell.outputs import disk
from oxyshell.outputs.checkpoint import Tree, read_checkpoint, write_checkpoint
from oxyshell.outputs.fields import size_of
from oxyshell.outputs.folder import CHECKPOINT, ResumableOutput
from oxyshell.outputs.memory import Extent
from oxyshell.presentation.numbers import time_in_words
from oxyshell.running import ranks
from oxyshell.running.checkpoint_tree import Gathering, Positions, Scattering, moment_of, tree_of_moment
from oxyshell.running.overwrite_protection import differences
from oxyshell.running.recording import Recording
from oxyshell.running.stopping import NoStopRequests, StopRequests, stopped
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.solver.march import march, march_on
from oxyshell.solver.marchable import Marchable
from oxyshell.solver.settings import StepControl
from oxyshell.solver.step_result import StepResult

_LOGGER = logging.getLogger("oxyshell")
EVERY = 30.0
"""Seconds between two checkpoints, besides those at output times."""
_SHARE = 0.25
"""Largest ratio of the bytes of checkpoints at output times to those of the fields written there."""
_SMALLEST = 2**15
"""Bytes of a checkpoint of few unknowns, before the first one has been written."""
type Ends = Sequence[Mapping[str, object]]
"""Ends of the protocol steps so far, as in the summary."""


@dataclass(frozen=True)
class RunSetup:
    """A run that is ready to go.

    Attributes:
        subject: What is marched.
        protocol: What to do with it.
        control: Time step control.
        recording: Knows of no run yet.
        positions: Finds where the unknowns stand, which takes a while.
        comm: The processes that share the mesh.
    """

    subject: Marchable
    protocol: Protocol
    control: StepControl
    recording: Recording
    positions: Callable[[], Positions]
    comm: MPI.Comm


class StartingPoint(Interface):
    """Starting point of a run."""

    @property
    def ends(self) -> Ends:
        """Ends of the earlier protocol steps."""

    def open(self, folder: ResumableOutput, scenario_text: str) -> None:
        """Make the folder ready."""

    def moments(self, setup: RunSetup) -> Iterator[StepResult]:
        """March from there."""


class FromTheStart:
    """The as-made particle."""

    ends: Ends = ()

    def open(self, folder: ResumableOutput, scenario_text: str) -> None:
        folder.start(scenario_text)

    def moments(self, setup: RunSetup) -> Iterator[StepResult]:
        return march(setup.subject, setup.protocol, setup.control)


class Checkpoint:
    """A run between two steps, which continues from here with identical results to the last bit.

    Args:
        tree: As `FileCheckpoints` writes it.
        path: Its file.

    Raises:
        OutputError: If an entry of the tree is missing or of another type.
    """

    def __init__(self, tree: Tree, path: Path) -> None:
        self._tree, self._path = tree, path
        with self._understood():
            self.ends: Ends = [dict(end) for end in tree["ends"]]
            self._place = Extent(**{name: operator.index(count) for name, count in tree["place"].items()})

    def _understood(self) -> contextlib.AbstractContextManager[None]:
        return disk.readable(self._path, "a checkpoint of this run")

    def open(self, folder: ResumableOutput, scenario_text: str) -> None:
        folder.go_on(scenario_text, self._place)

    def moments(self, setup: RunSetup) -> Iterator[StepResult]:
        """March on.

        Raises:
            OutputError: If the checkpoint has other unknowns.
        """
        with self._understood():
            scatter = Scattering(self._tree["positions"], setup.positions(), setup.comm)
            moment = moment_of(self._tree["moment"], scatter)
            setup.recording.restore(self._tree["recorded"], moment)
        yield from march_on(setup.subject, setup.protocol, setup.control, moment)


class Placed(Interface):
    """Output that knows its extent."""

    @property
    def place(self) -> Extent:
        """Position of what has been handed on."""


@dataclass(frozen=True)
class RunProgress:
    """State of a run after a step.

    Attributes:
        moment: Where it is.
        ends: How protocol steps have ended.
        output: Takes what the run writes.
    """

    moment: StepResult
    ends: Ends
    output: Placed

    @property
    def place(self) -> Extent:
        """The state up to which the run folder has been written."""
        return self.output.place


class CheckpointWriter(Interface):
    """Keeps checkpoints."""

    def watch(self, setup: RunSetup) -> None:
        """Learn of the run, before its first moment."""

    def after(self, reached: RunProgress) -> None:
        """Look, after each moment has been recorded, whether to take a checkpoint, and whether to stop.

        Raises:
            RunStopped: If that was asked for.
            OutputError: If the disk refuses; the last checkpoint is then unchanged.
        """


class NoCheckpoints:
    """Keeps none and never stops."""

    def watch(self, setup: RunSetup) -> None:
        pass

    def after(self, reached: RunProgress) -> None:
        pass


class FileCheckpoints:
    """Keeps the last checkpoint in the run folder: every so often, of a stop, and of output times.

    Where output times are so small that their checkpoints would be most of what is written, of some of them.
    """

    def __init__(
        self, folder: Path, identity: str, every: float = EVERY, stops: StopRequests | None = None
    ) -> None:
        """Set up.

        Args:
            folder: The run folder.
            identity: Of the run, as `identity_of` gives it.
            every: Seconds of wall time between two checkpoints, besides those at output times.
            stops: Requests to stop; none by default.
        """
        self._path, self._identity = folder / CHECKPOINT, identity
        self._every = every
        self._stops = stops or NoStopRequests()
        self._last = time.monotonic()
        self._written, self._next, self._left = 0, _SMALLEST, 0

    def watch(self, setup: RunSetup) -> None:
        self._recording = setup.recording
        self._gather = Gathering(setup.positions(), setup.comm)

    def after(self, reached: RunProgress) -> None:
        moment, asked = reached.moment, ranks.largest(self._stops.asked)
        # Clocks and what is on the disk differ between processes.
        due = ranks.agreed(time.monotonic() - self._last >= self._every or self._affordable(reached))
        if asked or due:
            tree = self._tree(reached)
            ranks.on_first(lambda: self._write(tree))
            self._last = time.monotonic()
        if asked:
            raise stopped(
                asked,
                f"at {time_in_words(moment.state.time)}, after {moment.steps} steps; to go on, give the "
                "same command with --resume",
            )

    def _affordable(self, reached: RunProgress) -> bool:
        """True at an output time, if checkpoints are small beside the fields of the output times so far."""
        if not reached.moment.is_output:
            return False
        self._left += size_of(self._path.parent, reached.place.snapshots - 1)
        return self._written + self._next <= _SHARE * self._left

    def _write(self, tree: Tree) -> None:
        write_checkpoint(self._path, tree, self._identity)
        self._next = self._path.stat().st_size
        self._written += self._next

    def _tree(self, reached: RunProgress) -> Tree:
        return {
            "moment": tree_of_moment(reached.moment, self._gather),
            "positions": self._gather.positions,
            "recorded": self._recording.remembered(),
            "ends": list(reached.ends),
            "place": asdict(reached.place),
        }


def find(folder: Path, scenario: Scenario, identity: str) -> StartingPoint:
    """Find the starting point of a resumed run: its checkpoint, or the start if there is none.

    Args:
        folder: The run folder, claimed.
        scenario: As it will be run.
        identity: Of the run, as `identity_of` gives it.

    Raises:
        ResumeError: If another scenario was run in the folder.
        OutputError: If the checkpoint is damaged.
    """
    _check_scenario(folder, scenario)
    path = folder / CHECKPOINT
    if not path.exists():
        _LOGGER.info("no checkpoint in %s: from the start", folder)
        return FromTheStart()
    tree, of = read_checkpoint(path)
    if of != identity:
        raise ResumeError(
            f"{path} is a checkpoint of another run: its scenario or its mesh file has changed since. "
            "Name another folder, put the files back, or start again with --overwrite in place of --resume."
        )
    return Checkpoint(tree, path)


def identity_of(scenario_text: str, files: Sequence[Path]) -> str:
    """Digest that identifies a run: of the resolved scenario and of the files that it reads.

    Raises:
        OutputError: If a file cannot be read.
    """
    total = hashlib.sha256(scenario_text.encode())
    for file in files:
        with disk.errors_at(file):
            total.update(file.read_bytes())
    return total.hexdigest()


def _check_scenario(folder: Path, scenario: Scenario) -> None:
    file, text = folder / "scenario.yaml", scenario.to_yaml()
    before = file.read_text(encoding="utf-8") if file.exists() else text
    if before == text:
        return
    try:
        was: Scenario | None = loads(before, str(file), folder)
    except ScenarioError:  # of another version of the program
        was = None
    changes = list(differences(was, scenario).values())
    if not changes:
        raise ResumeError(
            f"{folder} holds a run of this scenario by another version of oxyshell, whose scenarios have "
            "other keys. Only that version can go on with it; name another folder, or start again with "
            "--overwrite in place of --resume."
        )
    raise ResumeError(
        f"{folder} holds a run of another scenario ({'; '.join(changes[:3])}). To go on with it, give the "
        "scenario and the --set of that run; or name another folder, or start again with --overwrite in "
        "place of --resume."
    )
