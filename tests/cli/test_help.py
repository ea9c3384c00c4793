from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import petsc4py
import pytest

import oxyshell
from tests.program import SCENARIOS, call

COMMANDS = (
    "init",
    "examples",
    "run",
    "compare",
    "sweep",
    "calibrate",
    "sensitivity",
    "optimise",
    "study",
    "validate",
    "schema",
    "materials",
)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['oxyshell', '--help']\n"
        "from oxyshell.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'dolfinx', 'petsc4py', 'mpi4py', 'numpy', 'scipy', 'matplotlib', 'pydantic', 'pint'}\n"
        "print('LOADED', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "LOADED []" in done.stdout
    for command in COMMANDS:
        assert command in done.stdout


def test_checking_a_scenario_loads_no_arrays() -> None:
    code = (
        "import sys; sys.argv = ['oxyshell', 'validate', sys.argv[1]]\n"
        "from oxyshell.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('LOADED', sorted({'dolfinx', 'mpi4py', 'numpy', 'pint', 'scipy'} & set(sys.modules)))\n"
    )
    scenario = str(SCENARIOS / "lrmo-ru1.yaml")
    done = subprocess.run([sys.executable, "-c", code, scenario], capture_output=True, text=True, check=True)
    assert "valid" in done.stdout
    assert "LOADED []" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_out_quiet_and_help(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    assert call(monkeypatch, command, "--help") == 0
    told = capsys.readouterr().out
    assert "--out" in told or command in ("materials", "init", "examples")
    assert "--quiet" in told


def test_the_public_names_load_nothing_heavy() -> None:
    code = (
        "import sys, oxyshell\n"
        "print(sorted({'dolfinx', 'numpy', 'pydantic'} & set(sys.modules)), dir(oxyshell))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(SCENARIOS.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.startswith("[]")
    for name in ("load", "run", "compare", "sweep"):
        assert f"'{name}'" in done.stdout


def test_the_help_names_the_folder_of_the_documentation(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "--help") == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "Documentation:" in line]
    assert (Path(line.partition(":")[2].strip()) / "scenarios.md").is_file()


def test_versions_are_told_without_loading_what_they_are_of() -> None:
    code = (
        "import sys; sys.argv = ['oxyshell', '--version']\n"
        "from oxyshell.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('LOADED', sorted({'dolfinx', 'petsc4py', 'mpi4py', 'numpy'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    told = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())
    assert done.stdout.splitlines()[-1] == "LOADED []"
    assert told["oxyshell"] == oxyshell.__version__
    assert told["Python"] == platform.python_version()
    assert told["FEniCSx (DOLFINx)"].startswith("0.11.")
    assert told["PETSc"] == petsc4py.__version__
