"""Quantities that every run reports, whatever its physics."""

from __future__ import annotations

from oxyshell.models.base.observable import Observable, Where

FIRST_COLUMNS = (
    Observable("time_s", "s", "time t since the start of the protocol"),
    Observable("time_step_s", "s", "length of the step that ended here"),
)
"""Columns of the history before those of the physics that every run has."""
LAST_COLUMNS = (Observable("rejected_steps", "1", "steps tried and rejected since the start"),)
"""Columns of the history after those of the physics that every run has, and before all others."""
SUMMARY = (
    Observable("steps", "1", "accepted time steps", Where.SUMMARY),
    Observable("rejected_steps", "1", "time steps tried and rejected", Where.SUMMARY),
    Observable("degrees_of_freedom", "1", "unknowns of the discretised particle", Where.SUMMARY),
    Observable("time_s", "s", "time t at the end", Where.SUMMARY),
)
"""Entries of the summary, but for the wall time, which is no result."""
