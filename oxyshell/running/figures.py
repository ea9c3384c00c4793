"""Figures of a run, in its folder."""

from __future__ import annotations

from pathlib import Path

from oxyshell.models import registry
from oxyshell.models.base.observable import SectionArrays
from oxyshell.models.base.physics import Figure, LabelledRun
from oxyshell.outputs import Result
from oxyshell.scenario.scenario import Scenario


def draw(result: Result, scenario: Scenario) -> None:
    """Draw the figures of a run into its folder, and of a radial one a section for ParaView."""
    from oxyshell.outputs.bodies import write_bodies

    assert result.path is not None
    if sweeps := scenario.particle.sweeps():
        write_bodies(result.path, result.profiles, result.fields, sweeps, _section_arrays(result))
    for figure in _figures(result, scenario):
        figure.draw(_file(result.path, figure))


def are_drawn(result: Result, scenario: Scenario) -> bool:
    """Whether all figures of a run are in its folder."""
    assert result.path is not None
    return all(_file(result.path, figure).exists() for figure in _figures(result, scenario))


def _figures(result: Result, scenario: Scenario) -> list[Figure]:
    run = LabelledRun(scenario.name, scenario, result)
    return [figure for physics in registry.physics() for figure in physics.figures([run])]


def _file(folder: Path, figure: Figure) -> Path:
    return folder / "figures" / f"{figure.name}.png"


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
