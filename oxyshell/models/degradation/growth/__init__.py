"""Laws by which the layer grows, a file for each.

A law from outside the package is a subclass of `GrowthLaw` that is handed to `register`; scenarios then name
it in `degradation.layer.growth.law`.
"""

from __future__ import annotations

from typing import Annotated

from oxyshell.language.variants import Variants
from oxyshell.models.degradation.growth.law import GrowthLaw
from oxyshell.models.degradation.growth.linear import LinearGrowth
from oxyshell.models.degradation.growth.parabolic import ParabolicGrowth
from oxyshell.models.degradation.growth.passivating import PassivatingGrowth
from oxyshell.models.degradation.growth.per_hour import GrowthPerHour

LAWS: Variants[GrowthLaw] = Variants(
    "law", LinearGrowth, ParabolicGrowth, PassivatingGrowth, GrowthPerHour, extensions="layer_growth"
)

register = LAWS.register

type LayerGrowth = Annotated[GrowthLaw, LAWS]
"""The section `degradation.layer.growth`."""
