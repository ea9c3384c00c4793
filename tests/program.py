"""The program, called in this process or started as a person would."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from oxyshell import cli

SCENARIOS = Path(__file__).parents[1] / "scenarios"


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
    """Run the program in this process; returns its exit code."""
    monkeypatch.setattr(sys, "argv", ["oxyshell", *map(str, arguments)])
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def program(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the program as a person would."""
    command = [sys.executable, "-m", "oxyshell", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)
