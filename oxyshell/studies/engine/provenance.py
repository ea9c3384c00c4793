"""Versions of the software that a study is computed with."""

from __future__ import annotations

import platform
import subprocess
from importlib import metadata
from pathlib import Path

from oxyshell.version import __version__

_PACKAGES = ("fenics-dolfinx", "dolfinx-solver-real", "petsc4py", "numpy", "scipy", "h5py")


def versions() -> dict[str, str]:
    """Versions of packages, and the sources' revision if they are in git."""
    found = {"oxyshell": __version__, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    revision = _revision(Path(__file__).parents[2])
    return {**found, "git revision": revision} if revision else found


def _revision(package: Path) -> str:
    """The commit of the package's sources, and whether they have been changed since."""
    try:
        commit = _git(package, "rev-parse", "HEAD")
        changed = _git(package, "status", "--porcelain", "--untracked-files=no", "--", ".")
    except (OSError, subprocess.SubprocessError):
        return ""
    return f"{commit}{', with changes' if changed else ''}"


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
