"""The least that an attempt on a radial line takes: compiled kernels over all elements, and band LU.

One Jacobian, one factorisation, six residuals and six back-substitutions of a Rosenbrock step, called from a
loop in C; no vectors are gathered, no matrix is filled.
"""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.clock import now
from benchmarks.floors import petsc_algebra

_STAGES = 6
_LOOP = r"""
#include <stdint.h>
typedef void (*kernel)(double*, const double*, const double*, const double*, const int*, const uint8_t*,
                       void*);
void loop(kernel f, long cells, long repeats, double* a, const double* w, long stride, const double* c,
          const double* x, long points) {
  const int facet = 0;
  for (long k = 0; k < repeats; k++)
    for (long i = 0; i < cells; i++) f(a, w + i * stride, c, x + i * points, &facet, 0, 0);
}
"""


def measure(scenario: Any) -> dict[str, Any]:
    """Seconds of the kernels and the LU of an attempt, and the number of attempts of a run.

    Raises:
        OSError: If there is no C compiler.
    """
    from oxyshell.running.simulation import Simulation

    simulation = Simulation(scenario)
    summary = simulation.run(scenario).summary
    algebra = petsc_algebra(simulation._system)
    with tempfile.TemporaryDirectory() as folder:
        kernels = _Loop(Path(folder))
        residual = sum(kernels.seconds(rate._form) for rate, _, _ in algebra._rates)
        jacobian = kernels.seconds(algebra._matrix._form)
    factorised, solved = _band(algebra._matrix())
    attempt = jacobian + factorised + _STAGES * (residual + solved)
    return {"attempt_s": attempt, "attempts": summary["steps"] + summary["rejected_steps"]}


class _Loop:
    """Calls a kernel for cell after cell."""

    def __init__(self, folder: Path) -> None:
        source, library = folder / "loop.c", folder / "loop.so"
        source.write_text(_LOOP)
        subprocess.run(["cc", "-O2", "-fPIC", "-shared", str(source), "-o", str(library)], check=True)
        self._call = ctypes.CDLL(str(library)).loop
        self._call.argtypes = [
            ctypes.c_void_p, ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_long,
            ctypes.c_void_p, ctypes.c_void_p, ctypes.c_long,
        ]  # fmt: skip

    def seconds(self, form: Any) -> float:
        """Time of all integrals of a form over their cells or facets."""
        from dolfinx import cpp, fem

        compiled = form.ufcx_form
        packed = cpp.fem.pack_coefficients(form._cpp_object)
        constants = np.ascontiguousarray(fem.pack_constants(form))
        geometry = form._cpp_object.mesh.geometry
        nodes = geometry.dofmaps[0]
        points = np.ascontiguousarray(geometry.x[nodes].reshape(len(nodes), -1))
        entries = np.zeros(100_000)
        total = 0.0
        # Of cells first, like the kernels.
        for number, (_, coefficients) in enumerate(
            sorted(packed.items(), key=lambda one: int(one[0][0].value))
        ):
            address = int(
                form.module.ffi.cast("uintptr_t", compiled.form_integrals[number].tabulate_tensor_float64)
            )
            values = np.ascontiguousarray(coefficients, dtype=float)
            stride = values.shape[1] if values.ndim == 2 else 0
            cells = min(len(values), len(points))
            best = float("inf")
            for _ in range(5):
                started = now()
                self._call(
                    address, cells, 50, entries.ctypes.data, values.ctypes.data, stride,
                    constants.ctypes.data, points.ctypes.data, points.shape[1],
                )  # fmt: skip
                best = min(best, (now() - started) / 50)
            total += best
        return total


def _band(matrix: Any) -> tuple[float, float]:
    """Seconds of a factorisation and a back-substitution by LAPACK, in the order of Cuthill and McKee."""
    import scipy.sparse as sparse
    from scipy.linalg import lapack
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    pointers, columns, values = matrix.getValuesCSR()
    full = sparse.csr_matrix((values, columns, pointers))
    order = reverse_cuthill_mckee(full, symmetric_mode=True)
    ordered = full[order][:, order].tocoo()
    width = int(np.max(np.abs(ordered.row - ordered.col)))
    band = np.zeros((3 * width + 1, full.shape[0]), order="F")
    band[2 * width + ordered.row - ordered.col, ordered.col] = ordered.data
    right = np.ones(full.shape[0])
    factors, pivots, _ = lapack.dgbtrf(band, width, width)

    def shortest(what: Any) -> float:
        best = float("inf")
        for _ in range(200):
            started = now()
            what()
            best = min(best, now() - started)
        return best

    factorised = shortest(lambda: lapack.dgbtrf(band, width, width))
    return factorised, shortest(lambda: lapack.dgbtrs(factors, width, width, right, pivots))
