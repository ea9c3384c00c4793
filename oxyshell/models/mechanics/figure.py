"""Figures of every run: content and stress in cuts through the particle, and their course in time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from oxyshell.models.base.physics import Figure, LabelledRun

if TYPE_CHECKING:
    from oxyshell.drawing.particle import LabelledProfiles


def figures(runs: Sequence[LabelledRun]) -> tuple[Figure, ...]:
    """Cuts through the particles, which a comparison draws beside published peaks, and the histories."""

    def particle(path: Path) -> None:
        from oxyshell.drawing.particle import particle_figure

        particle_figure([labelled_profiles(run) for run in runs], path)

    def history(path: Path) -> None:
        from oxyshell.drawing.history import history_figure
        from oxyshell.models.ions.figure import labelled_history

        history_figure([labelled_history(run) for run in runs], path)

    return Figure("particle", particle, compares=False), Figure("history", history)


def labelled_profiles(run: LabelledRun) -> LabelledProfiles:
    """The profiles of a run, with all that it takes to cut its particle open."""
    from oxyshell.drawing.particle import LabelledProfiles

    particle = run.scenario.particle
    volume, *others = {part.material.molar_volume.value for part in run.scenario.parts}
    thicknesses = [layer.section.thickness for layer in run.scenario.layers]
    return LabelledProfiles(
        label=run.label,
        profiles=run.result.profiles,
        molar_volume_m3_mol=None if others else volume,
        ion=run.scenario.material.ion.species,
        body=particle.body(run.result.fields),
        layer_m=sum(one.value for one in thicknesses if one is not None),
    )
