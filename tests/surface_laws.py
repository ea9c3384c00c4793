"""Surface laws of a particle of 150 nm, from numbers in SI."""

from __future__ import annotations

from oxyshell.models.oxygen.surface import SurfaceModel
from oxyshell.models.oxygen.surface_laws import LAWS
from oxyshell.models.oxygen.surface_laws.law import Carrier

SITE_DENSITY = 8.41e-6
SEALED = SurfaceModel()
CARRIER = Carrier(
    radius=150e-9, volume_to_surface=50e-9, density=4200.0, temperature=298.15, diffusivity=1.4e-18
)


def surface(law: str, **entries: object) -> SurfaceModel:
    """A law from the entries that a file would have besides its name."""
    return LAWS.kinds[law].from_data({"law": law, **entries}).model(CARRIER)


def open_surface(transfer: float) -> SurfaceModel:
    return surface("open", transfer=_velocity(transfer))


def fixed_surface(content: float) -> SurfaceModel:
    return surface("fixed", content=f"{content} mol/m^3")


def barrier(thickness: float, diffusivity: float, transfer: float) -> SurfaceModel:
    layer = {"thickness": f"{thickness} m", "diffusivity": f"{diffusivity} m^2/s"}
    return surface("barrier", **layer, transfer=_velocity(transfer))


def closed_sink(
    layers: float, transfer: float, energy: float = -1.497, coverage: float = 1.0
) -> SurfaceModel:
    return surface("conformal_sink", **_sink(layers, transfer, energy), coverage=coverage)


def islands(coverage: float, transfer: float, efficiency: float = 1.0, layers: float = 1.0) -> SurfaceModel:
    return surface("islands", **_sink(layers, transfer), coverage=coverage, efficiency=efficiency)


def _sink(layers: float, transfer: float, energy: float = -1.497) -> dict[str, object]:
    adsorption = {"energy": f"{energy} eV", "attempt_frequency": "1e13 1/s"}
    return {
        "transfer": _velocity(transfer),
        "adsorption": adsorption,
        "site_density": f"{SITE_DENSITY} mol/m^2",
        "monolayers": layers,
    }


def _velocity(transfer: float) -> dict[str, str]:
    return {"velocity": f"{transfer} m/s"}
