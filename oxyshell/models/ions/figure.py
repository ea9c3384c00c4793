"""Histories of runs as figures draw them: by steps of the protocol, over time and over extracted ions."""

from __future__ import annotations

from oxyshell.drawing.history import LabelledHistory, StepEnd
from oxyshell.models.base.physics import LabelledRun


def labelled_history(run: LabelledRun) -> LabelledHistory:
    """The history of a run, with the ends of its protocol's steps and the symbol of its ion."""
    steps = tuple(StepEnd(end["step"], end["time_s"]) for end in run.result.summary["protocol"])
    return LabelledHistory(run.label, run.result.history, run.scenario.material.ion.species, steps)
