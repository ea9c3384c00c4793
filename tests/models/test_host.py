from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from oxyshell.models.host import CosineLayer, Host, Layer, LinearLayer, NoLayer, Position, StepLayer
from tests.models.ufl_values import number

THICKNESS = 0.03
LAYERS: dict[str, Callable[[float], Layer]] = {
    "none": lambda d: NoLayer(),
    "linear": lambda d: LinearLayer(THICKNESS, d),
    "step": lambda d: StepLayer(THICKNESS, d),
    "cosine": lambda d: CosineLayer(THICKNESS, d),
}


def deficit(layer: Layer, depth: float) -> float:
    return number(layer.deficit(Position(depth, 1.0 if depth <= THICKNESS else 0.0)))


@pytest.mark.parametrize(
    ("name", "shares"),
    [
        # At the surface, at a quarter, half and the whole of the thickness, and below.
        ("none", (0, 0, 0, 0, 0)),
        ("linear", (1, 0.75, 0.5, 0, 0)),
        ("step", (1, 1, 1, 1, 0)),
        ("cosine", (1, (1 + math.sqrt(0.5)) / 2, 0.5, 0, 0)),
    ],
)
def test_profiles(name: str, shares: tuple[float, ...]) -> None:
    layer = LAYERS[name](0.22)
    depths = (0.0, THICKNESS / 4, THICKNESS / 2, THICKNESS, 0.5)
    found = [deficit(layer, depth) for depth in depths]
    assert found == pytest.approx([0.22 * share for share in shares], abs=1e-15)


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("depth", [0.0, THICKNESS / 2, THICKNESS, 0.5])
def test_no_deficiency_is_the_bulk_everywhere(name: str, depth: float) -> None:
    assert deficit(LAYERS[name](0.0), depth) == 0.0


def test_host_sites() -> None:
    host = Host(site_density=5e4, occupancy=0.999, molar_volume=2e-5, layer=LinearLayer(THICKNESS, 0.2))
    surface, below = (number(host.sites(Position(depth, 1.0))) for depth in (0.0, 0.1))
    assert surface == pytest.approx(4e4)
    assert below == 5e4
