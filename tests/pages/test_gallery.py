"""The scripts of the gallery run, and the numbers that they check hold."""

from __future__ import annotations

import re
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest

from tests.pages.blocks import ROOT

SCRIPTS = sorted((ROOT / "examples").glob("*.py"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path / "examples")
    with matplotlib.rc_context():
        matplotlib.use("agg")
        yield
    plt.close("all")


def test_there_are_enough() -> None:
    assert len(SCRIPTS) >= 15


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_script_runs_draws_and_checks_a_number(script: Path) -> None:
    assert re.search(r"^assert .*<", script.read_text(), re.MULTILINE)
    runpy.run_path(str(script.name), run_name="__main__")
    assert plt.get_fignums()
