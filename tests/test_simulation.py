from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

import meshio
import numpy as np
import pytest

import oxyshell
from oxyshell.meshes.ball import ball_arrays
from oxyshell.meshes.resolution import Resolution
from oxyshell.meshes.simplex import VTK_TO_DOLFINX
from oxyshell.outputs import NullProgress
from oxyshell.running.simulation import Simulation
from oxyshell.scenario.loading import load, loads
from oxyshell.scenario.scenario import Scenario
from tests.lrmo import scenario_file
from tests.sized import sized

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
PRISTINE = load(ROOT / "scenarios" / "lrmo-pristine.yaml")
RU1 = load(ROOT / "scenarios" / "lrmo-ru1.yaml")
QUICK = {"numerics.time_tolerance": 1e-3, "output.at": {"extracted": [0.5]}}


@pytest.fixture(scope="module")
def ready() -> Simulation:
    return Simulation(RU1)


def test_a_run_in_memory_has_summary_history_profiles_and_fields() -> None:
    result = oxyshell.run(RU1)
    assert result.path is None
    stress, ions = result.summary["stress"], result.summary["ions"]
    for measure in ("first_principal", "hoop", "von_mises"):
        assert set(stress[measure]) == {
            "peak_MPa",
            "depth_nm",
            "radius_nm",
            "time_s",
            "extracted_per_formula",
        }
    assert set(stress["final"]) == {"surface_hoop_MPa", "centre_MPa"}
    assert set(ions) == {"extracted_per_formula", "balance_error", "surface_occupancy"}
    names = {"status", "steps", "rejected_steps", "wall_time_s", "degrees_of_freedom"}
    assert names <= set(result.summary)
    # The peak lies between two steps: 2e-6 above the larger of them.
    largest = result.history["first_principal_peak_MPa"].max()
    assert largest <= stress["first_principal"]["peak_MPa"] < largest * (1 + 1e-5)
    assert len(result.history["time_s"]) == result.summary["steps"] + 1
    assert len(result.fields) == len(result.profiles.times) == 6
    extracted = result.profiles.extracted
    assert extracted[1:5] == pytest.approx([0.2, 0.4, 0.6, 0.8], abs=1e-9)
    last = result.fields[-1]
    hoop = last.point_data["hoop_Pa"]
    assert hoop[np.argmax(np.linalg.norm(last.points, axis=1))] / 1e6 == pytest.approx(
        stress["final"]["surface_hoop_MPa"]
    )


def test_another_number_fits_another_kind_does_not(ready: Simulation) -> None:
    assert ready.fits(RU1.with_values({"material.diffusivity": "3e-19 m^2/s", "shell.deficiency": 0.1}))
    assert ready.fits(RU1.with_values({"particle.radius": "300 nm", "shell.thickness": "9 nm"}))
    assert not ready.fits(RU1.with_values({"particle.radius": "300 nm"}))
    assert not ready.fits(RU1.with_values({"shell.profile": "cosine"}))
    assert not ready.fits(
        RU1.with_values({"material.diffusivity": {"expression": "1e-19 * (1 - theta / 2)", "unit": "m^2/s"}})
    )
    assert not ready.fits(PRISTINE)


def test_a_second_run_with_other_numbers_equals_a_first_one(ready: Simulation) -> None:
    other = RU1.with_values(
        {"material.diffusivity": "2e-19 m^2/s", "material.elasticity.young_modulus": "120 GPa"}
    )
    ready.run(RU1)
    again, fresh = ready.run(other), Simulation(other).run(other)
    assert np.array_equal(again.history["hoop_peak_MPa"], fresh.history["hoop_peak_MPa"])


def test_no_deficiency_is_the_pristine_particle() -> None:
    bare = RU1.with_values(
        {
            "shell.deficiency": 0.0,
            "material.chemical_strain.volume_change": "3.62 %",
            "numerics.time_tolerance": 1e-6,
        }
    )
    pristine = PRISTINE.with_values({"numerics.time_tolerance": 1e-6})
    ours, theirs = (oxyshell.run(one).summary["stress"] for one in (bare, pristine))
    for measure in ("first_principal", "von_mises"):
        # Other meshes: they agree within what each errs by in space, about 1e-7.
        assert ours[measure]["peak_MPa"] == pytest.approx(theirs[measure]["peak_MPa"], rel=1e-5)


