"""Reading a run folder back."""

from __future__ import annotations

import json
from pathlib import Path

from oxyshell.errors import OutputError
from oxyshell.models.base.observable import FormerNames, Where, with_present_names
from oxyshell.outputs import disk
from oxyshell.outputs.fields import StoredFields
from oxyshell.outputs.profiles import read_profiles
from oxyshell.outputs.records import NO_COLUMNS
from oxyshell.outputs.result import Result
from oxyshell.outputs.table_csv import read_table, read_table_if_there


def read_run(path: str | Path, former: FormerNames | None = None) -> Result:
    """Open a run folder, also that of a run that is still going or was killed.

    The tables come from their CSV files, which have every row; the fields are read when asked for.

    Args:
        path: The run folder.
        former: Present names of quantities by where they are reported and by former names: a folder that has
            former names is read with the present ones.

    Returns:
        What the run recorded; without a summary if it did not reach its end.

    Raises:
        OutputError: If the folder is not a run folder or a file in it cannot be read.
    """
    folder = Path(path)
    scenario, summary = folder / "scenario.yaml", folder / "summary.json"
    with disk.errors_at(folder):
        if not scenario.exists():
            raise OutputError(f"{folder} is not a run folder: there is no scenario.yaml in it.")
        with disk.readable(scenario, "the scenario of a run"):
            text = scenario.read_text(encoding="utf-8")
        with disk.readable(summary, "the summary of a run"):
            complete = json.loads(summary.read_text(encoding="utf-8")) if summary.exists() else {}
            if not isinstance(complete, dict):
                raise ValueError("it is no JSON object")
    names = former or {}
    history = read_table(folder / "history.csv", "a history", NO_COLUMNS)
    steps = read_table_if_there(folder / "steps.csv", "a table of steps")
    cycles = read_table_if_there(folder / "cycles.csv", "a table of cycles")
    return Result(
        summary=with_present_names(complete, names.get(Where.SUMMARY, {})),
        history=history.renamed(names.get(Where.HISTORY, {})).numbers,
        profiles=read_profiles(folder / "profiles.h5"),
        fields=StoredFields(folder),
        scenario=text,
        path=folder,
        step_table=steps.renamed(names.get(Where.STEP, {})),
        cycle_table=cycles.renamed(names.get(Where.CYCLE, {})),
    )
