"""Figures of every run: content and stress in cuts through the particle, and their course in time."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from oxyshell.models.base.physics import Figure, LabelledRun
from oxyshell.presentation.numbers import directed

if TYPE_CHECKING:
    from oxyshell.drawing.profiles import Edge, LabelledProfiles


def figures(runs: Sequence[LabelledRun]) -> tuple[Figure, ...]:
    """Cuts through the particles, which a comparison draws beside published peaks, and the histories."""

    def particle(path: Path, width: float) -> None:
        from oxyshell.drawing.particle import particle_figure

        particle_figure([labelled_profiles(run) for run in runs], path, width)

    def history(path: Path, width: float) -> None:
        from oxyshell.drawing.history import history_figure
        from oxyshell.models.ions.figure import labelled_history

        history_figure([labelled_history(run) for run in runs], path, width)

    return Figure("particle", particle, compares=False), Figure("history", history)


def labelled_profiles(run: LabelledRun) -> LabelledProfiles:
    """The profiles of a run, with all that it takes to cut its particle open."""
    from oxyshell.drawing.profiles import LabelledProfiles

    particle = run.scenario.particle
    volume, *others = {part.material.molar_volume.value for part in run.scenario.parts}
    return LabelledProfiles(
        label=run.label,
        profiles=run.result.profiles,
        molar_volume_m3_mol=None if others else volume,
        ion=run.scenario.material.ion.species,
        body=particle.body(run.result.fields),
        edges=_edges(run),
        scattered=any(layer.section.thickness is None for layer in run.scenario.layers),
    )


def _edges(run: LabelledRun) -> tuple[Edge, ...]:
    """The inner edges of the layers whose thickness is known, from outside in."""
    from oxyshell.drawing.profiles import Edge

    hosts = {part.name for part in run.scenario.parts}
    known = [layer for layer in reversed(run.scenario.layers) if layer.section.thickness is not None]
    depths = itertools.accumulate(layer.section.thickness.value for layer in known)
    return tuple(Edge(depth, layer.name in hosts) for depth, layer in zip(depths, known, strict=True))


def output_in_words(run: LabelledRun, state: int, digits: int, between: str) -> str:
    """Time and content of an output of a run: "9.8 h, 0.71 Li extracted"."""
    from oxyshell.drawing.scales import duration
    from oxyshell.drawing.text import shown

    profiles, ion = run.result.profiles, shown(run.scenario.material.ion.species)
    extracted = directed(float(profiles.extracted[state]), digits, ion)
    return f"{duration(float(profiles.times[state]))}{between}{extracted}"


def content_in_words(run: LabelledRun) -> str:
    """The label of an axis of what was extracted."""
    from oxyshell.drawing.text import shown

    return f"{shown(run.scenario.material.ion.species)} extracted per formula unit"
