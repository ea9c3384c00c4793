from __future__ import annotations

import numpy as np
import pytest

from oxyshell.errors import MeshError
from oxyshell.meshes.grading import radial_levels
from oxyshell.meshes.resolution import Resolution


@pytest.mark.parametrize("layer", [0.009, 0.03, 0.2, 0.6])
def test_layer_is_even_and_its_edge_is_a_node(layer):
    radii = radial_levels(layer, layer_elements=8, bulk_elements=16, surface_size=0.01)
    assert len(radii) == 8 + 16 + 1
    assert radii[0] == 0.0
    assert radii[-1] == 1.0
    assert radii[16] == 1.0 - layer
    np.testing.assert_allclose(np.diff(radii)[16:], layer / 8, rtol=1e-12)


@pytest.mark.parametrize("layer", [0.009, 0.03, 0.2])
def test_size_grows_inwards_by_one_ratio_from_the_layers_own(layer):
    sizes = np.diff(radial_levels(layer, layer_elements=8, bulk_elements=16, surface_size=0.01))
    growth = sizes[:16] / sizes[1:17]
    np.testing.assert_allclose(growth, growth[0], rtol=1e-9)
    assert growth[0] > 1


def test_without_a_layer_the_outermost_element_has_the_surface_size():
    sizes = np.diff(radial_levels(0.0, layer_elements=8, bulk_elements=12, surface_size=0.01))
    assert len(sizes) == 12
    assert sizes[-1] == pytest.approx(0.01, rel=1e-9)
    growth = sizes[:-1] / sizes[1:]
    np.testing.assert_allclose(growth, growth[0], rtol=1e-9)


def test_the_surface_is_never_coarser_than_an_even_division():
    radii = radial_levels(0.0, layer_elements=8, bulk_elements=4, surface_size=0.5)
    np.testing.assert_allclose(radii, np.linspace(0, 1, 5), rtol=1e-9)


def test_core_elements_have_one_size_and_the_largest():
    sizes = np.diff(radial_levels(0.03, 4, bulk_elements=20, surface_size=0.01, core_elements=12))
    np.testing.assert_allclose(sizes[:12], sizes[0], rtol=1e-9)
    assert np.all(np.diff(sizes[11:21]) < 0)


@pytest.mark.parametrize("layer", [-0.1, 1.0, float("nan")])
def test_a_layer_as_thick_as_the_particle_is_refused(layer):
    with pytest.raises(MeshError, match="thinner than the particle's radius"):
        radial_levels(layer, 8, 16, 0.01)


@pytest.mark.parametrize(
    "wrong",
    [
        {"layer_elements": 0},
        {"tangential": 0},
        {"bulk_elements": 0},
        {"tangential": 17, "bulk_elements": 8, "layer_elements": 8},
        {"surface_size": 0.0},
        {"surface_size": 1.5},
    ],
)
def test_numbers_out_of_range_are_refused(wrong):
    with pytest.raises(MeshError):
        Resolution(**wrong)


@pytest.mark.parametrize("layer", [0.7, 0.9, 140 / 150, 0.99])
def test_a_core_under_a_thick_layer_is_divided_evenly(layer):
    sizes = np.diff(radial_levels(layer, layer_elements=8, bulk_elements=10, surface_size=0.01))
    np.testing.assert_allclose(sizes[:10], (1 - layer) / 10, rtol=1e-9)
