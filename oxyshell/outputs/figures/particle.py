"""Cuts through the particle at several states of charge, in the manner of Fig. 4c,d of seed 003."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import FigureBase

from oxyshell.errors import OutputError
from oxyshell.outputs.figures.discs import PIXELS, by_radius, chosen, draw_disc
from oxyshell.outputs.figures.style import NORMAL, SMALL, new_figure, save, system_colours, tidy
from oxyshell.outputs.records import Array
from oxyshell.outputs.result import Profiles

LAYER_NM = 12.0
"""Depth in nm that the strips and the profiles show: a layer of 4.5 nm is invisible in a whole particle."""


@dataclass(frozen=True, eq=False)
class LabelledProfiles:
    """The profiles of one system, with what a reader needs to know them by.

    Attributes:
        label: Name of the system.
        profiles: Its radial profiles.
        molar_volume_m3_mol: Volume per formula unit V_m in m³/mol; x = c V_m is the content per formula unit.
        ion: Symbol of the ion, for labels.
    """

    label: str
    profiles: Profiles
    molar_volume_m3_mol: float
    ion: str = "Li"


@dataclass(frozen=True)
class _Quantity:
    label: str
    colours: str
    of: Callable[[LabelledProfiles], Array]
    limits: Callable[[float, float], tuple[float, float]]


def _content(system: LabelledProfiles) -> Array:
    return system.profiles["concentration_mol_m3"] * system.molar_volume_m3_mol


def _first_principal(system: LabelledProfiles) -> Array:
    return system.profiles["first_principal_Pa"] / 1e6


def _around_zero(low: float, high: float) -> tuple[float, float]:
    largest = max(abs(low), abs(high)) or 1.0
    return -largest, largest


def particle_figure(systems: Sequence[LabelledProfiles], path: Path) -> None:
    """Draw ion content and first principal stress of every system, each on one colour scale.

    Each disc is a cut through the centre of the particle; the strip under it is its outermost 12 nm.

    Args:
        systems: One or more systems, each with one output time or more.
        path: The PNG.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    figure = new_figure(*particle_size(systems))
    draw_particles(figure, systems)
    save(figure, path)


def particle_size(systems: Sequence[LabelledProfiles]) -> tuple[float, float]:
    """Give the width and height in inches that `draw_particles` needs."""
    states = max((len(chosen(system.profiles)) for system in systems), default=0)
    return 1.45 * states + 4.6, 2 * (1.9 * len(systems) + 0.45)


def draw_particles(figure: FigureBase, systems: Sequence[LabelledProfiles]) -> None:
    """Draw what `particle_figure` draws into a figure or a part of one.

    Raises:
        OutputError: If there is no system, or one without an output time.
    """
    if not systems or any(len(system.profiles.times) == 0 for system in systems):
        raise OutputError("A particle figure needs at least one system, and an output time in each.")
    ions = "/".join(dict.fromkeys(system.ion for system in systems))
    # Both maps change evenly to the eye: the CIELAB distance between neighbours varies by 19 % and 5 %,
    # that of "RdBu_r" by 25 % with half its steps near zero; "coolwarm" has its pale middle at zero stress.
    quantities = (
        _Quantity(f"{ions} per formula unit", "viridis", _content, lambda low, high: (low, high)),
        _Quantity("First principal stress (MPa)", "coolwarm", _first_principal, _around_zero),
    )
    for part, quantity in zip(np.ravel(figure.subfigures(2, 1, squeeze=False)), quantities, strict=True):
        _draw_quantity(part, systems, quantity)


def _draw_quantity(figure: FigureBase, systems: Sequence[LabelledProfiles], quantity: _Quantity) -> None:
    shown = [quantity.of(system)[chosen(system.profiles)] for system in systems]
    norm = Normalize(*quantity.limits(min(np.min(v) for v in shown), max(np.max(v) for v in shown)))
    columns = max(len(values) for values in shown)
    grid = figure.add_gridspec(len(systems), columns + 2, width_ratios=[1.0] * columns + [0.09, 1.9])
    for row, (system, values) in enumerate(zip(systems, shown, strict=True)):
        for column, (state, along_radius) in enumerate(zip(chosen(system.profiles), values, strict=True)):
            axes = figure.add_subplot(grid[row, column])
            axes.set_title(
                f"{system.profiles.extracted[state]:.2f} {system.ion} extracted", fontsize=SMALL - 1, pad=3
            )
            radius, sorted_values = by_radius(system.profiles, along_radius)
            image = draw_disc(axes, radius, sorted_values, quantity.colours, norm)
            strip = _draw_strip(axes, radius, sorted_values, quantity, norm)
            if column == 0:
                axes.set_ylabel(system.label, fontsize=NORMAL, fontweight="bold")
                strip.set_xlabel("depth (nm)", fontsize=SMALL - 1, labelpad=1)
    bar = figure.colorbar(image, cax=figure.add_subplot(grid[:, columns]))
    bar.set_label(quantity.label, fontsize=NORMAL)
    bar.ax.tick_params(labelsize=SMALL)
    _draw_depth(figure.add_subplot(grid[:, columns + 1]), systems, quantity)


def _draw_strip(axes: Axes, radius: Array, values: Array, quantity: _Quantity, norm: Normalize) -> Axes:
    depth = np.linspace(0.0, LAYER_NM, PIXELS)
    strip = np.interp(radius[-1] - depth, radius, values)[None, :]
    below = axes.inset_axes((0.06, -0.17, 0.88, 0.1))
    below.imshow(strip, cmap=quantity.colours, norm=norm, extent=(0.0, LAYER_NM, 0.0, 1.0), aspect="auto")
    below.set(yticks=[], xticks=[0.0, LAYER_NM / 2, LAYER_NM])
    below.tick_params(labelsize=SMALL - 2, length=2, pad=1)
    below.spines[:].set_linewidth(0.5)
    return below


def _draw_depth(axes: Axes, systems: Sequence[LabelledProfiles], quantity: _Quantity) -> None:
    depth = np.linspace(0.0, LAYER_NM, PIXELS)
    for system, colour in zip(systems, system_colours(len(systems)), strict=True):
        states = chosen(system.profiles)
        # The later a state, the stronger its line; the last is the one in the legend.
        for rank, state in enumerate(states, start=1):
            last = rank == len(states)
            radius, values = by_radius(system.profiles, quantity.of(system)[state])
            axes.plot(
                depth,
                np.interp(radius[-1] - depth, radius, values),
                color=colour,
                alpha=0.15 + 0.85 * rank / len(states),
                linewidth=1.8 if last else 0.8,
                label=f"{system.label}, {system.profiles.extracted[state]:.2f} extracted" if last else None,
            )
    axes.set_xlim(0.0, LAYER_NM)
    axes.set_xlabel("Depth below the surface (nm)", fontsize=NORMAL)
    axes.set_ylabel(quantity.label, fontsize=NORMAL)
    axes.legend(fontsize=SMALL, frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    tidy(axes)
