"""A scenario: one particle, one protocol."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self, cast

from pydantic import (
    BaseModel,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationInfo,
    create_model,
    model_validator,
)

from oxyshell.errors import InputError
from oxyshell.language import former, writing
from oxyshell.language.former import Present, Renamed
from oxyshell.language.library import Source
from oxyshell.language.mistakes import listed, refuse
from oxyshell.language.occupancy import OccupancyProperty
from oxyshell.language.parameters import Circumstances, Parameter, Status
from oxyshell.language.sections import Context, leaves, optional_key
from oxyshell.models import registry
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import Physics
from oxyshell.models.particle.model import ParticleModel
from oxyshell.presentation import notebook
from oxyshell.scenario import checks, circumstances, materials, overrides, overview
from oxyshell.scenario.content import Content, ParticleKeys
from oxyshell.scenario.shell import Shell, layer_type, regions_of
from oxyshell.scenario.sized import SizedScenario


class Provenance(NamedTuple):
    """Origin of a parameter."""

    path: str
    text: str
    status: Status
    source: str
    under: Circumstances = ()


class Scenario(Content):
    """One particle and what is done to it; frozen, and equal to another by content.

    >>> import oxyshell
    >>> scenario = oxyshell.load("scenarios/lrmo-ru1.yaml")
    >>> scenario.get("particle.radius"), scenario.unit("particle.radius")
    (1.5e-07, 'm')
    >>> scenario.with_values({"shell.thickness": "5 nm"}).shell.thickness.text
    '5 nm'
    """

    # Every scenario is of a type below this one, which also has a key for each physics with a section, and
    # layers with keys of physics in them.

    _document: Any = PrivateAttr(default=None)
    _made: tuple[tuple[Physics, ...], ParticleModel] | None = PrivateAttr(default=None)
    _folder: Path = PrivateAttr(default_factory=Path.cwd)
    _sources: dict[str, Source] = PrivateAttr(default_factory=dict)
    _notices: tuple[Renamed, ...] = PrivateAttr(default=())

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if cls is Scenario:
            return cast("Self", full_type().model_validate(data, context=info.context))
        context = info.context if isinstance(info.context, Context) else Context()
        scenario = handler(materials.completed(data, context))
        scenario._document = data
        scenario._folder, scenario._sources = context.folder, context.sources
        scenario._notices = tuple(context.notices)
        refuse([*checks.problems(scenario), *circumstances.problems(scenario)])
        return scenario

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """The keys that the file may have."""
        return full_type().keys() if cls is Scenario else super().keys()

    @classmethod
    def in_present_names(cls, data: Any) -> Present:
        """Plain data with the present names of keys and of quantities that runs report."""
        return former.present(full_type(), data, registry.former_names)

    @classmethod
    def present_path(cls, data: Any, path: str) -> str:
        """A path with the present names of its keys; `data` tells alternatives apart."""
        return former.present_path(full_type(), data, path)

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        """JSON Schema of the file, as pydantic makes it."""
        if cls is Scenario:
            return full_type().model_json_schema(*args, **options)
        return super().model_json_schema(*args, **options)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self._given() == other._given()

    def __hash__(self) -> int:
        return hash(tuple(self._given().items()))

    def __reduce__(self) -> tuple[Any, ...]:
        names = tuple(type(self).model_fields)
        return _blank, (names,), self.__getstate__()

    @property
    def notices(self) -> tuple[Renamed, ...]:
        return self._notices

    def __repr__(self) -> str:
        return overview.one_line(self)

    def _repr_html_(self) -> str:
        return notebook.fragment([overview.table(self)], self.name)

    def on(self, geometry: Geometry) -> SizedScenario:
        """The scenario on a particle of a size: its protocol, its remarks and the models of its physics.

        Args:
            geometry: `Scenario.geometry()`, or for an imported particle that of its mesh.
        """
        return SizedScenario(self, geometry)

    def with_values(self, values: Mapping[str, Any]) -> Scenario:
        """The scenario with other values.

        Args:
            values: New values by path, as they would stand in a file: `{"particle.radius": "200 nm"}`. What
                stood there goes with its status, source and circumstances; to say where the new value comes
                from, give `{"value": ..., "status": ..., "source": ..., "under": ...}`. Quantities of pint,
                and numbers and arrays of NumPy, may stand in place of texts and lists.

        Raises:
            ScenarioError: If a path does not exist, or the result is no valid scenario.
        """
        context = Context(self._folder, sources=dict(self._sources), notices=list(self._notices))
        document = self.to_data() if self._document is None else copy.deepcopy(self._document)
        return overrides.apply(Scenario, self, document, context, values)

    def model(self, temperature: float | None = None) -> ParticleModel:
        if temperature is not None:
            return super().model(temperature)
        # Asked for again and again. What physics there is may change between two scenarios only in tests.
        known = registry.physics()
        if self._made is None or self._made[0] != known:
            self._made = known, super().model()
        return self._made[1]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy, some of whose values may be others; they are not validated."""
        copied = super().model_copy(update=update, deep=deep)
        # Neither the data nor the model of this one are those of the copy.
        copied._document = copied._made = None
        return copied

    def files(self) -> tuple[Path, ...]:
        """Files that the particle, its materials and the protocol are read from."""
        own = (file for source in self._sources.values() for file in source.files)
        return (*self.data_files(), *own)

    def get(self, path: str) -> Any:
        """The value at a path, numbers in SI: `get("particle.radius")`.

        Raises:
            ScenarioError: If there is no such path, or it ends in a section or in a property that depends on
                the occupancy.
        """
        return overrides.get(self, path)

    def unit(self, path: str) -> str:
        """The SI unit of the parameter at a path, "1" for a pure number.

        Raises:
            ScenarioError: If there is no such path, or it ends in a section.
        """
        return overrides.unit(self, path)

    def in_si(self, path: str, number: float) -> float | str:
        """A number in the SI unit of a path as it would stand in a file: "1.5e-07 m"; pure numbers are bare.

        Raises:
            ScenarioError: If there is no such path, or it ends in a section.
        """
        unit = self.unit(path)
        return float(number) if unit == "1" else f"{float(number)!r} {unit}"

    def to_yaml(self) -> str:
        """The scenario as YAML, every default included; reading it gives an equal scenario."""
        return writing.to_yaml(self.to_data())

    def provenance(self) -> list[Provenance]:
        """Value, status, source and circumstances of every physical parameter, in the order of the file."""
        physical = {key: value for key, value in self.entries().items() if key not in ("output", "numerics")}
        return [
            Provenance(path, leaf.text, leaf.status, leaf.source, leaf.under)
            for path, leaf in leaves(physical)
            if isinstance(leaf, Parameter | OccupancyProperty)
        ]

    def chosen(self) -> dict[str, str]:
        """The physical parameters that nobody measured or calculated, as written, by path."""
        return {fact.path: fact.text for fact in self.provenance() if fact.status in ("chosen", "unstated")}

    def _given(self) -> dict[str, Any]:
        """The values that are not null: two scenarios are equal whatever physics was known to either."""
        return {key: value for key, value in self.entries().items() if value is not None}


