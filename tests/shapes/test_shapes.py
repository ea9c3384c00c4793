from __future__ import annotations

from typing import Any

import pytest
from dolfinx import fem
from pydantic import ValidationError

from oxyshell.meshes.layer_cells import WantedLayers
from oxyshell.models.base.geometry import Geometry
from oxyshell.shapes.cylinder import Cylinder
from oxyshell.shapes.disc import Disc
from oxyshell.shapes.elements import Elements
from oxyshell.shapes.hexagon import Hexagon
from oxyshell.shapes.plate import Plate
from oxyshell.shapes.shape import Shape
from oxyshell.shapes.sphere import Sphere
from tests.extending.examples import HollowSphere

FEW = Elements(layer=2, bulk=6, tangential=4)
LAYER = WantedLayers.one(0.1)


def made(shape: type[Shape], **keys: Any) -> Shape:
    name = {
        Sphere: "sphere",
        Cylinder: "cylinder",
        Plate: "plate",
        Disc: "disc",
        Hexagon: "hexagon",
        HollowSphere: "hollow_sphere",
    }[shape]
    return shape.from_data({"shape": name, "radius": "150 nm", **keys})


FLAT = {"thickness": "60 nm"}
EDGE_FED = [
    pytest.param(made(Disc, **FLAT), 1e-12, id="round plate"),
    pytest.param(made(Hexagon, **FLAT), 1e-12, id="hexagon as a disc"),
    pytest.param(made(Hexagon, **FLAT, dimension=3), 1e-12, id="hexagon"),
]
ANY = pytest.mark.parametrize(
    ("shape", "within"),
    [
        *EDGE_FED,
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
def test_the_size_alone_makes_no_other_mesh(shape: Shape, within: float) -> None:
    data = shape.to_data()
    thickness = {"thickness": "120 nm"} if "thickness" in data else {}
    other = type(shape).from_data(data | {"radius": "300 nm"} | thickness)
    assert other != shape
    assert other.mesh_key() == shape.mesh_key()


@pytest.mark.parametrize(("shape", "within"), EDGE_FED)
def test_another_thickness_of_a_plate_over_its_radius_makes_another_mesh(shape: Shape, within: float) -> None:
    for change in ({"radius": "300 nm"}, {"thickness": "30 nm"}):
        assert type(shape).from_data(shape.to_data() | change).mesh_key() != shape.mesh_key()


def test_a_hexagon_and_its_disc_have_one_volume() -> None:
    disc, solid = (made(Hexagon, **FLAT, dimension=dimension).geometry() for dimension in (2, 3))
    assert disc is not None
    assert solid is not None
    assert disc.volume == pytest.approx(solid.volume, rel=1e-12)
    assert solid.volume == pytest.approx(1.5 * 3**0.5 * 150e-9**2 * 60e-9, rel=1e-12)
    # 6 R and 2π R (3√3/2π)^½ around the plate.
    assert disc.area / solid.area == pytest.approx(0.9523, abs=1e-4)


def test_a_hexagon_that_is_computed_as_a_disc_says_so() -> None:
    few = Elements(layer=2, bulk=4)
    (remark,) = made(Hexagon, **FLAT).mesh(WantedLayers(), few).remarks
    assert "round plate of equal volume (rim at 0.9094 R)" in remark
    assert all(f"{number} %" in remark for number in (29, 2.3, 3.6, 4.8))
    assert made(Hexagon, **FLAT, dimension=3).mesh(WantedLayers(), few).remarks == ()
    assert made(Disc, **FLAT).mesh(WantedLayers(), few).remarks == ()


@pytest.mark.parametrize("thickness", ["0.1 nm", "4 um"])
@pytest.mark.parametrize("shape", [Disc, Hexagon])
def test_a_plate_of_an_extreme_thickness_is_refused(shape: type[Shape], thickness: str) -> None:
    with pytest.raises(ValidationError, match=r"from 0\.001 to 20 times the radius 150 nm"):
        made(shape, thickness=thickness)


def test_elements_of_plates_are_those_that_are_asked_for() -> None:
    def counted(shape: Shape, **numbers: float) -> int:
        elements = Elements.model_validate(numbers)
        return len(shape.mesh(WantedLayers(), elements).cell_tags.values)

    disc, hexagon = made(Disc, **FLAT), made(Hexagon, **FLAT, dimension=3)
    # Rectangles of two triangles: along the radius times over half the thickness.
    assert counted(disc, bulk=7, tangential=5) == 7 * 5 * 2
    # A quarter of the circumference has three halves of edges, 5 and 6 elements are 2 each; over half the
    # thickness of 0.2 R there is one that is not above 0.25 R. n² + 2n (7 − n) triangles of three tetrahedra.
    assert counted(hexagon, bulk=7, tangential=5) == counted(hexagon, bulk=7, tangential=6)
    assert counted(hexagon, bulk=7, tangential=6) == 3 * 3 * (4 + 4 * 5)
    assert counted(hexagon, bulk=7, tangential=9) == 2 * 3 * 3 * (9 + 6 * 4)


@pytest.mark.parametrize(("shape", "within"), EDGE_FED)
def test_the_size_of_a_plates_outermost_element_is_in_radii(shape: Shape, within: float) -> None:
    particle = shape.mesh(WantedLayers(), Elements(surface_size=0.02))
    # Levels are at the nodes and in the middles between them.
    assert particle.levels[2] == pytest.approx(0.02, rel=1e-9)


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
            (Disc, FLAT),
            (Hexagon, FLAT),
            (Hexagon, {**FLAT, "dimension": 3}),
            (HollowSphere, {"cavity": 0.4}),
            (HollowSphere, {"cavity": 0.5}),
        )
    ]
    assert [one == other for one in keys for other in keys].count(True) == len(keys)


def test_numbers_of_elements_that_are_given_replace_the_defaults() -> None:
    default = made(Sphere).mesh(LAYER, Elements())
    assert len(default.cell_tags.values) == 18
    assert len(made(Sphere).mesh(LAYER, Elements(bulk=30)).cell_tags.values) == 38
    assert len(made(Sphere).mesh(WantedLayers(), Elements(bulk=30)).cell_tags.values) == 30


def test_a_line_through_a_hollow_sphere_has_the_layer_that_is_wanted() -> None:
    particle = made(HollowSphere, cavity=0.4).mesh(LAYER, FEW)
    radii = particle.mesh.geometry.x[:, 0]
    assert (radii.min(), radii.max()) == (0.4, 1.0)
    assert abs(radii - 0.9).min() < 1e-15
