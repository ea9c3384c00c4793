"""Units in which a particle is solved."""

from __future__ import annotations

from functools import cache
from typing import Any

from oxyshell.models.base.dimension import Units
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.particle.model import ParticleModel

# One GPa: stresses and moduli come out between 0.01 and 1000.
_STRESS = 1e9
# Occupancies at which a diffusivity's largest value is looked for.
_SAMPLES = 1001


def natural_units(model: ParticleModel) -> Units:
    """Units in which the particle's radius, its host site density and its diffusion time R²/D are one.

    D is the largest that any occupancy has, in any direction in which ions move through the particle: the
    time scale that a run may meet, whatever it is as made.
    """
    import numpy as np

    occupancies = _occupancies()
    # What is no number at the ends, such as the logarithm in a thermodynamic factor, is left out.
    with np.errstate(divide="ignore", invalid="ignore"):
        found = [one.value(occupancies, NUMPY) for one in model.transport.diffusivities]
    # A constant is one number, whatever the occupancies.
    values = np.concatenate([np.ravel(one) for one in found])
    diffusivity = float(np.nanmax(values[np.isfinite(values)]))
    return Units(
        length=model.radius,
        time=model.radius**2 / diffusivity,
        amount=model.host.site_density * model.radius**3,
        stress=_STRESS,
    )


@cache
def _occupancies() -> Any:
    """Occupancies from empty to full, as an array."""
    import numpy as np

    return np.linspace(0.0, 1.0, _SAMPLES)