PROTOCOL = [
    {"charge": {"rate": "0.1 C", "until": {"extracted": 0.3}}},
    {"rest": {"time": "2 h"}},
    {"discharge": {"rate": "0.2 C", "until": {"extracted": 0.1, "time": "10 h"}}},
    {"hold": {"surface_occupancy": 0.95, "time": "1 h"}},
]


def test_a_protocol_of_several_steps() -> None:
    result = oxyshell.run(PRISTINE.with_values({"protocol": PROTOCOL, "output.at": {"time": ["1 h", "5 h"]}}))
    ends = result.summary["protocol"]
    assert [end["ended_by"] for end in ends] == ["extracted", "time", "extracted", "time"]
    assert ends[0]["extracted_per_formula"] == pytest.approx(0.3, abs=1e-9)
    assert ends[1]["time_s"] - ends[0]["time_s"] == pytest.approx(7200, rel=1e-12)
    assert ends[1]["extracted_per_formula"] == pytest.approx(0.3, abs=1e-9)
    assert ends[2]["extracted_per_formula"] == pytest.approx(0.1, abs=1e-9)
    # A hold's transfer is 1e6 D/R: the surface is within about 1e-6 of what is held.
    assert result.summary["ions"]["surface_occupancy"] == pytest.approx(0.95, abs=1e-5)
    # The start, the times asked for, and the end of every step.
    times = sorted([0, 3600, 18000, *(end["time_s"] for end in ends)])
    assert result.profiles.times == pytest.approx(times, rel=1e-12)
    assert result.fields[-1].time_s == times[-1]
    assert result.summary["ions"]["balance_error"] < 1e-10


def test_an_output_time_after_the_end_is_told() -> None:
    protocol = [{"charge": {"rate": "0.1 C", "until": {"extracted": 0.1}}}]
    late = PRISTINE.with_values({"protocol": protocol, "output.at": {"time": ["1 h", "50 h", "60 h"]}})
    # A tenth of an ion takes 4550.93 s, or 1.26415 h, at 0.1 C.
    words = "The run ended at 1.26415 h: nothing was written for output.at.time 50 h, 60 h."
    assert words in oxyshell.run(late).summary["remarks"]
    early = late.with_values({"output.at": {"time": ["1 h"]}})
    assert oxyshell.run(early).summary["remarks"] == []


class Fractions(NullProgress):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[float, str]] = []

    def update(self, fraction: float, text: str) -> None:
        self.told.append((fraction, text))


def test_progress_is_the_share_of_the_expected_time_on_discharge_too(ready: Simulation) -> None:
    cycle = [
        {"charge": {"rate": "0.1 C", "until": {"passed": 0.3}}},
        {"rest": {"time": "2 h"}},
        {"discharge": {"rate": "0.05 C", "until": {"extracted": 0.25}}},
    ]
    seen = Fractions()
    result = ready.run(RU1.with_values({"protocol": cycle, "output.at": {}}), progress=seen)
    # The currents are kept: all along, the share is that of the time.
    shares = result.history["time_s"] / result.history["time_s"][-1]
    assert [fraction for fraction, _ in seen.told] == pytest.approx(shares, abs=1e-3)
    ends: Any = result.summary["protocol"]
    assert [end["ended_by"] for end in ends] == ["passed", "time", "extracted"]
    # With bar, percentage and remaining time it fits into 80 columns.
    assert max(len(text) for _, text in seen.told) <= 80 - 20 - 4 - 7 - 3


@pytest.mark.parametrize("shape", ["cylinder", "plate"])
def test_cylinders_and_plates_charge(shape: str) -> None:
    result = oxyshell.run(PRISTINE.with_values({"particle.shape": shape, **QUICK}))
    assert result.summary["ions"]["extracted_per_formula"] > 0.5
    assert result.summary["stress"]["hoop"]["depth_nm"] == 0.0
    assert result.summary["ions"]["balance_error"] < 1e-10


COARSE = {"numerics.elements": {"layer": 2, "bulk": 4, "tangential": 3}, **QUICK}


def solid(dimension: int, extent: str) -> Scenario:
    return PRISTINE.with_values({"particle.dimension": dimension, "particle.extent": extent, **COARSE})


