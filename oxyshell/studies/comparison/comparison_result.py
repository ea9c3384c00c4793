"""Result of a comparison, and the file that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

from oxyshell.running.run_result import RunResult
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.comparison import COMPARISON
from oxyshell.studies.comparison.factorial_effects import Effect
from oxyshell.studies.engine.json_text import json_text
from oxyshell.studies.engine.reported import Reported
from oxyshell.studies.engine.tables import Column, frame, told_of

if TYPE_CHECKING:
    import pandas

BASE = "as in the files"


def is_peak(quantity: str) -> bool:
    """Whether a number of the summary is the largest stress, with a depth and a time of its own."""
    return quantity.rpartition(".")[2] == "peak_MPa"


@dataclass(frozen=True)
class Row:
    """One line of the comparison's table.

    Attributes:
        quantity: Path in the scenario (of an input or a calibrated parameter) or in the summary.
        system: Name of the system.
        published: The published number, if there is one.
        computed: Ours.
        deviation_percent: 100 (computed − published)/published, if both are there and it means something.
        status: "input", "calibrated", "imposed" or "predicted".
        unit: Unit of both numbers.
        case: Under which circumstances.
        depth_nm: Where a stress peaks, nm below the surface.
        extracted_per_formula: When it peaks.
        source: Where the published number comes from.
    """

    quantity: str
    system: str
    published: float | None
    computed: float
    deviation_percent: float | None
    status: str
    unit: str
    case: str = BASE
    depth_nm: float | None = None
    extracted_per_formula: float | None = None
    source: str = ""


@dataclass(frozen=True, repr=False)
class ComparisonResult(Reported):
    """Result of a comparison.

        >>> import oxyshell
        >>> oxyshell.compare("scenarios/lrmo-peak-stress.yaml")
        <ComparisonResult 'LRMO peak stress': 2 systems, 47 rows>

    Attributes:
        name: The comparison's name.
        rows: The table: first the systems as in the files, then the other cases.
        depends_on: A paragraph on the chosen numbers behind the result.
        results: Results of the systems as in the files, by name.
        scenarios: Their scenarios with calibrated values.
        path: The folder, or None.
        report: The quantities that the file asks for, for every system.
        effects: Effects of the factors of a factorial study.
        remarks: Remarks of the systems.
        inputs: A digest of what went in.
        labels: Words for quantities, where the file has them.
        conclusions: Sentences of the file, with numbers.
        cells: The level of every factor by the name of a system; empty without a factorial.
    """

    KIND = COMPARISON

    name: str
    rows: tuple[Row, ...]
    depends_on: str
    results: Mapping[str, RunResult]
    scenarios: Mapping[str, Scenario]
    path: Path | None
    report: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    remarks: tuple[str, ...] = ()
    inputs: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    conclusions: tuple[str, ...] = ()
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def row(self, quantity: str, system: str, case: str = BASE) -> Row:
        """The row of one quantity.

        Raises:
            KeyError: If there is none.
        """
        for row in self.rows:
            if (row.quantity, row.system, row.case) == (quantity, system, case):
                return row
        raise KeyError(f"{quantity} of {system}, {case}")

    def to_dataframe(self) -> pandas.DataFrame:
        """The rows in pandas; the column `unit` has the unit of the published and the computed number.

        Raises:
            OxyshellError: If pandas is not installed.
        """
        names = [one.name for one in fields(Row)]
        units = {"depth_nm": "nm", "deviation_percent": "%", "extracted_per_formula": "1"}
        return frame(
            Column(name, units.get(name, ""), [getattr(row, name) for row in self.rows]) for name in names
        )

    def __repr__(self) -> str:
        told = f"{len(self.results)} systems, {len(self.rows)} rows"
        return f"<ComparisonResult {told_of(self.name, told, self.path)}>"

    def to_json(self) -> str:
        """The content of `comparison.json`."""
        content = {
            "comparison": self.name,
            "rows": [asdict(row) for row in self.rows],
            "effects": [asdict(effect) for effect in self.effects],
            "conclusions": self.conclusions,
            "depends_on": self.depends_on,
            "remarks": self.remarks,
            "inputs": self.inputs,
            "systems": list(self.results),
            "report": self.report,
            "labels": self.labels,
            "cells": self.cells,
        }
        return json_text(content)
