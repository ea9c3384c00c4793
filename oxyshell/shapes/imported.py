"""A particle from a mesh file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from oxyshell.language import units
from oxyshell.language.files import existing_file
from oxyshell.language.mistakes import Refusal, describe, problem, refused
from oxyshell.models.base.geometry import Geometry
from oxyshell.shapes.shape import Radius, Shape

if TYPE_CHECKING:
    from oxyshell.drawing.bodies import Body
    from oxyshell.meshes.layer_cells import WantedLayers
    from oxyshell.meshes.particle import ParticleMesh
    from oxyshell.outputs.records import FieldSnapshot
    from oxyshell.shapes.elements import Elements

# How many copies of a mesh make the particle, with symmetry planes across 0, 1, 2 or 3 axes.
_COPIES = (1.0, 2.0, 4.0, 8.0)


def _existing_file(raw: Any, info: ValidationInfo) -> Path:
    return existing_file(raw, info, "mesh file")


def _length_unit(raw: Any) -> Any:
    try:
        units.scale(raw, "m")
    except Refusal as refusal:
        raise refused(problem(refusal.found, "a unit of length, such as nm")) from None
    return raw


class Imported(Shape):
    """A particle from a mesh file."""

    noun: ClassVar[str] = "an imported particle"
    groups: ClassVar[bool] = True

    shape: Literal["imported"]
    """sphere, cylinder, plate, disc, hexagon or imported."""
    radius: Radius
    """The length R in which results are reported: the particle's size."""
    mesh_file: Annotated[Path, BeforeValidator(_existing_file)]
    """Mesh file, relative to the scenario file."""
    length_unit: Annotated[str, BeforeValidator(_length_unit)] = "m"
    """Unit of the mesh file's coordinates. Default m."""
    multiplicity: Annotated[float, Field(gt=0)] = 1.0
    """Number of copies of the mesh that make the particle: 1, 2, 4 or 8, with 0, 1, 2 or 3 symmetry planes
    through the origin. Default 1."""

    @field_validator("multiplicity")
    @classmethod
    def _copies_by_reflection(cls, value: float) -> float:
        if value not in _COPIES:
            expected = "1, 2, 4 or 8, which 0, 1, 2 or 3 symmetry planes make"
            raise refused(problem(describe(value), expected))
        return value

    @property
    def dimension(self) -> int | None:
        """Known once the mesh is read."""
        return None

    @property
    def metres_per_unit(self) -> float:
        """Length of one unit of the mesh file's coordinates, m."""
        return units.scale(self.length_unit, "m")

    def geometry(self) -> Geometry | None:
        """Known once the mesh is read."""
        return None

    def mesh(self, layers: WantedLayers, elements: Elements) -> ParticleMesh:
        from oxyshell.meshes.importing import import_mesh

        return import_mesh(self.mesh_file, self._radius_in_file, self.multiplicity, layers, self.length_unit)

    def mesh_remarks(self, layers: WantedLayers) -> tuple[str, ...]:
        from oxyshell.meshes.importing import read_with_layers

        return read_with_layers(
            self.mesh_file, self._radius_in_file, self.multiplicity, layers, self.length_unit
        ).remarks

    @property
    def _radius_in_file(self) -> float:
        return self.radius.value / self.metres_per_unit

    def mesh_key(self) -> object:
        """The whole section: the file's mesh is scaled by R."""
        return self

    def files(self) -> tuple[Path, ...]:
        return (self.mesh_file,)

    def body(self, fields: Sequence[FieldSnapshot]) -> Body:
        from oxyshell.drawing.bodies import Solid

        return Solid(fields)
