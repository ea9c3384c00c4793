"""The interface of a finding, and several of them as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from oxyshell.solver.moment import Moment


class Finding(Protocol):
    """Watches one run, from its start to its end, for one kind of fact."""

    @property
    def name(self) -> str:
        """Under which a checkpoint keeps it."""

    def step(self, moment: Moment, row: Mapping[str, float]) -> Mapping[str, float]:
        """Look at an accepted step, and give the columns that the history gains by it.

        Args:
            moment: The state after the step.
            row: The columns of the history that every run has.
        """

    def summary(self) -> Mapping[str, object]:
        """Entries of the summary."""

    def of_step(self, index: int) -> Mapping[str, object]:
        """Entries of the summary for one step of the protocol."""

    def remarks(self) -> Iterator[str]:
        """Sentences for the reader of the results; none where there is nothing to tell."""

    def remembered(self) -> Mapping[str, Any]:
        """State after the steps so far, as plain numbers."""

    def go_on(self, remembered: Mapping[str, Any]) -> None:
        """Take over the state that `remembered` gave."""


class Findings:
    """All findings of a run; none by default."""

    def __init__(self, findings: Sequence[Finding] = ()) -> None:
        """Set up.

        Args:
            findings: Of different names.
        """
        self._findings = tuple(findings)

    def step(self, moment: Moment, row: Mapping[str, float]) -> dict[str, float]:
        """Look at an accepted step, and give all columns; the arguments are those of a finding."""
        return {name: value for one in self._findings for name, value in one.step(moment, row).items()}

    def summary(self) -> dict[str, object]:
        """All entries of the summary."""
        return {name: value for one in self._findings for name, value in one.summary().items()}

    def of_step(self, index: int) -> dict[str, object]:
        """All entries for one step of the protocol."""
        return {name: value for one in self._findings for name, value in one.of_step(index).items()}

    def remarks(self) -> list[str]:
        """All sentences."""
        return [remark for one in self._findings for remark in one.remarks()]

    def remembered(self) -> dict[str, Mapping[str, Any]]:
        """State after the steps so far, by the findings' names."""
        return {one.name: one.remembered() for one in self._findings}

    def go_on(self, remembered: Mapping[str, Mapping[str, Any]]) -> None:
        """Take over the state that `remembered` gave."""
        for one in self._findings:
            one.go_on(remembered[one.name])
