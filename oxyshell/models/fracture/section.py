"""The section `toughness`: resistance of the material to a growing flaw."""

from __future__ import annotations

from typing import Annotated

from oxyshell.language import scales
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section


class Toughness(Section):
    """Fracture toughness, with which the stress intensity of flaws at the surface is compared."""

    k_ic: Annotated[Parameter, Quantity("Pa m^0.5", POSITIVE, scales.TOUGHNESS)]
    """K_IC, the stress intensity at which a flaw grows; one for all materials of the particle."""
    flaw: Annotated[Parameter, Quantity("m", POSITIVE, scales.THICKNESS)] = Parameter.default("5 nm", "m")
    """Depth of a flaw at the surface that is followed by itself. Default 5 nm."""
