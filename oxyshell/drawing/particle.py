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

from oxyshell.drawing.bodies import PIXELS, SPHERE, Body, Look, chosen
from oxyshell.drawing.scales import NO_STRESS, duration, length_unit, unchanged
from oxyshell.drawing.style import NORMAL, SMALL, new_figure, save, system_colours, tidy
from oxyshell.drawing.text import shown
from oxyshell.errors import OutputError
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.outputs.records import Array
from oxyshell.outputs.result import Profiles
from oxyshell.presentation.numbers import directed

WINDOW = 3.0
"""Depth of the view of a layer over the layer's thickness."""
_ON = 1e-6
"""Points whose distance from an edge is less than this share of the deepest depth lie on it."""
_LABEL_WIDTH, _LEGEND_WIDTH = 22, 34
"""Characters of a line of text that fit along a cut and over a panel of lines."""
_TALL, _FLAT = 1.9, 0.75
"""Height in inches of a row of cuts, and of a quantity that does not change."""


@dataclass(frozen=True)
class Edge:
    """The inner edge of a layer.

    Attributes:
        depth_m: Its depth below the surface in m.
        jumps: Whether hosts meet there, so that fields jump.
    """

    depth_m: float
    jumps: bool = False


@dataclass(frozen=True, eq=False)
class LabelledProfiles:
    """The profiles of one system, with what a reader needs to know them by.

    Attributes:
        label: Name of the system.
        profiles: Its radial profiles.
        molar_volume_m3_mol: Volume per formula unit V_m in m³/mol; x = c V_m is the content per formula unit.
            None where it is not the same everywhere: the occupancy is drawn then.
        ion: Symbol of the ion, for labels.
        body: How it is cut open.
        edges: The inner edges of its layers; none without a layer.
        scattered: Whether regions may lie side by side, so that there is no one value at a depth: its means
            over each region are points then, not a line.
    """

    label: str
    profiles: Profiles
    molar_volume_m3_mol: float | None
    ion: str = "Li"
    body: Body = SPHERE
    edges: tuple[Edge, ...] = ()
    scattered: bool = False

    @property
    def layer_m(self) -> float:
        """Thickness of all layers together in m, 0 without one."""
        return max((edge.depth_m for edge in self.edges), default=0.0)


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
    figure = new_figure(*particle_size(systems))
    draw_particles(figure, systems)
    save(figure, path)


def particle_size(systems: Sequence[LabelledProfiles]) -> tuple[float, float]:
    """Give the width and height in inches that `draw_particles` needs."""
    states = max((len(chosen(system.profiles)) for system in systems), default=0)
    panels = 2 if _window(systems) else 1
    return 1.45 * states + 1.1 + 3.3 * panels, sum(_height(one, systems) for one in _quantities(systems))


def _height(quantity: _Quantity, systems: Sequence[LabelledProfiles]) -> float:
    return _FLAT if _is_still(quantity, systems) else max(_TALL * len(systems), 2.6) + 0.45


def _is_still(quantity: _Quantity, systems: Sequence[LabelledProfiles]) -> bool:
    """Whether there is no change to draw; what has one state only is drawn, if it is more than nothing."""
    several = any(len(system.profiles.times) > 1 for system in systems)
    return several and quantity.still(systems)


def _window(systems: Sequence[LabelledProfiles]) -> float:
    """Depth in m of the view of a layer; 0 where there is none."""
    return WINDOW * max((system.layer_m for system in systems), default=0.0)


def draw_particles(figure: FigureBase, systems: Sequence[LabelledProfiles]) -> None:
    """Draw what `particle_figure` draws into a figure or a part of one.

    Raises:
        OutputError: If there is no system, or one without an output time.
    """
    if not systems or any(len(system.profiles.times) == 0 for system in systems):
        raise OutputError("A particle figure needs at least one system, and an output time in each.")
    quantities = _quantities(systems)
    heights = [_height(one, systems) for one in quantities]
    parts = np.ravel(figure.subfigures(len(quantities), 1, height_ratios=heights, squeeze=False))
    for part, quantity in zip(parts, quantities, strict=True):
        draw = _tell if _is_still(quantity, systems) else _draw_quantity
        draw(part, systems, quantity)


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


