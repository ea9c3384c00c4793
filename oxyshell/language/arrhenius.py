"""Change of a rate with temperature, as a scenario states it."""

from __future__ import annotations

import math
from typing import Annotated

from oxyshell.language import scales
from oxyshell.language.parameters import NOT_NEGATIVE, POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.models.base.constants import GAS_CONSTANT


class Arrhenius(Section):
    """Change of a rate with temperature, exp(−E_a/R (1/T − 1/T_ref))."""

    energy: Annotated[Parameter, Quantity("J/mol", NOT_NEGATIVE, scales.ACTIVATION_ENERGY)]
    """Activation energy E_a."""
    reference: Annotated[Parameter, Quantity("K", POSITIVE, scales.TEMPERATURE)] = Parameter.default(
        "298.15 K", "K"
    )
    """Temperature T_ref at which the rate is as stated. Default 298.15 K."""

    def factor(self, temperature: float) -> float:
        """The rate at a temperature, K, over that at the reference."""
        return math.exp(-self.energy.value / GAS_CONSTANT * (1 / temperature - 1 / self.reference.value))
