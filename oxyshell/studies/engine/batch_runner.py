"""Points run batch after batch by the same workers, for studies that choose points by what came before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from oxyshell.errors import OxyshellError
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.journal import NAME, Journal, NullJournal
from oxyshell.studies.engine.point_runner import Job, Outcome
from oxyshell.studies.engine.points import ResolvedPoint, WrongPointError, resolve
from oxyshell.studies.engine.quantities import Interest
from oxyshell.studies.engine.workers import Executor

type Values = Mapping[str, Any]


class BatchRunner:
    """Runs points and remembers them, in memory and in the journal of a folder. Use it as a context manager.

    Args:
        scenario: What the points start from.
        interests: What is wanted of each.
        executor: What runs them.
        out: Folder of the journal, in which a study that was stopped goes on; in memory without.
        retry: Whether points that failed before, as the journal knows, are tried again.
    """

    def __init__(
        self,
        scenario: Scenario,
        interests: Sequence[Interest],
        executor: Callable[[Job], Executor],
        out: Path | None = None,
        retry: bool = False,
    ) -> None:
        self._scenario = scenario
        self._interests = tuple(interests)
        self._executor = executor(Job(scenario, self._interests))
        self._journal = NullJournal() if out is None else Journal(out / NAME)
        known = self._journal.outcomes.values() if retry else ()
        self._asked: set[str] = set()
        self._again = {one.key for one in known if one.status != "completed"}

    def __enter__(self) -> Self:
        self._executor.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._executor.__exit__(kind, error, trace)
        finally:
            self._journal.__exit__(kind, error, trace)

    def run(
        self, points: Sequence[Values], told: Callable[[Outcome], None] = lambda outcome: None
    ) -> list[Outcome]:
        """What becomes of points, in their order; what is known already is not run again.

        Args:
            points: Values by path.
            told: Is told of every point that has just been run.

        Raises:
            OxyshellError: If the workers do not start.
        """
        resolved = [self._resolved(values) for values in points]
        new: dict[str, ResolvedPoint] = {}
        for one in resolved:
            match one:
                case ResolvedPoint(key=key) if not self._knows(key):
                    new[key] = one
        for outcome in self._executor.outcomes(list(new.values())) if new else ():
            self._journal.add(outcome)
            self._again.discard(outcome.key)
            told(outcome)
        known = self._journal.outcomes
        self._asked |= {one.key for one in resolved if isinstance(one, ResolvedPoint)}
        return [known[one.key] if isinstance(one, ResolvedPoint) else one for one in resolved]

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

    @property
    def remarks(self) -> tuple[tuple[str, ...], ...]:
        """The remarks of every point so far."""
        return tuple(tuple(self._journal.outcomes[key].remarks) for key in sorted(self._asked))

    def _knows(self, key: str) -> bool:
        known = self._journal.outcomes.get(key)
        return known is not None and known.answers(self._interests) and key not in self._again

    def _resolved(self, values: Values) -> ResolvedPoint | Outcome:
        """A point, or why it is no scenario."""
        try:
            (point,) = resolve(self._scenario, [values])
        except WrongPointError as error:
            return Outcome("", "failed", " ".join(str(error.error).split()))
        return point
