"""Figures of a run, in its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from oxyshell.errors import InputError
from oxyshell.figure_format import TWO_COLUMNS, FigureFormat
from oxyshell.models import registry
from oxyshell.models.base.observable import SectionArrays
from oxyshell.models.base.physics import Figure, LabelledRun
from oxyshell.outputs import Result
from oxyshell.outputs.folder import LOG, RunFolder
from oxyshell.outputs.log import unexpected_errors_in
from oxyshell.running.reading import read_run
from oxyshell.scenario.scenario import Scenario

type Told = Callable[[Result], object]
"""Is given the result of a run before its figures are drawn."""


def silently(_: Result) -> None:
    """Tell nobody."""


def draw_again(folder: Path, scenario: Scenario, figures: FigureFormat, width: float = TWO_COLUMNS) -> None:
    """Draw the figures of a finished run from its files.

    Args:
        folder: The run folder.
        scenario: The scenario in it.
        figures: Their format.
        width: Their width in inches.

    Raises:
        InputError: If the run did not reach its end.
        OutputError: If the folder cannot be read or written, or a run is writing there.
    """
    with RunFolder(folder).claimed(), unexpected_errors_in(folder / LOG):
        result = read_run(folder)
        if not result.summary:
            raise InputError(f"found a run in {folder} that did not reach its end; go on with it by --resume")
        for path, figure in _files(result, scenario, figures):
            figure.draw(path, width)


def draw(result: Result, scenario: Scenario, figures: FigureFormat) -> None:
    """Draw the figures of a run that its folder lacks, and of a radial one a section for ParaView."""
    missing = [(path, figure) for path, figure in _files(result, scenario, figures) if not path.exists()]
    if missing or not figures.suffixes:
        _write_section(result, scenario)
    for path, figure in missing:
        figure.draw(path)


def draw_into(folder: Path, result: Result, scenario: Scenario, figures: FigureFormat) -> None:
    """Draw the figures of a run into any folder."""
    for path, figure in _files(replace(result, path=folder), scenario, figures):
        figure.draw(path)


def _write_section(result: Result, scenario: Scenario) -> None:
    from oxyshell.outputs.bodies import write_bodies

    assert result.path is not None
    if sweeps := scenario.particle.sweeps():
        write_bodies(result.path, result.profiles, result.fields, sweeps, _section_arrays(result))


def _files(result: Result, scenario: Scenario, figures: FigureFormat) -> Iterator[tuple[Path, Figure]]:
    """The figures of a run, each with its file."""
    assert result.path is not None
    run = LabelledRun(scenario.name, scenario, result)
    for suffix in figures.suffixes:
        for physics in registry.physics():
            for figure in physics.figures([run]):
                yield result.path / "figures" / f"{figure.name}{suffix}", figure


def _section_arrays(result: Result) -> SectionArrays:
    """Those of all physics that the run has."""
    parts = [one.section_arrays() for one in registry.physics()]
    return SectionArrays(
        scalars=tuple(name for one in parts for name in one.scalars if name in result.profiles),
        vectors=tuple(name for one in parts for name in one.vectors if name in result.profiles),
        tensors={
            name: made
            for one in parts
            for name, made in one.tensors.items()
            if all(array in result.profiles for array in made)
        },
    )
