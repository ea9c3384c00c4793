"""Laws by which the redox of oxygen is lost, a file for each.

A law from outside the package is a subclass of `RedoxLaw` that is handed to `register`; scenarios then name
it in `degradation.redox.loss.law`.
"""

from __future__ import annotations

from typing import Annotated

from oxyshell.language.variants import Variants
from oxyshell.models.degradation.redox.accelerating import AcceleratingLoss
from oxyshell.models.degradation.redox.exponential import ExponentialLoss
from oxyshell.models.degradation.redox.law import RedoxLaw

LAWS: Variants[RedoxLaw] = Variants("law", ExponentialLoss, AcceleratingLoss, extensions="redox_losses")

register = LAWS.register

type RedoxLoss = Annotated[RedoxLaw, LAWS]
"""The section `degradation.redox.loss`."""
