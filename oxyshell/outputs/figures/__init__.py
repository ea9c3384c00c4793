"""Figures of a run and of several runs beside each other, drawn without Matplotlib's global state."""

from oxyshell.outputs import _matplotlib  # noqa: F401 (loads it, before anything else does)
from oxyshell.outputs.figures.comparison import PeakStress, comparison_figure
from oxyshell.outputs.figures.factorial import FactorialCell, factorial_figure
from oxyshell.outputs.figures.history import LabelledHistory, history_figure
from oxyshell.outputs.figures.oxygen import LabelledOxygen, oxygen_figure
from oxyshell.outputs.figures.particle import LabelledProfiles, particle_figure
from oxyshell.outputs.figures.release import PublishedShares, release_figure

__all__ = [
    "FactorialCell",
    "LabelledHistory",
    "LabelledOxygen",
    "LabelledProfiles",
    "PeakStress",
    "PublishedShares",
    "comparison_figure",
    "factorial_figure",
    "history_figure",
    "oxygen_figure",
    "particle_figure",
    "release_figure",
]
