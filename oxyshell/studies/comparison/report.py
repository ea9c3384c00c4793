"""Report of a comparison for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from oxyshell.presentation.finding import depth_in_words
from oxyshell.presentation.numbers import directed, duration, named_with_unit, three_digits, with_unit
from oxyshell.presentation.table import Table
from oxyshell.studies.comparison.chosen_numbers import put_into_words
from oxyshell.studies.comparison.comparison_result import BASE, ComparisonResult, Row, is_peak
from oxyshell.studies.engine.words import in_words


def render(result: ComparisonResult) -> Iterator[Table | str]:
    """The parts of the report, in order."""
    yield from tables(result)
    yield from result.conclusions
    yield put_into_words(result.depends_on, result.scenarios.values())
    yield from result.remarks
    if result.path is not None:
        yield f"\nResults in {result.path}"


def tables(result: ComparisonResult) -> list[Table]:
    """Published beside computed, what the file asks for, other cases, effects."""
    known = {(row.quantity, row.system) for row in result.rows if row.published is not None}
    main = [row for row in result.rows if row.case == BASE and not _is_report(row, result, known)]
    others = [row for row in result.rows if row.case != BASE and row.quantity not in result.report]
    made = [_main(main, result)] if main else []
    if result.report:
        made.append(_report(result))
    if others:
        made.append(_cases(others, result))
    if result.effects:
        made.append(_effects(result))
    return made


def _is_report(row: Row, result: ComparisonResult, known: Set[tuple[str, str]]) -> bool:
    return (
        row.quantity in result.report and (row.quantity, row.system) not in known and row.status != "imposed"
    )


def _main(rows: Sequence[Row], result: ComparisonResult) -> Table:
    headings = ("quantity", "system", ">published", ">computed", ">deviation", "status", "where and when")
    cells = [
        (
            _words(row.quantity, result),
            row.system,
            "" if row.published is None else number(row.published, row.unit),
            number(row.computed, row.unit),
            "" if row.deviation_percent is None else signed(row.deviation_percent),
            row.status,
            _place(row),
        )
        for row in rows
    ]
    return Table(f"{result.name}: published and computed", headings, cells, keys=2)


def _report(result: ComparisonResult) -> Table:
    """One line per case and system, one column per quantity that the file asks for."""
    lines: dict[tuple[str, str], dict[str, Row]] = {}
    for row in result.rows:
        if row.quantity in result.report:
            lines.setdefault((row.case, row.system), {})[row.quantity] = row
    cells, before = [], ""
    for (case, system), found in lines.items():
        numbers = (number(found[q].computed, found[q].unit) if q in found else "–" for q in result.report)
        cells.append(("" if case == before else in_words(case), system, *numbers))
        before = case
    words = [_words(quantity, result) for quantity in result.report]
    return Table(f"{result.name}: computed", ("case", "system", *(f">{one}" for one in words)), cells, keys=2)


def _words(quantity: str, result: ComparisonResult) -> str:
    return result.labels.get(quantity) or in_words(quantity)


def _effects(result: ComparisonResult) -> Table:
    """One line per quantity and level: the mean change, and its range over the other factors."""
    title = "Effect of each factor: change against its first level, mean (range) over the others"
    units = {row.quantity: row.unit for row in result.rows}
    before = ("", *(one.quantity for one in result.effects))
    cells = [
        (
            ""
            if one.quantity == last
            else named_with_unit(_words(one.quantity, result), units.get(one.quantity, "")),
            in_words(one.factor),
            one.against,
            one.level,
            f"{_change(one.mean)} ({_change(one.least)} to {_change(one.largest)})",
        )
        for one, last in zip(result.effects, before, strict=False)
    ]
    return Table(title, ("quantity", "factor", "from", "to", ">change"), cells)


def _change(value: float) -> str:
    return three_digits(value) if value <= 0 else f"+{three_digits(value)}"


def _cases(rows: Sequence[Row], result: ComparisonResult) -> Table:
    """One line per case, one column per calibrated parameter, stress peak and published number."""
    shown = [row for row in rows if _is_told(row)]
    columns = list(dict.fromkeys((row.quantity, row.system) for row in shown))
    by_case: dict[str, dict[tuple[str, str], Row]] = {}
    for row in shown:
        by_case.setdefault(row.case, {})[row.quantity, row.system] = row
    statuses = {
        column: {one[column].status for one in by_case.values() if column in one} for column in columns
    }
    headings = [
        f">{system}: {', '.join([_words(quantity, result), *_only(statuses[quantity, system])])}"
        for quantity, system in columns
    ]
    cells = [
        (
            in_words(case),
            *(
                _short(found[column], told=len(statuses[column]) > 1) if column in found else ""
                for column in columns
            ),
        )
        for case, found in by_case.items()
    ]
    return Table("The same under other circumstances", ("case", *headings), cells)


def _only(statuses: Set[str]) -> Set[str]:
    return statuses if len(statuses) == 1 else set()


def _is_told(row: Row) -> bool:
    """Whether a case's row is worth a column: calibrated parameters, stress peaks, published numbers."""
    return row.status == "calibrated" or row.deviation_percent is not None or is_peak(row.quantity)


def _short(row: Row, told: bool) -> str:
    text = number(row.computed, row.unit) + (f", {row.status}" if told else "")
    if row.status == "predicted" and row.deviation_percent is not None:
        text += f" ({signed(row.deviation_percent)})"
    return text


def _place(row: Row) -> str:
    if row.depth_nm is None or row.extracted_per_formula is None:
        return ""
    return f"{depth_in_words(row.depth_nm)}, {directed(row.extracted_per_formula, 2, 'per formula unit')}"


def number(value: float, unit: str) -> str:
    """A number with its unit; lengths in nm."""
    match unit:
        case "MPa" if 0 < abs(value) < 1:
            return with_unit(value, unit, digits=2)
        case "MPa" | "nm":
            return f"{value:.1f} {unit}"
        case "m":
            return with_unit(value * 1e9, "nm")
        case "s":
            return duration(value)
        case _:
            return with_unit(value, unit)


def signed(percent: float) -> str:
    """A deviation with its sign; what rounds to nothing has that of nothing."""
    # Adding 0 takes the sign off a zero.
    return f"{round(percent, 1) + 0.0:+.1f} %"