@pytest.mark.parametrize(("dimension", "part", "whole"), [(2, "quarter", "half"), (3, "octant", "full")])
def test_a_part_of_a_sphere_is_the_whole_one(dimension: int, part: str, whole: str) -> None:
    some, all_ = (oxyshell.run(solid(dimension, extent)).summary for extent in (part, whole))
    assert some["ions"]["surface_occupancy"] == pytest.approx(all_["ions"]["surface_occupancy"], abs=2e-4)
    for measure in ("hoop", "von_mises"):
        # The same cells mirrored; at a mirror's edge more cells share a vertex.
        one, other = (summary["stress"][measure]["peak_MPa"] for summary in (some, all_))
        assert one == pytest.approx(other, rel=0.02)


HOLD = [
    {"charge": {"rate": "0.1 C", "until": {"extracted": 0.5}}},
    {"hold": {"surface_occupancy": 0.02, "time": "2 h"}},
]


def test_a_surface_is_held_in_a_plane_as_on_a_line() -> None:
    held = RU1.with_values({"protocol": HOLD, "output.at": {}, "numerics.time_tolerance": 1e-3})
    plane = held.with_values({"particle.dimension": 2, "numerics.elements": {"bulk": 12, "tangential": 8}})
    one, other = (oxyshell.run(scenario).summary["ions"] for scenario in (held, plane))
    for ions in (one, other):
        assert ions["surface_occupancy"] == pytest.approx(0.02, abs=1e-5)
        assert ions["balance_error"] < 1e-10
    # A thousandth of occupancy per step.
    assert one["extracted_per_formula"] == pytest.approx(other["extracted_per_formula"], abs=2e-3)


def test_pyvista_reads_what_was_solved_at_all_times(tmp_path: Path) -> None:
    import pyvista

    scenario = solid(2, "quarter").with_values({"output.at": {"time": ["1 h", "4 h"]}})
    in_memory, written = oxyshell.run(scenario), oxyshell.run(scenario, out=tmp_path / "run")
    reader = pyvista.get_reader(tmp_path / "run" / "fields.pvd")
    assert reader.time_values == pytest.approx([0, 3600, 14400, written.summary["time_s"]], rel=1e-12)
    for index, (time, snapshot) in enumerate(zip(reader.time_values, in_memory.fields, strict=True)):
        assert snapshot.time_s == pytest.approx(time, rel=1e-12)
        reader.set_active_time_point(index)
        (block,) = reader.read()
        np.testing.assert_allclose(block.points, snapshot.points, rtol=1e-12, atol=1e-20)
        names = {"occupancy", "concentration_mol_m3", "displacement_m", "stress_Pa"}
        names |= {"first_principal_Pa", "hoop_Pa", "von_mises_Pa", "hydrostatic_Pa"}
        assert names == set(block.point_data)
        for name in names:
            values = snapshot.point_data[name]
            np.testing.assert_allclose(
                block.point_data[name], values, rtol=1e-9, atol=1e-9 * np.abs(values).max()
            )
        assert np.array_equal(block.cell_data["region"], snapshot.cell_data["region"])


def test_a_mesh_from_gmsh_charges_as_the_line_does(tmp_path: Path) -> None:
    gmsh = pytest.importorskip(
        "gmsh", reason="gmsh's wheel needs system libraries (libGLU, libXft, libXcursor)"
    )
    gmsh.initialize()
    gmsh.option.setNumber("General.Verbosity", 0)
    ball = gmsh.model.occ.addSphere(0, 0, 0, 150, angle1=0, angle3=np.pi / 2)
    gmsh.model.occ.synchronize()
    for dimension, tag in gmsh.model.getEntities(2):
        box = gmsh.model.getBoundingBox(dimension, tag)
        flat = [axis for axis in range(3) if box[axis + 3] - box[axis] < 1]
        name = f"symmetry_{'xyz'[flat[0]]}" if flat else "surface"
        gmsh.model.addPhysicalGroup(2, [tag], name=name)
    gmsh.model.addPhysicalGroup(3, [ball], name="bulk")
    gmsh.option.setNumber("Mesh.MeshSizeMax", 40)
    gmsh.model.mesh.generate(3)
    gmsh.model.mesh.setOrder(2)
    gmsh.write(str(tmp_path / "octant.msh"))
    gmsh.finalize()
    particle: dict[str, Any] = {"shape": "imported", "radius": "150 nm"}
    particle |= {"mesh_file": str(tmp_path / "octant.msh")}
    particle |= {"length_unit": "nm", "multiplicity": 8}
    found = oxyshell.run(PRISTINE.with_values({"particle": particle, **QUICK})).summary
    line = oxyshell.run(PRISTINE.with_values(QUICK)).summary
    for measure in ("hoop", "von_mises"):
        # Elements of a quarter of the radius: a few per cent.
        assert found["stress"][measure]["peak_MPa"] == pytest.approx(
            line["stress"][measure]["peak_MPa"], rel=0.05
        )
    extracted = [summary["ions"]["extracted_per_formula"] for summary in (found, line)]
    assert extracted[0] == pytest.approx(extracted[1], rel=1e-3)
    assert found["ions"]["balance_error"] < 1e-10


