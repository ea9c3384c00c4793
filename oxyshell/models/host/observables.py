"""Quantities that a run reports of its host lattice."""

from __future__ import annotations

from oxyshell.models.base.observable import entries

OBSERVABLES = entries(
    "step_layer",
    ("error_at_peak_MPa", "MPa",
        "estimated error of stresses at the step, at the time of the largest first principal stress"),
    ("jump_at_peak", "1", "jump of θ at the step that is left out, at that time"),
    ("largest_error_MPa", "MPa", "largest estimated error of stresses at the step, over all steps"),
    conditional=True,
)  # fmt: skip
"""With a layer whose sites step, and drift."""
