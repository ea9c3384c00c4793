"""Figure of several systems side by side: some of their results, beside published ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from oxyshell.drawing.style import (
    SMALL,
    TINY,
    beside,
    legend_above,
    letter,
    new_figure,
    save,
    short,
    system_colours,
    text_width,
    tidy,
)
from oxyshell.drawing.text import shown
from oxyshell.errors import OutputError
from oxyshell.figure_format import TWO_COLUMNS

_WIDE, _PANEL, _BAR = 5.0, 1.45, 0.24
"""Width from which names have long lines, least width of a panel, height of a bar, all in inches."""
_KINDS = ("predicted", "calibrated", "imposed")
# Beyond the longest bar, for its number.
_ROOM = 1.3
# Room that the number needs; both of the longest bar.
_NEAR = 0.22


@dataclass(frozen=True)
class ReportedSystem:
    """Results of one system.

    Attributes:
        label: Its name.
        values: The numbers, by quantity; a quantity that means nothing in its run is left out.
        published: Published numbers, by quantity.
        calibrated: Quantities that have their value by calibration.
        imposed: Quantities whose value a choice of the model decides.
    """

    label: str
    values: Mapping[str, float]
    published: Mapping[str, float] = field(default_factory=dict)
    calibrated: frozenset[str] = frozenset()
    imposed: frozenset[str] = frozenset()

    def kind(self, quantity: str) -> str:
        """Kind of a number: one of `_KINDS`."""
        if quantity in self.imposed:
            return "imposed"
        return "calibrated" if quantity in self.calibrated else "predicted"


def reported_figure(
    systems: Sequence[ReportedSystem], quantities: Mapping[str, str], path: Path, width: float = TWO_COLUMNS
) -> None:
    """Draw results as bars with published numbers as marks, one panel per quantity, one bar per system.

    Args:
        systems: From top to bottom.
        quantities: Label with unit of each quantity to draw, by its name in `ReportedSystem.values`.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    if not systems or not quantities:
        raise OutputError("A figure of reported results needs at least one system and one quantity.")
    lines = 24 if width < _WIDE else 40
    labels = [shown(one.label, width=lines) for one in systems]
    room = width - max(text_width(label, SMALL) for label in labels) - 0.2
    across = beside(len(quantities), room, _PANEL)
    down = math.ceil(len(quantities) / across)
    bar = max(_BAR, 0.11 * max(label.count("\n") + 1 for label in labels) + 0.06)
    figure = new_figure(width, (bar * len(systems) + 0.6) * down + 0.4, between=0.06)
    panels = np.ravel(figure.subplots(down, across, squeeze=False, sharey=True))
    for axes, (quantity, label) in zip(panels, quantities.items(), strict=False):
        _draw(axes, systems, quantity)
        tidy(axes, shown(label, width=26), grid="x")
    for unused in panels[len(quantities) :]:
        unused.remove()
    panels[0].set_yticks(range(len(systems)), labels, fontsize=SMALL)
    panels[0].invert_yaxis()
    letter(list(panels[: len(quantities)]))
    # Hardly any comparison has imposed numbers; the other two kinds tell each other's absence.
    shown_kinds = _KINDS if any(one.imposed for one in systems) else _KINDS[:2]
    bars = [Patch(color=_colours()[kind], label=kind) for kind in shown_kinds]
    mark = Line2D([], [], color="black", marker="D", markersize=4.5, linestyle="", label="published")
    legend_above(figure, [*bars, mark], width)
    save(figure, path)


def _colours() -> dict[str, str]:
    return dict(zip(_KINDS, system_colours(len(_KINDS)), strict=True))


def _draw(axes: Axes, systems: Sequence[ReportedSystem], quantity: str) -> None:
    """One panel: bars, their numbers, and marks."""
    colours, largest = _colours(), 0.0
    ends: list[tuple[int, float | None, list[float]]] = []
    for place, one in enumerate(systems):
        value, published = one.values.get(quantity), one.published.get(quantity)
        if published is not None:
            axes.plot([published], [place], color="black", marker="D", markersize=4.5, clip_on=False)
        if value is not None:
            axes.barh([place], [value], 0.7, color=colours[one.kind(quantity)])
        numbers = [known for known in (value, published) if known is not None]
        largest = max([largest, *map(abs, numbers)])
        ends.append((place, value, numbers))
    for place, value, numbers in ends:
        if value is None:
            continue
        # Beside the bar, or beside a mark that stands there.
        near = max(number for number in numbers if number - value <= _NEAR * largest)
        axes.annotate(
            short(value), (near, place), (5, 0), textcoords="offset points", va="center", fontsize=TINY
        )
    axes.set_xlim(right=_ROOM * largest or 1.0)
    axes.set_axisbelow(True)
