"""The sections `shell` and `surface`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from oxyshell.language import scales
from oxyshell.language.parameters import NOT_NEGATIVE, POSITIVE, Bounds, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.models.host.lattice import CosineLayer, Layer, LinearLayer, NoLayer, StepLayer


class Shell(Section):
    """An ion-deficient layer under the surface."""

    thickness: Annotated[Parameter, Quantity("m", POSITIVE, scales.THICKNESS)]
    """Thickness δ; below the radius."""
    deficiency: Annotated[Parameter, Quantity("1", Bounds(at_least=0, below=1))]
    """Share d of the host sites that is missing at the surface."""
    profile: Literal["linear", "step", "cosine"] = "linear"
    """How the deficit falls with depth. Default linear."""


# The layer models by profile, made from thickness and deficiency.
_LAYERS: Mapping[str, Callable[..., Any]] = {
    "linear": LinearLayer,
    "step": StepLayer,
    "cosine": CosineLayer,
}


def layer(shell: Shell | None) -> Layer:
    """The layer as the equations know it; the null layer where there is no shell."""
    none: Any = NoLayer()
    found: Layer = (
        none
        if shell is None
        else _LAYERS[shell.profile](thickness=shell.thickness.value, deficiency=shell.deficiency.value)
    )
    return found


class Surface(Section):
    """What happens at the surface besides the protocol's current."""

    confinement: Annotated[Parameter, Quantity("Pa/m", NOT_NEGATIVE, scales.CONFINEMENT)] = Parameter.default(
        "0 Pa/m", "Pa/m"
    )
    """Stiffness of an elastic surrounding against normal displacement. Default 0 Pa/m: a free surface."""
    exhausted_below: Annotated[Parameter, Quantity("1", Bounds(above=0, at_most=0.5))] = Parameter.default(
        "1e-3", "1"
    )
    """Occupancy of the surface below which the current falls (and so near 1 on insertion). Default 0.001."""
