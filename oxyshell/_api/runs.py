"""Functions that run scenarios, read runs back, and show and draw results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from oxyshell.figure_format import FigureFormat, width_in_inches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from matplotlib.figure import Figure

    from oxyshell.outputs import Progress
    from oxyshell.running.run_result import RunResult
    from oxyshell.scenario.scenario import Scenario


def run(
    scenario: Scenario | str | Path | Mapping[str, Any],
    out: str | Path | None = None,
    progress: Progress | None = None,
    *,
    resume: bool = False,
    checkpoint_every: Any = "30 s",
    overwrite: bool = False,
    figures: str = "png",
) -> RunResult:
    """Run a scenario; under `mpiexec`, on all processes together.

        >>> result = oxyshell.run("scenarios/lrmo-ru1.yaml")
        >>> round(result.summary["stress"]["first_principal"]["peak_MPa"], 1)
        402.9

    Args:
        scenario: A scenario, its file, or its content as a mapping.
        out: Run folder; without one nothing is written.
        progress: Progress reporter; none by default.
        resume: Whether to go on from the checkpoint in the folder, if there is one; the outcome is the same
            to the last bit. A run that reached its end is read back.
        checkpoint_every: Wall time between two checkpoints, besides those at output times: a text, or a
            quantity of pint.
        overwrite: Whether the run of another scenario in the folder is replaced.
        figures: Format of the figures in the folder: "png", "svg", "pdf", or "none" to draw none.

    Returns:
        Summary, history, profiles and fields.

    Raises:
        ScenarioError: If a file has mistakes, each with its line.
        InputError: If the folder holds the run of another scenario, and it is not to be replaced.
        OxyshellError: If the run cannot be solved or written; the results up to then stay in the folder.
    """
    from oxyshell._api.sources import scenario_of
    from oxyshell.running import simulation
    from oxyshell.scenario.overrides import parse_time

    every = parse_time(checkpoint_every, "checkpoint_every")
    return simulation.run(
        scenario_of(scenario),
        out,
        progress,
        resume,
        every,
        overwrite=overwrite,
        figures=FigureFormat.of(figures),
    )


def read_run(folder: str | Path) -> RunResult:
    """Read a run back.

        >>> _ = oxyshell.run("scenarios/lrmo-ru1.yaml", "results/ru1", figures="none")
        >>> oxyshell.read_run("results/ru1").history["time_s"].size
        54

    Args:
        folder: A run folder.

    Returns:
        Summary, history, profiles and fields.

    Raises:
        OutputError: If there is no complete run in the folder.
    """
    from oxyshell.running.run_result import RunResult

    return RunResult.read(Path(folder))


def plot(
    source: RunResult | str | Path,
    what: str | Sequence[str] = "stress",
    at: str | float | Sequence[str | float] = (),
    *,
    over: str = "",
    width: str = "7in",
) -> Figure:
    """Draw quantities of a run.

        >>> result = oxyshell.run("scenarios/lrmo-ru1.yaml")
        >>> figure = oxyshell.plot(result, "hoop", at=[0.2, 0.8], width="3.4in")
        >>> len(figure.axes)
        1

    Args:
        source: A run, or its folder.
        what: Arrays of the profiles and columns of the history by name, also without their unit; "stress" is
            the first principal stress.
        at: Where profiles are drawn: a number is the content extracted per formula unit, a text with a unit
            such as "2 h" a time; the nearest output is taken. By default up to six outputs.
        over: "depth" (default) or "radius" for profiles, "time" (default) or "content" for the history.
        width: Of the figure on paper, such as "7in", "3.4in" or "86mm".

    Returns:
        The figure; a notebook shows it.

    Raises:
        InputError: If the run has no such quantity or output.
        OutputError: If there is no run in the folder.
    """
    from oxyshell._api.sources import run_of

    return run_of(source).plot(what, at, over=over, width=width)


def draw(folder: str | Path, figures: str = "png", width: str = "7in") -> None:
    """Draw the figures of a finished run or study, as `oxyshell plot DIR` does, into its folder.

        >>> _ = oxyshell.run("scenarios/lrmo-ru1.yaml", "results/drawn", figures="none")
        >>> oxyshell.draw("results/drawn", "svg")
        >>> any(Path("results/drawn/figures").glob("*.svg"))
        True

    Args:
        folder: The folder.
        figures: Their format: "png", "svg" or "pdf".
        width: Their width on paper, such as "7in" or "86mm".

    Returns:
        Nothing.

    Raises:
        InputError: If there are no finished results, or such as do not hold all that their figures show.
        OutputError: If a file cannot be read, or the disk refuses.
    """
    from oxyshell.studies.drawing_again import draw_again

    draw_again(Path(folder), FigureFormat.of(figures), width_in_inches(width))


def show(source: Any) -> None:
    """Print the tables and sentences that the command line prints for a run or a study.

        >>> import contextlib, io
        >>> with contextlib.redirect_stdout(io.StringIO()) as printed:
        ...     oxyshell.show(oxyshell.run("scenarios/lrmo-ru1.yaml"))
        >>> "402.9 MPa" in printed.getvalue()
        True

    Args:
        source: A result, or the folder of a run or a study; of a run that has not ended, how far it came.

    Returns:
        Nothing.

    Raises:
        InputError: If there are no results in the folder.
        OutputError: If a file cannot be read.
    """
    from oxyshell.cli.printing import print_all
    from oxyshell.studies import shown_again

    print_all(shown_again.report(Path(source)) if isinstance(source, str | Path) else source.report_parts())


def report(source: RunResult | str | Path, out: str | Path | None = None) -> Path:
    """Write the report of a finished run or study as one HTML page.

        >>> _ = oxyshell.run("scenarios/lrmo-ru1.yaml", "results/reported", figures="none")
        >>> oxyshell.report("results/reported").name
        'report.html'

    Args:
        source: A result with a folder, or the folder.
        out: The page; `report.html` in the folder by default.

    Returns:
        The page.

    Raises:
        InputError: If there are no finished results in the folder.
        OutputError: If a file cannot be read, or the disk refuses.
    """
    from oxyshell import reports
    from oxyshell._api.sources import folder_of

    return reports.report(folder_of(source), out)


def view(source: RunResult | str | Path, out: str | Path | None = None) -> Path:
    """Write a page with an interactive view of the fields of a run; a browser opens it without a network.

        >>> _ = oxyshell.run("scenarios/lrmo-ru1.yaml", "results/viewed", figures="none")
        >>> oxyshell.view("results/viewed").name
        'view.html'

    Args:
        source: A result with a folder, or the folder; of a radial run a section of the particle is shown.
        out: The page; `view.html` in the folder by default.

    Returns:
        The page.

    Raises:
        InputError: If the run has no fields.
        OutputError: If a file cannot be read, or the disk refuses.
        OxyshellError: If the extra 'view' is not installed.
    """
    from oxyshell import reports
    from oxyshell._api.sources import folder_of

    return reports.view(folder_of(source), out)


def paraview_state(source: RunResult | str | Path) -> Path:
    """Write a script that opens the fields of a run in ParaView, with colours, time and deformation set.

        >>> _ = oxyshell.run("scenarios/lrmo-ru1.yaml", "results/in-paraview", figures="none")
        >>> oxyshell.paraview_state("results/in-paraview").name
        'paraview_state.py'

    Args:
        source: A result with a folder, or the folder.

    Returns:
        The script, which ParaView loads by File > Load State.

    Raises:
        InputError: If the run has no fields at output times.
        OutputError: If a file cannot be read, or the disk refuses.
    """
    from oxyshell._api.sources import folder_of
    from oxyshell.outputs.paraview import write_state
    from oxyshell.running.reading import read_run

    return write_state(read_run(folder_of(source))).path
