"""How finely a particle is divided, and where the nodes along its radius lie."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oxyshell.errors import MeshError


@dataclass(frozen=True)
class Resolution:
    """Numbers of elements.

    Attributes:
        layer_elements: Elements across the surface layer; unused without a layer.
        bulk_elements: Elements along the radius from the centre to the layer (without one, to the surface).
        tangential: Elements along a quarter of the circumference, and so many of the `bulk_elements`, counted
            from the centre, have one size; at least 1 and at most `bulk_elements`. Unused on a line.
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
        if not 1 <= self.tangential <= self.bulk_elements:
            raise MeshError(
                "The elements along a quarter of the circumference have to be at least 1 and at most as many "
                f"as the elements between centre and layer: got tangential = {self.tangential} and "
                f"bulk_elements = {self.bulk_elements}."
            )
        if not 0 < self.surface_size <= 1:
            raise MeshError(f"surface_size is a fraction of R, in (0, 1]: got {self.surface_size}.")

    @classmethod
    def radial(cls, layer: float) -> Resolution:
        """Default of a radial line: 18 elements with a layer, 8 without (cubic fields live on them)."""
        # Wider at the surface than in a solid: cubics resolve the early gradients there in 0.05 R as well,
        # and the same number of elements then leaves a tenth of the error around the centre.
        return cls(bulk_elements=10 if layer > 0 else 8, surface_size=0.05)

    @classmethod
    def axisymmetric(cls) -> Resolution:
        """Default of a half disc: about 6 000 quadratic displacement unknowns with a layer."""
        return cls(bulk_elements=24, tangential=16)

    @classmethod
    def solid(cls) -> Resolution:
        """Default of an octant: about 33 000 cubic displacement unknowns with a layer."""
        return cls(bulk_elements=10, tangential=7)

    def refined(self, factor: float) -> Resolution:
        """The same mesh with `factor` times as many elements in every direction."""
        return Resolution(
            layer_elements=max(1, round(self.layer_elements * factor)),
            bulk_elements=max(1, round(self.bulk_elements * factor)),
            tangential=max(1, round(self.tangential * factor)),
            surface_size=min(1.0, self.surface_size / factor),
        )


def radial_levels(
    layer: float, layer_elements: int, bulk_elements: int, surface_size: float, core_elements: int = 1
) -> npt.NDArray[np.float64]:
    """Radii of the nodes between the centre and the surface.

    The layer is divided evenly. From its inner edge inwards the element size grows by one ratio per element,
    from the layer's own size, until the innermost `core_elements` elements, which have one size. The ratio is
    the one for which exactly `bulk_elements` fit. Without a layer the growth starts from `surface_size`.

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
        inner = edge - np.cumsum(_graded(layer / layer_elements, steps + 1, edge))
        outer = np.linspace(edge, 1.0, layer_elements + 1)
    else:
        # Never coarser at the surface than the even division.
        inner = edge - np.cumsum(_graded(min(surface_size, 1.0 / bulk_elements), steps, edge))
        outer = np.array([1.0])
    inner[-1] = 0.0
    return np.concatenate([inner[::-1], outer])


def _graded(size: float, steps: npt.NDArray[np.int64], length: float) -> npt.NDArray[np.float64]:
    """Sizes `size * ratio**steps` that sum to `length`, the ratio found by bisection of its logarithm."""
    lower, upper = -10.0, math.log(length / size) + 1.0
    while upper - lower > 1e-13:
        middle = 0.5 * (lower + upper)
        # The cap keeps a hopelessly large ratio finite; the sum is far above the length already.
        total = size * float(np.exp(np.minimum(steps * middle, 700.0)).sum())
        lower, upper = (lower, middle) if total > length else (middle, upper)
    sizes = np.exp(steps * lower)
    return np.asarray(sizes * (length / sizes.sum()))
