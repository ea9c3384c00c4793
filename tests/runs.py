"""Results of runs that hold no more than a test reads."""

from __future__ import annotations

from collections.abc import Mapping

from oxyshell.outputs import Result
from oxyshell.outputs.records import Array
from oxyshell.outputs.result import Profiles
from oxyshell.outputs.table import Table


def result_of(
    summary: Mapping[str, object] | None = None,
    history: Mapping[str, Array] | None = None,
    steps: Mapping[str, Array] | None = None,
    cycles: Mapping[str, Array] | None = None,
) -> Result:
    """A result with a summary and tables, and nothing else."""
    return Result(
        summary=summary or {},
        history=Table(arrays=history or {}),
        profiles=Profiles.stack([]),
        fields=(),
        scenario="",
        path=None,
        step_table=Table(arrays=steps or {}),
        cycle_table=Table(arrays=cycles or {}),
    )
