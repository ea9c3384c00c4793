from __future__ import annotations

import shutil
from pathlib import Path

import pytest

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the two scenarios that shipped comparisons and calibrations name."""
    for name in ("lrmo-pristine.yaml", "lrmo-ru1.yaml"):
        shutil.copy(SCENARIOS / name, tmp_path / name)
    return tmp_path
