"""The journal of a study: one line for each point that ended, so that a kill loses no more than a line."""

from __future__ import annotations

import fcntl
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Self, get_args

from oxyshell.errors import OutputError
from oxyshell.outputs import disk
from oxyshell.studies.engine.point_runner import PENDING, Outcome, Status

NAME = "points.jsonl"
_ENDED = {*get_args(Status.__value__)} - {PENDING}


class NullJournal:
    """Outcomes by key, as they came, of a study that stays in memory. Use it as a context manager."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {}

    def add(self, outcome: Outcome) -> None:
        self.outcomes[outcome.key] = outcome

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class Journal(NullJournal):
    """Outcomes that are written to a file as well.

    Args:
        path: The file; made with its folder if it is not there.

    Raises:
        OutputError: If another sweep is writing it, if it is no journal, or if the disk refuses.
    """

    def __init__(self, path: Path) -> None:
        with disk.errors_at(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: IO[bytes] = path.open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise OutputError(
                f"Another sweep is writing {path.parent}. Wait for it, or name another folder with --out."
            ) from error
        try:
            self.outcomes = self._read(path)
        except BaseException:
            self._file.close()
            raise

    def add(self, outcome: Outcome) -> None:
        """Append an outcome; it is with the operating system when this returns.

        Raises:
            OutputError: If the disk refuses.
        """
        super().add(outcome)
        with disk.errors_at(Path(self._file.name)):
            self._file.write(json.dumps(asdict(outcome), ensure_ascii=False).encode() + b"\n")
            self._file.flush()

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _read(self, path: Path) -> dict[str, Outcome]:
        """The last outcome of every key; a last line that was cut short is taken off."""
        self._file.seek(0)
        complete, _, _cut = self._file.read().rpartition(b"\n")
        self._file.truncate(len(complete) + 1 if complete else 0)
        with disk.readable(path, "the points of a sweep"):
            return parse(complete.decode(), path)


def parse(text: str, path: Path) -> dict[str, Outcome]:
    """The outcomes of a journal's lines, by key; the last one counts.

    Raises:
        OutputError: If a line is none that a sweep wrote.
    """
    outcomes: dict[str, Outcome] = {}
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else (), start=1):
        try:
            outcome = _checked(Outcome(**json.loads(line)))
            outcome = replace(outcome, remarks=tuple(outcome.remarks))
        except (ValueError, TypeError, RecursionError, AttributeError) as error:
            raise OutputError(
                f"{path}, line {number}, is no point of a sweep ({error}). "
                "Remove the line, or name another folder."
            ) from error
        outcomes[outcome.key] = outcome
    return outcomes


def _checked(outcome: Outcome) -> Outcome:
    """The outcome, if it is of the types that it says.

    Raises:
        ValueError: If it is not.
    """
    texts = (outcome.key, outcome.status, outcome.reason, *outcome.remarks)
    numbers = (*outcome.numbers.values(), outcome.wall_time_s, outcome.solve_time_s)
    if not all(isinstance(text, str) for text in texts) or outcome.status not in _ENDED:
        raise ValueError("its key, status or reason is none")
    if not all(isinstance(number, int | float) for number in numbers):
        raise ValueError("some of its numbers are none")
    return outcome
