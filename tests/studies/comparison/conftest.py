from __future__ import annotations

from pathlib import Path

import pytest

import oxyshell
from oxyshell.studies.comparison.comparison_result import ComparisonResult

SCENARIOS = Path(__file__).parents[3] / "scenarios"


@pytest.fixture(scope="session")
def peak_stress(tmp_path_factory: pytest.TempPathFactory) -> ComparisonResult:
    """The paper's comparison of stresses, with a folder that tests leave as it is."""
    file = SCENARIOS / "lrmo-peak-stress.yaml"
    return oxyshell.compare(file, out=tmp_path_factory.mktemp("comparison") / "peak-stress")


@pytest.fixture(scope="session")
def oxygen_retention(tmp_path_factory: pytest.TempPathFactory) -> ComparisonResult:
    """The paper's comparison of O2 that is kept, with a folder that tests leave as it is."""
    file = SCENARIOS / "lrmo-oxygen-retention.yaml"
    return oxyshell.compare(file, out=tmp_path_factory.mktemp("comparison") / "oxygen-retention")
