"""Comparisons of oxygen: what they report, what each factor contributes, what is drawn and said."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from oxyshell.figure_format import FigureFormat
from oxyshell.studies.comparison import COMPARISON
from oxyshell.studies.comparison.comparison_result import BASE, ComparisonResult, Row
from oxyshell.studies.comparison.factorial_effects import Effect
from oxyshell.studies.comparison.figures import clear_figures
from oxyshell.studies.comparison.report import tables
from oxyshell.studies.comparison.run import run
from oxyshell.studies.engine.simulation_cache import quantity_of
from oxyshell.studies.registry import load_study

pytestmark = pytest.mark.slow
SCENARIOS = Path(__file__).parents[3] / "scenarios"
RETENTION = "oxygen.retention"
RELEASED = "oxygen.released_umol_per_g"
FILLING = "oxygen.filling"
PEAK = "stress.first_principal.peak_MPa"
COARSE = (
    "numerics.elements: {layer: 2, bulk: 6}, numerics.time_tolerance: 1e-2, "
    "numerics.oxygen_tolerance: 1e-3, output.at: {}"
)

FACTORIAL = """
comparison: two by two
factorial:
  scenario: %(folder)s/lrmo-charge-with-oxygen.yaml
  set: {%(coarse)s}
  factors:
    layer: {bare: {shell: null}, layered: {}}
    RuO2:
      none: {oxygen.surface: {law: open, transfer: {biot: 1000}}}
      islands: {}
report: [%(retention)s, %(released)s, oxygen.filling, %(peak)s]
"""

# One system has a variant of its own; at rest for 40 minutes, without any source.
VARIANTS = """
comparison: kept or not
systems:
  bare: {scenario: %(folder)s/lrmo-oxygen-pristine.yaml, set: {%(coarse)s}}
  closed: {scenario: %(folder)s/lrmo-oxygen-ru1.yaml, set: {%(coarse)s}}
  empty:
    scenario: %(folder)s/lrmo-oxygen-pristine.yaml
    set: {%(coarse)s, oxygen.initial: 0}
report: [%(retention)s, %(released)s, oxygen.filling]
published:
  - {quantity: %(retention)s, system: closed, value: 0.5, source: "nobody"}
variants:
  - {name: ten layers, systems: [closed], set: {oxygen.surface.monolayers: 10}}
  - {name: half, set: {oxygen.diffusivity: 0.7e-18 m^2/s}}
