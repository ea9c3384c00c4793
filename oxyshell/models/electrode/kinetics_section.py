"""The exchange current density in a scenario."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from oxyshell.language import scales
from oxyshell.language.arrhenius import Arrhenius
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.language.variants import Variants
from oxyshell.models.base.constants import FARADAY_CONSTANT
from oxyshell.models.electrode.kinetics import ConstantExchange, ContentExchange, Kinetics


class KineticsSection(Section):
    """A law for the exchange current density of Butler–Volmer kinetics.

    A law is a subclass whose `law` is annotated with its name, as in `law: Literal["constant"]`.
    """

    law: str
    """Name of the law."""
    activation: Arrhenius | None = None
    """Its change with temperature; null: none."""

    def model(self, charge_number: int, temperature: float) -> Kinetics:
        """The law in SI, for z charges per ion at a temperature in K."""
        raise NotImplementedError

    def factor(self, temperature: float) -> float:
        """Factor of the exchange current density at a temperature, K."""
        return 1.0 if self.activation is None else self.activation.factor(temperature)


class ConstantKinetics(KineticsSection):
    """An exchange current density that is the same at every content."""

    law: Literal["constant"]
    """Name of the law."""
    exchange_current: Annotated[Parameter, Quantity("A/m^2", POSITIVE, scales.CURRENT_DENSITY)]
    """i0, per surface of the particle."""

    def model(self, charge_number: int, temperature: float) -> Kinetics:
        current = self.exchange_current.value * self.factor(temperature)
        return ConstantExchange(flux=current / (charge_number * FARADAY_CONSTANT))


class ContentKinetics(KineticsSection):
    """An exchange current density i0 = zF k √(c_e/c_ref) c_s √(θ(1 − θ))."""

    law: Literal["content"]
    """Name of the law."""
    rate_constant: Annotated[Parameter, Quantity("m/s", POSITIVE, scales.TRANSFER_VELOCITY)]
    """k."""
    electrolyte: Annotated[Parameter, Quantity("mol/m^3", POSITIVE, scales.ELECTROLYTE)] = Parameter.default(
        "1000 mol/m^3", "mol/m^3"
    )
    """Concentration c_e of the ion in the electrolyte, which stays as it is. Default 1000 mol/m^3."""
    reference: Annotated[Parameter, Quantity("mol/m^3", POSITIVE, scales.ELECTROLYTE)] = Parameter.default(
        "1000 mol/m^3", "mol/m^3"
    )
    """Concentration c_ref for which k is stated. Default 1000 mol/m^3."""

    def model(self, charge_number: int, temperature: float) -> Kinetics:
        concentration = self.electrolyte.value / self.reference.value
        rate = self.rate_constant.value * math.sqrt(concentration) * self.factor(temperature)
        return ContentExchange(rate_constant=rate)


KINETICS: Variants[KineticsSection] = Variants(
    "law", ConstantKinetics, ContentKinetics, extensions="kinetics"
)

type KineticsLaw = Annotated[KineticsSection, KINETICS]
"""The section `electrode.kinetics`."""
