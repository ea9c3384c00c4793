"""Sentences of a comparison's file, with the spans of results over all cases in them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import partial

from oxyshell.studies.comparison.comparison_result import Row
from oxyshell.studies.comparison.sections import FIELD, SPAN, Conclusion


def conclude(conclusions: Sequence[Conclusion], rows: Sequence[Row]) -> Iterator[str]:
    """The sentences, those left out whose result means nothing in any run.

    Args:
        conclusions: As the file has them.
        rows: All rows of the comparison's table.
    """
    for one in conclusions:
        values = [row.computed for row in rows if _is_about(row, one)]
        if values or one.quantity is None:
            yield FIELD.sub(partial(_number, values), one.text)


def _number(values: Sequence[float], field: re.Match[str]) -> str:
    return f"{SPAN[field[1]](values):.3g}"


def _is_about(row: Row, one: Conclusion) -> bool:
    chosen = not one.systems or row.system in one.systems
    return row.quantity == one.quantity and chosen and math.isfinite(row.computed)
