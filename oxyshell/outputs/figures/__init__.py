"""Figures of a run and of several runs beside each other, drawn without Matplotlib's global state."""

from oxyshell.outputs.figures.comparison import PeakStress, comparison_figure
from oxyshell.outputs.figures.history import LabelledHistory, history_figure
from oxyshell.outputs.figures.particle import LabelledProfiles, particle_figure

__all__ = [
    "LabelledHistory",
    "LabelledProfiles",
    "PeakStress",
    "comparison_figure",
    "history_figure",
    "particle_figure",
]
