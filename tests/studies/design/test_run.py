"""Fronts and verdicts of designs whose answer is known, and one small search among real particles."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

import oxyshell
from oxyshell.figure_format import FigureFormat
from oxyshell.language.writing import to_yaml
from oxyshell.presentation.document import lines_of
from oxyshell.studies import shown_again
from oxyshell.studies.design import DESIGN, report
from oxyshell.studies.design.designs import Designs
from oxyshell.studies.design.run import run
from oxyshell.studies.design.space import Choice, Nsga2, Space, front
from oxyshell.studies.design.verdict import Measure, better, distances, verdict
from oxyshell.studies.drawing_again import draw_again
from oxyshell.studies.engine import study_store
from oxyshell.studies.engine.executors import executor_for
from oxyshell.studies.engine.plans import Range
from oxyshell.studies.engine.simulation_cache import SimulationCache
from oxyshell.studies.engine.words import in_words
from oxyshell.studies.registry import load_study
from tests.terminal import assert_fits

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
PEAK = "stress.first_principal.peak_MPa"
IONS = "max of history.ions_in_particle_mol"


def test_the_front_is_what_nothing_betters() -> None:
    worth = np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0], [2.0, 3.0], [2.0, 2.0], [3.0, 3.0]])
    assert front(worth) == [0, 1, 2]


def test_the_front_agrees_with_the_definition_on_random_designs() -> None:
    worth = np.random.default_rng(1).random((200, 3))
    expected = [
        index
        for index, one in enumerate(worth)
        if not any(np.all(other <= one) and np.any(other < one) for other in worth)
    ]
    assert sorted(front(worth)) == expected


# Stress is to be small, retention large.
MEASURES = (Measure("stress", "MPa", 1.0, 0.5), Measure("loss", "%", 1.0), Measure("retention", "1", -1.0))
REFERENCE = (400.0, 1.0, 0.5)


@pytest.mark.parametrize(
    ("worth", "expected"),
    [
        pytest.param([390.0, 0.9, 0.5], True, id="two better, one equal"),
        pytest.param([390.0, 0.9, 0.6], True, id="all better"),
        pytest.param([390.0, 1.0, 0.6], True, id="equal in the middle"),
        pytest.param([399.8, 0.9, 0.5], False, id="one of the two within the resolution"),
        pytest.param([390.0, 0.9, 0.499], False, id="the third worse"),
        pytest.param([390.0, 1.0, 0.5], False, id="one better"),
        pytest.param([410.0, 0.9, 0.6], False, id="two better, one worse"),
        pytest.param([400.0, 1.0, 0.5], False, id="the reference itself"),
    ],
)
def test_better_means_in_all_but_one_at_least_and_worse_in_none(worth: list[float], expected: bool) -> None:
    assert better(MEASURES, np.array([worth]), REFERENCE) == ([0] if expected else [])


def test_with_a_margin_a_little_worse_is_not_worse() -> None:
    worth = np.array([[390.0, 0.9, 0.496], [390.0, 0.9, 0.494], [390.0, 1.02, 0.6]])
    assert better(MEASURES, worth, REFERENCE) == []
    assert better(MEASURES, worth, REFERENCE, margin=0.01) == [0]
    # 0.5 less 1 % is 0.495: the second lacks 0.001 of 0.5, the third 0.01 of 1.
    assert distances(MEASURES, worth, REFERENCE, 0.01) == pytest.approx([0.0, 0.002, 0.01])


def test_the_verdict_names_the_best_with_its_numbers() -> None:
    worth = np.array([[395.0, 0.9, 0.5], [350.0, 0.5, 0.6], [300.0, 2.0, 0.4]])
    text = verdict(MEASURES, worth, REFERENCE, ["thin", "thick", "thicker"], "the paper's layer", 0.01)
    assert text == (
        "thick is better than the paper's layer: stress 350 MPa instead of 400 MPa (better, -12 %); loss "
        "0.5 % instead of 1 % (better, -50 %); retention 0.6 instead of 0.5 (better, +20 %). 1 more of 3 "
        "designs are better in the same sense."
    )


def test_the_verdict_says_what_it_would_take_where_nothing_is_better() -> None:
    worth = np.array([[390.0, 0.9, 0.499], [380.0, 0.8, 0.3], [410.0, 0.9, 0.6]])
    text = verdict(MEASURES, worth, REFERENCE, ["a", "b", "c"], "the paper's layer", 0.01)
    assert text.startswith(
        "None of 3 designs is better than the paper's layer in 2 of the 3 measures without"
    )
    assert "With 1 % worse allowed, a is: stress 390 MPa instead of 400 MPa (better, -2.5 %); " in text
    assert "retention 0.499 instead of 0.5 (worse, -0.2 %)" in text
    assert "to be better in all but retention takes 0.499 instead of 0.5 (a)" in text
    assert "To be better in all but stress takes 410 MPa instead of 400 MPa (c)" in text
    assert "nothing is better in all but loss" in text


# The search.


def write(folder: Path, **more: object) -> Path:
    data = {
        "design": "small",
        "scenario": f"{ROOT / 'scenarios' / 'lrmo-ru1.yaml'}",
        "set": {
            "numerics.elements": {"layer": 4, "bulk": 6},
            "numerics.time_tolerance": 1e-2,
            "output.at.extracted": [],
        },
        "variables": {
            "shell.thickness": {"from": "3 nm", "to": "9 nm"},
            "shell.deficiency": {"from": 0.02, "to": 0.3},
            "shell.profile": ["linear", "step"],
        },
        "objectives": [
            {"name": "peak", "quantity": PEAK, "goal": "minimise", "resolution": 0.5},
            {"name": "capacity lost", "loss_of": IONS, "against": {"shell": None}},
        ],
        "reference": {
            "name": "the paper's layer",
            "set": {"shell.thickness": "4.5 nm", "shell.deficiency": 0.22, "shell.profile": "linear"},
        },
        "search": {"population": 6, "generations": 2, "beside": 1, "seed": 1},
        "check": {"numerics.elements.bulk": 12},
        **more,
    }
    (folder / "design.yaml").write_text(to_yaml(data))
    return folder / "design.yaml"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Designs:
    folder = tmp_path_factory.mktemp("design")
    return oxyshell.optimise(write(folder), folder / "out", workers=2)


def schaffer(seed: int, start: Sequence[Choice] = (), limit: float = 10.0) -> list[tuple[float, float]]:
    """All designs (x, penalty) of a search for small x² and (x − 2)², plus a penalty, over −3 ≤ x ≤ 5."""
    variables: dict[str, Any] = {"x": Range.from_data({"from": -3.0, "to": 5.0}), "penalty": (0.0, 1.0)}
    space = Space(variables, {"x": "1"})
    algorithm = Nsga2(space, 2, population=20, generations=15, seed=seed, start=start)
    designs = []
    for choices in algorithm.generations():
        points = [space.values(choice) for choice in choices]
        found = [(float(point["x"]), float(point["penalty"])) for point in points]
        # Some in the way cannot be computed, and what is beyond the limit is not allowed.
        worth = [None if 0.9 < x < 1.1 else (x**2 + p, (x - 2) ** 2 + p) for x, p in found]
        algorithm.tell(worth, [max(0.0, x - limit) for x, _ in found])
        designs += [one for one, numbers in zip(found, worth, strict=True) if numbers is not None]
    return designs


def best_of(designs: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    worth = np.array([(x**2 + penalty, (x - 2) ** 2 + penalty) for x, penalty in designs])
    return [designs[index] for index in front(worth)]


def test_nsga_ii_finds_the_front_of_a_problem_that_is_known() -> None:
    """Schaffer's problem with a choice that only costs: the front has 0 ≤ x ≤ 2 and no penalty."""
    best = best_of(schaffer(seed=2))
    # Twenty designs spread over a front of length 2: gaps of a few times 0.1.
    assert all(-0.02 < x < 2.02 and penalty == 0.0 for x, penalty in best)
    assert max(np.diff(sorted(x for x, _ in best))) < 0.5
    assert min(x for x, _ in best) < 0.2
    assert max(x for x, _ in best) > 1.8


