"""Quantities that every run reports, whatever its physics."""

from __future__ import annotations

from oxyshell.models.base.observable import Observable, Where, entries, of_steps_and_cycles

FIRST_COLUMNS = (
    Observable("time_s", "s", "time t since the start of the protocol", label="time"),
    Observable("time_step_s", "s", "length of the step that ended here", label="time step"),
    Observable("step", "1", "number of the step of the protocol, from 1; repeated ones count each time",
        Where.STEP, label="number of the step"),
    *of_steps_and_cycles(
        ("cycle", "1", "number of the cycle, from 1; 0 for a step that is in none", "number of the cycle"),
        ("block", "", "name of the repetition, if it has one"),
    ),
    Observable("verb", "", "what is done: charge, discharge, hold, rest or current", Where.STEP),
    Observable("label", "", "the step in words", Where.STEP),
    Observable("reason", "",
        "key of the end that was met, of a limit after 'limit: ', of several with 'and'; or 'already met'",
        Where.STEP),
    *of_steps_and_cycles(
        ("start_s", "s", "time at its start", "start"),
    ),
    *of_steps_and_cycles(
        ("duration_s", "s", "time from its start to its end", "duration"),
        told=True,
    ),
)  # fmt: skip
"""Columns of the tables before those of the physics that every run has."""
LAST_COLUMNS = (
    Observable(
        "rejected_steps", "1", "steps tried and rejected since the start", label="rejected time steps"
    ),
    *of_steps_and_cycles(("time_steps", "1", "accepted time steps from its start to its end", "time steps")),
)
"""Columns of the tables after those of the physics that every run has, and before all others."""
SUMMARY = (
    Observable("steps", "1", "accepted time steps", Where.SUMMARY, label="time steps"),
    Observable(
        "rejected_steps", "1", "time steps tried and rejected", Where.SUMMARY, label="rejected time steps"
    ),
    Observable(
        "degrees_of_freedom",
        "1",
        "unknowns of the discretised particle",
        Where.SUMMARY,
        label="degrees of freedom",
    ),
    Observable("time_s", "s", "time t at the end", Where.SUMMARY, label="time at the end"),
    *entries(
        "jumps",
        ("simulated", "1", "cycles that were simulated, where some may be jumped over", "simulated cycles"),
        ("skipped", "1", "cycles that were jumped over", "skipped cycles"),
        ("made", "1", "jumps over cycles", "jumps over cycles"),
        ("taken_back", "1", "jumps that were tried and taken back", "jumps taken back"),
        (
            "largest_error",
            "1",
            "largest estimated error of a jump, as a share of the capacity",
            "largest error of a jump",
        ),
        (
            "sum_of_errors",
            "1",
            "sum of the estimated errors of all jumps, as a share of the capacity",
            "sum of the errors of jumps",
        ),
        ("tolerance", "1", "largest estimated error of a jump that was asked for", "tolerance of jumps"),
        conditional=True,
    ),
)
"""Entries of the summary, but for the wall time, which is no result."""
