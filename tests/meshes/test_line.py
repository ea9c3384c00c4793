from __future__ import annotations

import numpy as np
import pytest

from oxyshell.errors import MeshError
from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.resolution import Resolution
from oxyshell.meshes.tags import BULK, LAYER, SURFACE, SYMMETRY


def test_ends_are_tagged():
    particle = radial_line(Spherical(), 0.03, Resolution())
    x = particle.mesh.geometry.x[:, 0]
    ends = particle.facet_tags
    assert x[ends.find(SURFACE)].tolist() == [1.0]
    assert x[ends.find(SYMMETRY[0])].tolist() == [0.0]
    assert len(ends.values) == 2


def test_layer_cells_lie_outside_its_edge():
    particle = radial_line(Spherical(), 0.03, Resolution(layer_elements=5, bulk_elements=7))
    radii = particle.mesh.geometry.x[particle.mesh.geometry.dofmaps[0], 0]
    layer, bulk = (particle.cell_tags.find(tag) for tag in (LAYER, BULK))
    assert len(layer) == 5
    assert len(bulk) == 7
    assert radii[layer].min() == radii[bulk].max() == 1 - 0.03


def test_levels_are_the_depths_of_nodes_and_middles():
    particle = radial_line(Spherical(), 0.03, Resolution())
    nodes = np.sort(particle.mesh.geometry.x[:, 0])
    both = np.concatenate([nodes, (nodes[1:] + nodes[:-1]) / 2])
    np.testing.assert_allclose(particle.levels, np.sort(1 - both), atol=1e-15)
    assert particle.levels[0] == 0.0


def test_a_layer_as_thick_as_the_particle_is_refused():
    with pytest.raises(MeshError):
        radial_line(Spherical(), 1.0, Resolution())
