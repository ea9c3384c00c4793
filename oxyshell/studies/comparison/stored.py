"""A comparison, read back from its folder."""

from __future__ import annotations

import json
import math
from pathlib import Path

from oxyshell.filenames import file_name
from oxyshell.outputs import disk, read_run
from oxyshell.studies.comparison import COMPARISON
from oxyshell.studies.comparison.comparison_result import ComparisonResult, Row
from oxyshell.studies.comparison.factorial_effects import Effect
from oxyshell.studies.registry import load_scenario


def read(folder: Path) -> ComparisonResult:
    """The comparison in a folder.

    Raises:
        OutputError: If its file or the folder of a system cannot be read.
    """
    path = folder / COMPARISON.results[0]
    with disk.errors_at(path), disk.readable(path, "a comparison with all that its figures show"):
        found = json.loads(path.read_text(encoding="utf-8"))
        runs = {name: folder / file_name(name) for name in found["systems"]}
        return ComparisonResult(
            name=found["comparison"],
            rows=tuple(Row(**{**row, "computed": _number(row["computed"])}) for row in found["rows"]),
            depends_on=found["depends_on"],
            results={name: read_run(run) for name, run in runs.items()},
            scenarios={name: load_scenario(run / "scenario.yaml") for name, run in runs.items()},
            path=folder,
            report=tuple(found["report"]),
            effects=tuple(Effect(**effect) for effect in found["effects"]),
            remarks=tuple(found["remarks"]),
            inputs=found["inputs"],
            labels=found["labels"],
            conclusions=tuple(found["conclusions"]),
            cells=found["cells"],
        )


def _number(value: float | None) -> float:
    """A number of a JSON file, where null stands for none."""
    return math.nan if value is None else value
