"""Sobol' indices against exact ones, and a small analysis of a real particle."""

from __future__ import annotations

import csv
import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import oxyshell
from oxyshell.errors import OxyshellError
from oxyshell.figure_format import FigureFormat
from oxyshell.language.writing import to_yaml
from oxyshell.presentation.document import lines_of
from oxyshell.studies.drawing_again import draw_again
from oxyshell.studies.engine.executors import executor_for
from oxyshell.studies.engine.simulation_cache import SimulationCache
from oxyshell.studies.registry import load_study
from oxyshell.studies.sensitivity import SENSITIVITY, report
from oxyshell.studies.sensitivity.indices import indices, sample
from oxyshell.studies.sensitivity.reactions import Analysis
from oxyshell.studies.sensitivity.run import run
from tests.terminal import assert_fits

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
PEAK = "stress.first_principal.peak_MPa"
COARSE = {"numerics.elements.bulk": 6, "numerics.time_tolerance": 1e-2, "output.at.extracted": []}


def ishigami(shares: np.ndarray) -> np.ndarray:
    """sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1 over [-π, π]³ (Ishigami and Homma 1990)."""
    x1, x2, x3 = (2 * math.pi * (shares - 0.5)).T
    return np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)


def exact_indices() -> tuple[list[float], list[float]]:
    """First-order and total indices of the Ishigami function with a = 7, b = 0.1."""
    a, b = 7.0, 0.1
    first = 0.5 * (1 + b * math.pi**4 / 5) ** 2
    second = a**2 / 8
    third = b**2 * math.pi**8 * 8 / 225
    variance = first + second + third
    return (
        [first / variance, second / variance, 0.0],
        [(first + third) / variance, second / variance, third / variance],
    )


def test_the_indices_of_the_ishigami_function_lie_in_their_intervals() -> None:
    points = sample(3, 1024, seed=0)
    assert points.shape == (1024 * 5, 3)
    assert np.min(points) >= 0.0
    assert np.max(points) <= 1.0
    found = indices(ishigami(points), 3, seed=0)
    for one, first, total in zip(found, *exact_indices(), strict=True):
        # The intervals, of 95 %, are those of random points; those of Sobol' lie closer.
        assert one.first == pytest.approx(first, abs=one.first_half_width)
        assert one.total == pytest.approx(total, abs=one.total_half_width)
        # Of 1024 points: 1.96/sqrt(1024) = 0.06, times a factor of order one.
        assert 0 < one.first_half_width < 0.15
        assert 0 < one.total_half_width < 0.15


def test_the_same_seed_gives_the_same_indices_and_another_one_does_not() -> None:
    same, again, other = (indices(ishigami(sample(3, 64, seed)), 3, seed) for seed in (0, 0, 1))
    assert same == again
    assert same != other


def test_a_result_that_does_not_react_has_indices_of_zero() -> None:
    (one,) = {*indices(np.full(4 * 4, 3.0), 2, seed=0)}
    assert (one.first, one.total) == (0.0, 0.0)


def write(folder: Path, **more: object) -> Path:
    data = {
        "sensitivity": "small",
        "scenario": f"{ROOT / 'scenarios' / 'lrmo-pristine.yaml'}",
        "set": COARSE,
        "ranges": {
            "material.diffusivity": {"from": "1.5e-19 m^2/s", "to": "2.5e-19 m^2/s", "scale": "log"},
            "material.elasticity.young_modulus": {"from": "165 GPa", "to": "175 GPa"},
            "cell.one_c": {"from": "249 mA/g", "to": "251 mA/g"},
        },
        "quantities": [PEAK, "steps"],
        "sobol": {"points": 4, "seed": 3},
        **more,
    }
    (folder / "sensitivity.yaml").write_text(to_yaml(data))
    return folder / "sensitivity.yaml"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    folder = tmp_path_factory.mktemp("sensitivity")
    return oxyshell.sensitivity(write(folder), folder / "out", workers=2)


def test_every_run_of_one_at_a_time_is_that_of_the_changed_scenario(small: Analysis) -> None:
    (peak, _) = small.reactions
    assert len(small.study) == 1 + 2 * 3 + 4 * (3 + 2)
    assert (peak.quantity, peak.unit) == (PEAK, "MPa")
    scenario, cache = load_study(SENSITIVITY, write(small.path.parent)).base, SimulationCache()  # type: ignore[union-attr]
    assert peak.base == cache.quantity(scenario, PEAK)
    for one in peak.parameters:
        for end, number in ((one.low, one.at_low), (one.high, one.at_high)):
            assert number == cache.quantity(scenario.with_values({one.parameter: end}), PEAK)


