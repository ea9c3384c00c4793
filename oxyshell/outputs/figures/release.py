"""Oxygen that leaves the particle, as differential electrochemical mass spectrometry (DEMS) sees it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from oxyshell.errors import OutputError
from oxyshell.outputs.figures.history import LabelledHistory
from oxyshell.outputs.figures.style import (
    NORMAL,
    SMALL,
    line_widths,
    new_figure,
    save,
    short,
    system_colours,
    tidy,
)
from oxyshell.outputs.records import Array

_RATE = "oxygen_release_umol_g_min"
_START = 0.01
"""The share of the time in which a rate may go off the scale: at an open surface it begins at infinity."""
_UNIT = "µmol g⁻¹ min⁻¹"


@dataclass(frozen=True)
class PublishedShares:
    """Published shares of peroxide in the O 1s spectrum (XPS): context for a computed release, not fitted.

    Attributes:
        voltages: Voltages against Li in V.
        by_system: Shares in %, one per voltage, by the name of the system.
        source: Who published them, in a few words.

    Raises:
        OutputError: If a system has not as many shares as there are voltages.
    """

    voltages: Sequence[float] = ()
    by_system: Mapping[str, Sequence[float]] = field(default_factory=dict)
    source: str = ""

    def __post_init__(self) -> None:
        for system, shares in self.by_system.items():
            if len(shares) != len(self.voltages):
                raise OutputError(
                    f"{system} has {len(shares)} published shares for {len(self.voltages)} voltages; "
                    "give one per voltage."
                )


_TITLE_WIDTH = 52
NOTHING_PUBLISHED = PublishedShares()


def release_figure(
    systems: Sequence[LabelledHistory], path: Path, published: PublishedShares = NOTHING_PUBLISHED
) -> None:
    """Draw the rate at which O2 leaves against time and, where ions are extracted, against those.

    Args:
        systems: One or more systems with oxygen, one colour each.
        path: The PNG.
        published: Shares of peroxide to draw beside; by default no panel.

    Raises:
        OutputError: If there is nothing to draw, a run has no oxygen, or the disk refuses.
    """
    if not systems:
        raise OutputError("A figure of the oxygen released needs at least one system.")
    for system in systems:
        if _RATE not in system.history:
            raise OutputError(f"{system.label} was run without oxygen; there is no release to draw.")
    ions = "/".join(dict.fromkeys(system.ion for system in systems))
    colours = dict(zip((system.label for system in systems), system_colours(len(systems)), strict=True))
    panels: list[Callable[[Axes], None]] = [
        lambda axes: _draw_rates(axes, systems, "time_s", 3600.0, "Time (h)")
    ]
    if any(np.ptp(system.history["extracted_per_formula"]) > 1e-6 for system in systems):
        label = f"{ions} extracted per formula unit"
        panels.append(lambda axes: _draw_rates(axes, systems, "extracted_per_formula", 1.0, label))
    if published.by_system:
        panels.append(lambda axes: _draw_shares(axes, published, colours))
    figure = new_figure(3.9 * len(panels), 3.6, between=0.12)
    for axes, draw in zip(np.ravel(figure.subplots(1, len(panels), squeeze=False)), panels, strict=True):
        draw(axes)
    names = [
        Line2D([], [], color=colour, linewidth=2.0, label=system.label)
        for system, colour in zip(systems, system_colours(len(systems)), strict=True)
    ]
    figure.legend(
        handles=names,
        loc="outside upper center",
        ncols=min(len(names), 2 * len(panels)),
        fontsize=NORMAL,
        frameon=False,
    )
    save(figure, path)


def _draw_rates(axes: Axes, systems: Sequence[LabelledHistory], along: str, unit: float, label: str) -> None:
    colours, widths = system_colours(len(systems)), line_widths(len(systems))
    for system, colour, width in zip(systems, colours, widths, strict=True):
        axes.plot(system.history[along] / unit, system.history[_RATE], color=colour, linewidth=width)
    highest = max(np.max(system.history[_RATE]) for system in systems)
    after_start = max(np.max(_after_start(system.history)) for system in systems)
    top = after_start if after_start > 0.0 else 1.0
    axes.set_ylim(-0.02 * top, 1.08 * top)
    axes.set_xlabel(label, fontsize=NORMAL)
    axes.set_ylabel(f"O₂ release rate ({_UNIT})", fontsize=NORMAL)
    if highest > 1.08 * top:
        axes.set_title(f"begins off the scale, at {short(highest)} {_UNIT}", fontsize=SMALL, loc="left")
    tidy(axes)


def _after_start(history: Mapping[str, Array]) -> Array:
    time, rate = history["time_s"], history[_RATE]
    kept: Array = rate[time >= _START * time[-1]]
    return kept


def _draw_shares(axes: Axes, published: PublishedShares, colours: Mapping[str, str]) -> None:
    """Draw published shares as bars; a system that was computed too keeps its colour."""
    groups = np.arange(len(published.voltages), dtype=float)
    width = 0.8 / len(published.by_system)
    others = iter(system_colours(len(colours) + len(published.by_system))[len(colours) :])
    for index, (system, shares) in enumerate(published.by_system.items()):
        offset = (index - (len(published.by_system) - 1) / 2) * width
        colour = colours[system] if system in colours else next(others)
        bars = axes.bar(groups + offset, shares, 0.94 * width, color=colour, label=system)
        axes.bar_label(bars, [f"{share:.1f}" for share in shares], fontsize=SMALL - 1, padding=1)
    axes.set_xticks(groups, [f"{voltage:g}" for voltage in published.voltages])
    axes.set_xlabel("Voltage against Li (V)", fontsize=NORMAL)
    axes.set_ylabel("Peroxide share of O 1s, XPS (%)", fontsize=NORMAL)
    title = ", ".join(filter(None, ("published", published.source)))
    axes.set_title(textwrap.fill(title, _TITLE_WIDTH), fontsize=SMALL, loc="left")
    axes.legend(fontsize=SMALL, frameon=False, loc="upper left")
    axes.margins(y=0.12)
    tidy(axes)
    axes.grid(visible=False, axis="x")
    axes.set_axisbelow(True)
