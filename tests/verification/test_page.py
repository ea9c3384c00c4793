from __future__ import annotations

import re

import pytest

from tests.verification import (
    page,
    test_core_shell_trends,
    test_half_cell_peers,
    test_manufactured_space,
    test_manufactured_time,
    test_peers,
)
from tests.verification.exact import exact_row
from tests.verification.peers import half_cells
from tests.verification.peers.rows import WORST

CASES = [*test_manufactured_space.CASES, *test_manufactured_space.LONG, *test_manufactured_time.CASES]


@pytest.fixture(scope="module")
def text() -> str:
    return page.PAGE.read_text()


def orders(text: str) -> list[list[str]]:
    return rows_of(text, "Orders of convergence")


def rows_of(text: str, heading: str) -> list[list[str]]:
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")][2:]


def test_the_page_has_every_order_that_a_test_measures(text: str) -> None:
    claimed = {
        (case.equation, what, f"{case.sizes[-2]} → {case.sizes[-1]}", f"{order:g}")
        for case in CASES
        for what, order in case.expected.items()
    }
    assert {(row[0], row[2], row[4], row[7]) for row in orders(text)} == claimed


def test_every_order_on_the_page_is_within_its_bound(text: str) -> None:
    rows = orders(text)
    assert len(rows) >= 40
    # Half of a printed hundredth beyond a tenth.
    assert all(abs(float(row[6]) - float(row[7])) <= 0.105 for row in rows)
    assert all(row[1] for row in rows)


def test_the_page_names_the_versions(text: str) -> None:
    assert all(re.search(rf"{name} \d", text) for name in ("oxyshell", *page.PACKAGES, "Python"))


def test_what_is_recorded_is_rendered() -> None:
    row = exact_row("diffusion", "series", "share", 0.5005, 0.5, 1e-2)
    assert "| diffusion | series | share | 0.5005 | 0.5 | 1.0e-03 | 1e-02 |" in page.render([row], "v")


def test_the_page_has_every_peer_and_every_trend(text: str) -> None:
    rows = rows_of(text, "Other solvers")
    for solver in ("PyBaMM", "own finite volumes"):
        assert {row[0] for row in rows if row[1].startswith(solver)} >= {case[0] for case in test_peers.CASES}
    assert all(float(row[5]) <= WORST for row in rows)
    trends = {trend for trend, *_ in test_core_shell_trends.TRENDS.values()}
    assert {row[0] for row in rows_of(text, "Trends")} == trends


def test_the_page_has_every_run_of_the_half_cell_within_what_is_promised(text: str) -> None:
    rows = rows_of(text, "A half cell in another solver")
    runs = {
        f"{protocol.name}, {kinetics}"
        for protocol in half_cells.PROTOCOLS
        for kinetics in test_half_cell_peers.KINETICS
    }
    assert {row[0] for row in rows} == runs
    for row in rows:
        theirs, difference = float(row[4]), float(row[6])
        if row[2].startswith("voltage"):
            assert difference < test_half_cell_peers.VOLTAGE
        if row[2].startswith("length"):
            assert difference < test_half_cell_peers.LENGTH * theirs


def test_the_page_says_which_peer_was_absent() -> None:
    longrepr = ("test_peers.py", 1, "Skipped: it is not installed")
    report = pytest.TestReport("test", ("test", 1, "test"), {}, "skipped", longrepr, "setup")
    recorder = page.Recorder()
    recorder.pytest_runtest_logreport(report)
    assert recorder.rows == [{"kind": "absent", "reason": "it is not installed"}]
    assert "\nSkipped: it is not installed.\n" in page.render(recorder.rows, "v")
    assert "Skipped" not in page.render([], "v")
