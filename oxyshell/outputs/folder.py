"""Output of a run: a run folder on disk, or memory only."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from oxyshell.errors import OutputError
from oxyshell.figure_format import SUFFIXES
from oxyshell.filenames import REPORT, VIEW
from oxyshell.outputs import disk
from oxyshell.outputs.fields import FieldWriter, StoredFields
from oxyshell.outputs.lock import LOCK, FolderLock
from oxyshell.outputs.log import RunLog
from oxyshell.outputs.memory import Extent, Memory
from oxyshell.outputs.profiles import ProfileFile, read_profiles
from oxyshell.outputs.records import FieldSnapshot, Profile, Row, Summary
from oxyshell.outputs.result import Result
from oxyshell.outputs.stored_table import StoredTable

_LOGGER = logging.getLogger("oxyshell")
LOG = "run.log"
"""Messages of the logger "oxyshell", and tracebacks of unexpected errors."""
_STARTED = (LOG, "history.csv", "scenario.yaml")
"""Written at the start of every run; a folder that holds all of them is a previous run."""
_STARTING = {*_STARTED, LOCK, "fields", ".scenario.yaml.part"}
"""With the lock, a folder that holds nothing else is a run that was killed as it started."""
SUMMARY = "summary.json"
"""Written at the end of a run that reached it."""
ENDED_EARLY = "the run ended early: "
"""In the log, before the kind of error that ended a run."""
CHECKPOINT = "checkpoint.h5"
"""From which a run that was stopped goes on; a run that reached its end has none."""


class RunOutput(contextlib.AbstractContextManager["RunOutput", None], Protocol):
    """Interface of the output of a run, a context manager.

    Rows and profiles bring their columns, and all of a run bring the same.
    """

    @property
    def keeps_snapshots(self) -> bool:
        """Whether it takes profiles and fields; of an output that does not they need not be made."""

    def start(self, scenario_text: str) -> None:
        """Take the scenario as it will be run, before the first step."""

    @property
    def place(self) -> Extent:
        """Position that has been recorded."""

    def step(self, row: Row) -> None:
        """Take the numbers of one accepted time step."""

    def snapshot(self, profile: Profile, fields: FieldSnapshot) -> None:
        """Take the state at an output time."""

    def protocol_step(self, row: Row) -> None:
        """Take the numbers of a step of the protocol that has ended."""

    def cycle(self, row: Row) -> None:
        """Take the numbers of a cycle that has ended."""

    def finish(self, summary: Summary) -> Result:
        """Take the summary of a run that reached its end, and give back all that was recorded."""


class ResumableOutput(RunOutput, Protocol):
    """A run folder in which a run can go on."""

    @property
    def path(self) -> Path:
        """The folder."""

    @property
    def ended(self) -> bool:
        """Whether there is a run that reached its end."""

    def claimed(self) -> contextlib.AbstractContextManager[object]:
        """Be the only run in the folder."""

    def go_on(self, scenario_text: str, place: Extent) -> None:
        """Truncate the files of a stopped run to the position of its checkpoint, and open them."""


class RunFolder:
    """A run folder on disk, readable at any moment of the run and after a kill.

    `history.csv`, `steps.csv`, `cycles.csv`, the fields and their index `fields.pvd` grow as the run goes;
    the tables of steps and cycles are there from their first row on. `history.h5`, `steps.h5` and
    `cycles.h5` are written with their first row and at the end, `profiles.h5` at the first output time and at
    the end, `summary.json` at the end, each by replacing the old file with a complete new one; until then
    `profiles.tail` has the profiles that `profiles.h5` has not got. Messages of the logger "oxyshell" from
    `start` to the end go to `run.log`.

    Args:
        path: The folder, made if it is not there; the files of a previous run in it are replaced at `start`.

    Raises:
        OutputError: If the folder holds something that is not a previous run, or cannot be made.
    """

    keeps_snapshots = True

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._memory = Memory()
        self._fields = FieldWriter(self.path)
        self._profiles = ProfileFile(self.path / "profiles.h5")
        self._history = StoredTable(self.path, "history", "a history", self._memory.history)
        self._steps = StoredTable(self.path, "steps", "a table of steps", self._memory.steps)
        self._cycles = StoredTable(self.path, "cycles", "a table of cycles", self._memory.cycles)
        self._tables = (self._history, self._steps, self._cycles)
        self._log = RunLog(self.path / LOG)
        self._lock = FolderLock(self.path)
        self._held = contextlib.ExitStack()
        with disk.errors_at(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            present = {entry.name for entry in self.path.iterdir()}
        killed_early = LOCK in present and present <= _STARTING
        if present and not (killed_early or present.issuperset(_STARTED)):
            some = ", ".join(sorted(present)[:3]) + (", ..." if len(present) > 3 else "")
            raise OutputError(
                f"The folder {self.path} holds files that are not an oxyshell run ({some}). "
                "Name another folder, or empty this one."
            )

    @property
    def path(self) -> Path:
        return self._path

    @property
    def memory(self) -> Memory:
        """Records of the run so far."""
        return self._memory

    def claimed(self) -> FolderLock:
        """Be the only run in the folder; from `start` or `go_on` to the end it is so anyway.

        Raises:
            OutputError: When entered, if another run is writing there.
        """
        return self._lock

    @property
    def ended(self) -> bool:
        """Whether there is a run that reached its end."""
        return (self.path / SUMMARY).exists() and not (self.path / CHECKPOINT).exists()

    @property
    def place(self) -> Extent:
        """Position that has been recorded."""
        return self._memory.place

    def start(self, scenario_text: str) -> None:
        """Replace what a previous run left and open the files that grow.

        Raises:
            OutputError: If a file cannot be written, or another run is writing there.
        """
        with self._opened():
            self._remove(CHECKPOINT, SUMMARY)
            self._steps.clear()
            self._cycles.clear()
            self._profiles.clear()
            self._fields.clear()
            self._log.open()
            self._history.open()
            self._memory.scenario = scenario_text
            disk.replace_text(self.path / "scenario.yaml", scenario_text)
            _LOGGER.info("run folder %s", self.path.resolve())

    def go_on(self, scenario_text: str, place: Extent) -> None:
        """Truncate the files of a stopped run to the position of its checkpoint, and open them.

        Raises:
            OutputError: If files hold less than the checkpoint says, cannot be read or written, or another
                run is writing there.
        """
        with self._opened():
            history, steps, cycles = (table.stored() for table in self._tables)
            profiles = read_profiles(self.path / "profiles.h5")
            snapshots = min(len(profiles.times), self._fields.stored())
            found = Extent(history.rows, snapshots, steps.rows, cycles.rows)
            if not found.holds(place):
                raise OutputError(
                    f"{self.path} holds {found}, fewer than its checkpoint says ({place}). Put back what was "
                    "changed since, or start the run again without --resume."
                )
            self._remove(SUMMARY)
            self._memory.scenario = scenario_text
            self._memory.profiles = profiles.single()[: place.snapshots]
            self._fields.cut(place.snapshots)
            self._profiles.cut(self._memory.profiles)
            self._log.open("a")
            self._history.go_on(history, place.rows)
            self._steps.go_on(steps, place.steps)
            self._cycles.go_on(cycles, place.cycles)
            _LOGGER.info("going on after %d rows and %d output times", place.rows, place.snapshots)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[None]:
        """Hold the folder for a run, until `__exit__`; if opening fails, nothing stays open or held."""
        with contextlib.ExitStack() as opened:
            opened.enter_context(self._lock)
            opened.callback(self._log.close)
            for table in self._tables:
                opened.callback(table.close)
            yield
            self._held = opened.pop_all()

    def _remove(self, *names: str) -> None:
        with disk.errors_at(self.path):
            for name in names:
                (self.path / name).unlink(missing_ok=True)
            drawn = [path for path in (self.path / "figures").glob("*") if path.suffix in SUFFIXES]
            for old in (*drawn, *self.path.glob(disk.PARTS)):
                old.unlink()
            for page in (REPORT, VIEW):
                (self.path / page).unlink(missing_ok=True)

    def step(self, row: Row) -> None:
        """Append a row to `history.csv`; the first one writes the header too.

        Raises:
            OutputError: If the row does not have the columns of the first one, or the disk refuses.
        """
        self._history.add(row)

    def protocol_step(self, row: Row) -> None:
        """Append a row to `steps.csv`.

        Raises:
            OutputError: As `step`.
        """
        self._steps.add(row)

    def cycle(self, row: Row) -> None:
        """Append a row to `cycles.csv`.

        Raises:
            OutputError: As `step`.
        """
        self._cycles.add(row)

    def snapshot(self, profile: Profile, fields: FieldSnapshot) -> None:
        """Write the fields and the profile of an output time.

        Raises:
            OutputError: If the profile has other points or names than the first one, or the disk refuses.
        """
        self._memory.profiles.append(profile)
        self._fields.write(fields)
        self._profiles.add(self._memory.profiles)

    def finish(self, summary: Summary) -> Result:
        """Write `summary.json`, in the order given, with null for numbers that are not finite.

        Raises:
            OutputError: If the disk refuses.
        """
        complete = plain(summary)
        self._write_tables()
        text = json.dumps(complete, indent=2, ensure_ascii=False, allow_nan=False)
        disk.replace_text(self.path / SUMMARY, text + "\n")
        self._remove(CHECKPOINT)
        _LOGGER.info("completed")
        return self._memory.result(complete, StoredFields(self.path), self.path)

    def _write_tables(self) -> None:
        for table in self._tables:
            table.write()
        self._profiles.write(self._memory.profiles)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files; after an error, keep the completed steps and write the error to the log."""
        if error is not None:
            # In words: a handler that keeps the error would keep the whole run with it.
            _LOGGER.error("%s%s: %s", ENDED_EARLY, type(error).__name__, str(error))
            if len(self._memory.history):
                # The error on its way is the one to show, even if the disk is what failed.
                with contextlib.suppress(OutputError):
                    self._write_tables()
        self._held.close()


def plain(summary: Summary) -> dict[str, object]:
    """Turn NumPy values into JSON's own types, and numbers that are not finite into None.

    Raises:
        OutputError: If a value is of a type that JSON does not know.
    """

    def encode(value: object) -> object:
        item = getattr(value, "tolist", None)
        if item is None:
            raise OutputError(f"The summary cannot hold a {type(value).__name__}: {value!r}.")
        return item()

    text = json.dumps(summary, default=encode)
    complete: dict[str, object] = json.loads(text, parse_constant=lambda _: None)
    return complete
