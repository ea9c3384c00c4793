"""A run's folder shows the body that was computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvista

import oxyshell
from oxyshell.drawing.bodies import Round, Slab, Solid
from oxyshell.models.base.physics import LabelledRun
from oxyshell.models.electrode.figures.loops import loops_of
from oxyshell.models.mechanics.figure import labelled_profiles
from tests.lrmo import scenario_file

pytestmark = pytest.mark.slow
LAYERED = {
    "chemical_strain": "{expansion_a: 2e-8 m^3/mol, expansion_c: -8e-7 m^3/mol}",
    "elasticity": (
        "{modulus_a: 280 GPa, modulus_c: 150 GPa, poisson_ab: 0.25, poisson_ac: 0.2, shear_c: 60 GPa}"
    ),
}


def ran(folder: Path, shape: str, more: str = "", elements: str = "{bulk: 4}", **material: str):
    path = folder / "run.yaml"
    path.write_text(
        scenario_file(
            r"no layer $\\foo$ 锂",
            particle=f"{{shape: {shape}, radius: 150 nm{more}}}",
            protocol="[{charge: {rate: 0.1 C, until: {extracted: 0.05}}}]",
            numerics=f"{{elements: {elements}, time_tolerance: 1e-2}}",
            **material,
        )
    )
    scenario = oxyshell.load(path)
    return scenario, oxyshell.run(scenario, folder / "out")


def figures(folder: Path) -> set[str]:
    return {path.name for path in (folder / "out" / "figures").iterdir()}


@pytest.mark.parametrize(
    ("shape", "body"), [("sphere", Round("sphere")), ("cylinder", Round("cylinder")), ("plate", Slab())]
)
def test_a_radial_run_is_cut_as_its_shape(shape: str, body: object, tmp_path: Path) -> None:
    scenario, result = ran(tmp_path, shape)
    assert figures(tmp_path) == {"particle.png", "history.png"}
    assert labelled_profiles(LabelledRun("x", scenario, result)).body == body
    reader = pyvista.PVDReader(tmp_path / "out" / "fields" / "particle.pvd")
    assert reader.time_values == pytest.approx(result.profiles.times)
    reader.set_active_time_point(len(reader.time_values) - 1)
    (mesh,) = reader.read()
    for name in ("occupancy", "von_mises_Pa"):
        # Single precision; the least and largest of a profile are among the points that a section keeps.
        low, high = result.profiles[name][-1].min(), result.profiles[name][-1].max()
        assert low * (1 - 1e-6) <= mesh[name].min()
        assert mesh[name].max() <= high * (1 + 1e-6)
        assert mesh[name].max() == pytest.approx(high, rel=1e-2)


def test_an_anisotropic_disc_is_cut_through_its_fields(tmp_path: Path) -> None:
    scenario, result = ran(
        tmp_path, "sphere", ", dimension: 2", "{bulk: 4, tangential: 3, surface_size: 0.2}", **LAYERED
    )
    assert figures(tmp_path) == {"particle.png", "history.png"}
    assert not (tmp_path / "out" / "fields" / "particle.pvd").exists()
    body = labelled_profiles(LabelledRun("x", scenario, result)).body
    assert isinstance(body, Solid)
    cut = body.section(1)
    stress, points = cut.values["first_principal_Pa"], cut.points
    ring = np.abs(np.linalg.norm(points, axis=1) - 75e-9) < 30e-9
    pole, equator = (stress[ring & (np.abs(points[:, axis]) < 30e-9)].mean() for axis in (0, 1))
    # c shrinks forty times as much as a: the stress at one radius is not the same all round.
    assert abs(pole - equator) > 0.2 * np.abs(stress).max()
    assert points[:, 0].min() == pytest.approx(-150e-9, rel=1e-3)


def test_a_solid_is_cut_through_its_fields(tmp_path: Path) -> None:
    scenario, result = ran(
        tmp_path, "sphere", ", dimension: 3", "{bulk: 2, tangential: 1, surface_size: 0.4}"
    )
    assert figures(tmp_path) == {"particle.png", "history.png"}
    body: Any = labelled_profiles(LabelledRun("x", scenario, result)).body
    cut = body.section(1)
    np.testing.assert_allclose(np.ptp(cut.points, axis=0), 300e-9, rtol=1e-2)
    r = np.linalg.norm(cut.points, axis=1)
    theta = cut.values["occupancy"]
    assert theta[r > 145e-9].mean() < 0.97 * theta[r < 50e-9].mean()


def test_an_electrode_draws_its_figures_beside_those_of_every_run(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    path.write_text(
        scenario_file(
            "electrode",
            particle="{shape: sphere, radius: 150 nm}",
            protocol="""
  - repeat:
      times: 2
      steps: [charge at 1 C until 4.1 V, hold at 4.1 V until C/5, discharge at 1 C until 3.7 V]
  - charge at 1 C until 3.9 V""",
            numerics="{elements: {bulk: 8}, time_tolerance: 1e-3}",
            electrode=(
                "{open_circuit: {table: [[0, 4.3], [1, 3.6]]}, "
                "kinetics: {law: constant, exchange_current: 1 A/m^2}}"
            ),
            diffusivity="1e-17 m^2/s",
            drift="none",
        )
    )
    scenario = oxyshell.load(path)
    result = oxyshell.run(scenario, tmp_path / "out")
    own = {"voltage.png", "dq_dv.png", "overpotentials.png", "cycles.png"}
    assert figures(tmp_path) == {"particle.png", "history.png", *own}
    assert [loop.name for loop in loops_of(result)] == ["cycle 1", "cycle 2", "step 7"]
    (tmp_path / "out" / "figures" / "dq_dv.png").unlink()
    written = (tmp_path / "out" / "figures" / "voltage.png").stat().st_mtime_ns
    again = oxyshell.run(scenario, tmp_path / "out", resume=True)
    # What is missing is drawn, and nothing else.
    assert figures(tmp_path) == {"particle.png", "history.png", *own}
    assert (tmp_path / "out" / "figures" / "voltage.png").stat().st_mtime_ns == written
    assert again.summary == result.summary
