"""Cuts through the particle at several states of charge, in the manner of Fig. 4c,d of seed 003."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import FigureBase

from oxyshell.drawing.bodies import Look, chosen
from oxyshell.drawing.depth_lines import ScaledProfiles, draw_lines
from oxyshell.drawing.profiles import LabelledProfiles, over_depth
from oxyshell.drawing.scales import NO_STRESS, duration, length_unit, unchanged
from oxyshell.drawing.style import NORMAL, SMALL, TINY, letter, new_figure, save
from oxyshell.drawing.text import shown
from oxyshell.errors import OutputError
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.outputs.records import Array
from oxyshell.presentation.numbers import directed

WINDOW = 3.0
"""Depth of the view of a layer over the layer's thickness."""
_CELL, _BESIDE_CELLS = 0.86, 1.05
"""Width in inches of a cut, and of the colour bar and the names beside cuts."""
_FEWEST, _MOST, _MOST_BESIDE_LINES = 3, 6, 4
"""Cuts of a system beside each other."""
_WIDE = 6.0
"""Width in inches from which on lines have room beside the cuts of several systems."""
_LINES, _LINES_BESIDE = 2.35, 1.75
"""Height in inches of a row of lines, and of one of two panels of lines below each other."""
_FLAT = 0.45
"""Height in inches of a quantity that does not change."""
_LETTERS_PER_INCH, _NARROW = 14.0, 0.95
"""Letters of a name along an inch, and width in inches of a cut below which lines are broken."""


@dataclass(frozen=True)
class _Quantity:
    """One that is drawn; `negligible` is a change in its stored unit that is none."""

    label: str
    column: str
    colours: str
    factor: Callable[[LabelledProfiles], float]
    limits: Callable[[float, float], tuple[float, float]]
    negligible: float

    def values(self, system: LabelledProfiles, state: int) -> Array:
        values: Array = self.factor(system) * system.profiles[self.column][state]
        return values

    def in_cut(self, system: LabelledProfiles, state: int) -> Array:
        return self.factor(system) * system.body.values(system.profiles, state, self.column)

    def of(self, system: LabelledProfiles) -> ScaledProfiles:
        """All its values in a system."""
        return ScaledProfiles(system, self.factor(system) * system.profiles[self.column])

    def still(self, systems: Sequence[LabelledProfiles]) -> bool:
        """Whether it stays what it was in every system."""
        return all(unchanged(system.profiles[self.column], self.negligible) for system in systems)


def _around_zero(low: float, high: float) -> tuple[float, float]:
    largest = max(abs(low), abs(high)) or 1.0
    return -largest, largest


def _quantities(systems: Sequence[LabelledProfiles]) -> tuple[_Quantity, ...]:
    ions = shown("/".join(dict.fromkeys(system.ion for system in systems)))
    volumes = {system.label: system.molar_volume_m3_mol for system in systems}
    label, column = f"{ions} per formula unit", "concentration_mol_m3"
    if None in volumes.values():
        label, column, volumes = f"Occupancy of {ions} sites", "occupancy", dict.fromkeys(volumes, 1.0)
    # Both maps change evenly to the eye: the CIELAB distance between neighbours varies by 19 % and 5 %,
    # that of "RdBu_r" by 25 % with half its steps near zero; "coolwarm" has its pale middle at zero stress.
    return (
        _Quantity(
            label,
            column,
            "viridis",
            lambda system: volumes[system.label] or 1.0,
            lambda low, high: (low, high),
            0.0,
        ),
        _Quantity(
            "First principal stress (MPa)",
            "first_principal_Pa",
            "coolwarm",
            lambda system: 1e-6,
            _around_zero,
            NO_STRESS,
        ),
    )


