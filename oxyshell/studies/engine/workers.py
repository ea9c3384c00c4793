"""Worker processes on this machine.

A loop of our own, because of what it has to hold: a worker that is killed at any instant costs the point it
was at and nothing else (one pipe for each worker, no lock that a dead process could leave taken), points that
share a mesh go to the same worker, thread counts are set before anything is imported, and scripts need no
guard against being imported again. The executors of multiprocessing and loky break as a whole when a worker
dies; that of pebble survives, but its workers share one pipe and its lock.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path
from typing import IO, Any, Self

from oxyshell.errors import OxyshellError
from oxyshell.launch import without_launcher
from oxyshell.outputs.progress import NOTICES
from oxyshell.studies.engine import worker
from oxyshell.studies.engine.point_runner import Job, Notice, Outcome
from oxyshell.studies.engine.points import ResolvedPoint
from oxyshell.studies.engine.run_solvers import too_long

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
_MOST_FAILED_STARTS = 3
_NOTICES = logging.getLogger(NOTICES)


class Workers:
    """Processes on this machine, each with one thread, FEniCSx imported once and meshes kept.

    Args:
        job: The part that the points have in common.
        count: Number of processes.

    Raises:
        OxyshellError: If there is to be no process at all.
    """

    def __init__(self, job: Job, count: int) -> None:
        if count < 1:
            raise OxyshellError(f"a sweep needs at least one worker, not {count}")
        self._job = job
        self._count = count
        self._members: list[_Member] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: Any) -> None:
        """End the processes, whatever they are at."""
        for member in self._members:
            member.end()
        self._members.clear()

    def outcomes(self, points: Sequence[ResolvedPoint]) -> Iterator[Outcome]:
        """See `Executor`.

        Raises:
            OxyshellError: If the workers do not even start.
        """
        queue = _Queue(points)
        while len(self._members) < min(self._count, len(points)):
            self._members.append(_Member(self._job))
        while True:
            self._occupy(queue)
            busy = [member for member in self._members if member.waited_for]
            if not queue and not any(member.point for member in busy):
                return
            patience = max(0.0, min((member.deadline for member in busy), default=0.0) - time.monotonic())
            ready = wait([member.connection for member in busy], min(patience, 3600.0))
            for member in busy:
                outcome = member.heard(queue) if member.connection in ready else member.overdue()
                if outcome is not None:
                    # Before the outcome is written, so that nobody waits for that.
                    self._occupy(queue)
                    yield outcome

    def _occupy(self, queue: _Queue) -> None:
        """Give points to free processes."""
        for member in self._members:
            if member.free and queue:
                member.take(queue.next_for(member.group))


class _Member:
    """One process: starting, free, or at a point."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._failed_starts = 0
        self.group = ""
        self._start()

    def _start(self) -> None:
        self.point: ResolvedPoint | None = None
        self._started = self._begun = False
        self.deadline = float("inf")
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the process)
        self.connection, other = Pipe()
        with other:
            command = [sys.executable, "-P", "-m", "oxyshell.studies.engine.worker", str(other.fileno())]
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=self._complaints,
                stderr=self._complaints,
                pass_fds=(other.fileno(),),
                env=_environment(),
            )
        self._send(self._job)

    @property
    def free(self) -> bool:
        return self._started and self.point is None

    @property
    def waited_for(self) -> bool:
        return self.point is not None or not self._started

    def take(self, point: ResolvedPoint) -> None:
        """Send a point to a free process."""
        self.group, self.point, self._begun = point.group, point, False
        self._since = time.monotonic()
        self.deadline = self._since + self._job.timeout
        self._send(point)

    def heard(self, queue: _Queue) -> Outcome | None:
        """Receive a message of the process: a point's outcome, something else (None), or its end.

        Args:
            queue: Where a point goes back to that the process died with before it had begun.
        """
        try:
            message = self.connection.recv()
        except (EOFError, OSError):
            return self._died(queue)
        match message:
            case worker.READY:
                self._started = True
            case worker.TAKEN:
                self._begun, self._failed_starts = True, 0
            case Notice(text=text):
                _NOTICES.info("%s", text)
            case Outcome():
                self.point, self.deadline = None, float("inf")
                return message
        return None

    def overdue(self) -> Outcome | None:
        """Give up a point that takes too long."""
        if self.point is None or time.monotonic() < self.deadline:
            return None
        outcome = Outcome(self.point.key, "timed out", too_long(self._job.timeout), {}, self._seconds())
        self.end()
        self._start()
        return outcome

    def end(self) -> None:
        """Kill the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self.connection, self._complaints):
            assert stream is not None
            stream.close()

    def _died(self, queue: _Queue) -> Outcome | None:
        code = self._process.wait()
        reason = (
            f"the worker was ended by signal {-code}" if code < 0 else f"the worker ended with code {code}"
        )
        last = self._last_words()
        point, begun = self.point, self._begun
        self.end()
        if point is not None and begun:
            self._start()
            return Outcome(point.key, "killed", f"{reason}{last}", {}, self._seconds())
        if point is not None:
            queue.put_back(point)
        self._failed_starts += 1
        if self._failed_starts >= _MOST_FAILED_STARTS:
            raise OxyshellError(f"no worker can be started: {reason}{last}")
        self._start()
        return None

    def _last_words(self) -> str:
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").split("\n")
        spoken = [line.strip() for line in lines if line.strip()]
        return f": {spoken[-1][:300]}" if spoken else ""

    def _seconds(self) -> float:
        return time.monotonic() - self._since

    def _send(self, message: Job | ResolvedPoint) -> None:
        # If it is dead, `heard` will find out.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError), _broken_pipes_raise():
            self.connection.send(message)


class _Queue:
    """Points to be run, by groups that can share a mesh."""

    def __init__(self, points: Sequence[ResolvedPoint]) -> None:
        self._groups: dict[str, deque[ResolvedPoint]] = {}
        for point in points:
            self._groups.setdefault(point.group, deque()).append(point)
        self._untouched = deque(self._groups)

    def __bool__(self) -> bool:
        return bool(self._groups)

    def next_for(self, group: str) -> ResolvedPoint:
        """A point of the group, else of one that nobody has begun, else of the largest that is left."""
        if group not in self._groups:
            group = self._fresh()
        points = self._groups[group]
        point = points.popleft()
        if not points:
            del self._groups[group]
        return point

    def put_back(self, point: ResolvedPoint) -> None:
        """Take back a point that was not begun."""
        self._groups.setdefault(point.group, deque()).appendleft(point)

    def _fresh(self) -> str:
        while self._untouched:
            group = self._untouched.popleft()
            if group in self._groups:
                return group
        return max(self._groups, key=lambda group: len(self._groups[group]))


@contextlib.contextmanager
def _broken_pipes_raise() -> Iterator[None]:
    """Where a script has loaded it first, PETSc ends what writes to a dead process; here that is an error."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPIPE})
    try:
        yield
    finally:
        signal.sigtimedwait({signal.SIGPIPE}, 0)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _environment() -> dict[str, str]:
    """This process's environment, with one thread for each library, and a path to this very package.

    What started this process with others is not for the workers.
    """
    package = str(Path(__file__).parents[3])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    inherited = without_launcher(os.environ)
    return {**inherited, **dict.fromkeys(_ONE_THREAD, "1"), "PYTHONPATH": os.pathsep.join(paths)}
