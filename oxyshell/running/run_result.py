"""Result of a run with its scenario: a report in a notebook, figures on demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Self

from oxyshell.figure_format import width_in_inches
from oxyshell.language import documents
from oxyshell.models.base.observable import find
from oxyshell.outputs import Result
from oxyshell.presentation import notebook
from oxyshell.presentation.table import Table
from oxyshell.printable import shortened
from oxyshell.running import report
from oxyshell.running.reading import read_run
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PEAK = ("stress.first_principal.peak_MPa", "stress.first_principal.depth_nm")


@dataclass(frozen=True, eq=False, repr=False)
class RunResult(Result):
    """Everything that a run recorded; see `outputs.Result` for its attributes.

    >>> import oxyshell
    >>> result = oxyshell.run("scenarios/lrmo-ru1.yaml")
    >>> result
    <RunResult 'LRMO Ru-1': completed, 53 steps, peak first principal stress 402.9 MPa at 4.5 nm depth>
    """

    @classmethod
    def of(cls, result: Result) -> Self:
        """The same result with these methods."""
        return cls(**{one.name: getattr(result, one.name) for one in fields(Result)})

    def loaded_scenario(self) -> Scenario:
        """The scenario as it was run; its text is the attribute `scenario`.

        Raises:
            ScenarioError: If a file that it names is no longer there.
        """
        return loads(self.scenario, f"scenario of '{self.name}'", self.path)

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(documents.parse(self.scenario, "scenario").data["name"]) if self.scenario else ""

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The run in a folder; see `outputs.read_run`."""
        return cls.of(read_run(folder))

    def report_parts(self) -> Iterator[Table | str]:
        """The parts of the report that the command line prints."""
        if self.summary:
            yield from report.render(self, self.loaded_scenario())
        else:
            yield from report.of_unfinished(self)

    def plot(
        self,
        what: str | Sequence[str] = "stress",
        at: str | float | Sequence[str | float] = (),
        *,
        over: str = "",
        width: str = "7in",
    ) -> Figure:
        """Draw quantities of the run; see `oxyshell.plot` for the arguments.

        Raises:
            InputError: If the run has no such quantity or output.
        """
        # Matplotlib is loaded by it.
        from oxyshell.running.asked import figure_of

        return figure_of(self, what, at, width_in_inches(width), over)

    def _repr_html_(self) -> str:
        return notebook.fragment(self.report_parts(), self.name)

    def __repr__(self) -> str:
        count = self.summary.get("steps", self.history.rows)
        told = [self.summary.get("status", "not ended"), f"{count} steps", *self._peak()]
        folder = "" if self.path is None else f"; in {self.path}"
        return f"<RunResult '{shortened(self.name)}': {', '.join(told)}{folder}>"

    def _peak(self) -> Iterator[str]:
        """The largest stress, of a run that has one."""
        peak, depth = (find(self.summary, path) for path in _PEAK)
        if isinstance(peak, float) and isinstance(depth, float):
            yield f"peak first principal stress {peak:.1f} MPa at {depth:.1f} nm depth"
