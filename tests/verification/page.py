"""Writes docs/verification.md from the measurements of the tests: `python -m tests.verification.page`.

Runs the tests that record rows, long ones included (`--default` leaves them out), and collects the rows that
they record. Nothing is written if a test fails. `--json FILE` keeps the rows; `--from FILE`
renders kept ones. A test that was skipped, because a peer is not installed, is named on the page.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from oxyshell import _stack

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "verification.md"
RECORDING = (
    "test_manufactured_space.py",
    "test_manufactured_time.py",
    "test_diffusion.py",
    "test_stress.py",
    "test_zhang_2007.py",
    "test_edge_fed.py",
    "test_misfit.py",
    "test_hydrostatic.py",
    "test_layered_lines.py",
    "test_layered_bodies.py",
    "test_oxygen.py",
    "test_capacities.py",
    "test_regions.py",
    "test_peers.py",
    "test_half_cell_peers.py",
    "test_core_shell_trends.py",
)
PACKAGES = ("dolfinx", "ufl", "basix", "numpy", "scipy")
ORDERS = ("equation", "reference", "norm", "refined", "from → to", "error", "measured", "expected")
PEERS = (
    "equation",
    "solver",
    "figure",
    "theirs",
    "ours",
    "difference",
    "their refinement",
    "our refinement",
    "our defaults",
)
HALF_CELLS = (
    "run",
    "solver",
    "figure",
    "furthest apart after",
    "theirs",
    "ours",
    "difference",
    "their refinement",
    "our refinement",
    "our defaults",
)
TRENDS = ("trend", "literature", "varied", "figure", "computed")
EXACT = ("equation", "reference", "figure", "computed", "exact", "deviation", "allowed")

HEAD = """# Verification

Every row was measured by a test of `tests/verification/` and written by `python -m tests.verification.page`.
The page [What is not validated](not-validated.md) lists what has *not* been checked.

Versions: {versions}.
"""
ORDERS_HEAD = """
## Orders of convergence

A solution is prescribed. UFL derives the corresponding source, surface flux, body force and traction from the
equations in strong form (`tests/verification/manufactured/strong.py`, written independently of the package).
They are added to the package's own weak forms, and the package's own systems are solved: a wrong sign, factor
or weight in a weak form would leave an error that does not converge. L2 norms and H1 seminorms are over the
whole particle. The measured order is that of the last pair of a sequence and has to be within {slack:g}
of the expected one. {count} rows.
"""
EXACT_HEAD = """
## Exact references

Runs of scenarios against closed forms, series and independent solutions. A deviation is relative to the exact
value. {count} rows.
"""
PEERS_HEAD = """
## Other solvers

The same particle in a solver that shares nothing with oxyshell: PyBaMM (the extra `peers`), and finite
volumes in plain numpy, written from the [equations](physics.md) for this purpose. Every solver is refined,
and the resulting change of a figure estimates its error: twice the cells; for oxyshell, twice the elements
and a tenth of the tolerance, from finer settings than the default ones. The last column is the error of the
default settings. All deviations are relative to the largest value of the figure at any of its times. The test
fails unless the two refinements together explain the difference and neither exceeds {worst:g}. {count} rows.
{absent}"""
HALF_CELLS_HEAD = """
## A half cell in another solver

The voltage of the particle of `scenarios/nmc811-half-cell.yaml`, without effects of stress, beside
PyBaMM's, of two exchange current densities. PyBaMM has 400, 800 and 1600 cells of one size; its figures
are what the last two tend to, and its refinement is the change from what the first two tend to. Ours are
from two fine settings, with twice the elements and a tenth of the tolerance; the last column is the
difference of the default settings from PyBaMM. Numbers are in the unit of the figure, at the moment at
which the two are furthest apart, and the largest of all moments in the last three columns. The test fails
where a voltage differs by more than {voltage:g} V, or the length of a step by more than {length:g} of it.

The two differ most after 0.1 s, the first moment that is compared: the current has then reached a depth
√(D t) of 0.004 R, six of PyBaMM's finest cells. A step's length differs because its end is met to 1 µV,
or a millionth of the current, which a hold passes slowly. Default settings have an outermost element of
0.05 R and resolve the first 2 s no better than the last column says; afterwards they are within
{voltage:g} V. {count} rows.
"""
TRENDS_HEAD = """
## Trends

Trends reported in the literature on core–shell cathode particles, as far as this model covers them: its layer
lacks ion sites and has the core's modulus. Open questions are listed as
[not validated](not-validated.md). Wu & Lu 2017 is doi 10.1021/acs.jpcc.7b05096, Tu et al. 2024 is
arXiv:2403.13409; of both, only the abstracts were read. They report fracture and debonding; here the
corresponding quantities are the tension along the shell and across its interface.
Every trend is monotone: each value exceeds the one before it by more than {margin:g} of it. {count} rows.
"""


class Recorder:
    """A pytest plugin that collects what `record` notes, from all processes."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "call" and report.passed:
            self.rows += [row for kind, row in report.user_properties if kind == "verification"]
        if report.skipped:
            *_, reason = report.longrepr
            self.rows.append({"kind": "absent", "reason": reason.removeprefix("Skipped: ")})


