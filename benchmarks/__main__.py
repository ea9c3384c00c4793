"""`python -m benchmarks`: time and memory of oxyshell against their floors, in one run."""

from __future__ import annotations

import argparse
import functools
import json
import os
import platform
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

from benchmarks import clock
from benchmarks.cases import CASES
from benchmarks.process import WorkerError
from benchmarks.sweeps import sweeps
from benchmarks.table import Row, markdown


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="small problems: does it work, not how fast is it"
    )
    parser.add_argument("--full", action="store_true", help="the large sweep with 10 000 points, not 1000")
    parser.add_argument("--only", choices=CASES, action="append", help="one of the cases; may be repeated")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    parser.add_argument(
        "--clock", choices=clock.CLOCKS, default="wall", help="cpu where other programs share the machine"
    )
    arguments = parser.parse_args()
    os.environ[clock.VARIABLE] = arguments.clock
    load = os.getloadavg()[0]
    rows: list[Row] = []
    failed = False
    of_sweeps = functools.partial(sweeps, full=arguments.full)
    cases: dict[str, Callable[[bool], Iterable[Row]]] = {**CASES, "sweeps": of_sweeps}
    for name in arguments.only or cases:
        try:
            for row in cases[name](arguments.quick):
                rows.append(row)
                print(
                    f"{row.case}: {row.of} {row.seconds or row.measured or 0:.3g}",
                    file=sys.stderr,
                    flush=True,
                )
        except WorkerError as error:
            failed = True
            print(f"{name} failed:\n{error}", file=sys.stderr)
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    shared = f"{load:.1f} processes were running before the benchmark's own"
    print(f"{machine}; {shared}; seconds of {arguments.clock} time\n")
    print(markdown(rows))
    if arguments.json:
        figures = [asdict(row) | {"ratio": row.ratio, "verdict": row.verdict} for row in rows]
        arguments.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
