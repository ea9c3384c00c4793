"""The section `numerics.elements`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from oxyshell.language.sections import Section

if TYPE_CHECKING:
    from oxyshell.meshes.resolution import Resolution


class Elements(Section):
    """Numbers of elements; null chooses one for the shape and dimension."""

    layer: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Across the surface layer, or each of several."""
    bulk: Annotated[int, Field(ge=2, le=10000)] | None = None
    """Along the radius below the layer, or the innermost of several."""
    tangential: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Along a quarter of the circumference, in dimension 2 and 3."""
    surface_size: Annotated[float, Field(gt=0, le=1)] | None = None
    """Size of the outermost element in radii, without a layer. In a particle of several regions, the
    largest size at the surface and at interfaces."""

    def resolution(self, default: Resolution) -> Resolution:
        """The numbers that are given, in the place of a shape's defaults.

        Raises:
            MeshError: If they do not fit together.
        """
        return replace(
            default,
            layer_elements=self.layer or default.layer_elements,
            inner_elements=() if self.layer else default.inner_elements,
            bulk_elements=self.bulk or default.bulk_elements,
            tangential=self.tangential or default.tangential,
            surface_size=self.surface_size or default.surface_size,
        )
