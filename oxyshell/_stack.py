"""Loads FEniCSx, MPI and PETSc in the only order that works with the PyPI wheel."""

from __future__ import annotations

import importlib
import importlib.util
import platform
import re
from importlib import metadata
from pathlib import Path

from oxyshell import launch
from oxyshell.errors import OxyshellError

_HELP = (
    "FEniCSx is not installed. With pip: pip install 'oxyshell[fenicsx]'; with uv: uv pip install "
    "'oxyshell[fenicsx]'; with conda: conda install -c conda-forge 'fenics-dolfinx>=0.11'."
)

_DOLFINX = ("fenics-dolfinx", "dolfinx-solver-real", "dolfinx-solver-complex")
"""Distributions that bring DOLFINx: that of conda-forge and Debian, and the wheels of PyPI."""
_ABSENT = "not installed"


def versions() -> dict[str, str]:
    """Versions of Python, DOLFINx and PETSc, or "not installed", by name; nothing is loaded."""
    dolfinx = next((found for name in _DOLFINX if (found := _distribution(name))), _ABSENT)
    # The wheel has PETSc inside, which is no distribution of its own there.
    petsc = _distribution("petsc4py") or _stated_in("petsc4py") or _ABSENT
    return {"Python": platform.python_version(), "FEniCSx (DOLFINx)": dolfinx, "PETSc": petsc}


def _distribution(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _stated_in(package: str) -> str:
    """The version that the source of a package states."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return ""
    stated = re.search(r"^__version__ = ['\"](.+)['\"]$", Path(spec.origin).read_text(), re.MULTILINE)
    return stated[1] if stated else ""


def load() -> None:
    """Import FEniCSx, the PyPI wheel's loader first where that wheel is installed.

    The wheel `dolfinx-solver-real` has to find its MPI library before `dolfinx` or `petsc4py` do;
    a conda installation has no such wheel and needs no loader.

    Raises:
        OxyshellError: If no FEniCSx is installed, or the processes were started by another MPI's launcher.
    """
    with_loader = importlib.util.find_spec("dolfinx_solver") is not None
    launch.refuse_foreign("MPICH" if with_loader else "")
    with launch.alone():
        try:
            if with_loader:
                importlib.import_module("dolfinx_solver")
            # PETSc's own handlers would make a page of text and an abort out of a stop signal.
            importlib.import_module("petsc4py").init(["oxyshell", "-no_signal_handler"])
            importlib.import_module("dolfinx")
        except ModuleNotFoundError as error:
            raise OxyshellError(_HELP) from error
