"""Figures of a run and of several runs beside each other, drawn without Matplotlib's global state."""

from oxyshell.outputs import _matplotlib  # noqa: F401 (loads it, before anything else does)
from oxyshell.outputs.figures.bodies import Body, Round, Slab, Solid
from oxyshell.outputs.figures.comparison import PeakStress, comparison_figure
from oxyshell.outputs.figures.factorial import FactorialCell, factorial_figure
from oxyshell.outputs.figures.history import LabelledHistory, StepEnd, history_figure
from oxyshell.outputs.figures.oxygen import LabelledOxygen, oxygen_figure
from oxyshell.outputs.figures.particle import LabelledProfiles, particle_figure
from oxyshell.outputs.figures.release import PublishedShares, release_figure

__all__ = [
    "Body",
    "FactorialCell",
    "LabelledHistory",
    "LabelledOxygen",
    "LabelledProfiles",
    "PeakStress",
    "PublishedShares",
    "Round",
    "Slab",
    "Solid",
    "StepEnd",
    "comparison_figure",
    "factorial_figure",
    "history_figure",
    "oxygen_figure",
    "particle_figure",
    "release_figure",
]
