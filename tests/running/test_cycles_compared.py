"""Cycles beside each other in the terminal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from oxyshell.models import registry
from oxyshell.models.base.observable import Where
from oxyshell.outputs import Column
from oxyshell.outputs.table import Table
from oxyshell.presentation.numbers import duration, with_unit
from oxyshell.running.cycles_compared import compared
from tests.program import SCENARIOS, call

DECLARED = registry.observables(Where.CYCLE)


def table(cycles: int, factor: float = 1.0) -> Table:
    """Of every column that any physics declares, the number of the cycle times a factor."""
    number = np.arange(1, cycles + 1)
    columns = {name: Column(one.unit, one.description) for name, one in DECLARED.items()}
    arrays = {
        name: np.full(cycles, "x") if not one.unit else factor * number for name, one in DECLARED.items()
    }
    return Table(columns, {**arrays, "cycle": number})


@pytest.mark.parametrize(
    ("cycles", "shown"), [(2, ["1", "2"]), (3, ["1", "2", "3"]), (10000, ["1", "2", "10000"])]
)
def test_the_first_the_second_and_the_last_are_shown_with_units_in_80_columns(
    cycles: int, shown: list[str]
) -> None:
    (made,) = compared(table(cycles, -1.23456789e-7))
    assert [heading.removeprefix(">cycle ") for heading in made.headings[1:]] == shown
    told = [one for one in DECLARED.values() if one.told]
    assert [row[0] for row in made.rows] == [one.label for one in told]
    for row, one in zip(made.rows, told, strict=True):
        values = [-1.23456789e-7 * int(number) for number in shown]
        texts = [duration(value) if one.unit == "s" else with_unit(value, one.unit, 5) for value in values]
        assert list(row[1:]) == texts
    assert all(len(line) <= 80 for line in made.lines(80))


@pytest.mark.parametrize("cycles", [0, 1])
def test_one_cycle_has_none_beside_it(cycles: int) -> None:
    assert list(compared(table(cycles))) == []


def test_columns_that_a_run_has_not_got_are_left_out() -> None:
    bare = Table({"cycle": Column("1", "")}, {"cycle": np.array([1, 2])})
    (made,) = compared(bare)
    assert (list(made.headings), made.rows) == (["quantity", ">cycle 1", ">cycle 2"], [])


def test_a_run_with_cycles_says_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from oxyshell.running import simulation

    monkeypatch.setattr(simulation, "draw", lambda *_: None)  # this is about words
    steps = (
        "[charge: {rate: 0.1 C, until: {extracted: 0.1}}, discharge: {rate: 0.1 C, until: {extracted: 0.05}}]"
    )
    changes = (
        "numerics.elements={layer: 2, bulk: 4}",
        "numerics.time_tolerance=1e-3",
        "output.at={}",
        f"protocol=[repeat: {{times: 3, steps: {steps}}}]",
    )
    arguments = [part for change in changes for part in ("--set", change)]
    assert (
        call(monkeypatch, "run", SCENARIOS / "lrmo-pristine.yaml", *arguments, "--out", tmp_path / "out") == 0
    )
    lines = capsys.readouterr().out.splitlines()
    (head,) = (line for line in lines if "cycle 1" in line)
    assert head.split() == ["quantity", "cycle", "1", "cycle", "2", "cycle", "3"]
    (out,) = (line for line in lines if line.startswith("taken out per formula unit"))
    assert out.split()[-3:] == ["0.1", "0.05", "0.05"]
