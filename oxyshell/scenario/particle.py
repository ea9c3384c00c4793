"""The section `particle`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, ValidationInfo, field_validator

from oxyshell.language import scales, units
from oxyshell.language.mistakes import CUSTOM, Refusal, describe, problem, refused
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Context, Section, tag
from oxyshell.models.base.geometry import Geometry

# How much of a sphere may be meshed in each dimension, the default first.
_EXTENTS: dict[int, tuple[str | None, ...]] = {1: (None,), 2: ("half", "quarter"), 3: ("octant", "full")}

# How many copies of a mesh make the particle, with symmetry planes across 0, 1, 2 or 3 axes.
_COPIES = (1.0, 2.0, 4.0, 8.0)


class Sphere(Section):
    """A sphere, computed along its radius, in a meridian plane or as a solid."""

    shape: Literal["sphere"]
    """sphere, cylinder, plate or imported."""
    radius: Annotated[Parameter, Quantity("m", POSITIVE, scales.RADIUS)]
    """Radius R."""
    dimension: Literal[1, 2, 3] = 1
    """1 along the radius, 2 axisymmetric, 3 solid. Default 1."""
    extent: Literal["half", "quarter", "octant", "full"] | None = Field(default=None, validate_default=True)
    """The meshed part of the sphere. In dimension 3: octant (default) or full; in dimension 2: half
    (default) or quarter; null in dimension 1."""

    @field_validator("extent", mode="before")
    @classmethod
    def _extent_of_dimension(cls, raw: Any, info: ValidationInfo) -> Any:
        # Without a valid dimension any extent is as good: the dimension is reported by itself.
        allowed = _EXTENTS.get(info.data.get("dimension", 0), (raw,))
        if raw is None:
            return allowed[0]
        if raw not in allowed:
            expected = " or ".join(f"'{name}'" for name in allowed if name) or "no extent"
            raise refused(problem(describe(raw), f"{expected} in dimension {info.data['dimension']}"))
        return raw

    def geometry(self) -> Geometry | None:
        """Volume and surface of a ball."""
        return Geometry.of(self.radius.value, volume=4 / 3 * math.pi, area=4 * math.pi)


class Cylinder(Section):
    """A long cylinder."""

    shape: Literal["cylinder"]
    """sphere, cylinder, plate or imported."""
    radius: Annotated[Parameter, Quantity("m", POSITIVE, scales.RADIUS)]
    """Radius R."""
    dimension: Literal[1] = 1
    """1: along the radius."""

    def geometry(self) -> Geometry | None:
        """Of a length R of it."""
        return Geometry.of(self.radius.value, volume=math.pi, area=2 * math.pi)


class Plate(Section):
    """A wide plate, open on both faces."""

    shape: Literal["plate"]
    """sphere, cylinder, plate or imported."""
    radius: Annotated[Parameter, Quantity("m", POSITIVE, scales.RADIUS)]
    """Half of the thickness."""
    dimension: Literal[1] = 1
    """1: across the thickness."""

    def geometry(self) -> Geometry | None:
        """Of an area R² of it, both halves counted."""
        return Geometry.of(self.radius.value, volume=2.0, area=2.0)


def _existing_file(raw: Any, info: ValidationInfo) -> Path:
    folder = info.context.folder if isinstance(info.context, Context) else Path.cwd()
    if not isinstance(raw, str | Path) or not str(raw).strip():
        raise refused(problem(describe(raw), "the path of a mesh file, relative to this file"))
    path: Path = folder / raw
    try:
        exists = path.is_file()
    except (OSError, ValueError):
        exists = False
    if not exists:
        raise refused(problem(describe(raw), f"a mesh file that exists ({path} does not)"))
    return path.resolve()


def _length_unit(raw: Any) -> Any:
    try:
        units.scale(raw, "m")
    except Refusal as refusal:
        raise refused(problem(refusal.found, "a unit of length, such as nm")) from None
    return raw


class Imported(Section):
    """A particle from a mesh file."""

    shape: Literal["imported"]
    """sphere, cylinder, plate or imported."""
    radius: Annotated[Parameter, Quantity("m", POSITIVE, scales.RADIUS)]
    """The length R in which results are reported: the particle's size."""
    mesh_file: Annotated[Path, BeforeValidator(_existing_file)]
    """Mesh file, relative to the scenario file."""
    length_unit: Annotated[str, BeforeValidator(_length_unit)] = "m"
    """Unit of the mesh file's coordinates. Default m."""
    multiplicity: Annotated[float, Field(gt=0)] = 1.0
    """Copies of the mesh that make the particle: 1, 2, 4 or 8, with 0, 1, 2 or 3 symmetry planes
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
        """None: the mesh has to be read first."""
        return None


SHAPES: dict[str, type[Section]] = {
    "sphere": Sphere, "cylinder": Cylinder, "plate": Plate, "imported": Imported
}  # fmt: skip


def _by_shape(data: Any) -> str | None:
    if not isinstance(data, Mapping) or "shape" not in data:
        return tag(Sphere).tag
    shape = data["shape"]
    return tag(SHAPES[shape]).tag if isinstance(shape, str) and shape in SHAPES else None


type Particle = Annotated[
    Annotated[Sphere, tag(Sphere)]
    | Annotated[Cylinder, tag(Cylinder)]
    | Annotated[Plate, tag(Plate)]
    | Annotated[Imported, tag(Imported)],
    Discriminator(
        _by_shape,
        custom_error_type=CUSTOM,
        custom_error_message="{expected}",
        custom_error_context={"expected": "'sphere', 'cylinder', 'plate' or 'imported'", "key": "shape"},
    ),
]
