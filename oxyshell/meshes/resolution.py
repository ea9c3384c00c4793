"""Numbers of elements, and the nodes along the radius."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from oxyshell.errors import MeshError
from oxyshell.meshes.arrays import Floats, Tags
from oxyshell.meshes.grading import Thicknesses, radial_levels, thicknesses
from oxyshell.meshes.tags import BULK

# Largest factor by which sizes of neighbouring elements differ where numbers of elements are not prescribed.
_STEEPEST = 3.0
# Largest size of an element in one of several layers, beside that of an even division.
_LONGEST = 2.0
# Share of the core's elements that have one size at most, where it ends in an interface.
_EVEN = 2 / 3
# Size of elements in a layer, in R, below which it gets fewer of them.
_THINNEST = 2.5e-5


@dataclass(frozen=True)
class Resolution:
    """Numbers of elements.

    Attributes:
        layer_elements: Elements across the surface layer, or each of several; unused without a layer.
        bulk_elements: Elements along the radius from the centre to the innermost layer (without one, to the
            surface).
        tangential: Elements along a quarter of the circumference, and so many of the `bulk_elements`, counted
            from the centre, have one size (all, if there are fewer). Unused on a line.
        surface_size: Size of the outermost element without a layer, in R.
        inner_elements: Across the layers below the outermost one from inside out, where they do not have
            `layer_elements`.
        interfaces: Whether layers are regions that meet in interfaces. Their elements are then no longer than
            `surface_size` at the interfaces and at the surface.

    Raises:
        MeshError: If a number is out of its range.
    """

    layer_elements: int = 8
    bulk_elements: int = 16
    tangential: int = 1
    surface_size: float = 0.01
    inner_elements: tuple[int, ...] = ()
    interfaces: bool = False

    def __post_init__(self) -> None:
        for number in (self.layer_elements, *self.inner_elements):
            if number < 1:
                raise MeshError(f"layer_elements has to be at least 1, not {number}.")
        if self.bulk_elements < 1:
            raise MeshError(f"bulk_elements has to be at least 1, not {self.bulk_elements}.")
        along = self.bulk_elements + self.layer_elements + sum(self.inner_elements)
        if not 1 <= self.tangential <= along:
            raise MeshError(
                "The elements along a quarter of the circumference have to be at least 1 and at most as many "
                f"as the elements between centre and surface: got tangential = {self.tangential}, "
                f"bulk_elements = {self.bulk_elements} and layer_elements = {self.layer_elements}."
            )
        if not 0 < self.surface_size <= 1:
            raise MeshError(f"surface_size is a fraction of R, in (0, 1]: got {self.surface_size}.")

    def suited(self, layers: Thicknesses) -> Resolution:
        """The same for layers of some thickness, so that neighbouring elements have similar sizes.

        If an even division of the radius would give a layer more elements, it gets them from the core. A
        layer below 2e-4 R has fewer, since the round-off in the balance of ions grows as they shrink. Where
        sizes would grow by more than a factor 3, the core gets more, as far as possible from the layer. Of
        several layers, or with interfaces, each gets more where sizes would grow so, or where an element
        would be more than twice as long as in an even division by `layer_elements`.

        Args:
            layers: Thickness of the layer in R, 0 if there is none, or of several from inside out.
        """
        if not 0 < np.sum(layers) < 1:
            return self
        thick = thicknesses(layers)
        if self.interfaces or len(thick) > 1:
            return self._suited_to(thick)
        (layer,) = thick
        total = self.layer_elements + self.bulk_elements
        across = min(round(layer * total), total - 1)
        if across > self.layer_elements:
            return replace(self, layer_elements=across, bulk_elements=total - across)
        found = replace(self, layer_elements=self._fewest(layer))
        while found.growth(layer) > _STEEPEST:
            across = max(2, found.layer_elements - 1)
            found = replace(found, layer_elements=across, bulk_elements=found.bulk_elements + 1)
        return found

    def _suited_to(self, layers: tuple[float, ...]) -> Resolution:
        total = self.layer_elements + self.bulk_elements
        across = [max(self._fewest(layer), round(layer * total)) for layer in layers]
        taken = sum(max(count - self.layer_elements, 0) for count in across)
        counts = [max(self.bulk_elements - taken, 2), *across]
        while True:
            *inner, outermost = counts[1:]
            found = replace(
                self, bulk_elements=counts[0], inner_elements=tuple(inner), layer_elements=outermost
            )
            sizes, regions = np.diff(found.levels(layers)), found.regions(layers) - BULK
            steps = np.diff(np.log(sizes))
            worst = int(np.abs(steps).argmax())
            # Of two neighbours the longer one; then the one that is longest beside an even division.
            even = np.array([math.inf, *layers]) / np.minimum([1, *across], self.layer_elements)
            longest = int((sizes / even[regions]).argmax())
            if abs(steps[worst]) > math.log(_STEEPEST):
                counts[regions[worst + int(steps[worst] > 0)]] += 1
            elif sizes[longest] > _LONGEST * even[regions[longest]]:
                counts[regions[longest]] += 1
            else:
                return found

    def _fewest(self, layer: float) -> int:
        return min(self.layer_elements, max(2, round(layer / _THINNEST)))

    def growth(self, layers: Thicknesses) -> float:
        """Largest ratio of the sizes of two neighbouring elements along the radius, with layers in R."""
        sizes = np.diff(self.levels(layers))
        return float(np.exp(np.abs(np.diff(np.log(sizes))).max(initial=0.0)))

    def levels(self, layers: Thicknesses) -> Floats:
        """Radii of the nodes, see `radial_levels`."""
        core = min(self.tangential, self.bulk_elements)
        if not self.interfaces:
            across = self._across(layers)
            return radial_levels(layers, across, self.bulk_elements, self.surface_size, core)
        # Some elements of the core are left for the growth from the interface, however thin the core is.
        core = min(core, max(1, round(_EVEN * self.bulk_elements)))
        return radial_levels(
            layers, self._across(layers), self.bulk_elements, self.surface_size, core, self.surface_size
        )

    def regions(self, layers: Thicknesses) -> Tags:
        """The region tag of each element along the radius, from the centre: the core and each layer."""
        counts = [self.bulk_elements, *self._across(layers)]
        return np.repeat(np.arange(BULK, BULK + len(counts), dtype=np.int32), counts)

    def _across(self, layers: Thicknesses) -> tuple[int, ...]:
        below = len(thicknesses(layers)) - 1
        if below < 0:
            return ()
        inner = self.inner_elements or (self.layer_elements,) * below
        if len(inner) != below:
            raise MeshError(
                f"There are {below} layers below the outermost, and numbers of elements for {len(inner)}."
            )
        return (*inner, self.layer_elements)


def radial_resolution(layers: Thicknesses, interfaces: bool = False) -> Resolution:
    """Default numbers of a line: 18 elements with a layer, 8 without (cubic fields live on them).

    Args:
        layers: Thickness of the layer in R, 0 if there is none, or of several from inside out.
        interfaces: Whether they are regions that meet in interfaces.
    """
    # Wider at the surface than in a solid: cubics resolve the early gradients there in 0.05 R as well, and
    # the same number of elements then leaves a tenth of the error around the centre.
    bulk = 10 if thicknesses(layers) else 8
    return Resolution(bulk_elements=bulk, surface_size=0.05, interfaces=interfaces).suited(layers)


def disc_resolution(layers: Thicknesses, interfaces: bool = False) -> Resolution:
    """Default numbers of a half disc: about 6 000 quadratic displacement unknowns with a layer in R."""
    return Resolution(bulk_elements=24, tangential=16, interfaces=interfaces).suited(layers)


def solid_resolution(layers: Thicknesses, interfaces: bool = False) -> Resolution:
    """Default numbers of an octant: about 33 000 cubic displacement unknowns with a layer in R."""
    return Resolution(bulk_elements=10, tangential=7, interfaces=interfaces).suited(layers)


def round_plate_resolution(
    layers: Thicknesses, half_thickness: float, interfaces: bool = False
) -> Resolution:
    """Default numbers of a round plate's section, 28 elements along the radius with a layer, 20 without.

    Over half the thickness there are 4, and more where it is more than 0.4 of the radius.

    Args:
        layers: Thickness of the layer, as a share of the rim's radius, or of several from inside out.
        half_thickness: As a share of it.
        interfaces: Whether the layers are regions that meet in interfaces.
    """
    across = min(max(4, math.ceil(10 * half_thickness)), 16)
    return Resolution(bulk_elements=20, tangential=across, interfaces=interfaces).suited(layers)


def hexagon_resolution(layers: Thicknesses, interfaces: bool = False) -> Resolution:
    """Default numbers of a hexagonal plate: 14 elements from the centre to an edge with a layer, 8 without.

    The tangential ones are along half an edge.

    Args:
        layers: Thickness of the layer, as a share of the distance of an edge from the centre, or of several
            from inside out.
        interfaces: Whether the layers are regions that meet in interfaces.
    """
    chosen = Resolution(layer_elements=6, bulk_elements=8, tangential=3, interfaces=interfaces)
    return chosen.suited(layers)


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
