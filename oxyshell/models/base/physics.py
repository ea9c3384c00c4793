"""A physics as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.observable import Observable
from oxyshell.models.base.process import Follower

if TYPE_CHECKING:
    from pydantic import BaseModel


class Physics:
    """One physics: what a file says about it, what it solves, reports, remarks and draws.

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

    def followers(self, scenario: Any, geometry: Geometry) -> Sequence[Follower[Any]]:
        """Processes that follow the particle's group; none by default.

        Args:
            scenario: The scenario.
            geometry: Size of the particle.
        """
        return ()

    def remarks(self, scenario: Any, geometry: Geometry | None) -> Iterator[str]:
        """Sentences that a reader of a run's results has to know.

        Args:
            scenario: The scenario.
            geometry: Size of the particle; None before an imported mesh has been read.
        """
        return iter(())
