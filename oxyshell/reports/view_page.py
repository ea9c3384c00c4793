"""The page with an interactive view of the fields of a run."""

from __future__ import annotations

from pathlib import Path

from oxyshell.reports.page import Page, Section
from oxyshell.reports.scenes import whole_view
from oxyshell.running.reading import read_run
from oxyshell.studies.registry import load_scenario


def page(folder: Path) -> Page:
    """The page of the fields in a run folder.

    Raises:
        InputError: If there are none.
        OutputError: If a file cannot be read.
        OxyshellError: If the extra 'view' is not installed.
    """
    result, scenario = read_run(folder), load_scenario(folder / "scenario.yaml")
    return Page(scenario.name, "fields of a run", "", [Section("Fields", views=[whole_view(result)])])
