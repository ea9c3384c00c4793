from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from rich.console import Console

import oxyshell
from oxyshell.errors import InputError
from oxyshell.figure_format import FigureFormat
from oxyshell.outputs import read_run
from oxyshell.studies.comparison import COMPARISON
from oxyshell.studies.comparison.comparison_result import BASE, ComparisonResult, Row
from oxyshell.studies.comparison.report import number, tables
from oxyshell.studies.comparison.run import run
from oxyshell.studies.drawing_again import draw_again
from oxyshell.studies.engine.simulation_cache import quantity_of
from oxyshell.studies.registry import load_study

pytestmark = pytest.mark.slow
SHIPPED = Path(__file__).parents[3] / "scenarios" / "lrmo-peak-stress.yaml"
PEAK = "stress.first_principal.peak_MPa"
DEPTH = "stress.first_principal.depth_nm"


@pytest.fixture(scope="module")
def shipped(peak_stress: ComparisonResult) -> ComparisonResult:
    return peak_stress


def test_the_paper_s_comparison(shipped: ComparisonResult) -> None:
    diffusivity = shipped.row("material.diffusivity", "pristine")
    assert diffusivity.computed == pytest.approx(1.568e-19, rel=0.01)
    assert (diffusivity.status, diffusivity.unit) == ("calibrated", "m^2/s")
    pristine = shipped.row(PEAK, "pristine")
    assert pristine.computed == pytest.approx(567.0, abs=0.1)
    assert (pristine.published, pristine.status, pristine.depth_nm) == (567.0, "calibrated", 0.0)
    ru1 = shipped.row(PEAK, "Ru-1")
    assert ru1.computed == pytest.approx(402.9, rel=0.005)
    assert (ru1.published, ru1.status) == (418.0, "predicted")
    assert ru1.deviation_percent == pytest.approx(100 * (ru1.computed / 418.0 - 1))
    assert ru1.depth_nm == pytest.approx(4.5, abs=0.2)
    assert shipped.row(DEPTH, "Ru-1").computed == ru1.depth_nm


def test_facts_that_went_in_are_marked_as_inputs(shipped: ComparisonResult) -> None:
    volume = shipped.row("material.chemical_strain.volume_change", "Ru-1")
    assert (volume.published, volume.computed, volume.status) == (0.0269, 0.0269, "input")
    assert volume.deviation_percent == 0.0
    # The thickness was published as a range; nobody published the deficiency: it was calculated.
    assert shipped.row("shell.thickness", "Ru-1").published is None
    assert shipped.row("shell.deficiency", "Ru-1").published is None


def test_the_band_of_radii_is_recalibrated_and_spans_the_published_value(shipped: ComparisonResult) -> None:
    radii = [100, 150, 200, 250, 500]
    cases = [f"particle.radius = {radius} nm" for radius in radii]
    for radius, case in zip(radii, cases, strict=True):
        assert shipped.row(PEAK, "pristine", case).computed == pytest.approx(567.0, abs=0.1)
        # The pristine particle depends on D t/R² alone.
        expected = shipped.row("material.diffusivity", "pristine").computed * (radius / 150) ** 2
        assert shipped.row("material.diffusivity", "pristine", case).computed == pytest.approx(
            expected, rel=1e-3
        )
    predicted = [shipped.row(PEAK, "Ru-1", case).computed for case in cases]
    assert predicted == sorted(predicted)
    # physics.md: 385 to 426 MPa, given without decimals.
    assert predicted[0] == pytest.approx(385, abs=1.5)
    assert predicted[-1] == pytest.approx(426, abs=1.5)


def test_at_1c_the_diffusivity_is_ten_times_larger_and_the_ratio_the_same(shipped: ComparisonResult) -> None:
    base = shipped.row("material.diffusivity", "pristine").computed
    assert shipped.row("material.diffusivity", "pristine", "1C").computed == pytest.approx(
        10 * base, rel=1e-3
    )
    at_base, at_1c = (shipped.row(PEAK, "Ru-1", case).computed for case in (BASE, "1C"))
    assert at_1c == pytest.approx(at_base, rel=1e-3)


@pytest.mark.parametrize(("factor", "expected"), [("0.8", 505), ("1", 411), ("1.1", 375), ("1.25", 331)])
def test_the_sensitivity_to_the_ratio_of_diffusivities(
    shipped: ComparisonResult, factor: str, expected: float
) -> None:
    row = shipped.row(PEAK, "Ru-1", f"material.diffusivity × {factor}, particle.radius = 200 nm")
    assert row.computed == pytest.approx(expected, rel=0.005)


def test_the_paragraph_names_the_chosen_numbers(shipped: ComparisonResult) -> None:
    for told in ("particle.radius = 150 nm", "young_modulus = 170 GPa", "rate = 0.1 C", "× 1.25"):
        assert told in shipped.depends_on
    assert "volume_change" not in shipped.depends_on


def test_what_is_written_is_what_is_returned(shipped: ComparisonResult) -> None:
    assert shipped.path is not None
    written = json.loads((shipped.path / "comparison.json").read_text())
    assert [Row(**row) for row in written["rows"]] == list(shipped.rows)
    assert {"quantity", "system", "published", "computed", "deviation_percent", "status"} <= set(
        written["rows"][0]
    )
    for figure in ("comparison.png", "history.png"):
        assert (shipped.path / figure).stat().st_size > 10_000
    for system in ("pristine", "Ru-1"):
        again = read_run(shipped.path / system)
        assert quantity_of(again, PEAK) == shipped.row(PEAK, system).computed
        assert oxyshell.load(shipped.path / system / "scenario.yaml") == shipped.scenarios[system]


def test_its_figures_are_the_same_when_they_are_drawn_later(
    shipped: ComparisonResult, tmp_path: Path
) -> None:
    assert shipped.path is not None
    later = shutil.copytree(shipped.path, tmp_path / "later")
    pictures = sorted(later.glob("*.png"))
    for path in pictures:
        path.unlink()
    draw_again(later, FigureFormat.PNG)
    assert [path.name for path in pictures] == ["comparison.png", "history.png"]
    for path in pictures:
        assert path.read_bytes() == (shipped.path / path.name).read_bytes()


def test_the_tables_say_units_and_status(shipped: ComparisonResult) -> None:
    console = Console(width=150, record=True, quiet=False, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    for table in tables(shipped):
        console.print(table)
    console.file.close()
    text = console.export_text()
    for told in ("567.0 MPa", "402.", "predicted", "calibrated", "input", "m²/s", "4.5 nm", "1C"):
        assert told in text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (402.84, "MPa", "402.8 MPa"),
        (4.5e-9, "m", "4.5 nm"),
        (0.0362, "1", "0.0362"),
        (1.5679e-19, "m^2/s", "1.568e-19 m²/s"),
    ],
)
def test_numbers_carry_their_unit(value: float, unit: str, text: str) -> None:
    assert number(value, unit) == text


def test_a_result_that_no_summary_has_is_a_mistake(tmp_path: Path) -> None:
    text = (
        SHIPPED.read_text()
        .split("band:")[0]
        .replace("target: stress.first_principal.peak_MPa", "target: stress.peek")
    )
    for name in ("lrmo-pristine.yaml", "lrmo-ru1.yaml"):
        (tmp_path / name).write_text((SHIPPED.parent / name).read_text())
    (tmp_path / "comparison.yaml").write_text(text)
    with pytest.raises(
        InputError, match=r"15:13: calibrate\.0\.target: found the unknown quantity 'stress\.peek'"
    ):
        run(load_study(COMPARISON, tmp_path / "comparison.yaml"))
