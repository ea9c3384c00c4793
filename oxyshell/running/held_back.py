"""Output of a run that can be taken back until it is certain."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from oxyshell.outputs.folder import RunOutput
from oxyshell.outputs.memory import Extent
from oxyshell.outputs.records import FieldSnapshot, Profile, Row, Summary
from oxyshell.outputs.result import Result


class HeldBackOutput:
    """Hands on what it takes: at once, or what came since `hold` when it is released."""

    def __init__(self, output: RunOutput) -> None:
        """Set up.

        Args:
            output: Takes what is certain.
        """
        self._output = output
        self._held: list[Callable[[], None]] = []
        self.holds = False
        """Whether anything is held back from now on."""

    def hold(self) -> None:
        """Hold back all that comes."""
        self.holds = True

    def release(self) -> None:
        """Hand on what was held back, and all that comes."""
        held, self._held, self.holds = self._held, [], False
        for one in held:
            one()

    def drop(self) -> None:
        """Forget what was held back, and hand on all that comes."""
        self._held, self.holds = [], False

    @property
    def place(self) -> Extent:
        """Position of what has been handed on."""
        return self._output.place

    @property
    def keeps_snapshots(self) -> bool:
        """Whether profiles and fields are taken."""
        return self._output.keeps_snapshots

    def step(self, row: Row) -> None:
        """Take a row of the history."""
        self._take(lambda: self._output.step(row))

    def snapshot(self, profile: Profile, fields: FieldSnapshot) -> None:
        """Take the profile and the fields of an output time."""
        self._take(lambda: self._output.snapshot(profile, fields))

    def protocol_step(self, row: Row) -> None:
        """Take the row of a step that has ended."""
        self._take(lambda: self._output.protocol_step(row))

    def cycle(self, row: Row) -> None:
        """Take the row of a cycle that has ended."""
        self._take(lambda: self._output.cycle(row))

    def _take(self, handing_on: Callable[[], None]) -> None:
        if self.holds:
            self._held.append(handing_on)
        else:
            handing_on()

    def finish(self, summary: Summary) -> Result:
        """Hand on the summary."""
        return self._output.finish(summary)

    def __enter__(self) -> Self:
        self._output.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._output.__exit__(kind, error, trace)