def test_the_same_seed_draws_the_same_designs_and_another_one_does_not() -> None:
    assert schaffer(seed=2) == schaffer(seed=2)
    assert schaffer(seed=2)[:20] != schaffer(seed=3)[:20]


def test_a_search_starts_where_it_is_told_and_stays_within_what_is_allowed() -> None:
    shares = np.linspace(0.2, 0.9, 20)
    designs = schaffer(seed=2, start=[{"x": share, "penalty": 1} for share in shares], limit=0.5)
    # But for those that cannot be computed.
    expected = [x for x in 8 * shares - 3 if not 0.9 < x < 1.1]
    assert [x for x, _ in designs[: len(expected)]] == pytest.approx(expected)
    # Of the last generations, most are below the limit; unbounded, half of the front is above.
    assert np.mean([x <= 0.5 for x, _ in designs[-100:]]) > 0.8


def test_a_design_s_objectives_are_those_of_its_run(small: Designs) -> None:
    design, cache = load_study(DESIGN, write(small.path.parent)), SimulationCache()  # type: ignore[union-attr]
    bare = cache.run(design.base.with_values({"shell": None})).history["ions_in_particle_mol"][0]
    for index in (0, len(small.values) - 1):
        result = cache.run(design.base.with_values(small.values[index]))
        peak, lost = small.objectives[index]
        assert peak == result.summary["stress"]["first_principal"]["peak_MPa"]
        assert lost == pytest.approx(100 * (1 - result.history["ions_in_particle_mol"][0] / bare), abs=1e-10)


