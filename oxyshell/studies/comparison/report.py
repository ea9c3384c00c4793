"""A comparison as tables on screen."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from oxyshell.studies.comparison.comparison_result import BASE, ComparisonResult, Row
from oxyshell.studies.comparison.factorial_effects import Effect

if TYPE_CHECKING:
    from rich.table import Table


def tables(result: ComparisonResult) -> list[Table]:
    """What there is to say: published beside computed, what the file asks for, other cases, effects."""
    known = {(row.quantity, row.system) for row in result.rows if row.published is not None}
    main = [row for row in result.rows if row.case == BASE and not _is_report(row, result, known)]
    others = [row for row in result.rows if row.case != BASE and row.quantity not in result.report]
    made = [_main(main, result.name)] if main else []
    if result.report:
        made.append(_report(result))
    if others:
        made.append(_cases(others))
    if result.effects:
        made.append(_effects(result.effects))
    return made


def _is_report(row: Row, result: ComparisonResult, known: Set[tuple[str, str]]) -> bool:
    return row.quantity in result.report and (row.quantity, row.system) not in known


def _new(title: str) -> Table:
    from oxyshell.studies.engine.tables import PlainTable

    return PlainTable(title)


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


def _report(result: ComparisonResult) -> Table:
    """One line per case and system, one column per quantity that the file asks for."""
    table = _new(f"{result.name}: computed")
    table.add_column("case", overflow="fold")
    table.add_column("system", overflow="fold")
    for quantity in result.report:
        table.add_column(quantity.replace(".", ".\n", 1), justify="right")
    lines: dict[tuple[str, str], dict[str, Row]] = {}
    for row in result.rows:
        if row.quantity in result.report:
            lines.setdefault((row.case, row.system), {})[row.quantity] = row
    before = ""
    for (case, system), found in lines.items():
        numbers = (number(found[q].computed, found[q].unit) if q in found else "–" for q in result.report)
        table.add_row("" if case == before else case, system, *numbers)
        before = case
    return table


def _effects(effects: Sequence[Effect]) -> Table:
    """One line per quantity and level: the mean change, and its range over the other factors."""
    table = _new("What each factor contributes: change against its first level, mean (range) over the others")
    for heading in ("quantity", "factor", "from", "to"):
        table.add_column(heading, overflow="fold")
    table.add_column("change", justify="right")
    for effect in effects:
        change = f"{effect.mean:+.3g} ({effect.least:+.3g} to {effect.largest:+.3g})"
        table.add_row(effect.quantity, effect.factor, effect.against, effect.level, change)
    return table


def _cases(rows: Sequence[Row]) -> Table:
    """One line per case, one column per calibrated parameter, stress peak and published number."""
    table = _new("The same under other circumstances")
    table.add_column("case", overflow="fold")
    shown = [row for row in rows if _is_told(row)]
    columns = list(dict.fromkeys((row.quantity, row.system) for row in shown))
    by_case: dict[str, dict[tuple[str, str], Row]] = {}
    for row in shown:
        by_case.setdefault(row.case, {})[row.quantity, row.system] = row
    for quantity, system in columns:
        table.add_column(f"{system}:\n{quantity}", justify="right", overflow="fold")
    for case, found in by_case.items():
        table.add_row(case, *(_short(found[column]) if column in found else "" for column in columns))
    return table


def _is_told(row: Row) -> bool:
    """Whether a case's row is worth a column: what was calibrated, stress peaks, what can be compared."""
    known = row.deviation_percent is not None
    return row.status == "calibrated" or known or row.quantity.endswith("peak_MPa")


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
