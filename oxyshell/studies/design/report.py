"""Report of a design study for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from oxyshell.presentation.numbers import ordinal
from oxyshell.presentation.table import Table
from oxyshell.studies.design.designs import Designs, in_words, text
from oxyshell.studies.engine import remarks
from oxyshell.studies.engine.batch_runner import Values
from oxyshell.studies.engine.words import different
from oxyshell.studies.engine.words import in_words as words_of

_MOST_ROWS = 25


def render(found: Designs) -> Iterator[Table | str]:
    """The parts of the report, in order."""
    yield _front(found)
    if len(found.front) > _MOST_ROWS:
        every, count = ordinal(_step(found)), len(found.front)
        yield f"every {every} of {count} designs on the front; all are in front.csv\n"
    yield words_of(found.verdict)
    for one in found.checked:
        changes = "; ".join(
            f"{measure.name} {measure.text(after)} (was {measure.text(before)}{_relative(before, after)})"
            for measure, before, after in zip(found.measures, one.before, one.after, strict=True)
        )
        yield words_of(f"With {in_words(found.check)}, {one.name}: {changes}.")
    yield from remarks.told(found.remarks, found.runs, "the column 'remarks' of study.csv", "runs")
    done = f"{len(found.values)} designs computed"
    done += f", {len(found.failed)} failed" if found.failed else ""
    where = "" if found.path is None else f" Results in {found.path}: front.csv, design.json, study.csv"
    yield f"\n{done}.{where}"


def _front(found: Designs) -> Table:
    name, values, reference = found.reference
    rows = [_row(found, index, f"{index}") for index in found.front[:: _step(found)]]
    if found.best is not None:
        rows.append(_row(found, found.best, "named in the verdict"))
    rows.append(_cells(found, values, reference, name))
    words = [*different(list(found.variables)), *(words_of(one.name) for one in found.measures)]
    return Table(f"{found.name}: the front", ("", *(f">{one}" for one in words)), rows)


def _row(found: Designs, index: int, mark: str) -> tuple[str, ...]:
    return _cells(found, found.values[index], found.objectives[index].tolist(), mark)


def _cells(found: Designs, values: Values, objectives: Sequence[float], mark: str) -> tuple[str, ...]:
    chosen = [text(values, path) if path in values else "" for path in found.variables]
    numbers = [one.text(number) for one, number in zip(found.measures, objectives, strict=True)]
    return (mark, *chosen, *numbers)


def _step(found: Designs) -> int:
    return -(-len(found.front) // _MOST_ROWS)


def _relative(before: float, after: float) -> str:
    return f", {100 * (after / before - 1):+.2f} %" if before else ""
