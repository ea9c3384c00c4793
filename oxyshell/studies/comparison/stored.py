"""A comparison, read back from its folder."""

from __future__ import annotations

from pathlib import Path

from oxyshell.filenames import file_name
from oxyshell.running.run_result import RunResult
from oxyshell.studies.comparison import COMPARISON
from oxyshell.studies.comparison.comparison_result import ComparisonResult, Row
from oxyshell.studies.comparison.factorial_effects import Effect
from oxyshell.studies.engine.json_text import content_of, number
from oxyshell.studies.registry import load_scenario


def read(folder: Path) -> ComparisonResult:
    """The comparison in a folder.

    Raises:
        OutputError: If its file or the folder of a system cannot be read.
    """
    path, kind = folder / COMPARISON.results[0], "a comparison with all that its figures show"
    with content_of(path, kind) as found:
        runs = {name: folder / file_name(name) for name in found["systems"]}
        return ComparisonResult(
            name=found["comparison"],
            rows=tuple(Row(**{**row, "computed": number(row["computed"])}) for row in found["rows"]),
            depends_on=found["depends_on"],
            results={name: RunResult.read(run) for name, run in runs.items()},
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
