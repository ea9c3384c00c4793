"""Every figure of studies, and of what they compare, at both widths of a page."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from oxyshell.drawing.factorial import factorial_figure
from oxyshell.drawing.reported import reported_figure
from oxyshell.figure_format import ONE_COLUMN, TWO_COLUMNS
from oxyshell.models.base.physics import LabelledRun
from oxyshell.models.electrode.figures.declared import figures
from oxyshell.studies.design.figures import draw_front
from oxyshell.studies.engine.study_figures import figure
from oxyshell.studies.engine.tables import Column
from oxyshell.studies.sensitivity.figures import draw_indices, draw_tornado
from oxyshell.studies.sensitivity.indices import Index
from oxyshell.studies.sensitivity.reactions import Analysis, Reaction, Reactions
from tests.drawing.on_paper import faults
from tests.models.electrode.figures.made_runs import Step, cycles, run
from tests.outputs.test_factorial_figure import CELLS, QUANTITIES
from tests.outputs.test_reported_figure import QUANTITIES as REPORTED
from tests.outputs.test_reported_figure import SYSTEMS
from tests.studies.design.test_figures import MATERIALS, found
from tests.studies.engine.test_study_figures import CHARGES, PEAK, POINTS, SPREAD

WIDTHS = pytest.mark.parametrize("width", [TWO_COLUMNS, ONE_COLUMN])
INDEX = Index(0.6, 0.2, 0.7, 0.3)
RANGES = {
    "material.diffusivity": ("1.25e-19 m^2/s", "1.96e-19 m^2/s", 497.0, 326.0),
    "material.chemical_strain.volume_change": ("2.55 %", "2.83 %", 384.0, 422.0),
    "material.elasticity.poisson_ratio": ("0.25", "0.35", 402.9, 403.1),
}
PARAMETERS = tuple(Reaction(name, *ends, INDEX) for name, ends in RANGES.items())
RESULTS = tuple(
    Reactions(name, "MPa", 403.0, 403.0, 20.0, PARAMETERS)
    for name in (PEAK, "max of history.surface_hoop_MPa")
)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Figure]]:
    """Figures that a test draws; each has to be fit to be printed."""
    seen: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: seen.append(figure))
    yield seen
    assert seen
    assert not {index: told for index, one in enumerate(seen) if (told := list(faults(one)))}


@WIDTHS
def test_quantities_over_parameters(width: float, kept: list[Figure]) -> None:
    rows = [
        Column("name", "1", ["Ru-1 as published, under 20 nm", "b"]),
        Column(PEAK, "MPa", [403.12, 567.1]),
    ]
    kept += [
        figure(CHARGES[0], CHARGES[2], CHARGES[:2], width),
        figure(CHARGES[1], CHARGES[2], CHARGES[:2], width),
        figure(POINTS[0], POINTS[2], POINTS[:2], width),
        figure(SPREAD[0], SPREAD[1], SPREAD[:1], width),
        figure(rows[0], rows[1], rows[:1], width),
    ]


@WIDTHS
@pytest.mark.parametrize("draw", [draw_tornado, draw_indices])
def test_sensitivities(draw: Callable[..., None], width: float, kept: list[Figure], tmp_path: Path) -> None:
    analysis = Analysis("test", RESULTS, 8, None, None)  # type: ignore[arg-type]  # no runs are drawn
    draw(analysis, tmp_path / "x.png", width)


@WIDTHS
def test_fronts_of_designs(width: float, kept: list[Figure], tmp_path: Path) -> None:
    variables = (
        Column("shell.from", "1", MATERIALS),
        Column("shell.thickness", "nm", [5.0, 10.0, 20.0, 40.0]),
    )
    for objectives in (2, 3):
        draw_front(found(objectives), variables, tmp_path / "front.png", width)


@WIDTHS
def test_results_side_by_side(width: float, kept: list[Figure], tmp_path: Path) -> None:
    reported_figure(SYSTEMS, REPORTED, tmp_path / "reported.png", width)
    factorial_figure(CELLS, QUANTITIES, tmp_path / "factorial.png", width)


@pytest.mark.parametrize("width", [pytest.param(TWO_COLUMNS, marks=pytest.mark.long), ONE_COLUMN])
def test_electrodes_with_cycles_at_several_currents(width: float, kept: list[Figure], tmp_path: Path) -> None:
    names = ("pristine, stress at 0.1C", "Ru-1, 261 mA h/g at 1C", "Ru-1, 185 mA h/g at 5C")
    slow = [Step("charge", 100.0, 1), Step("discharge", -90.0, 1, 25.0)]
    fast = [Step("charge", 100.0, 2), Step("discharge", -60.0, 2, 250.0)]
    runs: list[LabelledRun] = [run([*slow, *fast], name) for name in names]
    drawn = list(itertools.chain(figures(runs), figures([run(cycles(5))])))
    assert {one.name for one in drawn} >= {"cycles", "rate_capability"}
    for one in drawn:
        one.draw(tmp_path / "x.png", width)
