"""Compares the numbers of run folders below two folders: `python -m benchmarks.compare_runs OLD NEW`.

Run the same commands with the code before and after a change, each into a folder of its own. For every run
the largest difference in history, profiles and summary is printed, over the largest value of its column.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from oxyshell.outputs import read_run

# Round-off by nature, and clocks.
_LEFT_OUT = ("balance_error", "wall_time")


def differences(old: Path, new: Path) -> Iterator[tuple[float, str]]:
    """Relative differences of all numbers of two runs; infinite where one has what the other has not."""
    before, after = read_run(old), read_run(new)
    for kind in ("history", "profiles"):
        one, other = getattr(before, kind), getattr(after, kind)
        for name in sorted({*one, *other}):
            if not any(left_out in name for left_out in _LEFT_OUT):
                yield _difference(one.get(name), other.get(name)), f"{kind} {name}"
    one, other = dict(_leaves(before.summary)), dict(_leaves(after.summary))
    for name in sorted({*one, *other}):
        if not any(left_out in name for left_out in _LEFT_OUT):
            yield _difference(one.get(name), other.get(name)), f"summary {name}"


def _leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    match node:
        case Mapping():
            for key, value in node.items():
                yield from _leaves(value, f"{path}.{key}" if path else str(key))
        case list() | tuple():
            for index, value in enumerate(node):
                yield from _leaves(value, f"{path}.{index}")
        case _:
            yield path, node


def _difference(one: Any, other: Any) -> float:
    if isinstance(one, str | bool | None) or isinstance(other, str | bool | None):
        return 0.0 if one == other else math.inf
    a, b = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if a.shape != b.shape:
        return math.inf
    away = np.where(np.isnan(a) & np.isnan(b), 0.0, np.abs(a - b))
    scale = float(np.nanmax(np.abs(a), initial=0.0))
    return float(np.max(away, initial=0.0)) / (scale or 1.0)


def main() -> None:
    old, new = (Path(argument) for argument in sys.argv[1:3])
    for summary in sorted(old.rglob("summary.json")):
        run = summary.parent.relative_to(old)
        if not (summary.parent / "history.csv").exists():
            continue
        if not (new / run / "summary.json").exists():
            print(f"{run}: only in {old}")
            continue
        worst, name = max(differences(old / run, new / run))
        print(f"{run}: {worst:.1e} ({name})")


if __name__ == "__main__":
    main()
