"""Studies whose libraries are not installed say so before they compute anything."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.program import SCENARIOS, call


@pytest.mark.parametrize(
    ("command", "file", "module"),
    [
        ("sensitivity", "sensitivity-ru1.yaml", "SALib"),
        ("optimise", "design-shell.yaml", "pymoo"),
    ],
)
def test_a_study_without_its_library_says_what_to_install(
    command: str, file: str, module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == module else found(name))
    assert call(monkeypatch, command, SCENARIOS / file, "--out", tmp_path / "study") == 1
    told = capsys.readouterr().err
    assert f"needs {module}, of the extra 'studies': pip install 'oxyshell[studies]'" in told
    assert not (tmp_path / "study").exists()
