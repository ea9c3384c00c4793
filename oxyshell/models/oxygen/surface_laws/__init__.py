"""Surface laws of oxygen, a file for each: its section in a scenario, its fluxes and its remarks.

A law from outside the package is a subclass of `SurfaceLaw` that is handed to `register`; scenarios then name
it in `oxygen.surface.law`.
"""

from __future__ import annotations

from typing import Annotated

from oxyshell.language.variants import Variants
from oxyshell.models.oxygen.surface_laws.barrier import Barrier
from oxyshell.models.oxygen.surface_laws.conformal_sink import ConformalSink
from oxyshell.models.oxygen.surface_laws.fixed import Fixed
from oxyshell.models.oxygen.surface_laws.islands import Islands
from oxyshell.models.oxygen.surface_laws.law import SurfaceLaw
from oxyshell.models.oxygen.surface_laws.open import Open
from oxyshell.models.oxygen.surface_laws.sealed import Sealed

LAWS: Variants[SurfaceLaw] = Variants(
    "law", Open, Sealed, Fixed, Barrier, ConformalSink, Islands, extensions="surface_laws"
)

register = LAWS.register

type OxygenSurface = Annotated[SurfaceLaw, LAWS]
"""The section `oxygen.surface`."""
