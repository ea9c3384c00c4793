"""A comparison as a table on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxyshell.studies.comparison import BASE, ComparisonResult, Row

if TYPE_CHECKING:
    from rich.table import Table


def tables(result: ComparisonResult) -> list[Table]:
    """The comparison itself, and beneath it the other cases if there are any."""
    base = [row for row in result.rows if row.case == BASE]
    others = [row for row in result.rows if row.case != BASE]
    made = [_table(f"{result.name}: published and computed", base, with_case=False)]
    if others:
        made.append(_table("The same under other circumstances", others, with_case=True))
    return made


def _table(title: str, rows: list[Row], with_case: bool) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    if with_case:
        table.add_column("case")
    table.add_column("quantity", overflow="fold")
    table.add_column("system")
    for heading in ("published", "computed", "deviation"):
        table.add_column(heading, justify="right")
    table.add_column("status")
    table.add_column("where and when")
    before = ""
    for row in rows:
        if with_case and before and row.case != before:
            table.add_section()
        cells = [row.case if row.case != before else ""] if with_case else []
        before = row.case
        table.add_row(*cells, *_cells(row))
    return table


def _cells(row: Row) -> list[str]:
    deviation = "" if row.deviation_percent is None else f"{row.deviation_percent:+.1f} %"
    place = ""
    if row.depth_nm is not None and row.extracted_per_formula is not None:
        place = f"{row.depth_nm:.1f} nm deep, {row.extracted_per_formula:.2f} out"
    published = "" if row.published is None else _number(row.published, row.unit)
    return [row.quantity, row.system, published, _number(row.computed, row.unit), deviation, row.status, place]


def _number(value: float, unit: str) -> str:
    match unit:
        case "MPa" | "nm":
            text = f"{value:.1f}"
        case "m":
            return f"{value * 1e9:.4g} nm"
        case _:
            text = f"{value:.4g}"
    return text if unit == "1" else f"{text} {unit}"