BODY = scenario_file(
    "body",
    particle="{shape: sphere, radius: 1 um}",
    diffusivity="1e-17 m^2/s",
    protocol="[{charge: {rate: 0.1 C, until: {passed: 0.02}}}]",
    numerics="{degree: 1, time_tolerance: 1.0e-3}",
)


@pytest.mark.parametrize("kind", ["vtu", "vtk", "inp", "xdmf"])
def test_an_octant_whose_file_knows_no_groups_charges_as_the_line_does(kind: str, tmp_path: Path) -> None:
    arrays = ball_arrays(((1,), (1,), (1,)), 0.0, Resolution(bulk_elements=9, tangential=5))
    cells = arrays.cells[:, np.argsort(VTK_TO_DOLFINX[3])]
    meshio.write(tmp_path / f"octant.{kind}", meshio.Mesh(arrays.points, [("tetra10", cells)]))
    file = {"shape": "imported", "radius": "1 um", "mesh_file": str(tmp_path / f"octant.{kind}")}
    line = loads(BODY)
    found = oxyshell.run(line.with_values({"particle": {**file, "length_unit": "um", "multiplicity": 8}}))
    expected = oxyshell.run(line.with_values({"numerics.time_tolerance": 1e-5})).summary
    # 0.928, 142 and -29 MPa. If cuts counted as surface, they would be 0.966, 81 and +9. Linear occupancy in
    # elements of 0.01 R at the surface and 0.2 R along it: a few per cent.
    assert found.summary["ions"]["surface_occupancy"] == pytest.approx(0.928, abs=0.005)
    assert expected["ions"]["surface_occupancy"] == pytest.approx(0.928, abs=0.001)
    for stress in (found.summary["stress"], expected["stress"]):
        assert stress["hoop"]["peak_MPa"] == pytest.approx(142, rel=0.05)
        assert stress["final"]["centre_MPa"] == pytest.approx(-29, rel=0.08)
    assert any("since multiplicity is 8" in remark for remark in found.summary["remarks"])


THICK: dict[str, Any] = {"particle.radius": "150 nm", "material.diffusivity": "1.568e-19 m^2/s"}
THICK |= {"numerics.degree": None, "numerics.time_tolerance": 1e-4}
THICK |= {"protocol": [{"charge": {"rate": "0.1 C", "until": {"passed": 0.3}}}]}


def with_layer(thickness: str, **more: Any) -> Scenario:
    layer = {"shell": {"thickness": thickness, "deficiency": 0.2}}
    return loads(BODY).with_values({**THICK, **layer, **more})


@pytest.mark.parametrize(
    ("shape", "thickness", "peak"),
    [
        # With 120 elements in the layer and a time tolerance of 1e-6.
        ("sphere", "140 nm", 369.500),
        ("sphere", "148.5 nm", 371.325),
        ("cylinder", "148.5 nm", None),
        ("plate", "140 nm", None),
        ("sphere", "0.003 nm", None),
        ("plate", "0.003 nm", None),
    ],
)
def test_layers_of_any_thickness_run_and_are_resolved(shape: str, thickness: str, peak: float | None) -> None:
    scenario = with_layer(thickness, **{"particle.shape": shape})
    fine = scenario.with_values({"numerics.elements": {"layer": 40 if "14" in thickness else 4, "bulk": 20}})
    found, refined = (oxyshell.run(one).summary["stress"]["hoop"]["peak_MPa"] for one in (scenario, fine))
    # The steps of both are alike, so the difference is that of the meshes: cubics in elements of 0.06 R.
    assert found == pytest.approx(refined, rel=2e-4)
    # A time tolerance of 1e-4 of occupancy is worth 0.35 MPa, of which steps use a part.
    assert peak is None or found == pytest.approx(peak, abs=0.1)


