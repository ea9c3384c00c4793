"""Points on an existing Dask cluster."""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Self

from oxyshell.errors import OxyshellError
from oxyshell.optional_dependencies import require
from oxyshell.studies.engine.point_runner import Job, Outcome, PointRunner
from oxyshell.studies.engine.points import ResolvedPoint

# Points handed to the scheduler ahead of what runs: enough to keep a large cluster busy.
_AHEAD = 1000
# How often the job is sent to workers that break the connection, and the time between, s.
_TRANSFERS, _PAUSE = 10, 1.0
PATIENCE = "30s"
"""Longest time to wait for the scheduler."""


class DaskCluster:
    """Workers of a Dask cluster, one thread each.

    Args:
        job: The part that the points have in common; its folder has to be one that all workers see.
        address: Where the scheduler is.

    Raises:
        OxyshellError: If Dask is not installed or nobody answers.
    """

    def __init__(self, job: Job, address: str) -> None:
        require("cluster", "A Dask cluster", "distributed")
        import distributed

        self._job = job
        self._name = f"oxyshell-{uuid.uuid4().hex}"
        try:
            self._client: Any = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise OxyshellError(
                f"no Dask scheduler answers at {address} ({error}); start one with 'dask scheduler'"
            ) from error

    def __enter__(self) -> Self:
        self._job_there = self._everywhere()
        return self

    def _everywhere(self) -> Any:
        """Give the job to all workers; one that dies just then breaks the transfer: then once more."""
        tries = 0
        while True:
            tries += 1
            try:
                return self._client.scatter(self._job, broadcast=True, hash=False)
            except OSError as error:  # what Dask raises of broken connections
                if tries == _TRANSFERS:
                    raise OxyshellError(f"the job does not reach the cluster's workers ({error})") from error
                time.sleep(_PAUSE)

    def __exit__(self, *_: Any) -> None:
        self._client.close()

    def outcomes(self, points: Sequence[ResolvedPoint]) -> Iterator[Outcome]:
        """See `Executor`."""
        from distributed import as_completed

        waiting = iter(sorted(points, key=lambda point: point.group))
        keys: dict[str, str] = {}

        def submitted(count: int) -> list[Any]:
            futures = []
            for point in itertools.islice(waiting, count):
                future = self._client.submit(_run_there, self._name, self._job_there, point, pure=False)
                keys[future.key] = point.key
                futures.append(future)
            return futures

        running = as_completed(submitted(_AHEAD), loop=self._client.loop)
        for future in running:
            yield _outcome(future, keys.pop(future.key))
            future.release()
            running.update(submitted(1))


def _outcome(future: Any, key: str) -> Outcome:
    """The outcome of a future, also if all of its workers died."""
    error = future.exception()
    if error is None:
        outcome: Outcome = future.result()
        return outcome
    return Outcome(key, "killed", " ".join(f"{type(error).__name__}: {error}".split()))


# What follows runs in the workers. Dask pickles functions, not what they refer to.


def _run_there(name: str, job: Job, point: ResolvedPoint) -> Outcome:
    from distributed import get_worker

    # FEniCSx is neither to be used by two threads at once nor to be set up for each point.
    kept = get_worker().__dict__.setdefault("_oxyshell", {"lock": threading.Lock()})
    with kept["lock"]:
        if name not in kept:
            for old in [key for key in kept if key != "lock"]:
                del kept[old]
            kept[name] = PointRunner(job, job.timeout)
        outcome: Outcome = kept[name].run(point)
        return outcome
