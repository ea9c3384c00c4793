"""The section `tracer` of a scenario file."""

from __future__ import annotations

from typing import Annotated

from oxyshell.language.parameters import NOT_NEGATIVE, POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section


class TracerSection(Section):
    """A tracer that diffuses, decays and leaves through the surface."""

    initial: Annotated[Parameter, Quantity("mol/m^3", POSITIVE)]
    """Content at the start."""
    diffusivity: Annotated[Parameter, Quantity("m^2/s", POSITIVE)]
    """D of the tracer."""
    decay: Annotated[Parameter, Quantity("1/s", NOT_NEGATIVE)]
    """Rate λ at which it decays."""
    escape: Annotated[Parameter, Quantity("m/s", NOT_NEGATIVE)]
    """Transfer velocity k out of the surface."""
    tolerance: float = 1e-5
    """Largest error of the content in one time step, over the initial one. Default 1e-5."""
