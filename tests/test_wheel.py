"""The wheel: what is in it, and that it works in a fresh environment, away from the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# The published stress, with its unit wherever a table puts that.
PEAK = "567"


def build(target: Path, folder: Path) -> Path:
    """Build the wheel of a source tree into a folder."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=target,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


def test_it_holds_what_is_no_code_as_well(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("scenarios", "docs", "oxyshell/materials", "oxyshell/templates"):
        there = folder if folder.startswith("oxyshell") else f"oxyshell/{folder}"
        suffix = ".md" if folder == "docs" else ".yaml"
        expected = {f"{there}/{path.name}" for path in (ROOT / folder).glob(f"*{suffix}")}
        assert expected
        assert expected <= names
    assert {"oxyshell/py.typed", "oxyshell/solver/compiled/loop.c"} <= names


def test_it_holds_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"oxyshell"}
    assert {Path(name).suffix for name in names if name.startswith("oxyshell/docs/")} == {".md", ".png"}
    assert not [name for name in names if name.endswith(".pyc")]


class Installation:
    """An environment of its own, and an empty folder in which its commands run."""

    def __init__(self, folder: Path) -> None:
        self.work = folder / "work"
        self.work.mkdir()
        self._environment = folder / "environment"
        subprocess.run([sys.executable, "-m", "venv", str(self._environment)], check=True)
        # Nothing of this process: neither the repository nor forms that were compiled before.
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))
        }
        self._variables: Mapping[str, str] = kept | {"XDG_CACHE_HOME": str(folder / "cache")}

    def pip(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._run("python", "-m", "pip", "-q", *arguments)

    def oxyshell(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._run("oxyshell", *arguments)

    def works(self, *arguments: str) -> str:
        """The output of a command that has to succeed."""
        done = self.oxyshell(*arguments)
        assert done.returncode == 0, f"oxyshell {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def _run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self._environment / "bin" / name), *arguments],
            cwd=self.work,
            env=self._variables,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The wheel without extras."""
    installation = Installation(tmp_path_factory.mktemp("bare"))
    if installation.pip("install", "--dry-run", "--no-deps", "typer").returncode:
        pytest.skip("no package registry can be reached, from which an environment is installed")
    done = installation.pip("install", str(wheel))
    assert done.returncode == 0, done.stderr
    return installation


@pytest.mark.long
def test_without_extras_everything_works_that_solves_nothing(bare: Installation) -> None:
    assert "not installed" in bare.works("--version")
    bare.works("init", "my-particle.yaml")
    bare.works("examples", "mine")
    assert "lrmo-ru1" in bare.works("examples")
    bare.works("validate", "my-particle.yaml", "mine/lrmo-peak-stress.yaml", "lrmo-ru1")
    assert "NMC811" in bare.works("materials")
    bare.works("materials", "NMC811")
    bare.works("schema")
    for arguments in (("run", "my-particle.yaml"), ("compare", "lrmo-peak-stress")):
        done = bare.oxyshell(*arguments)
        assert done.returncode == 1
        assert "FEniCSx is not installed" in done.stderr
        assert "pip install 'oxyshell[fenicsx]'" in done.stderr


@pytest.mark.long
def test_with_fenicsx_it_works_in_an_empty_folder(bare: Installation, wheel: Path) -> None:
    done = bare.pip("install", f"{wheel}[fenicsx]")
    assert done.returncode == 0, done.stderr
    bare.works("init", "first.yaml")
    assert "MPa" in bare.works("run", "first.yaml")
    bare.works("plot", "results/first", "--format", "svg")
    assert list((bare.work / "results" / "first").rglob("*.svg"))
    bare.works("show", "results/first")
    bare.works("report", "results/first")
    assert list((bare.work / "results" / "first").glob("*.html"))
    bare.works("examples", "shipped")
    assert PEAK in bare.works("compare", "shipped/lrmo-peak-stress.yaml")
    assert (bare.work / "results" / "lrmo-peak-stress" / "comparison.json").is_file()