def versions() -> str:
    """Versions of the packages."""
    packages = [f"{name} {import_module(name).__version__}" for name in PACKAGES]
    own = f"oxyshell {version('oxyshell')}"
    return ", ".join([own, *packages, f"Python {platform.python_version()}"])


def render(rows: Iterable[dict[str, Any]], with_versions: str) -> str:
    """The page's text."""
    from tests.verification.manufactured.orders import SLACK
    from tests.verification.peers.rows import WORST
    from tests.verification.test_core_shell_trends import MARGIN
    from tests.verification.test_half_cell_peers import LENGTH, VOLTAGE

    rows = list(rows)
    orders, exact, peers, half_cells, trends = (
        [cells(row) for row in rows if row["kind"] == kind]
        for kind, cells in (
            ("order", _order_cells),
            ("exact", _exact_cells),
            ("peer", _peer_cells),
            ("half_cell", _half_cell_cells),
            ("trend", _trend_cells),
        )
    )
    absent = sorted({f"\nSkipped: {row['reason']}.\n" for row in rows if row["kind"] == "absent"})
    return "".join(
        [
            HEAD.format(versions=with_versions),
            ORDERS_HEAD.format(slack=SLACK, count=len(orders)),
            _table(ORDERS, sorted(orders)),
            EXACT_HEAD.format(count=len(exact)),
            _table(EXACT, sorted(exact)),
            PEERS_HEAD.format(worst=WORST, count=len(peers), absent="".join(absent)),
            _table(PEERS, sorted(peers, key=lambda cells: tuple(cells[:2]))),
            HALF_CELLS_HEAD.format(voltage=VOLTAGE, length=LENGTH, count=len(half_cells)),
            _table(HALF_CELLS, half_cells),
            TRENDS_HEAD.format(margin=MARGIN, count=len(trends)),
            _table(TRENDS, trends),
        ]
    )


def _order_cells(row: dict[str, Any]) -> tuple[str, ...]:
    coarse, fine = row["sizes"][-2:]
    return (
        row["equation"],
        row["reference"],
        row["norm"],
        row["refined"],
        f"{coarse} → {fine}",
        f"{row['errors'][-1]:.1e}",
        f"{row['measured']:.2f}",
        f"{row['expected']:g}",
    )


def _exact_cells(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["equation"],
        row["reference"],
        row["figure"],
        f"{row['computed']:.6g}",
        f"{row['exact']:.6g}",
        f"{row['deviation']:.1e}",
        f"{row['allowed']:.0e}",
    )


def _peer_cells(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["equation"],
        row["solver"],
        row["figure"],
        f"{row['theirs']:.6g}",
        f"{row['ours']:.6g}",
        f"{row['difference']:.1e}",
        f"{row['their_refinement']:.1e}",
        f"{row['our_refinement']:.1e}",
        f"{row['default']:.1e}",
    )


def _half_cell_cells(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["equation"],
        row["solver"],
        row["figure"],
        row["when"],
        f"{row['theirs']:.10g}",
        f"{row['ours']:.10g}",
        *(f"{row[name]:.1e}" for name in ("difference", "their_refinement", "our_refinement", "default")),
    )


def _trend_cells(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["trend"],
        row["literature"],
        f"{row['varied']}: {', '.join(f'{value:g}' for value in row['values'])}",
        row["figure"],
        ", ".join(f"{value:.1f}" for value in row["computed"]),
    )


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n" + "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def measured(long: bool) -> list[dict[str, Any]]:
    """Run the tests and return their rows.

    Raises:
        SystemExit: If a test fails.
    """
    import pytest

    recorder = Recorder()
    chosen = "" if long else "not long"
    code = pytest.main(
        ["-q", "-m", chosen, *(str(Path(__file__).parent / name) for name in RECORDING)], plugins=[recorder]
    )
    if code:
        sys.exit(f"a test failed ({code!s}); {PAGE.name} is left as it was")
    return recorder.rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure or read rows, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--default", action="store_true", help="leave out the long tests")
    parser.add_argument("--json", type=Path, help="keep the rows in this file")
    parser.add_argument("--from", dest="kept", type=Path, help="render the rows of this file, run nothing")
    chosen = parser.parse_args(arguments)
    _stack.load()
    if chosen.kept:
        kept = json.loads(chosen.kept.read_text())
    else:
        kept = {"versions": versions(), "rows": measured(long=not chosen.default)}
    if chosen.json:
        chosen.json.write_text(json.dumps(kept, ensure_ascii=False, indent=1))
    PAGE.write_text(render(kept["rows"], kept["versions"]))


if __name__ == "__main__":
    main()