def full_type() -> type[Scenario]:
    """The type of scenarios with a key for the section of each physics that is registered now."""
    sections = ((one.name, one.section()) for one in registry.physics())
    return _full_type(
        tuple((name, section) for name, section in sections if section is not None), layer_type()
    )


@functools.cache
def _full_type(sections: tuple[tuple[str, type[BaseModel]], ...], layer: type[Shell]) -> type[Scenario]:
    for name, _ in sections:
        if hasattr(Scenario, name) or name in (*Content.keys(), *Content.model_fields):
            expected = "another name: a scenario has something else of this name"
            raise InputError(f"found a physics called '{name}', expected {expected}")
    keys: dict[str, Any] = {name: (section | None, optional_key(section)) for name, section in sections}
    between: Any = create_model("PhysicsKeys", __base__=ParticleKeys, **keys)
    # Keys stand in the order of bases, the last one first.
    return create_model(
        "Scenario",
        __base__=(Scenario, between),
        __doc__=Scenario.__doc__,
        __module__=__name__,
        **_of_layers(layer),
    )


def _of_layers(layer: type[Shell]) -> dict[str, Any]:
    """The keys that hold layers, of a type."""
    kinds = {"shell": layer | None, "regions": regions_of(layer) | None}
    return {name: (kind, None) for name, kind in kinds.items()}


def _blank(names: tuple[str, ...]) -> Scenario:
    """A scenario without content, for `pickle`, in a process that knows its physics."""
    found = full_type()
    missing = [name for name in names if name not in found.model_fields]
    if missing:
        raise InputError(f"found a scenario with {listed(missing)}, expected that this physics is registered")
    return found.__new__(found)
