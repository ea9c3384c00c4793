"""Files of materials: those of the library, and those of one's own."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import Field, GetJsonSchemaHandler, create_model
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from oxyshell.language import library
from oxyshell.language.library import FROM, Source
from oxyshell.language.mistakes import Refusal, ScenarioError, describe
from oxyshell.language.reporting import located, validated
from oxyshell.language.sections import Context, Entries, Section, Text, described
from oxyshell.language.taking_over import TakingOver
from oxyshell.models.electrode.section import Electrode
from oxyshell.models.oxygen.section import Oxygen
from oxyshell.scenario.material import Material


class Reference(Section):
    """A publication that values of a material come from."""

    citation: Text
    """As the sources of the values name it, so that they can be found by it."""
    doi: Annotated[str, Field(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    """Its digital object identifier; null: none is known."""


class Description(TakingOver):
    """The material as a whole."""

    name: Text
    """Name of the material."""
    about: str = ""
    """Sort of particle or powder, and what the values are good for, in a sentence."""
    references: Entries[Reference] = ()
    """Publications that values come from."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = super().__get_pydantic_json_schema__(core_schema, handler)
        return {key: value for key, value in schema.items() if key != "anyOf"} | {"required": ["name"]}


_OF_ELECTRODE = ("open_circuit", "exchangeable_sites")
_OF_OXYGEN = ("diffusivity", "diffusivity_c", "source", "vacancies", "peroxide_shares")


def given(name: Any, folder: Path, above: tuple[Path, ...] = ()) -> Source:
    """The material that a key `from` names, its file checked.

    Args:
        name: A name of the library, or the path of a file.
        folder: Start of relative paths.
        above: Files of materials that take it over.

    Returns:
        The material with all that it takes over itself; tables that its file names stand in its data.

    Raises:
        Refusal: If it names nothing.
        ScenarioError: With every mistake in the file, at its line.
    """
    source = library.source(name, folder)
    # The files of the library have no mistakes.
    return _checked(source, above) if source.files else source


def read(source: Source) -> Any:
    """The typed section of a material's file.

    Raises:
        ScenarioError: With every mistake in the file, at its line.
    """
    return validated(material_file(), source.document, Context(source.folder))


@functools.cache
def material_file() -> type[Section]:
    """The type of files of materials: every property of a material is optional there."""
    # A name that `Section` does not know is text for the type checker.
    oxygen: Any = create_model(
        "MaterialOxygen",
        __base__=Section,
        __doc__="Mobile oxygen in a material: keys of the section `oxygen` of a scenario.",
        **_optional(Oxygen, _OF_OXYGEN),
    )
    keys = {
        **_optional(Material, tuple(Material.model_fields)),
        **_optional(Electrode, _OF_ELECTRODE),
        "oxygen": (oxygen | None, Field(default=None, description=oxygen.__doc__)),
    }
    found: Any = create_model("MaterialFile", __base__=Description, __doc__="A material.", **keys)
    return cast("type[Section]", found)


def _optional(section: type[Section], names: tuple[str, ...]) -> dict[str, Any]:
    """Fields of a section for another one, in which they may be absent."""
    return {name: (_annotation(section.model_fields[name]) | None, _default(section, name)) for name in names}


def _annotation(field: FieldInfo) -> Any:
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def _default(section: type[Section], name: str) -> Any:
    return Field(default=None, description=described(section, name))


def _checked(source: Source, above: tuple[Path, ...]) -> Source:
    source = _with_base(source, (*above, source.files[0]))
    written, context = source.document.data, Context(source.folder)
    content = validated(material_file(), source.document, context).to_data()
    data = {key: value for key, value in content.items() if key in written}
    told = (replace(notice, file=source.title) for notice in context.notices)
    return replace(source, document=replace(source.document, data=data), notices=(*source.notices, *told))


def _with_base(source: Source, above: tuple[Path, ...]) -> Source:
    """A material with what its file takes over from another one."""
    document = source.document
    if not isinstance(document.data, Mapping) or FROM not in document.data:
        return source
    name = document.data[FROM]
    try:
        base = library.source(name, source.folder)
        if base.files and base.files[0] in above:
            raise Refusal(describe(name), "a material that is not made of this one")
    except Refusal as refusal:
        mistake = located(document, refusal.found, refusal.expected, FROM)
        raise ScenarioError([mistake]) from None
    return source.made_of(_checked(base, above) if base.files else base)
