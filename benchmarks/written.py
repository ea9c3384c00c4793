"""Bytes that a run writes over bytes that it leaves."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import process
from benchmarks.runs import PRISTINE, run_of
from benchmarks.table import Row


def files(quick: bool) -> Iterator[Row]:
    """A charge with a thousand output times, into a folder."""
    count = 100 if quick else 1000
    times = [round((number + 1) / (count + 1), 6) for number in range(count)]
    run = run_of(PRISTINE, {"output": {"at": {"extracted": times}}})
    jobs = {"written": process.worker("worker", {"task": "written", **run})}
    jobs["memory"] = process.worker("worker", {"task": "whole", "runs": [run]})
    both = process.in_turn(jobs, 1)
    found = both["written"].found
    case = f"1D, {count} output times"
    yield Row(
        case=case, of="bytes written over bytes left", measured=found["written"] / found["left"], target=2,
        limit=1, noise=0.02, note=f"{found['left'] / 1e6:.1f} MB left in {found['files']} files",
    )  # fmt: skip
    yield Row(
        case=case, of="whole process with files", floor="the same without", seconds=both["written"].seconds,
        floor_seconds=both["memory"].seconds,
    )  # fmt: skip


def measure(scenario: Any) -> dict[str, Any]:
    """Run a scenario into a folder; the bytes that this process and those it started passed to the system."""
    import oxyshell

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        before = _written()
        oxyshell.run(scenario, out)
        after = _written()
        sizes = [path.stat().st_size for path in out.rglob("*") if path.is_file()]
    return {"written": after - before, "left": sum(sizes), "files": len(sizes)}


def _written() -> int:
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["wchar"])