"""


def written(text: str, folder: Path) -> Path:
    values = {"folder": SCENARIOS, "coarse": COARSE, "retention": RETENTION, "released": RELEASED}
    file = folder / "comparison.yaml"
    file.write_text(text % (values | {"peak": PEAK}))
    return file


def made(text: str, folder: Path) -> ComparisonResult:
    return run(load_study(COMPARISON, written(text, folder)), folder / "out")


@pytest.fixture(scope="module")
def factorial(tmp_path_factory: pytest.TempPathFactory) -> ComparisonResult:
    return made(FACTORIAL, tmp_path_factory.mktemp("factorial"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("variants")


@pytest.fixture(scope="module")
def variants(folder: Path) -> ComparisonResult:
    return run(load_study(COMPARISON, written(VARIANTS, folder)))


def printed(result: ComparisonResult) -> str:
    screen = io.StringIO()
    console = Console(width=200, file=screen)
    for table in tables(result):
        console.print(table)
    return screen.getvalue()


def lines_with(text: str, *words: str) -> Iterator[str]:
    return (line for line in text.splitlines() if all(word in line for word in words))


# The factorial.


def test_a_factorial_runs_every_combination(factorial: ComparisonResult) -> None:
    names = ["bare, none", "bare, islands", "layered, none", "layered, islands"]
    assert list(factorial.results) == names
    for name in names:
        for quantity, unit in ((RETENTION, "1"), (RELEASED, "µmol/g"), (PEAK, "MPa")):
            row = factorial.row(quantity, name)
            assert row.computed == quantity_of(factorial.results[name], quantity)
            assert (row.unit, row.status, row.published) == (unit, "predicted", None)
    # Islands hold oxygen, the layer holds back stress; a coarse mesh knows that.
    assert factorial.row(FILLING, "bare, none").computed == 0.0
    assert factorial.row(FILLING, "bare, islands").computed > 0.9
    stresses = [factorial.row(PEAK, name).computed for name in names]
    assert stresses[0] == stresses[1]
    assert stresses[2] == stresses[3] < stresses[0]


def test_its_effects_are_those_of_its_rows(factorial: ComparisonResult) -> None:
    assert [(one.quantity, one.factor) for one in factorial.effects] == [
        (quantity, factor)
        for quantity in (RETENTION, RELEASED, FILLING, PEAK)
        for factor in ("layer", "RuO2")
    ]
    (layer,) = [one for one in factorial.effects if (one.quantity, one.factor) == (PEAK, "layer")]
    change = factorial.row(PEAK, "layered, none").computed - factorial.row(PEAK, "bare, none").computed
    assert (layer.against, layer.level) == ("bare", "layered")
    assert layer.mean == pytest.approx(change, rel=1e-14)


def test_what_is_written_of_it_is_what_is_returned(factorial: ComparisonResult) -> None:
    assert factorial.path is not None
    content = json.loads((factorial.path / "comparison.json").read_text())
    assert tuple(Row(**row) for row in content["rows"]) == factorial.rows
    assert tuple(Effect(**effect) for effect in content["effects"]) == factorial.effects
    assert tuple(content["remarks"]) == factorial.remarks
    assert content["depends_on"] == factorial.depends_on


@pytest.mark.parametrize("name", ["factorial", "oxygen", "release", "history"])
def test_its_pictures_are_drawn(factorial: ComparisonResult, name: str) -> None:
    assert factorial.path is not None
    image = (factorial.path / f"{name}.png").read_bytes()
    assert image.startswith(b"\x89PNG")
    assert len(image) > 10_000
    assert not (factorial.path / "comparison.png").exists()  # nothing was published


def test_figures_drawn_later_are_the_same_and_do_not_stay_beside_a_new_run(
    factorial: ComparisonResult, tmp_path: Path
) -> None:
    assert factorial.path is not None
    later = shutil.copytree(factorial.path, tmp_path / "later")
    names = sorted(path.name for path in later.glob("*.png"))
    assert {"factorial.png", "oxygen.png", "release.png", "history.png"} <= {*names}
    for name in names:
        (later / name).unlink()
    stored = COMPARISON.stored(later)
    COMPARISON.draw(stored, FigureFormat.PNG)
    for name in names:
        assert (later / name).read_bytes() == (factorial.path / name).read_bytes()
    (later / "mine.png").write_bytes(b"")
    clear_figures(stored)
    assert not {"oxygen.png", "release.png", "history.png"} & {path.name for path in later.iterdir()}
    assert (later / "mine.png").exists()


def test_its_tables_say_numbers_with_units_and_changes_with_ranges(factorial: ComparisonResult) -> None:
    text = printed(factorial)
    row = factorial.row(RELEASED, "layered, islands")
    line = " ".join(text.split())
    for told in (f"{row.computed:.4g} µmol/g", f"{factorial.row(PEAK, row.system).computed:.1f} MPa"):
        assert told in line
    (layer,) = [one for one in factorial.effects if (one.quantity, one.factor) == (PEAK, "layer")]
    (line,) = lines_with(text, "peak first principal stress", "layered", "to")
    assert f"{layer.mean:+.3g} ({layer.least:+.3g} to {layer.largest:+.3g})" in line


def test_a_remark_is_made_once_with_the_systems_that_it_is_about(factorial: ComparisonResult) -> None:
    remarks = factorial.remarks
    assert len(set(remarks)) == len(remarks)
    (islands,) = [one for one in remarks if "0.46 wt%" in one]
    assert islands.startswith("bare, islands; layered, islands: ")
    (diffusion,) = [one for one in remarks if "R²/D_O" in one]
    assert diffusion.startswith("Oxygen diffuses")  # it is about all of them
    assert "oxygen.diffusivity = 1.40625e-18 m^2/s" in factorial.depends_on


# Variants, reports, numbers that mean nothing.


def test_a_variant_changes_the_systems_that_it_names(variants: ComparisonResult) -> None:
    cases = {(row.case, row.system) for row in variants.rows if row.quantity == RETENTION}
    assert cases == {
        (BASE, "bare"),
        (BASE, "closed"),
        ("ten layers", "closed"),
        ("half", "bare"),
        ("half", "closed"),
    }
    kept = {case: variants.row(RETENTION, *case[::-1]).computed for case in cases}
    # Ten times the capacity takes up ten times as much; less diffusion, less escapes from an open particle.
    lost = 1 - kept["ten layers", "closed"], 1 - kept[BASE, "closed"]
    assert lost[0] == pytest.approx(10 * lost[1], rel=0.01)
    assert kept["half", "bare"] > kept[BASE, "bare"] + 0.1
    assert kept["half", "closed"] == pytest.approx(kept[BASE, "closed"], abs=1e-4)


def test_what_means_nothing_in_a_run_is_left_out_and_what_means_zero_is_not(
    variants: ComparisonResult,
) -> None:
    empty = {row.quantity: row.computed for row in variants.rows if row.system == "empty"}
    assert empty == {RELEASED: 0.0, FILLING: 0.0}
    with pytest.raises(KeyError, match=r"oxygen\.retention of empty"):
        variants.row(RETENTION, "empty")
    (line,) = [line for line in lines_with(printed(variants), "empty") if BASE not in line][:1]
    assert line.split() == ["empty", "–", "0", "µmol/g", "0"]


def test_a_published_number_is_beside_ours_once(variants: ComparisonResult) -> None:
    rows = [row for row in variants.rows if (row.quantity, row.system) == (RETENTION, "closed")]
    assert [row.case for row in rows] == [BASE, "ten layers", "half"]
    assert [row.published for row in rows] == [0.5] * 3
    assert rows[0].deviation_percent == pytest.approx(100 * (rows[0].computed / 0.5 - 1))
    text = printed(variants)
    (line,) = lines_with(text, "closed", "predicted")
    assert f"{rows[0].computed:.4g}" in line
    assert f"{rows[0].deviation_percent:+.1f} %" in line
    (line,) = lines_with(text, "ten layers")
    assert f"{rows[1].computed:.4g}" in line


def test_nothing_is_written_without_a_folder(variants: ComparisonResult, folder: Path) -> None:
    assert variants.path is None
    assert [file.name for file in folder.iterdir()] == ["comparison.yaml"]
    assert variants.effects == ()


def test_what_a_variant_makes_of_a_published_number_is_on_screen(variants: ComparisonResult) -> None:
    # Also where the file asks for no report.
    rows = tuple(row for row in variants.rows if (row.quantity, row.system) == (RETENTION, "closed"))
    text = printed(replace(variants, rows=rows, report=()))
    (line,) = lines_with(text, "ten layers")
    assert f"{variants.row(RETENTION, 'closed', 'ten layers').computed:.4g}" in line


def test_a_factorial_that_reports_nothing_with_a_meaning_is_no_failure(tmp_path: Path) -> None:
    nothing = "set: {oxygen.source: null, protocol: [{rest: {time: 1 min}}], "
    silent = FACTORIAL.replace(", %(released)s, oxygen.filling, %(peak)s]", "]")
    result = made(silent.replace("set: {", nothing), tmp_path)
    assert result.rows == ()
    assert result.effects == ()
    assert not (tmp_path / "out" / "factorial.png").exists()
    assert (tmp_path / "out" / "oxygen.png").stat().st_size > 10_000
