from __future__ import annotations

import numpy as np
import pytest

from oxyshell.meshes.ball import ball_arrays
from oxyshell.meshes.distance import SurfaceFacets
from oxyshell.meshes.resolution import Resolution


@pytest.mark.parametrize("sides", [((1,), (1, -1)), ((1,), (1,), (1,))])
def test_distance_inside_a_sphere(sides):
    resolution = Resolution(layer_elements=1, bulk_elements=6, tangential=6)
    facets = SurfaceFacets.of(ball_arrays(sides, 0.1, resolution))
    rng = np.random.default_rng(1)
    points = rng.uniform(size=(500, len(sides)))
    radius = rng.uniform(0, 1, size=500)
    points *= (radius / np.linalg.norm(points, axis=1))[:, None]
    # The facets themselves are within 2e-4 of the sphere at this size (volume error 2e-4 = 3 × 7e-5).
    np.testing.assert_allclose(facets.distance(points), 1 - radius, atol=3e-4)
    # From points of the facets themselves: exact, although they are no samples.
    middles = facets.nodes[:, -1] * (1 - 1e-3)
    np.testing.assert_allclose(facets.distance(middles), 1e-3, rtol=2e-2)


def test_distance_from_a_reentrant_corner_and_from_flat_sides():
    # An L: the boundary of [-1, 1]² without its upper right quarter.
    outline = np.array([[-1, -1], [1, -1], [1, 0], [0, 0], [0, 1], [-1, 1]], dtype=np.float64)
    facets = SurfaceFacets(np.stack([outline, np.roll(outline, -1, axis=0)], axis=1), degree=1)
    points = np.array([[-0.3, -0.4], [-0.05, 0.63], [0.41, -0.9], [0.7, -0.01]])
    np.testing.assert_allclose(facets.distance(points), [0.5, 0.05, 0.1, 0.01], rtol=1e-12)


def test_no_points_have_no_distances():
    facets = SurfaceFacets(np.array([[[0.0, 1.0], [1.0, 0.0]]]), degree=1)
    assert facets.distance(np.empty((0, 2))).shape == (0,)