def _draw_quantity(figure: FigureBase, systems: Sequence[LabelledProfiles], quantity: _Quantity) -> None:
    shown_states = [(system, chosen(system.profiles)) for system in systems]
    seen = [quantity.in_cut(system, state) for system, states in shown_states for state in states]
    norm = Normalize(*quantity.limits(min(np.min(v) for v in seen), max(np.max(v) for v in seen)))
    columns, window = max(len(states) for _, states in shown_states), _window(systems)
    widths = [1.0] * columns + [0.09, 1.9] + ([1.9] if window else [])
    grid = figure.add_gridspec(len(systems), len(widths), width_ratios=widths)
    image: ScalarMappable | None = None
    for row, (system, states) in enumerate(shown_states):
        look = Look(quantity.column, quantity.factor(system), quantity.colours, norm)
        for column, state in enumerate(states):
            axes = figure.add_subplot(grid[row, column])
            axes.set_title(_state(system, state), fontsize=SMALL - 1, pad=3)
            image = system.body.draw(axes, system.profiles, state, look)
            if window:
                _draw_strip(axes, system, state, look, window)
            if column == 0:
                label = shown(system.label, width=_LABEL_WIDTH)
                axes.set_ylabel(label, fontsize=NORMAL, fontweight="bold")
                _caption(axes, system.body.caption(system.profiles), -0.36 if window else -0.03)
    assert image is not None  # every system has an output time
    bar = figure.colorbar(image, cax=figure.add_subplot(grid[:, columns]))
    bar.set_label(quantity.label, fontsize=NORMAL)
    bar.ax.tick_params(labelsize=SMALL)
    whole = max(float(np.max(system.profiles.depth_m)) for system in systems)
    panel = figure.add_subplot(grid[:, columns + 1])
    _draw_depth(panel, systems, quantity, whole)
    panel.legend(fontsize=SMALL - 0.5, frameon=False, loc="lower left", bbox_to_anchor=(-0.05, 1.0))
    if window:
        layer = figure.add_subplot(grid[:, columns + 2])
        _draw_depth(layer, systems, quantity, window)
        _mark_layers(layer, systems)


def _state(system: LabelledProfiles, state: int) -> str:
    time, extracted = float(system.profiles.times[state]), system.profiles.extracted[state]
    return f"t = {duration(time)}\n{directed(float(extracted), 2, shown(system.ion))}"


def _caption(axes: Axes, text: str, height: float) -> None:
    axes.text(0.0, height, text, transform=axes.transAxes, fontsize=SMALL - 1.5, va="top", color="0.25")


def _draw_strip(axes: Axes, system: LabelledProfiles, state: int, look: Look, window: float) -> None:
    size, unit = length_unit(window)
    outermost = window / size
    _, values = _over_depth(system.profiles, look.factor * system.profiles[look.column][state], window)
    below = axes.inset_axes((0.06, -0.17, 0.88, 0.1))
    below.imshow(
        values[None, :], cmap=look.colours, norm=look.norm, extent=(0.0, outermost, 0.0, 1.0), aspect="auto"
    )
    below.set(yticks=[], xticks=[0.0, outermost / 2, outermost])
    below.set_xticklabels(["0", f"{outermost / 2:.3g}", f"{outermost:.3g} {unit} deep"])
    below.tick_params(labelsize=SMALL - 2, length=2, pad=1)
    below.spines[:].set_linewidth(0.5)


def _over_depth(profiles: Profiles, values: Array, deepest: float) -> tuple[Array, Array]:
    """Depths in m from the surface to a deepest one, and the values there."""
    known, along = _inwards(profiles, values)
    depth = np.linspace(0.0, min(deepest, known[-1]), PIXELS)
    return depth, np.interp(depth, known, along)


def _inwards(profiles: Profiles, values: Array) -> tuple[Array, Array]:
    """Depths in m of the points of a profile, from the surface on, and the values there."""
    # Where elements meet, the outer one's point is the second in a profile and comes first here.
    inwards = np.argsort(profiles.depth_m[::-1], kind="stable")
    return profiles.depth_m[::-1][inwards], values[::-1][inwards]