def particle_figure(systems: Sequence[LabelledProfiles], path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw ion content and first principal stress of every system, each on one colour scale.

    Each body is cut through its centre; lines go over the whole depth. Where a system has a layer, a strip
    under each cut and a second panel of lines show the outermost three thicknesses of it. A quantity that
    does not change is told in words.

    Args:
        systems: One or more systems, each with one output time or more.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    figure = new_figure(width, particle_height(systems, width))
    letter(draw_particles(figure, systems, width))
    save(figure, path)


@dataclass(frozen=True)
class _Layout:
    """Arrangement of a quantity: cuts, and lines below or beside them.

    Attributes:
        width: Width of the figure in inches.
        beside: Whether the lines stand beside the cuts.
        columns: Cuts in a row.
        window: Depth in m of the view of a layer; 0 where there is none.
        rows: Systems.
    """

    width: float
    beside: bool
    columns: int
    window: float
    rows: int

    @classmethod
    def of(cls, systems: Sequence[LabelledProfiles], width: float) -> _Layout:
        """That of some systems in a width in inches."""
        beside = width >= _WIDE and len(systems) > 1
        most = int((width - _BESIDE_CELLS) / _CELL)
        most = _MOST_BESIDE_LINES if beside else max(_FEWEST, min(most, _MOST))
        columns = max((len(chosen(system.profiles, most)) for system in systems), default=0)
        window = WINDOW * max((system.layer_m for system in systems), default=0.0)
        return cls(width, beside, columns, window, len(systems))

    @property
    def cell(self) -> float:
        """Width of a cut in inches."""
        if self.beside:
            return _CELL
        return min(max((self.width - _BESIDE_CELLS) / max(self.columns, 1), _CELL * 0.8), 1.3)

    @property
    def height(self) -> float:
        """Height of a quantity that changes, in inches."""
        words = 0.62 + 0.1 * (self.cell < _NARROW) + (0.25 if self.window else 0.0)
        cuts = self.rows * (self.cell + words)
        if self.beside:
            return max(cuts, _LINES_BESIDE * (2 if self.window else 1) + 0.5) + 0.1
        return cuts + self.lines

    @property
    def lines(self) -> float:
        """Height of the lines below the cuts, in inches, with their legend."""
        return _LINES + 0.24 * (self.rows - 1)


def particle_height(systems: Sequence[LabelledProfiles], width: float) -> float:
    """Give the height in inches that `draw_particles` needs in a width."""
    layout = _Layout.of(systems, width)
    return sum(_height(one, systems, layout) for one in _quantities(systems))


def _height(quantity: _Quantity, systems: Sequence[LabelledProfiles], layout: _Layout) -> float:
    return _FLAT if _is_still(quantity, systems) else layout.height


def _is_still(quantity: _Quantity, systems: Sequence[LabelledProfiles]) -> bool:
    """Whether there is no change to draw; what has one state only is drawn, if it is more than nothing."""
    several = any(len(system.profiles.times) > 1 for system in systems)
    return several and quantity.still(systems)


def draw_particles(figure: FigureBase, systems: Sequence[LabelledProfiles], width: float) -> list[Axes]:
    """Draw what `particle_figure` draws into a figure or a part of one, of a width in inches.

    Returns:
        The panels that bear a letter, in their order.

    Raises:
        OutputError: If there is no system, or one without an output time.
    """
    if not systems or any(len(system.profiles.times) == 0 for system in systems):
        raise OutputError("A particle figure needs at least one system, and an output time in each.")
    quantities, layout = _quantities(systems), _Layout.of(systems, width)
    heights = [_height(one, systems, layout) for one in quantities]
    parts = np.ravel(figure.subfigures(len(quantities), 1, height_ratios=heights, squeeze=False))
    panels: list[Axes] = []
    for part, quantity in zip(parts, quantities, strict=True):
        if _is_still(quantity, systems):
            _tell(part, systems, quantity)
        else:
            panels += _draw_quantity(part, systems, quantity, layout)
    return panels


def _tell(figure: FigureBase, systems: Sequence[LabelledProfiles], quantity: _Quantity) -> None:
    """Say of a quantity that it did not change, and what it is."""
    values = [quantity.values(system, 0) for system in systems]
    low, high = min(np.min(one) for one in values), max(np.max(one) for one in values)
    negligible = quantity.negligible * max(quantity.factor(system) for system in systems)
    if max(abs(low), abs(high)) <= negligible:
        told = "0"
    elif high - low <= 1e-6 * max(abs(low), abs(high)):
        told = f"{high:.4g}"
    else:
        told = f"{low:.4g} to {high:.4g}"
    longest = duration(max(float(system.profiles.times[-1]) for system in systems))
    figure.text(
        0.5, 0.5, f"{quantity.label}: {told}, unchanged from 0 to {longest}",
        ha="center", va="center", fontsize=NORMAL,
    )  # fmt: skip


def _draw_quantity(
    figure: FigureBase, systems: Sequence[LabelledProfiles], quantity: _Quantity, layout: _Layout
) -> list[Axes]:
    if layout.beside:
        cuts = layout.columns * layout.cell + _BESIDE_CELLS
        ratios = [cuts, max(layout.width - cuts, 2.0)]
        first, second = np.ravel(figure.subfigures(1, 2, width_ratios=ratios, squeeze=False))
        room = ratios[1]
    else:
        ratios = [layout.height - layout.lines, layout.lines]
        first, second = np.ravel(figure.subfigures(2, 1, height_ratios=ratios, squeeze=False))
        room = layout.width
    panels = [_draw_cuts(first, systems, quantity, layout)]
    profiles = [quantity.of(system) for system in systems]
    return panels + draw_lines(second, profiles, quantity.label, layout.window, room, layout.beside)


def _draw_cuts(
    figure: FigureBase, systems: Sequence[LabelledProfiles], quantity: _Quantity, layout: _Layout
) -> Axes:
    """Draw the cuts with their colour bar; the first one."""
    drawn = [(system, chosen(system.profiles, layout.columns)) for system in systems]
    seen = [quantity.in_cut(system, state) for system, states in drawn for state in states]
    norm = Normalize(*quantity.limits(min(np.min(v) for v in seen), max(np.max(v) for v in seen)))
    widths = [1.0] * layout.columns + [0.08]
    grid = figure.add_gridspec(len(systems), len(widths), width_ratios=widths)
    image: ScalarMappable | None = None
    panels = []
    for row, (system, states) in enumerate(drawn):
        look = Look(quantity.column, quantity.factor(system), quantity.colours, norm)
        for column, state in enumerate(states):
            axes = figure.add_subplot(grid[row, column])
            panels.append(axes)
            axes.set_title(_state(system, state, layout.cell < _NARROW), fontsize=TINY, pad=3)
            image = system.body.draw(axes, system.profiles, state, look)
            if layout.window:
                _draw_strip(axes, system, state, look, layout.window)
            if column == 0:
                label = shown(system.label, width=int(layout.cell * _LETTERS_PER_INCH))
                axes.set_ylabel(label, fontsize=SMALL, fontweight="bold")
                _caption(axes, system.body.caption(system.profiles), -0.42 if layout.window else -0.03)
    assert image is not None  # every system has an output time
    bar = figure.colorbar(image, cax=figure.add_subplot(grid[:, layout.columns]))
    bar.set_label(quantity.label, fontsize=SMALL)
    bar.ax.tick_params(labelsize=SMALL)
    return panels[0]


def _state(system: LabelledProfiles, state: int, narrow: bool) -> str:
    time, extracted = float(system.profiles.times[state]), system.profiles.extracted[state]
    amount = directed(float(extracted), 2, shown(system.ion))
    words = "\n".join(amount.rsplit(" ", 1)) if narrow else amount
    return f"{duration(time)}\n{words}"


def _caption(axes: Axes, text: str, height: float) -> None:
    lines = text.replace(", ", ",\n")
    axes.text(0.0, height, lines, transform=axes.transAxes, fontsize=TINY, va="top", color="0.25")


def _draw_strip(axes: Axes, system: LabelledProfiles, state: int, look: Look, window: float) -> None:
    size, unit = length_unit(window)
    outermost = window / size
    _, values = over_depth(system.profiles, look.factor * system.profiles[look.column][state], window)
    below = axes.inset_axes((0.04, -0.17, 0.92, 0.1))
    below.imshow(
        values[None, :], cmap=look.colours, norm=look.norm, extent=(0.0, outermost, 0.0, 1.0), aspect="auto"
    )
    below.set(yticks=[], xticks=[0.0, outermost])
    first, last = below.set_xticklabels(["0", f"{outermost:.3g} {unit} deep"])
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")
    below.tick_params(labelsize=TINY, length=2, pad=1)
    below.spines[:].set_linewidth(0.5)
