"""The tracer as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.observable import Observable, Where
from oxyshell.models.base.physics import Physics, ScenarioView
from oxyshell.models.base.process import Follower

if TYPE_CHECKING:
    from pydantic import BaseModel

    from oxyshell.solver.recorder import Discretised, Recorder, RunFacts


class Tracer(Physics):
    """A tracer that diffuses, decays and leaves through the surface."""

    name = "tracer"
    observables = (
        Observable("tracer_in_particle_mol", "mol", "tracer in the particle"),
        Observable("tracer_decayed_mol", "mol", "tracer that has decayed"),
        Observable("tracer_escaped_mol", "mol", "tracer that has left through the surface"),
        Observable("tracer_mol_m3", "mol/m^3", "content c of the tracer", Where.PROFILE),
        Observable("tracer_mol_m3", "mol/m^3", "content c of the tracer", Where.FIELD),
        Observable("tracer.escaped_mol", "mol", "tracer that has left at the end", Where.SUMMARY),
        Observable("tracer.balance_error", "1", "largest error of its balance", Where.SUMMARY),
    )

    def section(self) -> type[BaseModel]:
        from .section import TracerSection

        return TracerSection

    def followers(self, scenario: ScenarioView, geometry: Geometry) -> Sequence[Follower[Any]]:
        section = scenario.section(self.name)
        if section is None:
            return ()
        from .process import TracerModel, TracerTransport

        model = TracerModel(
            radius=geometry.radius,
            initial=section.initial.value,
            diffusivity=section.diffusivity.value,
            decay=section.decay.value,
            escape=section.escape.value,
        )
        return [Follower(TracerTransport(), model, section.tolerance, "tracer.tolerance")]

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        if self.name not in particle.followers:
            return lambda facts: ()
        from .recording import TracerEvaluation, TracerRecorder

        evaluation = TracerEvaluation(particle)
        return lambda facts: [TracerRecorder(evaluation)]

    def remarks(self, scenario: ScenarioView, geometry: Geometry) -> Iterator[str]:
        section = scenario.section(self.name)
        if section is not None:
            share = section.decay.value * geometry.radius**2 / section.diffusivity.value
            yield f"In one diffusion time of the tracer, λ R²/D = {share:.3g} of it decays."
