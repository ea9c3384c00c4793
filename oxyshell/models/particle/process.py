"""Processes of the particle's own group."""

from __future__ import annotations

from collections.abc import Sequence

from oxyshell.models.base.process import Process
from oxyshell.models.particle.model import ParticleModel


class ParticleProcess(Process[ParticleModel]):
    """A process whose model is the particle's, and so are its parts."""

    def parts(self, model: ParticleModel) -> Sequence[tuple[str, ParticleModel]]:
        return model.parts
