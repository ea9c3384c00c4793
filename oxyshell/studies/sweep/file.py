"""File of a sweep: one scenario over many points, and the numbers that are wanted of each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section, SomeEntries, Text
from oxyshell.studies.engine.plans import Over, Plan

LIMIT = 100_000
DEFAULT_QUANTITIES = ("stress.first_principal.peak_MPa", "stress.first_principal.depth_nm")


class SweepFile(Section):
    """Many runs of one scenario with other values."""

    sweep: Text
    """Title of the sweep."""
    about: str = ""
    """Its subject, in a sentence."""
    scenario: Text
    """Scenario file, relative to this file."""
    changes: dict[str, Any] = Field(alias="set", default={})
    """Values that differ from the file in all points, by path."""
    over: Over = Field(default={})
    """The values that differ: by path, a list of values or a range {from, to}."""
    plan: Plan = "grid"
    """Combination of the values: grid (default: all combinations), zip (first with first, and so on),
    {latin_hypercube: {points, seed}}, {sobol: {points, seed}}, or {points: [values by path]}."""
    quantities: SomeEntries[Text] = DEFAULT_QUANTITIES
    """The numbers that are wanted of each run: paths into its summary, or a reduction such as
    "max of history.surface_hoop_MPa" (max, min or last)."""
    keep: Literal["folders", "summary"] = "folders"
    """Whether each point leaves its run folder, or only its numbers in the study. Default folders."""
    limit: Annotated[int, Field(gt=0)] = LIMIT
    """Most points that the plan may have. Default 100000."""
    timeout: Annotated[Parameter, Quantity("s", POSITIVE)] | None = None
    """Longest time that a point may take; null (default): any."""
    processes: Annotated[int, Field(gt=0)] = 1
    """Number of processes that share each run (mpiexec), for large discs and solids. Default 1."""
