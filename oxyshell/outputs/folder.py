"""Where a run puts what it finds: a run folder on disk, or nothing but memory."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np

import oxyshell
from oxyshell.errors import OutputError
from oxyshell.outputs import disk
from oxyshell.outputs.fields import FieldWriter, StoredFields
from oxyshell.outputs.history import HistoryCsv, write_history
from oxyshell.outputs.profiles import write_profiles
from oxyshell.outputs.records import (
    COLUMNS,
    Array,
    FieldSnapshot,
    HistoryRow,
    Profile,
    Summary,
    columns_of,
)
from oxyshell.outputs.result import Profiles, Result

_LOGGER = logging.getLogger("oxyshell")
_STARTED = ("run.log", "history.csv", "scenario.yaml")
"""Written at the start of every run; a folder that holds all of them is a previous run."""


class RunOutput(Protocol):
    """What a run needs of the place its results go to. Use it as a context manager.

    The first row says which columns the history has: `COLUMNS`, and all of `OXYGEN_COLUMNS` or none.
    """

    def start(self, scenario_text: str) -> None:
        """Take the scenario as it will be run, before the first step."""

    def step(self, row: HistoryRow) -> None:
        """Take the numbers of one accepted time step."""

    def snapshot(self, profile: Profile, fields: FieldSnapshot) -> None:
        """Take the state at an output time."""

    def finish(self, summary: Summary) -> Result:
        """Take the summary of a run that reached its end, and give back all that was recorded."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class _Memory:
    """What a run has handed over so far, kept for the result."""

    def __init__(self) -> None:
        self.columns = COLUMNS
        self.scenario = ""
        self.rows: list[list[float]] = []
        self.profiles: list[Profile] = []

    def step(self, row: HistoryRow) -> list[float]:
        if not self.rows:
            self.columns = columns_of(row)
        if row.keys() != self.columns.keys():
            missing = ", ".join(sorted(self.columns.keys() - row.keys())) or "none"
            unknown = ", ".join(sorted(row.keys() - self.columns.keys())) or "none"
            raise OutputError(
                f"A history row has one number for every column; missing: {missing}; unknown: {unknown}."
            )
        self.rows.append([float(row[name]) for name in self.columns])
        return self.rows[-1]

    def history(self) -> dict[str, Array]:
        table = np.array(self.rows, dtype=float).reshape(len(self.rows), len(self.columns))
        return {name: table[:, index].copy() for index, name in enumerate(self.columns)}

    def result(self, summary: Summary, fields: Sequence[FieldSnapshot], path: Path | None) -> Result:
        profiles = Profiles.stack(self.profiles)
        return Result(dict(summary), self.history(), profiles, fields, self.scenario, path)


class NullFolder:
    """A run without a folder: everything stays in memory, nothing is written."""

    def __init__(self) -> None:
        self._memory = _Memory()
        self._fields: list[FieldSnapshot] = []

    def start(self, scenario_text: str) -> None:
        self._memory.scenario = scenario_text

    def step(self, row: HistoryRow) -> None:
        self._memory.step(row)

    def snapshot(self, profile: Profile, fields: FieldSnapshot) -> None:
        self._memory.profiles.append(profile)
        self._fields.append(fields)

    def finish(self, summary: Summary) -> Result:
        return self._memory.result(plain(summary), tuple(self._fields), None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass


class RunFolder:
    """A run folder on disk, readable at any moment of the run and after a kill.

    `scenario.yaml` and `history.csv` grow as the run goes; `history.h5`, `profiles.h5` and `fields.pvd` are
    rewritten at every output time, `summary.json` at the end, each by replacing the old file with a complete
    new one. What the logger "oxyshell" says from `start` to the end goes to `run.log`.

    Args:
        path: The folder, made if it is not there; the files of a previous run in it are replaced at `start`.

    Raises:
        OutputError: If the folder holds something that is not a previous run, or cannot be made.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._memory = _Memory()
        self._fields = FieldWriter(self.path)
        self._csv = HistoryCsv(self.path / "history.csv")
        self._log = _RunLog(self.path / "run.log")
        with disk.errors_at(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            present = {entry.name for entry in self.path.iterdir()}
        if present and not present.issuperset(_STARTED):
            some = ", ".join(sorted(present)[:3]) + (", ..." if len(present) > 3 else "")
            raise OutputError(
                f"The folder {self.path} holds files that are not an oxyshell run ({some}). "
                "Name another folder, or empty this one."
            )

    def start(self, scenario_text: str) -> None:
        """Replace what a previous run left and open the files that grow.

        Raises:
            OutputError: If a file cannot be written.
        """
        with disk.errors_at(self.path):
            for name in ("summary.json", "history.h5", "profiles.h5"):
                (self.path / name).unlink(missing_ok=True)
            for old in (*(self.path / "figures").glob("*.png"), *self.path.glob(disk.PARTS)):
                old.unlink()
        self._fields.clear()
        self._log.open()
        self._csv.open()
        self._memory.scenario = scenario_text
        disk.replace_text(self.path / "scenario.yaml", scenario_text)
        _LOGGER.info("run folder %s", self.path.resolve())

    def step(self, row: HistoryRow) -> None:
        """Append a row to `history.csv`; the first one writes the header too.

        Raises:
            OutputError: If the row does not have the columns of the first one, or the disk refuses.
        """
        values = self._memory.step(row)
        if len(self._memory.rows) == 1:
            self._csv.head(self._memory.columns)
        self._csv.append(values)

    def snapshot(self, profile: Profile, fields: FieldSnapshot) -> None:
        """Write the fields of an output time, and the histories and profiles up to it.

        Raises:
            OutputError: If the profile has other points or names than the first one, or the disk refuses.
        """
        self._memory.profiles.append(profile)
        self._fields.write(fields)
        self._write_tables()

    def finish(self, summary: Summary) -> Result:
        """Write `summary.json`, in the order given, with null for numbers that are not finite.

        Raises:
            OutputError: If the disk refuses.
        """
        complete = plain(summary)
        self._write_tables()
        text = json.dumps(complete, indent=2, ensure_ascii=False, allow_nan=False)
        disk.replace_text(self.path / "summary.json", text + "\n")
        return self._memory.result(complete, StoredFields(self.path), self.path)

    def _write_tables(self) -> None:
        write_history(self.path / "history.h5", self._memory.columns, self._memory.history())
        write_profiles(self.path / "profiles.h5", Profiles.stack(self._memory.profiles))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the files; after an error, keep the steps that were made and say in the log what happened."""
        if error is not None:
            _LOGGER.error("the run ended early: %s: %s", type(error).__name__, error)
            if self._memory.rows:
                # The error on its way is the one to show, even if the disk is what failed.
                with contextlib.suppress(OutputError):
                    self._write_tables()
        self._csv.close()
        self._log.close()


class _RunLog:
    """Sends what oxyshell logs, from INFO up, to a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handler: logging.Handler = logging.NullHandler()
        self._level_before = _LOGGER.level

    def open(self) -> None:
        with disk.errors_at(self._path):
            self._handler = logging.FileHandler(self._path, mode="w", encoding="utf-8")
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s"))
        self._level_before = _LOGGER.level
        _LOGGER.setLevel(min(_LOGGER.getEffectiveLevel(), logging.INFO))
        _LOGGER.addHandler(self._handler)
        _LOGGER.info("oxyshell %s", oxyshell.__version__)

    def close(self) -> None:
        _LOGGER.removeHandler(self._handler)
        _LOGGER.setLevel(self._level_before)
        self._handler.close()


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