@pytest.mark.parametrize("thickness", ["140 nm", "148.5 nm", "0.0015 nm"])
def test_layers_of_any_thickness_run_in_a_plane(thickness: str) -> None:
    plane = {"particle.dimension": 2, "particle.extent": "quarter", "numerics.time_tolerance": 1e-3}
    found = oxyshell.run(with_layer(thickness, **plane, **{"numerics.elements": {"tangential": 4}}))
    line = oxyshell.run(with_layer(thickness)).summary["stress"]["hoop"]["peak_MPa"]
    # Steps within 1e-3 of occupancy, 3.5 MPa.
    assert found.summary["stress"]["hoop"]["peak_MPa"] == pytest.approx(line, abs=3.5)
    assert found.summary["ions"]["balance_error"] < 1e-10


def test_a_long_first_step_in_a_plane_has_to_pass_the_error_estimate() -> None:
    plane = solid(2, "quarter").with_values({"numerics.time_tolerance": 1e-4})
    # A quarter of the charge: its error is a thousand times what is allowed.
    hasty = plane.with_values({"numerics.first_step": "3 h"})
    usual, rushed = (oxyshell.run(scenario) for scenario in (plane, hasty))
    assert rushed.history["time_step_s"][1] < 0.1 * 3 * 3600
    peaks = [result.summary["stress"]["hoop"]["peak_MPa"] for result in (usual, rushed)]
    # Some tens of steps, each within 1e-4 of occupancy, which is 0.35 MPa at E/(1 − ν) Ω c_s/3 = 3.5 GPa.
    assert peaks[0] == pytest.approx(peaks[1], abs=5.0)


# Oxygen.

CHARGE = load(ROOT / "scenarios" / "lrmo-charge-with-oxygen.yaml").with_values(
    {"numerics.elements": {"layer": 2, "bulk": 6}, "numerics.oxygen_tolerance": 1e-3, **QUICK}
)
# Slow enough a surface, and fast enough a reduction, for the sink to lose what goes back.
CLOSED = {
    "law": "conformal_sink",
    "transfer": {"biot": 3.0},
    "adsorption": {"energy": "-1.497 eV", "attempt_frequency": "1e13 1/s"},
    "site_density": "8.41e-6 mol/m^2",
}
CYCLE = [
    {"charge": {"rate": "0.1 C", "until": {"extracted": 0.7}}},
    {"rest": {"time": "1 h"}},
    {"discharge": {"rate": "0.1 C", "until": {"extracted": 0.2}}},
]
REUSE = {"below": 0.4, "rate": "0.01 1/s"}


@pytest.fixture(scope="module")
def breathing() -> Simulation:
    return Simulation(CHARGE)


def test_other_oxygen_fits_if_its_equations_are_the_same(breathing: Simulation) -> None:
    for changes in (
        {"oxygen.surface": CLOSED},
        {"oxygen.surface": {"law": "sealed"}, "oxygen.diffusivity": "1e-17 m^2/s", "oxygen.initial": 7.0},
        {"oxygen.surface": CLOSED, "oxygen.reuse": REUSE, "protocol": CYCLE},
    ):
        assert breathing.fits(CHARGE.with_values(changes))
    others: list[dict[str, Any]] = [
        {"oxygen": None},
        {"oxygen.source": None},
        {"oxygen.vacancies": {"sites_lost": 1.0, "partial_molar_volume": 0.0}},
        {"oxygen.diffusivity": {"expression": "1e-18*(2 - theta)", "unit": "m^2/s"}},
    ]
    for changes in others:
        assert not breathing.fits(CHARGE.with_values(changes))
    assert not Simulation(PRISTINE).fits(CHARGE.with_values({"shell": None}))


