"""Quantities that every run reports, whatever its physics."""

from __future__ import annotations

from oxyshell.models.base.observable import Observable, Where, of_steps_and_cycles

FIRST_COLUMNS = (
    Observable("time_s", "s", "time t since the start of the protocol"),
    Observable("time_step_s", "s", "length of the step that ended here"),
    Observable("step", "1", "number of the step of the protocol, from 1; repeated ones count each time",
        Where.STEP),
    *of_steps_and_cycles(
        ("cycle", "1", "number of the cycle, from 1; 0 for a step that is in none"),
        ("block", "", "name of the repetition, if it has one"),
    ),
    Observable("verb", "", "what is done: charge, discharge, hold, rest or current", Where.STEP),
    Observable("label", "", "the step in words", Where.STEP),
    Observable("reason", "",
        "key of the end that was met, of a limit after 'limit: ', of several with 'and'; or 'already met'",
        Where.STEP),
    *of_steps_and_cycles(
        ("start_s", "s", "time at its start"),
        ("duration_s", "s", "time from its start to its end", "duration"),
    ),
)  # fmt: skip
"""Columns of the tables before those of the physics that every run has."""
LAST_COLUMNS = (
    Observable("rejected_steps", "1", "steps tried and rejected since the start"),
    *of_steps_and_cycles(("time_steps", "1", "accepted time steps from its start to its end")),
)
"""Columns of the tables after those of the physics that every run has, and before all others."""
SUMMARY = (
    Observable("steps", "1", "accepted time steps", Where.SUMMARY),
    Observable("rejected_steps", "1", "time steps tried and rejected", Where.SUMMARY),
    Observable("degrees_of_freedom", "1", "unknowns of the discretised particle", Where.SUMMARY),
    Observable("time_s", "s", "time t at the end", Where.SUMMARY),
)
"""Entries of the summary, but for the wall time, which is no result."""
