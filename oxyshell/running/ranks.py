"""One run on several processes (MPI ranks): the first writes files and messages, an error ends all."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from oxyshell import _stack, launch
from oxyshell.outputs import (
    FieldSnapshot,
    NullFolder,
    NullProgress,
    Profile,
    Progress,
    Result,
    Row,
    RunFolder,
    RunOutput,
    Summary,
)
from oxyshell.outputs.folder import ResumableOutput
from oxyshell.outputs.memory import Extent
from oxyshell.streams import Unfailing

_stack.load()

# MPI comes with FEniCSx, and from where its loader finds it.
from mpi4py import MPI  # noqa: E402

# How long a process with an error waits for the others to have one too, s.
_PATIENCE = 10.0
_POLL = 0.01
type Verdict = Callable[[BaseException], tuple[int, str]]
"""Gives the exit code of an error, and the message for the terminal."""


def is_first() -> bool:
    """True on the process that writes files and messages."""
    return bool(MPI.COMM_WORLD.rank == 0)


def agreed[T](value: T) -> T:
    """Broadcast the first process's value."""
    return MPI.COMM_WORLD.bcast(value) if MPI.COMM_WORLD.size > 1 else value


def on_first[T](action: Callable[[], T]) -> T | None:
    """Do something on the first process only; all have to call this.

    Args:
        action: Called there.

    Returns:
        The action's result there, and None on the other processes.

    Raises:
        Exception: On every process, the error of the action on the first.
    """
    comm = MPI.COMM_WORLD
    if comm.size == 1:
        return action()
    result, error = None, None
    if is_first():
        try:
            result = action()
        except Exception as raised:
            error = raised
    error = comm.bcast(error)
    if error is not None:
        raise error
    return result


def from_first[T](action: Callable[[], T]) -> T:
    """Do something on the first process only, and give its result to all; all have to call this.

    Raises:
        Exception: On every process, the error of the action on the first.
    """
    (result,) = agreed(on_first(lambda: [action()]) or [])
    return result


def largest(number: int) -> int:
    """The largest of all processes' numbers."""
    return int(MPI.COMM_WORLD.allreduce(number, MPI.MAX)) if MPI.COMM_WORLD.size > 1 else number


def reporter(progress: Progress | None) -> Progress:
    """The progress reporter on the first process, none on the others."""
    return progress if progress is not None and is_first() else NullProgress()


def run_output(path: str | Path | None) -> RunOutput:
    """A run folder that the first process writes, or memory where there is no path.

    Raises:
        OutputError: On every process, if the folder cannot be used.
    """
    return NullFolder() if path is None else run_folder(path)


def run_folder(path: str | Path) -> ResumableOutput:
    """A run folder that the first process writes.

    Raises:
        OutputError: On every process, if the folder cannot be used.
    """
    return RunFolder(path) if MPI.COMM_WORLD.size == 1 else _SharedFolder(path)


class _SharedFolder:
    """A run folder that the first process writes; the others keep history and profiles in memory."""

    keeps_snapshots = True

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        first = on_first(lambda: RunFolder(path))
        self._folder = [] if first is None else [first]
        self._own: RunOutput = first or NullFolder()

    @property
    def ended(self) -> bool:
        return agreed(any(folder.ended for folder in self._folder))

    @contextmanager
    def claimed(self) -> Iterator[None]:
        with ExitStack() as stack:
            on_first(lambda: stack.enter_context(self._folder[0].claimed()))
            yield

    def go_on(self, scenario_text: str, place: Extent) -> None:
        on_first(lambda: self._folder[0].go_on(scenario_text, place))
        (memory,) = agreed([folder.memory for folder in self._folder])
        if not self._folder:
            self._own = NullFolder(memory)

    @property
    def place(self) -> Extent:
        return self._own.place

    def start(self, scenario_text: str) -> None:
        self._everywhere(lambda: self._own.start(scenario_text))

    def step(self, row: Row) -> None:
        self._everywhere(lambda: self._own.step(row))

    def snapshot(self, profile: Profile, fields: FieldSnapshot) -> None:
        self._everywhere(lambda: self._own.snapshot(profile, fields))

    def protocol_step(self, row: Row) -> None:
        self._everywhere(lambda: self._own.protocol_step(row))

    def cycle(self, row: Row) -> None:
        self._everywhere(lambda: self._own.cycle(row))

    def finish(self, summary: Summary) -> Result:
        return self._everywhere(lambda: self._own.finish(summary))

    @staticmethod
    def _everywhere[T](action: Callable[[], T]) -> T:
        """Do something on every process; an error of the first is raised on all."""
        done = on_first(lambda: [action()])
        return action() if done is None else done[0]

    def __enter__(self) -> Self:
        self._own.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # An error may be this process's own, so nothing here may wait for the others.
        self._own.__exit__(kind, error, trace)


@contextmanager
def together(verdict: Verdict) -> Iterator[None]:
    """End all processes alike: one message and one exit code, whichever of them has an error.

    An error that all have is printed once. If one process has an error while the others go on, they would
    wait for it for ever; that process prints its error and ends them.

    Args:
        verdict: Gives the exit code and the message of an error.

    Raises:
        SystemExit: On every process, if any has an error. A single process raises its own error instead.
    """
    world = MPI.COMM_WORLD
    if world.size < launch.processes():
        raise launch.foreign(MPI.Get_library_version().split("\n")[0].strip())
    if world.size == 1:
        yield
        return
    # Of its own, so that nothing here is mistaken for what the solver sends.
    comm = world.Dup()
    code, text = 0, ""
    try:
        yield
    except BaseException as error:
        code, text = verdict(error)
    _meet(comm, code, text)
    codes = comm.allgather(code)
    comm.Free()
    failed = [rank for rank, one in enumerate(codes) if one]
    if failed:
        if world.rank == failed[0]:
            _say(text)
        raise SystemExit(codes[failed[0]])


def _say(text: str) -> None:
    # Not `sys.stderr`, which leads nowhere on all processes but the first.
    if sys.__stderr__ is not None:
        print(text, file=Unfailing(sys.__stderr__), flush=True)


def _meet(comm: MPI.Intracomm, code: int, text: str) -> None:
    """Wait for all processes; after an error of this one, at most `_PATIENCE`."""
    arrived = comm.Ibarrier()
    deadline = time.monotonic() + _PATIENCE
    while not arrived.Test():
        if code and time.monotonic() > deadline:
            _say(text)
            MPI.COMM_WORLD.Abort(code)
        time.sleep(_POLL)