def test_the_parameter_with_the_largest_span_comes_first_and_has_the_largest_index(small: Analysis) -> None:
    (peak, _) = small.reactions
    assert [one.span for one in peak.parameters] == sorted(
        (one.span for one in peak.parameters), reverse=True
    )
    assert peak.parameters[0].parameter == "material.diffusivity"
    assert max(peak.parameters, key=lambda one: one.index.total) is peak.parameters[0]
    # The peak falls with D and grows with E.
    assert peak.parameters[0].at_low > peak.base > peak.parameters[0].at_high
    assert (
        min(peak.parameters[0].at_high, peak.parameters[0].at_low)
        < peak.mean
        < max(peak.parameters[0].at_high, peak.parameters[0].at_low)
    )


def test_what_is_written_is_what_is_returned(small: Analysis) -> None:
    assert small.path is not None
    written = json.loads((small.path / "sensitivity.json").read_text())
    first = written["reactions"][0]["of"][0]
    assert first["at_low"] == small.reactions[0].parameters[0].at_low
    assert first["index"]["total"] == small.reactions[0].parameters[0].index.total
    lines = (small.path / "sensitivity.csv").read_text().splitlines()
    rows = list(csv.DictReader([lines[0], *lines[2:]]))
    assert len(rows) == 2 * 3
    assert float(rows[0]["at_high"]) == small.reactions[0].parameters[0].at_high
    for name in ("tornado.png", "indices.png"):
        assert (small.path / name).stat().st_size > 10_000
    assert (small.path / "study.h5").is_file()


def test_its_figures_are_the_same_when_they_are_drawn_later(small: Analysis, tmp_path: Path) -> None:
    assert small.path is not None
    later = shutil.copytree(small.path, tmp_path / "later", ignore=shutil.ignore_patterns("*.png", "*.html"))
    draw_again(later, FigureFormat.PNG)
    for name in ("tornado.png", "indices.png"):
        assert (later / name).read_bytes() == (small.path / name).read_bytes()


def test_a_diffusivity_beside_a_modulus_it_was_not_calibrated_with_is_told_of(small: Analysis) -> None:
    told = [[text for text in texts if "was calibrated under" in text] for texts in small.study.remarks]
    # Of the points that leave the diffusivity alone: the ends of the modulus.
    assert sum(map(bool, told)) == 2
    lines = [
        line for line in report.render(small) if isinstance(line, str) and "was calibrated under" in line
    ]
    assert len(lines) == 1
    content = json.loads((small.path / "sensitivity.json").read_text())  # type: ignore[operator]
    (one,) = [one for one in content["remarks"] if "was calibrated under" in one["text"]]
    assert (one["points"], one["in_these_words"]) == (2, 1)


def test_a_second_call_runs_nothing_and_finds_the_same(small: Analysis) -> None:
    assert small.path is not None
    journal = (small.path / "points.jsonl").read_bytes()
    again = run(load_study(SENSITIVITY, write(small.path.parent)), small.path, executor_for(1))
    assert (small.path / "points.jsonl").read_bytes() == journal
    assert again.reactions == small.reactions


def test_a_run_that_fails_is_named(tmp_path: Path) -> None:
    # No step fits between the smallest and what the tolerance asks for.
    wrong = {**COARSE, "numerics.minimum_step": "1000 s", "numerics.first_step": "1000 s"}
    wrong["numerics.time_tolerance"] = 1e-9
    asked = load_study(SENSITIVITY, write(tmp_path, set=wrong, sobol=None))
    with pytest.raises(OxyshellError, match=r"7 of 7 runs failed, .* the first, point 0: "):
        run(asked, None, executor_for(1))


def test_the_command_prints_a_table_with_units(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "oxyshell", "sensitivity", str(write(tmp_path, sobol=None))]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    for told in ("7 runs", "material.diffusivity", "1.5e-19 m²/s", " MPa as in the scenario"):
        assert told in done.stdout
    assert (tmp_path / "out" / "tornado.png").is_file()
    assert not (tmp_path / "out" / "indices.png").exists()


def test_the_report_fits_into_a_terminal(small: Analysis) -> None:
    parts = list(report.render(small))
    assert_fits(parts)
    assert "^" not in "".join(lines_of(parts, 80))
