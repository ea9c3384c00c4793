"""Chemo-mechanics of battery cathode particles on FEniCSx.

    import oxyshell
    scenario = oxyshell.load("scenarios/lrmo-ru1.yaml")
    result = oxyshell.run(scenario.with_values({"particle.radius": "200 nm"}))
    result.summary["stress"]["first_principal"]["peak_MPa"]

Importing the package loads nothing heavy; FEniCSx is loaded when something is solved.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxyshell.inputs import Scenario
    from oxyshell.outputs import Progress, Result
    from oxyshell.studies.rows import ComparisonResult

__version__ = "0.1.0"
__all__ = ["compare", "load", "run"]


def load(path: str | Path) -> Scenario:
    """Read a scenario file.

    Args:
        path: A YAML file.

    Returns:
        The frozen, typed scenario.

    Raises:
        ScenarioError: With every mistake in the file, each with its line.
    """
    from oxyshell import inputs

    return inputs.load(path)


def run(scenario: Scenario, out: str | Path | None = None, progress: Progress | None = None) -> Result:
    """Run a scenario.

    Args:
        scenario: What to run.
        out: Run folder; without one nothing is written.
        progress: Who is told how far the run is; nobody by default.

    Returns:
        Summary, history, profiles and fields.

    Raises:
        OxyshellError: If the run cannot be solved or written; what was reached by then stays in the folder.
    """
    from oxyshell import simulation

    return simulation.run(scenario, out, progress)


def compare(
    path: str | Path, out: str | Path | None = None, progress: Progress | None = None
) -> ComparisonResult:
    """Run a comparison file: calibrate what it says, predict the rest, set it beside what was published.

    Args:
        path: A YAML file with a comparison.
        out: Folder for the results; without one nothing is written.
        progress: Who is told how far it is; nobody by default.

    Returns:
        The rows of the table and the results of the systems.

    Raises:
        ScenarioError: With every mistake in the file or in its scenarios.
        OxyshellError: If a run or the calibration fails.
    """
    from oxyshell import inputs
    from oxyshell.studies import comparison

    return comparison.compare(inputs.load_comparison(path), out, progress)
