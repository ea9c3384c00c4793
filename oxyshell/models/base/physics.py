"""A physics as the rest of the program sees it, and a scenario as a physics sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.observable import Observable

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import InitErrorDetails


class ScenarioView(Protocol):
    """The part of a scenario that a physics may read: sections of the file, and the particle in SI."""

    @property
    def temperature(self) -> Any:
        """The parameter T."""

    @property
    def particle(self) -> Any:
        """The section of the shape."""

    @property
    def material(self) -> Any:
        """The section of the material."""

    @property
    def shell(self) -> Any:
        """The section of the surface layer; None where there is no layer."""

    def section(self, name: str) -> Any:
        """The section of a physics; None where the scenario has none."""

    def model(self) -> Any:
        """The particle's host, ions and mechanics, in SI."""


class Physics:
    """One physics: its section in a file, what it solves, reports, remarks and draws.

    A physics overrides what it has; the defaults say that it has nothing of the kind. Nothing outside its
    folder names it but the list in `models.registry`.

    Attributes:
        name: Key of its section in a scenario file, and its name in results.
        observables: All that it reports.
    """

    name: ClassVar[str]
    observables: ClassVar[tuple[Observable, ...]] = ()

    def section(self) -> type[BaseModel] | None:
        """Type of its section in a scenario file, under the key `name`; None if it has none of its own."""
        return None

    def problems(self, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
        """Contradictions between its section and others, as `language.mistakes.problem` makes them."""
        return iter(())

    def particle_model(self, model: Any, scenario: ScenarioView) -> Any:
        """The particle's host, ions and mechanics with the effects of this physics on them.

        Args:
            model: The same without these effects.
            scenario: The scenario.
        """
        return model

    def model(self, scenario: ScenarioView, geometry: Geometry) -> Any:
        """Its own numbers in SI; None where the scenario has none of it."""
        return None

    def remarks(self, scenario: ScenarioView, geometry: Geometry) -> Iterator[str]:
        """Sentences that a reader of a run's results has to know."""
        return iter(())
