from __future__ import annotations

import numpy as np
import pytest
from dolfinx import fem
from hypothesis import given
from hypothesis import strategies as st

from oxyshell.meshes.ball import half_disc, octant
from oxyshell.meshes.resolution import Resolution, disc_resolution, radial_resolution, solid_resolution
from oxyshell.meshes.tags import LAYER

DEFAULTS = pytest.mark.parametrize("default", [radial_resolution, disc_resolution, solid_resolution])


@DEFAULTS
@given(exponent=st.floats(-5, 0), share=st.floats(0, 0.99))
def test_neighbouring_elements_have_similar_sizes_under_any_layer(default, exponent, share):
    for layer in (10**exponent * 0.99, max(share, 1e-5)):
        chosen = default(layer)
        radii = chosen.levels(layer)
        sizes = np.diff(radii)
        assert sizes.min() > 1e-6
        # At 0.99 R the core is one element of 0.01 R, beside a sixth of what 17 elements leave of the layer.
        assert chosen.growth(layer) <= (0.99 / 17 / 0.01 * 1.001 if layer > 0.98 else 3)
        # In a solid the cost of each decides the degree.
        assert len(sizes) <= {8: 20, 24: 32, 10: 19}[default(0.0).bulk_elements]
        assert np.isclose(radii, 1 - layer, rtol=0, atol=1e-15).any()


@DEFAULTS
def test_usual_layers_keep_the_numbers_of_elements(default):
    assert (
        default(0.03)
        == default(0.2)
        == Resolution(
            bulk_elements=default(0.03).bulk_elements,
            tangential=default(0.03).tangential,
            surface_size=default(0.03).surface_size,
        )
    )


def test_a_line_has_18_elements_with_a_layer_and_8_without():
    assert [len(radial_resolution(layer).levels(layer)) - 1 for layer in (0.03, 0.0)] == [18, 8]


@pytest.mark.parametrize(
    ("build", "default", "least", "most"),
    [(half_disc, disc_resolution, 5_000, 8_000), (octant, solid_resolution, 8_000, 12_000)],
)
def test_a_disc_and_a_solid_have_the_usual_numbers_of_unknowns(build, default, least, most):
    particle = build(0.03, default(0.03))
    space = fem.functionspace(particle.mesh, ("Lagrange", 2, (particle.mesh.geometry.dim,)))
    assert least < space.dofmap.index_map.size_global * space.dofmap.index_map_bs < most
    cells = particle.cell_tags.find(LAYER)
    corners = particle.mesh.geometry.dofmaps[0][cells, : particle.mesh.topology.dim + 1]
    radii = np.linalg.norm(particle.mesh.geometry.x[corners], axis=-1)
    assert len(np.unique(radii.round(12))) - 1 >= 8
