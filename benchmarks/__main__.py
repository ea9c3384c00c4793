"""`python -m benchmarks`: time and memory of oxyshell against peers, floors and targets, in one run."""

from __future__ import annotations

import argparse
import datetime
import functools
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import clock, history, idleness
from benchmarks.against import against
from benchmarks.cases import CASES, OPTIONAL
from benchmarks.process import ROOT, Checkout
from benchmarks.table import Row, markdown

type Case = Callable[[bool], Iterable[Row]]


def main() -> int:
    arguments = _parser().parse_args()
    if arguments.table:
        found = json.loads(arguments.table.read_text(encoding="utf-8"))
        print(f"{found['about']}\n\n{markdown(Row.of_json(row) for row in found['rows'])}")
        return 0
    load = os.getloadavg()[0]
    os.environ[clock.VARIABLE] = arguments.clock
    cases: Mapping[str, Case] = {name: CASES[name] for name in arguments.only or CASES}
    if arguments.against:
        older = functools.partial(against, Checkout.at(arguments.against))
        cases = {**(cases if arguments.only else {}), "against": older}
    samples = [idleness.sample(load)]
    rows, failed = _measured(cases, arguments.quick, bool(arguments.only), samples)
    line = _entry(arguments, samples, rows)
    about = _about(line, samples)
    print(f"{about}\n\n{markdown(rows)}")
    if arguments.json:
        figures = {"about": about, **line, "rows": [row.as_json() for row in rows]}
        arguments.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")
    earlier = history.last_comparable(history.read(history.FILE), line)
    if arguments.compare_last:
        print(f"\n{_compared(earlier, line)}")
    if arguments.record:
        history.append(history.FILE, line)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="small problems: does it work, not how fast is it"
    )
    parser.add_argument("--only", choices=CASES, action="append", help="one of the cases; may be repeated")
    parser.add_argument(
        "--against",
        type=Path,
        metavar="CHECKOUT",
        help="ratios old over new, of the code in a folder with .venv",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file as well")
    parser.add_argument(
        "--table", type=Path, metavar="FILE", help="print the table of such a file, measure nothing"
    )
    parser.add_argument("--record", action="store_true", help="append the ratios to the history")
    parser.add_argument(
        "--compare-last",
        action="store_true",
        help="say which ratio is worse than in the latest recorded idle run",
    )
    parser.add_argument(
        "--clock", choices=clock.CLOCKS, default="wall", help="cpu where other programs share the machine"
    )
    return parser


def _measured(
    cases: Mapping[str, Case], quick: bool, chosen: bool, samples: list[idleness.Sample]
) -> tuple[list[Row], bool]:
    rows: list[Row] = []
    failed = False
    begun = time.perf_counter()
    for name, case in cases.items():
        taken = time.perf_counter() - begun
        if not chosen and taken > OPTIONAL.get(name, float("inf")):
            why = f"the run had taken {taken / 60:.0f} min already; `--only {name}` measures it"
            rows.append(Row(case=name, unmeasured=why))
            continue
        try:
            for row in case(quick):
                rows.append(row)
                _tell(f"{row.name}: {row.unmeasured or format(row.ratio or row.seconds or 0, '.3g')}")
        # Whatever it is: the other rows have taken twenty minutes.
        except Exception as error:
            failed = True
            # Also in the table: a row that is missing is not noticed.
            last = (str(error).strip().splitlines() or [type(error).__name__])[-1]
            rows.append(Row(case=name, of="what follows in this case", unmeasured=f"failed: {last}"))
            _tell(f"{name} failed:\n{error}")
        _tell(f"[{name}: {time.perf_counter() - begun - taken:.0f} s]")
        # The benchmark's own processes are in the load average by now.
        samples.append(idleness.sample(samples[0].load))
    return rows, failed


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _entry(arguments: Any, samples: list[idleness.Sample], rows: list[Row]) -> dict[str, Any]:
    facts = {
        "commit": history.commit_of(ROOT),
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "quick": arguments.quick,
        "only": arguments.only or [],
        "clock": arguments.clock,
        "busy": bool(idleness.complaints(samples)),
        "idleness": {name: round(value, 3) for name, value in asdict(samples[0]).items()},
    }
    return history.entry(facts, rows)


def _about(line: Mapping[str, Any], samples: list[idleness.Sample]) -> str:
    size = "; small problems (--quick)" if line["quick"] else ""
    facts = f"{line['commit']}, {line['date']}, {line['machine']}; seconds of {line['clock']} time{size}"
    return f"{facts}; {idleness.described(samples)}"


def _compared(earlier: Mapping[str, Any] | None, line: Mapping[str, Any]) -> str:
    if earlier is None:
        return "No comparable run on an idle machine is recorded."
    found = history.worse(earlier, line)
    heading = f"Against {earlier['commit']} of {earlier['date']}: "
    if not found:
        return f"{heading}no ratio is worse by more than its noise."
    return "\n".join([f"{heading}{len(found)} worse", *(f"- {text}" for text in found)])


if __name__ == "__main__":
    sys.exit(main())
