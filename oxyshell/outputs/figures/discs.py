"""What the cuts through a particle share: which states are drawn, and how a profile becomes a disc."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.image import AxesImage
from matplotlib.patches import Circle

from oxyshell.outputs.records import Array
from oxyshell.outputs.result import Profiles

PIXELS = 400
"""Pixels of a disc along its diameter, and of a strip along its length."""
_MOST_STATES = 5


def chosen(profiles: Profiles) -> list[int]:
    """The output times that are drawn: all, or an even choice of five with the first and the last."""
    count = len(profiles.times)
    return sorted({round(index) for index in np.linspace(0, count - 1, min(count, _MOST_STATES))})


def by_radius(profiles: Profiles, values: Array) -> tuple[Array, Array]:
    """The radius in nm from the centre outwards, and the values (points,) in that order."""
    order = np.argsort(profiles.radius_m, kind="stable")
    return profiles.radius_m[order] * 1e9, values[order]


def draw_disc(axes: Axes, radius: Array, values: Array, colours: str, norm: Normalize) -> AxesImage:
    """Draw a cut through the centre of a particle.

    Args:
        axes: Where; it loses its ticks and its frame.
        radius: Distance from the centre, ascending, shape (points,); the last one is the disc's radius.
        values: What is drawn, shape (points,).
        colours: Name of the colour map.
        norm: The scale of the colours.
    """
    outer = radius[-1]
    line = np.linspace(-outer, outer, PIXELS)
    # Beyond the surface the surface value goes on, and the circle cuts it off with a smooth edge.
    image = np.interp(np.hypot(line[:, None], line[None, :]), radius, values)
    drawn = axes.imshow(image, cmap=colours, norm=norm, extent=(-outer, outer, -outer, outer))
    drawn.set_clip_path(Circle((0, 0), outer, transform=axes.transData))
    axes.add_patch(Circle((0, 0), outer, fill=False, linewidth=0.5, color="0.3", clip_on=False))
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    return drawn
