"""The sections `shell` and `regions`: layers with fewer ion sites, or of another material."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, create_model, field_validator

from oxyshell.errors import InputError
from oxyshell.language import chemistry, scales
from oxyshell.language.arrhenius import Arrhenius
from oxyshell.language.mistakes import describe, listed, problem, refuse, refused
from oxyshell.language.parameters import ANY, NOT_NEGATIVE, POSITIVE, Bounds, Parameter, Quantity
from oxyshell.language.sections import Section, optional_key, to_data
from oxyshell.language.taking_over import TakingOver
from oxyshell.language.thermal import ThermalEnergy
from oxyshell.models import registry
from oxyshell.models.electrode.open_circuit import OpenCircuit
from oxyshell.models.host.section import Deficit, MolarMass, MolarVolume, mass_of
from oxyshell.models.ions.section import Diffusivity, DriftLaw, Ion
from oxyshell.models.mechanics.reference import AsMade, AtOccupancy, StrainReference
from oxyshell.models.mechanics.section import ChemicalStrain, Elasticity
from oxyshell.models.particle.region import Interface
from oxyshell.scenario.material import Material


class InterfaceSection(Section):
    """The interface of a layer with what lies within it."""

    resistance: Annotated[Parameter, Quantity("s/m", NOT_NEGATIVE, scales.INTERFACE_RESISTANCE)] = (
        Parameter.default("0 s/m", "s/m")
    )
    """r in N = c_s g/r, c_s being the host sites within and g the driving force, which for dilute ions is a
    difference of occupancies. Default 0: perfect contact."""

    def model(self) -> Interface:
        """In SI."""
        return Interface(resistance=self.resistance.value)


_OF_MATERIAL = tuple(Material.model_fields)


class OwnProperties(Section):
    """Properties in which a layer differs from the particle's material; those left out are the latter's."""

    formula: chemistry.Formula | None = None
    """Formula unit as made; null: that of the particle's material."""
    molar_mass: MolarMass | None = Field(default=None, validate_default=True)
    """Mass per mol of formula units; null: from its own formula, or that of the particle's material."""
    molar_volume: MolarVolume | None = None
    """Volume per mol of formula units; null: that of the particle's material."""
    ion: Ion | None = None
    """The same mobile ion, and how many there are; null: as in the particle's material."""
    diffusivity: Diffusivity | None = None
    """D(θ); null: that of the particle's material."""
    diffusivity_c: Diffusivity | None = None
    """D_c(θ) along c, beside `diffusivity`; null: that of `diffusivity` in all directions."""
    diffusivity_activation: Arrhenius | None = None
    """Change of D with temperature; null: that of the particle's material."""
    drift: DriftLaw | None = None
    """Effect of stress on the flux; null: as in the particle's material."""
    chemical_strain: ChemicalStrain | None = None
    """Deformation by the ion content; null: that of the particle's material."""
    elasticity: Elasticity | None = None
    """Stress from strain; null: that of the particle's material."""

    @field_validator("molar_mass", mode="before")
    @classmethod
    def _mass_of_formula(cls, raw: Any, info: ValidationInfo) -> Any:
        formula = info.data.get("formula")
        return mass_of(formula) if raw is None and formula is not None else raw

    def own(self) -> Mapping[str, Any]:
        """The properties that are given, by the keys of a material."""
        given = {name: getattr(self, name) for name in _OF_MATERIAL}
        return {name: value for name, value in given.items() if value is not None}

    def material(self, core: Material) -> Material:
        """The layer's material.

        Args:
            core: That of the particle, which has what is left out. Optional properties are left out of a
                layer whose others are all its own, and D_c of one with a D of its own.
        """
        own, fields = self.own(), Material.model_fields
        optional = {name for name, field in fields.items() if not field.is_required()}
        if own.keys() >= fields.keys() - optional:
            alone = optional
        else:
            alone = {"diffusivity_c"} if "diffusivity" in own else set()
        return core.model_copy(update={name: fields[name].default for name in alone} | dict(own))


