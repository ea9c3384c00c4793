from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.program import SCENARIOS, call

COMMANDS = (
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
    assert "--out" in told or command == "materials"
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
