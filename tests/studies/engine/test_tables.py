from __future__ import annotations

import io
import json
import math

import numpy as np
import pytest
from rich.console import Console

from oxyshell.presentation.numbers import with_unit
from oxyshell.presentation.table import Table
from oxyshell.studies.engine.json_text import json_text
from oxyshell.studies.engine.tables import Column, csv, heading


def printed(table: Table) -> str:
    screen = io.StringIO()
    Console(width=80, file=screen).print(table)
    return screen.getvalue()


def test_a_table_is_printed_as_text_and_nothing_else() -> None:
    table = Table("title [bold]", ("name", ">number"), [("[red]a[/red]\x1b[0m", "1"), ("b", "12345")])
    shown = printed(table)
    assert "title [bold]" in shown
    assert "[red]a[/red]\\x1b[0m" in shown
    first, second = (line for line in shown.splitlines() if line.strip().endswith(("1", "12345")))
    assert len(first.rstrip()) == len(second.rstrip())  # numbers end at one place


def test_csv_has_names_units_and_every_digit() -> None:
    columns = [
        Column("point", "1", range(2)),
        Column("a, b", "MPa", (np.float64(0.1), math.nan)),
        Column("c", "", ("=1", "x")),
    ]
    assert csv(columns) == 'point,"a, b",c\n# 1,MPa,\n0,0.1,\'=1\n1,,x\n'


def test_a_column_says_its_numbers_with_their_unit() -> None:
    column = Column("peak", "MPa", (567.123456, math.nan, "none"))
    assert [column.text(index) for index in range(3)] == ["567.12 MPa", "", "none"]
    assert not column.numeric
    assert np.isnan(column.numbers).tolist() == [False, True, True]
    assert (column.label, heading(column)) == ("peak (MPa)", "peak")
    named = Column("peak_MPa", "MPa", (1.0,))
    assert (named.label, heading(named)) == ("peak_MPa", ">peak_MPa")


@pytest.mark.parametrize(("unit", "text"), [("1", "0.1235"), ("", "0.1235"), ("nm", "0.1235 nm")])
def test_a_number_has_its_unit_behind_it(unit: str, text: str) -> None:
    assert with_unit(0.123456, unit) == text


def test_json_has_null_for_numbers_that_are_none() -> None:
    content = {"a": np.array([[1.0, np.inf], [np.nan, 2.0]]), "b": (np.float64(3.0), "x"), "c": np.int64(4)}
    assert json.loads(json_text(content)) == {"a": [[1.0, None], [None, 2.0]], "b": [3.0, "x"], "c": 4}
