"""The part of the stress work that joins the diffusion of ions where both are solved in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from dolfinx import fem
from dolfinx.mesh import Mesh

from oxyshell.models.base.expression import Expression
from oxyshell.models.particle.model import ParticleModel
from oxyshell.solver.parts import Part


class Splitting:
    """b (θ − θ0) in each part of the particle, b being that of a free homogeneous sphere of its host."""

    def __init__(self, mesh: Mesh[np.float64], model: ParticleModel) -> None:
        """Make a constant for each part.

        Args:
            mesh: The mesh.
            model: Numbers in SI.
        """
        self._constants = [fem.Constant(mesh, value) for value in _couplings(model)]

    def update(self, model: ParticleModel) -> None:
        """Take over the numbers of another model of the same kind, in SI."""
        for constant, value in zip(self._constants, _couplings(model), strict=True):
            constant.value = value

    def joined(self, theta: Any, parts: Sequence[Part[ParticleModel]]) -> list[Expression]:
        """B (θ − θ0) of each part."""
        return [
            constant * (theta - model.host.occupancy)
            for constant, (model, _) in zip(self._constants, parts, strict=True)
        ]


def _couplings(model: ParticleModel) -> list[float]:
    """b: how much the stress work falls as θ rises in a free homogeneous sphere of each part."""
    return [float(part.stress_coupling()) for _, part in model.parts]
