"""Figures of a run and of several runs beside each other, drawn without Matplotlib's global state."""

from oxyshell.drawing import _matplotlib  # noqa: F401 (loads it, before anything else does)
