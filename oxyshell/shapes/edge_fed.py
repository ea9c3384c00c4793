"""The keys of plates through whose edges alone ions and oxygen pass."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar

from pydantic import ValidationInfo, field_validator

from oxyshell.language import scales
from oxyshell.language.mistakes import describe, problem, refused
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.shapes.shape import Radius, Shape

# In R. In a thinner plate elements are needles, a thicker one is a long prism.
_THINNEST, _THICKEST = 1e-3, 20.0
_ROUND_OFF = 1e-9


class EdgeFedPlate(Shape):
    """A plate through whose edges alone ions and oxygen pass; its two faces are free and impermeable."""

    # A layer grows on the edges and leaves the faces as they are.
    core_dimensions: ClassVar[int] = 2

    radius: Radius
    """Radius R of the rim."""
    thickness: Annotated[Parameter, Quantity("m", POSITIVE, scales.PLATE_THICKNESS)]
    """Distance of the two faces, from 0.001 to 20 R."""

    @field_validator("thickness")
    @classmethod
    def _in_radii(cls, value: Parameter, info: ValidationInfo) -> Parameter:
        radius = info.data.get("radius")
        if radius is None:
            # It is reported by itself, and any thickness is as good without it.
            return value
        share = value.value / radius.value
        if not _THINNEST * (1 - _ROUND_OFF) <= share <= _THICKEST * (1 + _ROUND_OFF):
            expected = f"from {_THINNEST:g} to {_THICKEST:g} times the radius {radius.text}"
            raise refused(problem(describe(value.text), expected))
        return value

    @property
    def share(self) -> float:
        """Thickness in R."""
        return self.thickness.value / self.radius.value

    def elements_along(self, size: float) -> int:
        """Over half the thickness."""
        return max(math.ceil(0.5 * self.share / size), 4)

    def mesh_key(self) -> object:
        """A mesh is in units of R: the thickness counts as a share of it."""
        return (self.share, self.model_copy(update={"radius": None, "thickness": None}))
