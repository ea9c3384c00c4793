"""A surface law of oxygen: its section in a scenario, the fluxes that follow from it, and its remarks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator

from oxyshell.language.mistakes import describe, problem, refused
from oxyshell.language.parameters import Parameter
from oxyshell.language.sections import Section
from oxyshell.models.oxygen.surface import SurfaceModel


@dataclass(frozen=True)
class Carrier:
    """The particle under a surface law.

    Attributes:
        radius: R, m.
        volume_to_surface: V/A, m.
        density: kg/m³.
        temperature: T, K.
        diffusivity: D_O of the bulk at the occupancy as made, m²/s.
    """

    radius: float
    volume_to_surface: float
    density: float
    temperature: float
    diffusivity: float

    @property
    def velocity(self) -> float:
        """D_O/R, m/s, the unit of a Biot number."""
        return self.diffusivity / self.radius

    @property
    def diffusion_time(self) -> float:
        """R²/D_O, s."""
        return self.radius**2 / self.diffusivity


@dataclass(frozen=True)
class RunFacts:
    """Numbers and words of a run from which the remarks of a surface law are computed.

    Attributes:
        carrier: The particle.
        body: The particle in words: "a sphere of R = 150 nm".
        temperature: As written: "298.15 K".
        initial: Mobile O2 at the start, mol/m³.
        generable: O2 that the lattice can generate at most where no sites are missing, mol/m³.
    """

    carrier: Carrier
    body: str
    temperature: str
    initial: float
    generable: float


def _outer(raw: Any) -> Any:
    if raw != "outer":
        raise refused(problem(describe(raw), "'outer', the only surface that a particle has"))
    return raw


class SurfaceLaw(Section):
    """A surface law of oxygen, as a scenario states it.

    A law is a subclass whose `law` is annotated with its name, as in `law: Literal["open"]`.
    """

    sink: ClassVar[bool] = False
    """True where the surface can hold oxygen."""
    predicts: ClassVar[tuple[str, ...]] = ()
    """Results that follow from this law, as parts of a sentence."""

    law: str
    """Name of the law."""
    on: Annotated[Literal["outer"], BeforeValidator(_outer)] = "outer"
    """The surface: outer, the only one that a particle has."""

    def model(self, carrier: Carrier) -> SurfaceModel:
        """The law of a particle, in SI."""
        raise NotImplementedError

    def contents(self) -> Mapping[str, Parameter]:
        """Contents of O2 in the lattice that the law prescribes, by their keys."""
        return {}

    def remarks(self, facts: RunFacts) -> Iterator[str]:
        """Sentences that a reader of a run's results has to know of this law."""
        return iter(())
