"""Runs points batch after batch with the same workers, and remembers their outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from oxyshell.errors import OxyshellError
from oxyshell.studies.engine.executors import ExecutorFor
from oxyshell.studies.engine.journal import NAME, Journal, NullJournal
from oxyshell.studies.engine.point_runner import Job, Outcome, has_run, read_outcome
from oxyshell.studies.engine.points import ResolvedPoint, WrongPointError, resolve

type Values = Mapping[str, Any]


class BatchRunner:
    """Runs points and remembers them, in memory and in the journal of a folder. Use it as a context manager.

    Args:
        job: The part that the points have in common.
        executor_for: Makes what runs them.
        out: Folder of the journal, in which a study that was stopped goes on; in memory without.
        retry: Whether points that failed before, as the journal knows, are tried again.
    """

    def __init__(
        self, job: Job, executor_for: ExecutorFor, out: Path | None = None, retry: bool = False
    ) -> None:
        self._job = job
        self._executor = executor_for(job)
        self._journal = NullJournal() if out is None else Journal(out / NAME)
        known = self._journal.outcomes.values() if retry else ()
        self._asked: set[str] = set()
        self._again = {one.key for one in known if one.status != "completed"}

    def __enter__(self) -> Self:
        self._executor.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        with self._journal:
            self._executor.__exit__(*error)

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """All outcomes so far, by the points' keys."""
        return self._journal.outcomes

    @property
    def remarks(self) -> tuple[tuple[str, ...], ...]:
        """The remarks of every point that `run` was asked for."""
        return tuple(tuple(self.outcomes[key].remarks) for key in sorted(self._asked))

    def pending(self, points: Iterable[ResolvedPoint]) -> list[ResolvedPoint]:
        """The points that have to be run, each content once."""
        distinct = {point.key: point for point in points}
        return [point for point in distinct.values() if not self._is_known(point.key)]

    def run_pending(self, points: Sequence[ResolvedPoint], report: Callable[[Outcome], None]) -> None:
        """Run points that `pending` gave, and report each."""
        for outcome in self._executor.outcomes(points) if points else ():
            self._journal.add(outcome)
            self._again.discard(outcome.key)
            report(outcome)

    def run(
        self, points: Sequence[Values], report: Callable[[Outcome], None] = lambda outcome: None
    ) -> list[Outcome]:
        """The outcomes of points, in their order; those that are known already are not run again.

        Args:
            points: Values by path.
            report: Receives the outcome of every point that has just been run.

        Raises:
            OxyshellError: If the workers do not start.
        """
        found = self._resolved(points)
        valid = [one for one in found if isinstance(one, ResolvedPoint)]
        self.run_pending(self.pending(valid), report)
        self._asked |= {one.key for one in valid}
        return [self.outcomes[one.key] if isinstance(one, ResolvedPoint) else one for one in found]

    def numbers(self, values: Values) -> Mapping[str, float]:
        """The numbers of one point that a study cannot do without.

        Raises:
            OxyshellError: If it has none.
        """
        (outcome,) = self.run([values])
        if outcome.status != "completed":
            told = ", ".join(f"{path} = {value}" for path, value in values.items()) or "the scenario as it is"
            raise OxyshellError(f"{told} {outcome.status}: {outcome.reason}")
        return outcome.numbers

    def _is_known(self, key: str) -> bool:
        known, job = self.outcomes.get(key), self._job
        if known is not None and known.status != "completed":
            return key not in self._again
        if known is not None and known.answers(job.interests) and (not job.runs or has_run(job.runs, key)):
            return True
        # Finished, but not in this journal: by a sweep that was killed just then, or by another one.
        stored = read_outcome(job.runs, key, job.interests) if job.runs else None
        if stored is not None:
            self._journal.add(stored)
        return stored is not None

    def _resolved(self, points: Sequence[Values]) -> Sequence[ResolvedPoint | Outcome]:
        """Points, or why they are no scenarios."""
        try:
            return resolve(self._job.scenario, points)
        except WrongPointError as error:
            if len(points) == 1:
                return [Outcome("", "failed", " ".join(str(error).split()))]
        return [one for values in points for one in self._resolved([values])]
