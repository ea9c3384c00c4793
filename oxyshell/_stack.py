"""Loads FEniCSx, MPI and PETSc in the only order that works with the PyPI wheel."""

from __future__ import annotations

import importlib
import importlib.util

from oxyshell import launch
from oxyshell.errors import OxyshellError

_HELP = (
    "FEniCSx is not installed. With pip or uv: install 'oxyshell[fenicsx]'; "
    "with conda: install fenics-dolfinx from conda-forge."
)


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
