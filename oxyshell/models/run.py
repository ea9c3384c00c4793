"""Quantities that every run reports, whatever its physics."""

from __future__ import annotations

from oxyshell.models.base.observable import Observable, Where, entries, of_steps_and_cycles

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
    *entries(
        "jumps",
        ("simulated", "1", "cycles that were simulated, where some may be jumped over"),
        ("skipped", "1", "cycles that were jumped over"),
        ("made", "1", "jumps over cycles"),
        ("taken_back", "1", "jumps that were tried and taken back"),
        ("largest_error", "1", "largest estimated error of a jump, as a share of the capacity"),
        ("sum_of_errors", "1", "sum of the estimated errors of all jumps, as a share of the capacity"),
        ("tolerance", "1", "largest estimated error of a jump that was asked for"),
        conditional=True,
    ),
)
"""Entries of the summary, but for the wall time, which is no result."""
