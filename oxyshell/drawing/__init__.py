"""Figures of a run and of several runs beside each other, drawn without Matplotlib's global state."""

from oxyshell.drawing import _matplotlib  # noqa: F401 (loads it, before anything else does)
from oxyshell.drawing.bodies import Body, Round, Slab, Solid
from oxyshell.drawing.comparison import PeakStress, comparison_figure
from oxyshell.drawing.factorial import FactorialCell, factorial_figure
from oxyshell.drawing.history import LabelledHistory, StepEnd, history_figure
from oxyshell.drawing.particle import LabelledProfiles, particle_figure

__all__ = [
    "Body",
    "FactorialCell",
    "LabelledHistory",
    "LabelledProfiles",
    "PeakStress",
    "Round",
    "Slab",
    "Solid",
    "StepEnd",
    "comparison_figure",
    "factorial_figure",
    "history_figure",
    "particle_figure",
]
