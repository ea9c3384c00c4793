"""Remarks of many runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import oxyshell
from oxyshell.reports import report
from oxyshell.scenario.loading import load
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine import study_store
from oxyshell.studies.engine.journal import parse
from oxyshell.studies.engine.point_runner import outcome_of
from oxyshell.studies.engine.remarks import MOST, limited, of_summary, tallied, without_numbers
from oxyshell.studies.engine.remarks import render as render_remarks
from oxyshell.studies.sweep.report import render
from tests.studies.sweeps import sweep_here

pytestmark = pytest.mark.slow
SHIPPED = Path(__file__).parents[3] / "scenarios"
ROUGH = {
    "numerics.time_tolerance": 1e-2,
    "numerics.elements": {"layer": 1, "bulk": 3},
    "output.at": {},
    "protocol.0.charge.until": {"extracted": 0.2},
}
CALIBRATED = "was calibrated under particle radius = 150 nm"


@pytest.fixture(scope="module")
def rough() -> Scenario:
    return load(SHIPPED / "lrmo-ru1.yaml").with_values(ROUGH)


def test_texts_that_differ_in_numbers_only_are_one_remark() -> None:
    remarks = [
        ["until 3.1 h, 5e-3 left."],
        ["until 62 years, 0.2 left.", "D is odd."],
        [],
        ["until 3.1 h, 5e-3 left."],
    ]
    found = tallied(remarks)
    assert [(one.text, one.runs, one.literally) for one in found] == [
        ("until 3.1 h, 5e-3 left.", 3, 2),
        ("D is odd.", 1, 1),
    ]
    assert list(render_remarks(remarks, "study.csv")) == [
        "- until 3.1 h, 5e-3 left. (In these words in 2, with other numbers in 1 of 4 points.)",
        "- D is odd. (1 of 4 points.)",
    ]
    assert list(render_remarks([["D is odd."], ["D is odd."]], "study.csv", "runs")) == [
        "- D is odd. (All 2 runs.)"
    ]
    assert list(render_remarks([["D is odd."]], "study.csv")) == ["- D is odd."]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("for 16 min;", "for 62 years;", True),
        ("1,200 µs (3 %)", "3.5 s (0.1 %)", True),
        ("R = 150 nm", "R = 0.2 nm", True),
        ("R = 150 nm", "R = 150 mm", False),
        ("charge at 1 C", "discharge at 1 C", False),
    ],
)
def test_words_tell_remarks_apart(one: str, other: str, alike: bool) -> None:
    assert (without_numbers(one) == without_numbers(other)) is alike


def test_no_more_than_ten_are_told_and_where_the_others_are() -> None:
    remarks = [[f"about {'x' * number}." for number in range(13)]]
    lines = list(render_remarks(remarks, "study.csv"))
    assert len(lines) == MOST + 1
    assert lines[-1] == "- and 3 more remarks: see study.csv"
    assert list(limited(["a"] * MOST, "calibration.json")) == ["- a"] * MOST


def test_summaries_of_older_versions_have_none() -> None:
    assert of_summary({}) == ()
    assert of_summary({"remarks": ["a", "b"]}) == ("a", "b")


def test_an_old_line_of_a_journal_and_one_with_remarks_are_read(tmp_path: Path) -> None:
    old = json.dumps({"key": "k", "status": "completed", "numbers": {}})
    new = json.dumps({**json.loads(old), "key": "l", "remarks": ["a", "b"]})
    found = parse(f"{old}\n{new}\n", tmp_path / "points.jsonl")
    assert found["k"].remarks == ()
    assert found["l"].remarks == ("a", "b")


def test_an_outcome_has_the_remarks_of_its_run(rough: Scenario) -> None:
    result = oxyshell.run(rough.with_values({"particle.radius": "200 nm"}))
    assert outcome_of("k", result, ()).remarks == tuple(result.summary["remarks"])
    assert CALIBRATED in result.summary["remarks"][0]


@pytest.mark.parametrize("keep", ["summary", "folders"])
def test_a_sweep_keeps_them_and_tells_each_once(rough: Scenario, tmp_path: Path, keep: str) -> None:
    over = {"particle.radius": ["150 nm", "200 nm", "250 nm", "300 nm"]}
    study, ran = sweep_here(rough, tmp_path, over=over, keep=keep)
    assert ran == 4
    assert [len(texts) for texts in study.remarks] == [0, 1, 1, 1]
    assert "here, particle radius = 250 nm" in study.remarks[2][0]
    # Again, from the journal; and from the file.
    again, ran = sweep_here(rough, tmp_path, over=over, keep=keep)
    assert (again.remarks, ran) == (study.remarks, 0)
    assert study_store.read(tmp_path).remarks == study.remarks
    assert list(study.table()["remarks"][:2]) == ["", study.remarks[1][0]]
    lines = [line for line in render(study) if isinstance(line, str)]
    (line,) = [line for line in lines if CALIBRATED in line]
    assert line.endswith("(In these words in 1, with other numbers in 2 of 4 points.)")
    assert report(tmp_path).read_text().count(CALIBRATED) == 1
    rows = (tmp_path / "study.csv").read_text().splitlines()
    assert len(rows) == 2 + 4
    assert CALIBRATED in rows[4]


def test_several_remarks_of_a_point_stay_apart(rough: Scenario, tmp_path: Path) -> None:
    table = {"table": {"occupancy": [0.9, 1], "values": ["150 GPa", "170 GPa"]}}
    over = {"material.elasticity.young_modulus": [table]}
    study, _ = sweep_here(rough, tmp_path, over=over, keep="summary")
    (texts,) = study.remarks
    assert len(texts) == 2
    assert "Young's modulus = a table of 2 values" in texts[0]
    assert texts[1].startswith("material.elasticity.young_modulus is a table from theta = 0.9 to 1. ")
    assert study_store.read(tmp_path).remarks == (texts,)
    assert len((tmp_path / "study.csv").read_text().splitlines()) == 3
