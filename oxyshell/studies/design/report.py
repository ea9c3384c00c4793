"""A design study on screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from oxyshell.studies.design.designs import Designs, in_words, short
from oxyshell.studies.engine import remarks
from oxyshell.studies.engine.batch_runner import Values

if TYPE_CHECKING:
    from rich.table import Table

_MOST_ROWS = 25


def render(found: Designs) -> Iterator[Table | str]:
    """What to print when a search has ended."""
    yield _front(found)
    if len(found.front) > _MOST_ROWS:
        yield f"every {_step(found)}th of {len(found.front)} designs on the front; all are in front.csv\n"
    yield found.verdict
    for one in found.checked:
        changes = "; ".join(
            f"{measure.name} {measure.told(after)} (was {measure.told(before)}{_relative(before, after)})"
            for measure, before, after in zip(found.measures, one.before, one.after, strict=True)
        )
        yield f"With {in_words(found.check)}, {one.name}: {changes}."
    yield from remarks.told(found.remarks, "the column 'remarks' of study.csv", "runs")
    done = f"{len(found.values)} designs computed"
    done += f", {len(found.failed)} failed" if found.failed else ""
    where = "" if found.path is None else f" Results in {found.path}: front.png, design.json, study.html"
    yield f"\n{done}.{where}"


def _front(found: Designs) -> Table:
    from oxyshell.studies.engine.tables import PlainTable

    table = PlainTable(f"{found.name}: the front")
    for path in found.variables:
        table.add_column(path, justify="right")
    for measure in found.measures:
        table.add_column(measure.name, justify="right", overflow="fold")
    table.add_column("")
    name, values, reference = found.reference
    for index in found.front[:: _step(found)]:
        _row(table, found, found.values[index], found.objectives[index].tolist(), "")
    if found.best is not None:
        _row(
            table,
            found,
            found.values[found.best],
            found.objectives[found.best].tolist(),
            "named in the verdict",
        )
    _row(table, found, values, reference, name)
    return table


def _row(table: Table, found: Designs, values: Values, objectives: Sequence[float], mark: str) -> None:
    chosen = [short(values[path]) if path in values else "" for path in found.variables]
    numbers = [one.told(number) for one, number in zip(found.measures, objectives, strict=True)]
    table.add_row(*chosen, *numbers, mark)


def _step(found: Designs) -> int:
    return -(-len(found.front) // _MOST_ROWS)


def _relative(before: float, after: float) -> str:
    return f", {100 * (after / before - 1):+.2f} %" if before else ""
