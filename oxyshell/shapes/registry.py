"""The list of shapes, one line for each, and the section `particle` that holds any of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Union, get_args

from pydantic import Discriminator, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from oxyshell.extensions import installed
from oxyshell.language.mistakes import CUSTOM
from oxyshell.language.sections import tag
from oxyshell.shapes.cylinder import Cylinder
from oxyshell.shapes.imported import Imported
from oxyshell.shapes.plate import Plate
from oxyshell.shapes.shape import Shape
from oxyshell.shapes.sphere import Sphere

_SHAPES: list[type[Shape]] = [
    Sphere,
    Cylinder,
    Plate,
    Imported,
]


def register(shape: type[Shape]) -> type[Shape]:
    """Add a shape to those that scenarios may have; usable as a decorator.

    Raises:
        ValueError: If another one has its name.
    """
    if _name(shape) in map(_name, _SHAPES):
        raise ValueError(f"there is a shape '{_name(shape)}' already; give the new one another name")
    _SHAPES.append(shape)
    return shape


def shapes() -> tuple[type[Shape], ...]:
    """All shapes; the first is the one whose keys a section without a shape is compared with.

    Raises:
        OxyshellError: If a shape of an installed package cannot be loaded.
    """
    _register_installed()
    return tuple(_SHAPES)


@cache
def _register_installed() -> None:
    for shape in installed("shapes"):
        register(shape)


def particle_type() -> Any:
    """The section `particle`: the union of all shapes, told apart by the key `shape`."""
    by_name = {_name(shape): tag(shape) for shape in shapes()}
    *others, last = (f"'{name}'" for name in by_name)

    def choose(data: Any) -> str | None:
        if not isinstance(data, Mapping) or "shape" not in data:
            return next(iter(by_name.values())).tag
        name = data["shape"]
        return by_name[name].tag if isinstance(name, str) and name in by_name else None

    return Annotated[
        Union[tuple(Annotated[shape, tag(shape)] for shape in shapes())],  # noqa: UP007 (a list of types)
        Discriminator(
            choose,
            custom_error_type=CUSTOM,
            custom_error_message="{expected}",
            custom_error_context={"expected": f"{', '.join(others)} or {last}", "key": "shape"},
        ),
    ]


class AnyShape:
    """Annotation of a field that holds any of the shapes, those registered after its class was made too."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(_validated)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(_adapter(shapes()).core_schema)


Particle = Annotated[Shape, AnyShape()]
"""The section `particle`."""


def _validated(data: Any, info: ValidationInfo) -> Shape:
    return _adapter(shapes()).validate_python(data, context=info.context)


@cache
def _adapter(_shapes: tuple[type[Shape], ...]) -> TypeAdapter[Shape]:
    return TypeAdapter(particle_type())


def _name(shape: type[Shape]) -> str:
    (name,) = get_args(shape.model_fields["shape"].annotation)
    return str(name)