def test_oxygen_goes_back_to_the_lattice_on_discharge_if_asked_to(breathing: Simulation) -> None:
    cycle = CHARGE.with_values(
        {"oxygen.surface": CLOSED, "oxygen.source.generation_rate": 1e-4, "protocol": CYCLE, "output.at": {}}
    )
    kept = breathing.run(cycle)
    reused = breathing.run(cycle.with_values({"oxygen.reuse": REUSE}))
    for result in (kept, reused):
        ends = [end["ended_by"] for end in result.summary["protocol"]]
        assert ends == ["extracted", "time", "extracted"]
        assert result.history["oxygen_balance_error"].max() < 1e-10
    # By default the full sink stays full; else it empties once fewer than 0.4 are out, and not before.
    time = kept.summary["protocol"][1]["time_s"]
    full = kept.history["sink_filling"][kept.history["time_s"] >= time]
    assert full == pytest.approx(1.0, abs=1e-3)
    discharging = reused.history["time_s"] >= time
    filling = reused.history["sink_filling"][discharging]
    below = reused.history["extracted_per_formula"][discharging] < 0.4
    assert filling[~below] == pytest.approx(1.0, abs=1e-3)
    assert np.all(np.diff(filling[below]) < 1e-3)
    # What goes back, k_re Γ, meets what is captured again, k c (1 − Γ/Γ_max).
    content = reused.profiles["oxygen_mol_m3"][-1][np.argmax(reused.profiles.radius_m)]
    captured, returned = 3 * 1.40625e-18 / 150e-9 * content, 0.01 * 8.41e-6
    assert filling[-1] == pytest.approx(captured / (captured + returned), rel=1e-3)
    assert filling[-1] < 0.5
    # It is in the lattice, none of it has gone.
    lost = kept.history["oxygen_captured_mol"][-1] - reused.history["oxygen_captured_mol"][-1]
    gained = reused.history["oxygen_in_lattice_mol"][-1] - kept.history["oxygen_in_lattice_mol"][-1]
    assert lost > 0
    # The two runs' sources differ by what their steps may err by.
    assert gained == pytest.approx(lost, abs=1e-3 * kept.history["oxygen_generated_mol"][-1])


def test_a_run_with_oxygen_says_what_it_depends_on(breathing: Simulation) -> None:
    *remarks, exhausted = breathing.run(CHARGE).summary["remarks"]
    assert remarks == sized(CHARGE).remarks()
    assert "the surface was exhausted" in exhausted
    assert any("0.46 wt% RuO2" in remark for remark in sized(CHARGE).remarks())


VACANCIES = {"sites_lost": 1.0, "partial_molar_volume": "2 cm^3/mol"}


@pytest.mark.parametrize("dimension", [1, 2])
def test_lost_oxygen_changes_the_host_in_a_run_if_asked_to(dimension: int) -> None:
    plane: dict[str, Any] = {"particle.dimension": dimension, "oxygen.source.generation_rate": 1e-4}
    plane |= {"numerics.elements": {"layer": 2, "bulk": 5, "tangential": 2}, "output.at": {}}
    protocol = [{"charge": {"rate": "0.1 C", "until": {"extracted": 0.7}}}]
    without = CHARGE.with_values({**plane, "protocol": protocol})
    changed, untouched = (
        oxyshell.run(one) for one in (without.with_values({"oxygen.vacancies": VACANCIES}), without)
    )
    # The released oxygen swells the outer part, which the ions' loss shrinks: less tension there.
    peaks = [one.summary["stress"]["first_principal"]["peak_MPa"] for one in (changed, untouched)]
    assert peaks[0] < 0.98 * peaks[1]
    for result in (changed, untouched):
        assert np.abs(result.history["balance_error"]).max() < 1e-10
        assert result.history["oxygen_balance_error"].max() < 1e-10


@pytest.mark.parametrize("dimension", [1, 2])
def test_a_particle_that_nobody_has_any_more_is_freed(dimension: int) -> None:
    # Each mesh has MPI communicators, of which there are 2048.
    coarse = {"bulk": 2, "layer": 1, "tangential": 1}
    changes = {"particle.dimension": dimension, "numerics.elements": coarse, "numerics.degree": 1}
    made = Simulation(CHARGE.with_values(changes))
    mesh = weakref.ref(made._mesh.mesh)
    assert mesh() is not None
    del made
    gc.collect()
    assert mesh() is None
