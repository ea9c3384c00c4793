"""Numbers of elements, and the nodes along the radius."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from oxyshell.errors import MeshError
from oxyshell.meshes.arrays import Floats, Integers

# Largest factor by which sizes of neighbouring elements differ where numbers of elements are not prescribed.
_STEEPEST = 3.0
# Size of elements in a layer, in R, below which it gets fewer of them.
_THINNEST = 2.5e-5


@dataclass(frozen=True)
class Resolution:
    """Numbers of elements.

    Attributes:
        layer_elements: Elements across the surface layer; unused without a layer.
        bulk_elements: Elements along the radius from the centre to the layer (without one, to the surface).
        tangential: Elements along a quarter of the circumference, and so many of the `bulk_elements`, counted
            from the centre, have one size (all, if there are fewer). Unused on a line.
        surface_size: Size of the outermost element without a layer, in R.

    Raises:
        MeshError: If a number is out of its range.
    """

    layer_elements: int = 8
    bulk_elements: int = 16
    tangential: int = 1
    surface_size: float = 0.01

    def __post_init__(self) -> None:
        if self.layer_elements < 1:
            raise MeshError(f"layer_elements has to be at least 1, not {self.layer_elements}.")
        if self.bulk_elements < 1:
            raise MeshError(f"bulk_elements has to be at least 1, not {self.bulk_elements}.")
        if not 1 <= self.tangential <= self.bulk_elements + self.layer_elements:
            raise MeshError(
                "The elements along a quarter of the circumference have to be at least 1 and at most as many "
                f"as the elements between centre and surface: got tangential = {self.tangential}, "
                f"bulk_elements = {self.bulk_elements} and layer_elements = {self.layer_elements}."
            )
        if not 0 < self.surface_size <= 1:
            raise MeshError(f"surface_size is a fraction of R, in (0, 1]: got {self.surface_size}.")

    def suited(self, layer: float) -> Resolution:
        """The same for a layer of a thickness, so that neighbouring elements have similar sizes.

        If an even division of the radius would give the layer more elements, it gets them from the core. A
        layer below 2e-4 R has fewer, since the round-off in the balance of ions grows as they shrink. Where
        sizes would grow by more than a factor 3, the core gets more, as far as possible from the layer.

        Args:
            layer: Thickness of the layer in R, 0 if there is none.
        """
        if not 0 < layer < 1:
            return self
        total = self.layer_elements + self.bulk_elements
        across = min(round(layer * total), total - 1)
        if across > self.layer_elements:
            return replace(self, layer_elements=across, bulk_elements=total - across)
        found = replace(self, layer_elements=min(self.layer_elements, max(2, round(layer / _THINNEST))))
        while found.growth(layer) > _STEEPEST:
            across = max(2, found.layer_elements - 1)
            found = replace(found, layer_elements=across, bulk_elements=found.bulk_elements + 1)
        return found

    def growth(self, layer: float) -> float:
        """Largest ratio of the sizes of two neighbouring elements along the radius, with a layer in R."""
        sizes = np.diff(self.levels(layer))
        return float(np.exp(np.abs(np.diff(np.log(sizes))).max(initial=0.0)))

    def levels(self, layer: float) -> Floats:
        """Radii of the nodes, see `radial_levels`."""
        core = min(self.tangential, self.bulk_elements)
        return radial_levels(layer, self.layer_elements, self.bulk_elements, self.surface_size, core)


def radial_resolution(layer: float) -> Resolution:
    """Default numbers of a line: 18 elements with a layer, 8 without (cubic fields live on them).

    Args:
        layer: Thickness of the layer in R, 0 if there is none.
    """
    # Wider at the surface than in a solid: cubics resolve the early gradients there in 0.05 R as well, and
    # the same number of elements then leaves a tenth of the error around the centre.
    return Resolution(bulk_elements=10 if layer > 0 else 8, surface_size=0.05).suited(layer)


def disc_resolution(layer: float) -> Resolution:
    """Default numbers of a half disc: about 6 000 quadratic displacement unknowns with a layer in R."""
    return Resolution(bulk_elements=24, tangential=16).suited(layer)


def solid_resolution(layer: float) -> Resolution:
    """Default numbers of an octant: about 33 000 cubic displacement unknowns with a layer in R."""
    return Resolution(bulk_elements=10, tangential=7).suited(layer)


def round_plate_resolution(layer: float, half_thickness: float) -> Resolution:
    """Default numbers of a round plate's section, 28 elements along the radius with a layer, 20 without.

    Over half the thickness there are 4, and more where it is more than 0.4 of the radius.

    Args:
        layer: Thickness of the layer, as a share of the rim's radius.
        half_thickness: As a share of it.
    """
    across = min(max(4, math.ceil(10 * half_thickness)), 16)
    return Resolution(bulk_elements=20, tangential=across).suited(layer)


def hexagon_resolution(layer: float) -> Resolution:
    """Default numbers of a hexagonal plate: 14 elements from the centre to an edge with a layer, 8 without.

    The tangential ones are along half an edge.

    Args:
        layer: Thickness of the layer, as a share of the distance of an edge from the centre.
    """
    return Resolution(layer_elements=6, bulk_elements=8, tangential=3).suited(layer)


def no_longer_than(size: float, surface_size: float, tangential: int = 1) -> int:
    """The fewest elements from the centre to the surface, without a layer, none longer than a size.

    Args:
        size: In R.
        surface_size: Size of the outermost element, in R.
        tangential: So many elements around the centre have one size.
    """
    count = max(math.ceil(1 / size * (1 - 1e-9)), tangential)
    while np.diff(radial_levels(0.0, 1, count, surface_size, tangential)).max() > size * (1 + 1e-9):
        count += 1 + count // 50
    return count


def radial_levels(
    layer: float, layer_elements: int, bulk_elements: int, surface_size: float, core_elements: int = 1
) -> Floats:
    """Radii of the nodes between the centre and the surface.

    The layer is divided evenly. From its inner edge inwards the element size grows by one ratio per element,
    from the layer's own size, until the innermost `core_elements` elements, which have one size. The ratio is
    the one for which exactly `bulk_elements` fit. Where they fit with the layer's own size or a smaller one,
    they have one size. Without a layer the growth starts from `surface_size`.

    Args:
        layer: Thickness of the surface layer in R, 0 if there is none.
        layer_elements: Elements across the layer.
        bulk_elements: Elements between the centre and the layer.
        surface_size: Size in R of the outermost element if there is no layer.
        core_elements: Number of innermost elements with one size, at most `bulk_elements`.

    Returns:
        Radii in R, ascending from 0 to 1; 1 − layer is exactly one of them.

    Raises:
        MeshError: If the layer is not thinner than the radius.
    """
    if not 0 <= layer < 1:
        raise MeshError(f"The layer has to be thinner than the particle's radius: got {layer} R.")
    edge = 1.0 - layer
    steps = np.minimum(np.arange(bulk_elements), bulk_elements - core_elements)
    if layer > 0:
        # Never finer towards the centre, however thick the layer is.
        size = min(layer / layer_elements, edge / bulk_elements)
        inner = edge - np.cumsum(_graded(size, steps + 1, edge))
        outer = np.linspace(edge, 1.0, layer_elements + 1)
    else:
        # Never coarser at the surface than the even division.
        inner = edge - np.cumsum(_graded(min(surface_size, 1.0 / bulk_elements), steps, edge))
        outer = np.array([1.0])
    inner[-1] = 0.0
    return np.concatenate([inner[::-1], outer])


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
