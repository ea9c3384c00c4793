"""The nodes along the radius: even and graded divisions of core and layers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from oxyshell.errors import MeshError
from oxyshell.meshes.arrays import Floats, Integers

type Thicknesses = float | Sequence[float] | Floats
"""Thickness of a surface layer, 0 if there is none, or of several layers from inside out."""


def thicknesses(layers: Thicknesses) -> tuple[float, ...]:
    """The layers that there are, from inside out; none for a thickness of 0.

    Raises:
        MeshError: If together they are not thinner than the radius, or one of several has no thickness.
    """
    found = np.atleast_1d(np.asarray(layers, dtype=np.float64)).tolist()
    if found == [0.0]:
        return ()
    total = sum(found)
    if not total < 1 or (found and not min(found) > 0):
        thick = " + ".join(f"{one:g}" for one in found)
        raise MeshError(f"The layer has to be thinner than the particle's radius: got {thick} R.")
    return tuple(found)


def edges_of(layers: Sequence[float]) -> Floats:
    """Radii of the inner edges of layers from inside out, and of the surface, in R, shape (layers + 1,)."""
    depths = np.cumsum(np.array([0.0, *layers[::-1]]))
    return np.asarray(1.0 - depths[::-1])


def radial_levels(
    layers: Thicknesses,
    layer_elements: int | Sequence[int],
    bulk_elements: int,
    surface_size: float,
    core_elements: int = 1,
    largest: float = math.inf,
) -> Floats:
    """Radii of the nodes between the centre and the surface.

    A layer is divided evenly if its elements are then no longer than `largest` and than those of its
    neighbours; otherwise the sizes grow from both of its edges by one ratio per element. From the inner
    edge of the innermost layer inwards the element size grows by one ratio per element, from the layer's own
    size there, until the innermost `core_elements` elements, which have one size. The ratio is the one for
    which exactly `bulk_elements` fit. Where they fit with the layer's own size or a smaller one, they have
    one size. Without a layer the growth starts from `surface_size`.

    Args:
        layers: Thickness of the surface layer in R, 0 if there is none, or of several from inside out.
        layer_elements: Elements across each layer, or across every one.
        bulk_elements: Elements between the centre and the innermost layer.
        surface_size: Size in R of the outermost element if there is no layer.
        core_elements: Number of innermost elements with one size, at most `bulk_elements`.
        largest: Size in R of the longest elements at the edges of layers, but for the core's.

    Returns:
        Radii in R, ascending from 0 to 1; `edges_of` the layers are exactly among them.

    Raises:
        MeshError: If the layers together are not thinner than the radius.
    """
    thick = thicknesses(layers)
    edges = edges_of(thick)
    steps = np.minimum(np.arange(bulk_elements), bulk_elements - core_elements)
    edge = float(edges[0])
    if thick:
        across = np.broadcast_to(layer_elements, len(thick)).tolist()
        own = [min(one / count, largest) for one, count in zip(thick, across, strict=True)]
        ends = [own[0], *map(min, own, own[1:]), own[-1]]
        if math.isfinite(largest):
            # A thin core has short elements, and the layer around it begins with such.
            ends[0] = min(ends[0], edge / bulk_elements)
        # Never finer towards the centre, however thick the layer is.
        size = min(ends[0], edge / bulk_elements)
        inner = edge - np.cumsum(_graded(size, steps + 1, edge))
        outer = [
            _between(begin, end, count, *sizes)
            for begin, end, count, *sizes in zip(edges, edges[1:], across, ends, ends[1:], strict=False)
        ]
    else:
        # Never coarser at the surface than the even division.
        inner = edge - np.cumsum(_graded(min(surface_size, 1.0 / bulk_elements), steps, edge))
        outer = []
    inner[-1] = 0.0
    return np.concatenate([inner[::-1], edges[:1], *[one[1:] for one in outer]])


def _between(begin: float, end: float, count: int, first: float, last: float) -> Floats:
    """Nodes of a layer, both edges included, whose elements are `first` and `last` long at its edges.

    The size h(x) grows linearly from both edges; the nodes divide ∫ dx/h into equal parts. The growth is the
    one for which these are 1: then sizes grow from both edges by its exponential.
    """
    length = end - begin
    if count == 1 or count * min(first, last) >= length * (1 - 1e-9):
        return np.linspace(begin, end, count + 1)
    lower, upper = -20.0, 3.0
    while upper - lower > 1e-13:
        middle = 0.5 * (lower + upper)
        fits = _Sizes.of(length, first, last, math.exp(middle)).parts > count
        lower, upper = (middle, upper) if fits else (lower, middle)
    nodes = begin + _Sizes.of(length, first, last, math.exp(lower)).divided(count)
    nodes[[0, -1]] = begin, end
    return np.asarray(nodes)


@dataclass(frozen=True)
class _Sizes:
    """h(x) = min(first + growth x, last + growth (length − x)) over a layer.

    Attributes:
        meet: x where the two are equal, or the edge that the shorter one reaches.
    """

    length: float
    first: float
    last: float
    growth: float
    meet: float

    @classmethod
    def of(cls, length: float, first: float, last: float, growth: float) -> _Sizes:
        """With the elements at the edges so long."""
        # An element that begins where h is h0 is h0 (exp(growth) − 1) / growth long.
        begins = growth / math.expm1(growth)
        first, last = first * begins, last * begins
        meet = 0.5 * (length + (last - first) / growth)
        return cls(length, first, last, growth, min(max(meet, 0.0), length))

    @property
    def parts(self) -> float:
        """∫ dx/h over the layer."""
        return self._below + self._above

    @property
    def _below(self) -> float:
        return math.log1p(self.growth * self.meet / self.first) / self.growth

    @property
    def _above(self) -> float:
        return math.log1p(self.growth * (self.length - self.meet) / self.last) / self.growth

    def divided(self, count: int) -> Floats:
        """The x that divide ∫ dx/h into equal parts, shape (count + 1,)."""
        part = np.linspace(0.0, self.parts, count + 1)
        below, above = np.minimum(part, self._below), np.minimum(self.parts - part, self._above)
        rising = self.first / self.growth * np.expm1(self.growth * below)
        falling = self.length - self.last / self.growth * np.expm1(self.growth * above)
        return np.where(part <= self._below, rising, falling)


def _graded(size: float, steps: Integers, length: float) -> Floats:
    """Sizes `size * ratio**steps` that sum to `length`, the ratio found by bisection of its logarithm."""
    lower, upper = -10.0, math.log(length / size) + 1.0
    while upper - lower > 1e-13:
        middle = 0.5 * (lower + upper)
        # The cap keeps a hopelessly large ratio finite; the sum is far above the length already.
        total = size * float(np.exp(np.minimum(steps * middle, 700.0)).sum())
        lower, upper = (lower, middle) if total > length else (middle, upper)
    sizes = np.exp(steps * lower)
    return np.asarray(sizes * (length / sizes.sum()))