def test_the_capacity_lost_to_a_layer_is_the_integral_of_its_deficiency(small: Designs) -> None:
    """A linear profile of deficiency d lacks 3 d ∫ (1 − z/δ)(1 − z)² dz of a sphere, lengths in radii."""
    share = np.linspace(0.0, 4.5 / 150, 2001)
    lacking = 3 * 0.22 * np.trapezoid((1 - share / share[-1]) * (1 - share) ** 2, share)
    _, _, (_, lost) = small.reference
    # A layer of four elements integrates this cubic exactly; the trapezium rule errs by 1e-7.
    assert lost == pytest.approx(100 * lacking, rel=1e-6)


def test_the_same_seed_finds_the_same_designs_and_a_stopped_search_goes_on(
    small: Designs, tmp_path: Path
) -> None:
    assert small.path is not None
    # As if it had been killed in the middle of writing its eighth line.
    (tmp_path / "out").mkdir()
    lines = (small.path / "points.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "out" / "points.jsonl").write_bytes(b"".join(lines[:7]) + lines[7][:40])
    again = run(load_study(DESIGN, write(tmp_path)), tmp_path / "out", executor_for(1))
    assert again.values == small.values
    assert np.array_equal(again.objectives, small.objectives)
    assert again.verdict == small.verdict
    resumed = (tmp_path / "out" / "points.jsonl").read_bytes().splitlines()
    assert len(resumed) == len(lines)
    assert [json.loads(line)["key"] for line in resumed[:7]] == [
        json.loads(line)["key"] for line in lines[:7]
    ]


def test_every_design_is_kept_and_what_is_written_is_what_is_returned(small: Designs) -> None:
    assert small.path is not None
    written = json.loads((small.path / "design.json").read_text())
    assert len(written["designs"]) == len(small.values) == 18
    assert [one["objectives"] for one in written["designs"]] == small.objectives.tolist()
    assert written["verdict"] == small.verdict
    assert [one["values"] for one in written["front"]] == [dict(small.values[index]) for index in small.front]
    study = study_store.read(small.path)
    assert len(study) == 18
    assert study.column(PEAK).values == tuple(small.objectives[:, 0])
    lines = (small.path / "front.csv").read_text().splitlines()
    rows = list(csv.DictReader([lines[0], *lines[2:]]))
    assert [float(row["peak"]) for row in rows] == [small.objectives[index, 0] for index in small.front]
    assert lines[1].split(",")[-2:] == ["MPa", "%"]
    assert (small.path / "front.png").stat().st_size > 10_000


def test_its_figures_are_the_same_when_they_are_drawn_later(small: Designs, tmp_path: Path) -> None:
    assert small.path is not None
    later = shutil.copytree(small.path, tmp_path / "later", ignore=shutil.ignore_patterns("*.png", "*.html"))
    draw_again(later, FigureFormat.PNG)
    assert (later / "front.png").read_bytes() == (small.path / "front.png").read_bytes()


def test_the_winner_and_the_reference_are_checked_with_other_values(small: Designs) -> None:
    assert small.winner is not None
    assert small.best == small.winner
    winner, reference = small.checked
    assert winner.before == tuple(small.objectives[small.winner])
    assert reference.before == small.reference[2]
    for one in small.checked:
        # Twice as many elements: another number, less than 1 % away.
        assert one.after[0] != one.before[0]
        assert one.after == pytest.approx(one.before, rel=0.01)


def test_the_screen_says_the_verdict_units_and_the_check(small: Designs) -> None:
    console = Console(width=170, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    for part in report.render(small):
        console.print(part, markup=False, highlight=False)
    console.file.close()
    text = " ".join(console.export_text().split())
    for told in (
        "the paper's layer",
        " MPa",
        " %",
        "18 designs computed",
        "With numerics elements bulk = 12",
    ):
        assert told in text
    assert " ".join(in_words(small.verdict).split()) in text


def test_designs_with_a_step_are_computed_as_others_are(small: Designs) -> None:
    kinds = [values["shell.profile"] for values in small.values]
    assert {"linear", "step"} <= set(kinds)
    assert not any("converge" in one.text for one in small.remarks)


def test_designs_that_cannot_be_computed_are_kept_with_their_reason(tmp_path: Path) -> None:
    # Each range is valid beside the scenario's other numbers; a thick layer in a small particle is not.
    variables = {
        "shell.thickness": {"from": "3 nm", "to": "140 nm"},
        "particle.radius": {"from": "30 nm", "to": "160 nm"},
    }
    few = {"population": 8, "generations": 1, "beside": 0, "seed": 3}
    out = tmp_path / "out"
    found = oxyshell.optimise(write(tmp_path, variables=variables, search=few, check={}), out)
    assert found.failed
    assert all("thinner than the radius" in reason for _, reason in found.failed)
    assert len(found.failed) + len(found.values) == 8
    # What is no scenario is no point of the study, and has its reason beside it.
    assert len(study_store.read(out)) == len(found.values)
    assert len(json.loads((out / "design.json").read_text())["failed"]) == len(found.failed)


def test_the_command_ends_with_the_verdict(tmp_path: Path) -> None:
    file = write(tmp_path, search={"population": 4, "generations": 1, "beside": 0, "seed": 1}, check={})
    done = subprocess.run(
        [sys.executable, "-m", "oxyshell", "optimise", str(file), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert "the paper's layer" in done.stdout
    assert "4 designs computed" in done.stdout
    assert "generation 1 of 1: 4 designs" in done.stderr


def test_the_report_fits_into_a_terminal_and_is_shown_again_in_full(small: Designs) -> None:
    parts = list(small.report_parts())
    assert_fits(parts)
    told = list(lines_of(parts, 80))
    assert not any("shell.thickness" in line for line in told)
    assert small.path is not None
    assert list(lines_of(shown_again.report(small.path), 80)) == told
