"""Oxygen that the lattice releases, that diffuses, and that a sink on the surface captures or lets pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import Figure, LabelledRun, Physics
from oxyshell.models.base.process import Follower
from oxyshell.models.oxygen.observables import OBSERVABLES

if TYPE_CHECKING:
    from oxyshell.solver.recorder import Discretised, Recorder, RunFacts


class Oxygen(Physics):
    """The oxygen of runs whose scenario has a section of that name."""

    name = "oxygen"
    observables = OBSERVABLES

    def followers(self, scenario: Any, geometry: Geometry) -> Sequence[Follower[Any]]:
        from oxyshell.models.oxygen.process import OxygenTransport

        model = scenario.oxygen_model(geometry.volume_to_surface)
        if model is None:
            return ()
        # It starts with a jump at the surface, where a transfer velocity may be far above that of diffusion:
        # the surface of a full particle empties within h/k, h its outermost element.
        tolerance = scenario.numerics.oxygen_tolerance
        return [Follower(OxygenTransport(), model, tolerance, "numerics.oxygen_tolerance")]

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]] | None:
        if self.name not in particle.followers:
            return None
        from oxyshell.models.oxygen.recording import OxygenEvaluation, OxygenRecorder

        evaluation = OxygenEvaluation(particle, particle.followers[self.name])
        return lambda facts: (
            OxygenRecorder(evaluation, facts.geometry.volume * facts.scenario.material.density),
        )

    def figures(self, runs: Sequence[LabelledRun]) -> Sequence[Figure]:
        from oxyshell.models.oxygen.figure import figures

        return figures(runs)
