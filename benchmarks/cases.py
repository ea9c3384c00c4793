"""The measurements by name, in the order in which they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from benchmarks.cycling import cycling
from benchmarks.line import as_used, line
from benchmarks.oxygen import laws, oxygen, parameters
from benchmarks.peers_in_3d import peers_in_3d
from benchmarks.ranks import ranks
from benchmarks.solids import axisymmetric, coupling, interfaces, solid
from benchmarks.sweeps import sweeps
from benchmarks.table import Row
from benchmarks.written import files

type Case = Callable[[bool], Iterator[Row]]

CASES: Mapping[str, Case] = {
    "as_used": as_used,
    "line": line,
    "axisymmetric": axisymmetric,
    "solid": solid,
    "peers_in_3d": peers_in_3d,
    "oxygen": oxygen,
    "files": files,
    "parameters": parameters,
    "laws": laws,
    "coupling": coupling,
    "interfaces": interfaces,
    "cycling": cycling,
    "sweeps": sweeps,
    "ranks": ranks,
}

OPTIONAL: Mapping[str, float] = {"ranks": 15 * 60}
"""Cases that are left out of a run that has taken longer than so many seconds when their turn comes."""
