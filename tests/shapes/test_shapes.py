from __future__ import annotations

from typing import Any

import pytest
from dolfinx import fem

from oxyshell.meshes.layer_cells import WantedLayer
from oxyshell.models.base.geometry import Geometry
from oxyshell.shapes.cylinder import Cylinder
from oxyshell.shapes.elements import Elements
from oxyshell.shapes.plate import Plate
from oxyshell.shapes.shape import Shape
from oxyshell.shapes.sphere import Sphere
from tests.extending.examples import HollowSphere

FEW = Elements(layer=2, bulk=6, tangential=4)
LAYER = WantedLayer(0.1)


def made(shape: type[Shape], **keys: Any) -> Shape:
    name = {Sphere: "sphere", Cylinder: "cylinder", Plate: "plate", HollowSphere: "hollow_sphere"}[shape]
    return shape.from_data({"shape": name, "radius": "150 nm", **keys})


ANY = pytest.mark.parametrize(
    ("shape", "within"),
    [
        pytest.param(made(Sphere), 1e-12, id="sphere"),
        # Quadratic edges of 22.5° follow a circle to 1e-4 of its radius.
        pytest.param(made(Sphere, dimension=2), 1e-4, id="half disc"),
        pytest.param(made(Sphere, dimension=2, extent="quarter"), 1e-4, id="quarter disc"),
        pytest.param(made(Sphere, dimension=3), 2e-3, id="octant"),
        pytest.param(made(Sphere, dimension=3, extent="full"), 2e-3, id="full sphere"),
        pytest.param(made(Cylinder), 1e-12, id="cylinder"),
        pytest.param(made(Plate), 1e-12, id="plate"),
        pytest.param(made(HollowSphere, cavity=0.4), 1e-12, id="hollow sphere"),
    ],
)


@ANY
def test_the_closed_form_is_that_of_the_mesh(shape: Shape, within: float) -> None:
    particle = shape.mesh(LAYER, FEW)
    volume, area = (
        particle.mesh.comm.allreduce(float(fem.assemble_scalar(fem.form(form))))
        for form in (particle.measure.volume(1, 4), particle.measure.surface(1, 4))
    )
    found, exact = Geometry.of(shape.radius.value, volume, area), shape.geometry()
    assert exact is not None
    assert (found.volume, found.area) == pytest.approx((exact.volume, exact.area), rel=within)


@ANY
def test_the_radius_alone_makes_no_other_mesh(shape: Shape, within: float) -> None:
    other = type(shape).from_data(shape.to_data() | {"radius": "1 um"})
    assert other != shape
    assert other.mesh_key() == shape.mesh_key()


def test_other_shapes_dimensions_and_extents_have_other_meshes() -> None:
    keys = [
        made(shape, **keys).mesh_key()
        for shape, keys in (
            (Sphere, {}),
            (Sphere, {"dimension": 2}),
            (Sphere, {"dimension": 2, "extent": "quarter"}),
            (Sphere, {"dimension": 3}),
            (Cylinder, {}),
            (Plate, {}),
            (HollowSphere, {"cavity": 0.4}),
            (HollowSphere, {"cavity": 0.5}),
        )
    ]
    assert [one == other for one in keys for other in keys].count(True) == len(keys)


def test_numbers_of_elements_that_are_given_replace_the_defaults() -> None:
    default = made(Sphere).mesh(LAYER, Elements())
    assert len(default.cell_tags.values) == 18
    assert len(made(Sphere).mesh(LAYER, Elements(bulk=30)).cell_tags.values) == 38
    assert len(made(Sphere).mesh(WantedLayer(), Elements(bulk=30)).cell_tags.values) == 30


def test_a_line_through_a_hollow_sphere_has_the_layer_that_is_wanted() -> None:
    particle = made(HollowSphere, cavity=0.4).mesh(LAYER, FEW)
    radii = particle.mesh.geometry.x[:, 0]
    assert (radii.min(), radii.max()) == (0.4, 1.0)
    assert abs(radii - 0.9).min() < 1e-15