class Shell(TakingOver, OwnProperties, Deficit):
    """A layer of a particle: with fewer ion sites, of another material, or both."""

    potential_offset: Annotated[Parameter, ThermalEnergy("eV", ANY, scales.POTENTIAL_OFFSET)] | None = None
    """Chemical potential of its ions above that of the particle's material at the same occupancy without
    stress, such as 1.5 RT, 30 meV or 3 kJ/mol; null: 0."""
    open_circuit: OpenCircuit | None = None
    """Its own open-circuit potential, as `electrode.open_circuit`, which then says how ions are shared at its
    interfaces; null: that of the electrode."""
    exchangeable_sites: Annotated[Parameter, Quantity("1", POSITIVE)] | None = None
    """Sites n_e per formula unit of which x of its own `open_circuit` is the filled share; null: all."""
    strain_free_at: Annotated[Parameter, Quantity("1", Bounds(at_least=0, at_most=1))] | None = None
    """Occupancy at which it fits to the core as made without stress; null: its own as made."""
    interface: InterfaceSection | None = None
    """Its interface with what lies within it; null: perfect contact."""

    def to_data(self) -> dict[str, Any]:
        """Plain data; what is left out stays out."""
        return {key: to_data(value) for key, value in self.entries().items() if value is not None}

    @property
    def strain_reference(self) -> StrainReference:
        """The content from which its chemical strain is counted."""
        return AsMade() if self.strain_free_at is None else AtOccupancy(self.strain_free_at.value)

    @property
    def is_region(self) -> bool:
        """Whether it is a host of its own, and not the particle's own host with fewer and fewer sites."""
        others = (self.potential_offset, self.open_circuit, self.strain_free_at, self.interface)
        given = (*others, *self._of_physics().values())
        return bool(self.own()) or not self.graded or any(one is not None for one in given)

    def section(self, name: str) -> Any:
        """The section of a physics in the layer; None where it has none.

        Args:
            name: Of the physics, such as "oxygen".
        """
        return self._of_physics().get(name)

    def _of_physics(self) -> Mapping[str, Any]:
        return {name: getattr(self, name) for name in _of_physics(type(self))}

    def __eq__(self, other: object) -> bool:
        # Whatever physics was known to either.
        return isinstance(other, Shell) and self._given() == other._given()

    def __hash__(self) -> int:
        return hash(tuple(self._given().items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return _blank, (tuple(self._of_physics()),), self.__getstate__()

    def _given(self) -> dict[str, Any]:
        return {key: value for key, value in self.entries().items() if value is not None}


@functools.cache
def _of_physics(layer: type[Shell]) -> tuple[str, ...]:
    """The keys of a type of layers that are those of physics."""
    return tuple(name for name in layer.model_fields if name not in Shell.model_fields)


class NamedLayers(dict[str, Shell]):
    """Layers by name, from inside out; as a part of a frozen section, it can be compared and hashed."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))


def _checked(layers: dict[str, Shell]) -> NamedLayers:
    """Layers with names that paths and files can have.

    Raises:
        ValidationError: If there are none, or a name is one of something else.
    """
    if not layers:
        raise refused(problem("no layers", "at least one, or null"))
    refuse(
        [
            problem(f"a layer called {describe(name)}", _NAMES, name)
            for name in layers
            if not _NAME.fullmatch(name) or name in _TAKEN
        ]
    )
    return NamedLayers(layers)


_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*", re.ASCII)
_TAKEN = ("bulk",)
_NAMES = "a name of letters, digits, '_' and '-' that begins with a letter and is not 'bulk', the core"

type Regions = Annotated[dict[str, Shell], AfterValidator(_checked)]
"""The section `regions`."""


def layer_type() -> type[Shell]:
    """The type of layers with a key for what each physics that is registered now has in them."""
    sections = ((one.name, one.layer_section()) for one in registry.physics())
    return _layer_type(tuple((name, section) for name, section in sections if section is not None))


@functools.cache
def _layer_type(sections: tuple[tuple[str, type[BaseModel]], ...]) -> type[Shell]:
    for name, _ in sections:
        if hasattr(Shell, name) or name in Shell.model_fields:
            expected = "another name: a layer has something else of this name"
            raise InputError(f"found a physics called '{name}' with keys in layers, expected {expected}")
    keys: dict[str, Any] = {name: (section | None, optional_key(section)) for name, section in sections}
    return create_model("Shell", __base__=Shell, __doc__=Shell.__doc__, __module__=__name__, **keys)


def regions_of(layer: type[Shell]) -> Any:
    """The section `regions` with layers of a type."""
    return Annotated[dict[str, layer], AfterValidator(_checked)]  # type: ignore[valid-type]


def _blank(names: tuple[str, ...]) -> Shell:
    """A layer without content, for `pickle`, in a process that knows its physics."""
    found = layer_type()
    missing = [name for name in names if name not in found.model_fields]
    if missing:
        raise InputError(f"found a layer with {listed(missing)}, expected that this physics is registered")
    return found.__new__(found)
