"""A comparison as tables on screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from oxyshell.studies.rows import BASE, ComparisonResult, Row

if TYPE_CHECKING:
    from rich.table import Table


def tables(result: ComparisonResult) -> list[Table]:
    """The comparison itself, and beneath it the other cases if there are any, a line each."""
    made = [_main([row for row in result.rows if row.case == BASE], result.name)]
    others = [row for row in result.rows if row.case != BASE]
    if others:
        made.append(_cases(others))
    return made


def _new(title: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    return Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)


def _main(rows: Sequence[Row], name: str) -> Table:
    table = _new(f"{name}: published and computed")
    table.add_column("quantity", overflow="fold")
    table.add_column("system")
    for heading in ("published", "computed", "deviation"):
        table.add_column(heading, justify="right")
    table.add_column("status")
    table.add_column("where and when")
    for row in rows:
        published = "" if row.published is None else number(row.published, row.unit)
        deviation = "" if row.deviation_percent is None else f"{row.deviation_percent:+.1f} %"
        computed = number(row.computed, row.unit)
        table.add_row(row.quantity, row.system, published, computed, deviation, row.status, _place(row))
    return table


def _cases(rows: Sequence[Row]) -> Table:
    """One line per case, one column per calibrated parameter and per stress peak."""
    table = _new("The same under other circumstances")
    table.add_column("case", overflow="fold")
    shown = [row for row in rows if row.status == "calibrated" or row.quantity.endswith("peak_MPa")]
    columns = list(dict.fromkeys((row.quantity, row.system) for row in shown))
    by_case: dict[str, dict[tuple[str, str], Row]] = {}
    for row in shown:
        by_case.setdefault(row.case, {})[row.quantity, row.system] = row
    for quantity, system in columns:
        table.add_column(f"{system}:\n{quantity}", justify="right", overflow="fold")
    for case, found in by_case.items():
        table.add_row(case, *(_short(found[column]) if column in found else "" for column in columns))
    return table


def _short(row: Row) -> str:
    text = f"{number(row.computed, row.unit)}, {row.status}"
    if row.status == "predicted" and row.deviation_percent is not None:
        text += f" ({row.deviation_percent:+.1f} %)"
    return text


def _place(row: Row) -> str:
    if row.depth_nm is None or row.extracted_per_formula is None:
        return ""
    return f"{row.depth_nm:.1f} nm deep, {row.extracted_per_formula:.2f} per formula extracted"


def number(value: float, unit: str) -> str:
    """A number with its unit; lengths in nm."""
    match unit:
        case "MPa" | "nm":
            return f"{value:.1f} {unit}"
        case "m":
            return f"{value * 1e9:.4g} nm"
        case "1":
            return f"{value:.4g}"
        case _:
            return f"{value:.4g} {unit}"