def inwards(system: LabelledProfiles, *values: Array) -> tuple[Array, ...]:
    """Depths in m from the surface on, and values at them; interrupted by a NaN where fields jump."""
    along = [_inwards(system.profiles, one)[1] for one in values]
    known = _inwards(system.profiles, system.profiles.depth_m)[0]
    gaps = [_beyond(known, edge.depth_m) for edge in system.edges if edge.jumps]
    return tuple(np.insert(one, gaps, np.nan) for one in (known, *along))


def _beyond(known: Array, edge: float) -> int:
    """Index of the first point on the inner side of an edge, of two points on it that of the second."""
    on = np.flatnonzero(np.abs(known - edge) < _ON * known[-1])
    return int(on[len(on) // 2]) if len(on) else int(np.searchsorted(known, edge))


def _curve(system: LabelledProfiles, values: Array, deepest: float) -> tuple[Array, Array]:
    """The same as `_over_depth`, interrupted by a NaN where values jump."""
    depth, drawn = _over_depth(system.profiles, values, deepest)
    known, along = _inwards(system.profiles, values)
    near = _ON * known[-1]
    jumps = [edge.depth_m for edge in system.edges if edge.jumps and edge.depth_m < depth[-1]]
    gaps = []
    for edge in jumps:
        inner = _beyond(known, edge)
        gaps.append([max(inner - 1, 0), inner])
    for outer, inner in gaps:
        away = (depth < known[outer] - near) | (depth > known[inner] + near)
        depth, drawn = depth[away], drawn[away]
    at = np.repeat([np.searchsorted(depth, known[inner]) for _, inner in gaps], 3).astype(int)
    between: list[Array] = [
        np.ravel([[one[outer], np.nan, one[inner]] for outer, inner in gaps]) for one in (known, along)
    ]
    return np.insert(depth, at, between[0]), np.insert(drawn, at, between[1])


def _draw_depth(axes: Axes, systems: Sequence[LabelledProfiles], quantity: _Quantity, deepest: float) -> None:
    size, unit = length_unit(deepest)
    for system, colour in zip(systems, system_colours(len(systems)), strict=True):
        states = chosen(system.profiles)
        # The later a state, the stronger its line; the last is the one in the legend.
        for rank, state in enumerate(states, start=1):
            last = rank == len(states)
            depth, values = _curve(system, quantity.values(system, state), deepest)
            axes.plot(
                depth / size,
                values,
                color=colour,
                alpha=0.15 + 0.85 * rank / len(states),
                linestyle="--" if goes_back(system.profiles, state) else "-",
                linewidth=1.8 if last else 0.8,
                label=_last_state(system, state) if last else None,
            )
    if any(goes_back(system.profiles, state) for system in systems for state in chosen(system.profiles)):
        axes.plot([], [], color="0.3", linestyle="--", linewidth=0.8, label="dashed: ions go back in")
    axes.set_xlim(0.0, deepest / size)
    mean = "\nmean at a depth" if any(system.body.averaged for system in systems) else ""
    tidy(axes, f"Depth below the surface ({unit})", f"{quantity.label}{mean}")


def goes_back(profiles: Profiles, state: int) -> bool:
    """Whether ions have gone in since the output time before."""
    return state > 0 and bool(profiles.extracted[state] < profiles.extracted[state - 1] - 1e-6)


def _last_state(system: LabelledProfiles, state: int) -> str:
    time, extracted = duration(float(system.profiles.times[state])), system.profiles.extracted[state]
    return f"{shown(system.label, width=_LEGEND_WIDTH)}:\nt = {time}, {directed(float(extracted), 2)}"


def _mark_layers(axes: Axes, systems: Sequence[LabelledProfiles]) -> None:
    size, _ = length_unit(_window(systems))
    for depth in {edge.depth_m for system in systems for edge in system.edges}:
        axes.axvline(depth / size, color="0.4", linewidth=0.8, linestyle=":")
    several = any(len(system.edges) > 1 for system in systems)
    told = "layers end at dotted lines" if several else "the layer ends at the dotted line"
    axes.set_title(told, fontsize=SMALL - 0.5, loc="left")
