"""Numbers that can be asked of a run: entries of its summary, and reductions of its history."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oxyshell.language.mistakes import Refusal, describe, listed, nearest

_PEAK = ("peak_MPa", "depth_nm", "radius_nm", "time_s", "extracted_per_formula")
_OXYGEN = (
    "retention",
    "captured_fraction",
    "escaped_fraction",
    "surface_to_centre",
    "filling",
    "fullest",
    "balance_error",
    "generated_umol_per_g",
    "captured_umol_per_g",
    "released_umol_per_g",
    "fastest_release_umol_per_g_min",
    "steps",
    "rejected_steps",
)

SUMMARY: tuple[str, ...] = (
    *(f"stress.{measure}.{key}" for measure in ("first_principal", "hoop", "von_mises") for key in _PEAK),
    "stress.final.surface_hoop_MPa",
    "stress.final.centre_MPa",
    "ions.extracted_per_formula",
    "ions.surface_occupancy",
    "ions.balance_error",
    "current.least_over_set",
    "current.below_99_percent_for_s",
    "occupancy.least",
    "occupancy.largest",
    *(f"oxygen.{key}" for key in _OXYGEN),
    "steps",
    "rejected_steps",
    "degrees_of_freedom",
    "time_s",
)
"""Numbers of `summary.json`, but for the wall time, which is no result."""

HISTORY: tuple[str, ...] = (
    "time_s",
    "time_step_s",
    "extracted_per_formula",
    "mean_occupancy",
    "surface_occupancy",
    "ions_in_particle_mol",
    "ions_out_mol",
    "current_over_set",
    "balance_error",
    *(f"{measure}_{key}" for measure in ("first_principal", "hoop", "von_mises") for key in _PEAK[:2]),
    "surface_hoop_MPa",
    "centre_stress_MPa",
    "rejected_steps",
    "oxygen_in_lattice_mol",
    "oxygen_captured_mol",
    "oxygen_escaped_mol",
    "oxygen_generated_mol",
    "oxygen_retention",
    "oxygen_surface_to_centre",
    "sink_filling",
    "oxygen_release_umol_g_min",
    "oxygen_released_umol_g",
    "oxygen_balance_error",
    "oxygen_steps",
)
"""Columns of the history."""

REDUCTIONS = ("max", "min", "last")
"""What makes one number of a column: "max of history.surface_hoop_MPa"."""

# Longer endings first.
_UNITS = {
    "_umol_per_g_min": "umol/g/min",
    "_umol_g_min": "umol/g/min",
    "_umol_per_g": "umol/g",
    "_umol_g": "umol/g",
    "_MPa": "MPa",
    "_nm": "nm",
    "_mol": "mol",
    "_s": "s",
}


@dataclass(frozen=True)
class Interest:
    """A number that is asked of every run.

    Attributes:
        text: As it was written.
        reduction: "summary", or one of `REDUCTIONS`.
        name: Path in the summary, or column of the history.
    """

    text: str
    reduction: str
    name: str

    @property
    def needs_oxygen(self) -> bool:
        """Whether only runs with oxygen have it."""
        return self.name.startswith(("oxygen.", "oxygen_", "sink_"))

    @property
    def unit(self) -> str:
        """The unit that the name ends in, "1" without."""
        return unit_of(self.name)

    def of(self, summary: Mapping[str, object], history: Mapping[str, Sequence[float] | Any]) -> float:
        """The number.

        Args:
            summary: What `summary.json` holds.
            history: One array (steps,) per column.

        Raises:
            KeyError: If the run has no such number.
        """
        if self.reduction == "summary":
            return _number(summary, self.name)
        column = history[self.name]
        if not len(column):
            raise KeyError(self.name)
        match self.reduction:
            case "max":
                return float(max(column))
            case "min":
                return float(min(column))
        return float(column[-1])


def unit_of(name: str) -> str:
    """The unit of a result by the ending of its name: "MPa" of "peak_MPa", "1" of "steps"."""
    return next((unit for ending, unit in _UNITS.items() if name.endswith(ending)), "1")


def read(text: str) -> Interest:
    """Read a quantity of interest.

    Args:
        text: A path into the summary ("stress.hoop.peak_MPa"), or a reduction of a column of the history
            ("max of history.surface_hoop_MPa").

    Raises:
        Refusal: If no run has such a number.
    """
    before, of, column = (part.strip() for part in text.partition(" of "))
    if not of:
        if before not in SUMMARY:
            near = nearest(before, SUMMARY)
            example = (
                "a path into summary.json such as 'stress.first_principal.peak_MPa', or 'max of history.…'"
            )
            raise Refusal(f"the unknown quantity {describe(text)}", f"'{near}'" if near else example)
        return Interest(before, "summary", before)
    if before not in REDUCTIONS:
        raise Refusal(f"the unknown reduction {describe(before)}", f"one of {listed(REDUCTIONS)}")
    name = column.removeprefix("history.")
    if name == column or name not in HISTORY:
        near = nearest(name, HISTORY)
        expected = f"'{before} of history.{near}'" if near else f"a column such as {listed(HISTORY[-3:])}"
        raise Refusal(f"the unknown column {describe(column)}", expected)
    return Interest(f"{before} of history.{name}", before, name)


def numbers_of(summary: Mapping[str, object]) -> dict[str, float]:
    """The numbers of `SUMMARY` that a summary has, by path."""
    found = {}
    for path in SUMMARY:
        try:
            found[path] = _number(summary, path)
        except KeyError:
            continue
    return found


def _number(summary: Mapping[str, object], path: str) -> float:
    value: object = summary
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            raise KeyError(path)
        value = value[key]
    if value is None:
        return math.nan  # a ratio of nothing
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise KeyError(path)
    return float(value)
