"""The section `surface`, which physics have keys in."""

from __future__ import annotations

from oxyshell.models.ions.section import IonSurface
from oxyshell.models.mechanics.section import MechanicalSurface


# As in a written file, the keys of the last base come first.
class Surface(IonSurface, MechanicalSurface):
    """The surface, besides the current of the protocol."""
