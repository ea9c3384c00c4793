"""Where a run begins, and the checkpoints that it keeps on the way."""

from __future__ import annotations

import hashlib
import logging
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Protocol as Interface

from oxyshell.checkpoint_tree import moment_of, tree_of_moment
from oxyshell.errors import OutputError, ResumeError, RunStopped
from oxyshell.inputs import Scenario, ScenarioError, loads
from oxyshell.models.protocol import Protocol
from oxyshell.outputs import RunFolder
from oxyshell.outputs.checkpoint import read_checkpoint, write_checkpoint
from oxyshell.outputs.folder import CHECKPOINT
from oxyshell.outputs.memory import Place
from oxyshell.recording import Recording
from oxyshell.solver.march import Subject, march, march_on
from oxyshell.solver.moment import Moment
from oxyshell.solver.settings import StepControl
from oxyshell.stopping import NeverStops, Stops

_LOGGER = logging.getLogger("oxyshell")
EVERY = 30.0
"""Seconds between two checkpoints, besides those at output times."""
type Ends = Sequence[Mapping[str, object]]
"""How the protocol steps so far have ended, as the summary says it."""


class Beginning(Interface):
    """Where a run begins."""

    @property
    def ends(self) -> Ends:
        """How protocol steps before have ended."""

    def open(self, folder: RunFolder, scenario_text: str) -> None:
        """Make the folder ready."""

    def restore(self, recording: Recording) -> None:
        """Make a recording that knows of no run ready."""

    def moments(self, subject: Subject, protocol: Protocol, control: StepControl) -> Iterator[Moment]:
        """March from there."""


class FromTheStart:
    """The as-made particle."""

    ends: Ends = ()

    def open(self, folder: RunFolder, scenario_text: str) -> None:
        folder.start(scenario_text)

    def restore(self, recording: Recording) -> None:
        pass

    def moments(self, subject: Subject, protocol: Protocol, control: StepControl) -> Iterator[Moment]:
        return march(subject, protocol, control)


@dataclass(frozen=True)
class Checkpoint:
    """A run between two steps; as a beginning, it goes on to the last bit as it would have gone.

    Attributes:
        moment: Where it was.
        recorded: What the recording remembered of the steps before.
        ends: How protocol steps had ended.
        place: How far the run folder had been written.
    """

    moment: Moment
    recorded: Mapping[str, Any]
    ends: Ends
    place: Place

    def open(self, folder: RunFolder, scenario_text: str) -> None:
        folder.go_on(scenario_text, self.place)

    def restore(self, recording: Recording) -> None:
        recording.go_on(self.recorded, self.moment)

    def moments(self, subject: Subject, protocol: Protocol, control: StepControl) -> Iterator[Moment]:
        own, made = self.moment.state.unknowns.shape, subject.initial.unknowns.shape
        if own != made:
            raise OutputError(
                f"The checkpoint has {own[0]} unknowns, this discretisation {made[0]}: it was written with "
                "other versions of the libraries. Go on with those, or start the run again without --resume."
            )
        return march_on(subject, protocol, control, self.moment)


class Keeper(Interface):
    """Keeps checkpoints."""

    def after(self, moment: Moment, take: Callable[[], Checkpoint]) -> None:
        """Look, after each moment has been recorded, whether to take a checkpoint, and whether to stop.

        Raises:
            RunStopped: If that was asked for.
            OutputError: If the disk refuses; the last checkpoint is then what it was.
        """


class NullKeeper:
    """Keeps none and never stops."""

    def after(self, moment: Moment, take: Callable[[], Checkpoint]) -> None:
        pass


class FileKeeper:
    """Keeps the last checkpoint in the run folder: of output times, every so often, and of a stop."""

    def __init__(self, folder: Path, identity: str, every: float = EVERY, stops: Stops | None = None) -> None:
        """Set up.

        Args:
            folder: The run folder.
            identity: Of the run, as `identity_of` gives it.
            every: Seconds of wall time between two checkpoints, besides those at output times.
            stops: Who may ask to stop; nobody by default.
        """
        self._path, self._identity = folder / CHECKPOINT, identity
        self._every = every
        self._stops = stops or NeverStops()
        self._last = time.monotonic()

    def after(self, moment: Moment, take: Callable[[], Checkpoint]) -> None:
        asked = self._stops.asked
        now = time.monotonic()
        if asked or moment.is_output or now - self._last >= self._every:
            write_checkpoint(self._path, _tree_of(take()), self._identity)
            self._last = now
        if asked:
            raise RunStopped(
                f"stopped by {signal.Signals(asked).name} at t = {moment.state.time:.6g} s, after "
                f"{moment.steps} steps; to go on, give the same command with --resume",
                asked,
            )


def find(folder: RunFolder, scenario: Scenario, identity: str) -> Beginning:
    """Where a run that is to be resumed begins: at its checkpoint, or at the start if it came to none.

    Args:
        folder: The run folder, claimed.
        scenario: As it will be run.
        identity: Of the run, as `identity_of` gives it.

    Raises:
        ResumeError: If another scenario was run in the folder.
        OutputError: If the checkpoint is damaged.
    """
    _check_scenario(folder.path, scenario)
    path = folder.path / CHECKPOINT
    if not path.exists():
        _LOGGER.info("no checkpoint in %s: from the start", folder.path)
        return FromTheStart()
    tree, of = read_checkpoint(path)
    if of != identity:
        raise ResumeError(
            f"{path} is a checkpoint of another run: its scenario or its mesh file has changed since. "
            "Name another folder, put the files back, or start again without --resume."
        )
    return Checkpoint(moment_of(tree["moment"]), tree["recorded"], tree["ends"], Place(**tree["place"]))


def _tree_of(checkpoint: Checkpoint) -> dict[str, Any]:
    place = checkpoint.place
    return {
        "moment": tree_of_moment(checkpoint.moment),
        "recorded": checkpoint.recorded,
        "ends": list(checkpoint.ends),
        "place": {"rows": place.rows, "snapshots": place.snapshots},
    }


def identity_of(scenario_text: str, files: Sequence[Path]) -> str:
    """What tells runs apart: a digest of the resolved scenario and of the files that it reads.

    Raises:
        OutputError: If a file cannot be read.
    """
    total = hashlib.sha256(scenario_text.encode())
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()


def _check_scenario(folder: Path, scenario: Scenario) -> None:
    file, text = folder / "scenario.yaml", scenario.to_yaml()
    before = file.read_text(encoding="utf-8") if file.exists() else text
    if before == text:
        return
    try:
        was = _flat(loads(before, str(file), folder).to_data())
    except ScenarioError:  # of another version of the program
        was = {}
    asked = _flat(scenario.to_data())
    paths = [path for path in {**was, **asked} if was.get(path) != asked.get(path)]
    absent = "not there"
    changes = [f"{path} was {was.get(path, absent)!r}, is {asked.get(path, absent)!r}" for path in paths]
    raise ResumeError(
        f"{folder} holds a run of another scenario ({'; '.join(changes[:3])}). To go on with it, give the "
        "scenario and the --set of that run; or name another folder, or start again without --resume."
    )


def _flat(data: object, path: str = "") -> dict[str, object]:
    """Single values by their path."""
    match data:
        case Mapping():
            items = [(str(key), value) for key, value in data.items()]
        case list() | tuple():
            items = [(str(index), value) for index, value in enumerate(data)]
        case _:
            return {path: data}
    return {
        name: leaf for key, value in items for name, leaf in _flat(value, f"{path}.{key}".lstrip(".")).items()
    }
