"""Executors: what runs points, and the choice between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from oxyshell.studies.engine.point_runner import Job, Outcome
from oxyshell.studies.engine.points import ResolvedPoint


class Executor(AbstractContextManager["Executor", None], Protocol):
    """Runs points. Use it as a context manager; `outcomes` may be called again and again."""

    def outcomes(self, points: Sequence[ResolvedPoint]) -> Iterator[Outcome]:
        """Run points and give the outcome of each as it comes, in any order."""


type ExecutorFor = Callable[[Job], Executor]


def executor_for(workers: int = 1, scheduler: str | None = None) -> ExecutorFor:
    """Processes on this machine, or an existing Dask cluster.

    Args:
        workers: Number of processes.
        scheduler: Address of a Dask scheduler, such as tcp://node1:8786.
    """
    if scheduler is not None:
        from oxyshell.studies.engine.cluster import DaskCluster

        return lambda job: DaskCluster(job, scheduler)
    from oxyshell.studies.engine.workers import Workers

    return lambda job: Workers(job, workers)
