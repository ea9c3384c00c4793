"""Panels one above the other, against the number of the cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from oxyshell.drawing.style import letter, new_figure, system_colours, system_markers, tidy
from oxyshell.errors import OutputError
from oxyshell.outputs.records import Array


@dataclass(frozen=True, eq=False)
class LabelledCycles:
    """The cycles of one system.

    Attributes:
        label: Name of the system.
        columns: Columns of the table of cycles.
    """

    label: str
    columns: Mapping[str, Array]

    @property
    def several(self) -> bool:
        """Whether there is more than one."""
        return len(self.columns.get("cycle", ())) > 1


type Look = tuple[LabelledCycles, str, str]
"""A system, its colour and its marker."""


@dataclass(frozen=True, eq=False)
class CyclePanels:
    """A figure of panels with the same axis of cycles.

    Attributes:
        figure: The figure.
        axes: Its panels, from the top.
        looks: Look of each system.
    """

    figure: Figure
    axes: list[Axes]
    looks: list[Look]

    @classmethod
    def of(
        cls, systems: Sequence[LabelledCycles], subject: str, labels: Sequence[str], size: tuple[float, float]
    ) -> Self:
        """Panels for some systems.

        Args:
            systems: One or more, each with several cycles.
            subject: Subject of the figure, for messages.
            labels: Label of each panel's values.
            size: Width and height of the figure, inches.

        Raises:
            OutputError: If there is nothing to draw.
        """
        if not systems or not all(system.several for system in systems):
            raise OutputError(f"A figure of {subject} needs at least one system, and several cycles of each.")
        figure = new_figure(*size)
        axes = list(figure.subplots(len(labels), 1, sharex=True, squeeze=False)[:, 0])
        looks = zip(systems, system_colours(len(systems)), system_markers(len(systems)), strict=True)
        for one, label in zip(axes, labels, strict=True):
            tidy(one, y=label)
        return cls(figure, axes, list(looks))

    def close(self) -> None:
        """Scale and label the axes, once all is drawn."""
        for one in self.axes:
            one.margins(y=0.08)
            one.ticklabel_format(axis="y", useOffset=False)
        self.axes[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
        tidy(self.axes[-1], "Cycle")
        self.figure.align_ylabels(self.axes)
        letter(self.axes)
