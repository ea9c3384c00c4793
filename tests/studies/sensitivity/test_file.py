# ruff: noqa: E501 (a table reads better with its rows on few lines)

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.studies.registry import load_any, load_study
from oxyshell.studies.sensitivity import SENSITIVITY
from oxyshell.studies.sensitivity.file import Sensitivity
from tests.studies.mistakes import refusal

SCENARIOS = Path(__file__).parents[3] / "scenarios"
SHIPPED = SCENARIOS / "sensitivity-ru1.yaml"
TEXT = SHIPPED.read_text(encoding="utf-8")


def test_the_shipped_analysis() -> None:
    sensitivity = load_study(SENSITIVITY, SHIPPED)
    assert len(sensitivity.file.ranges) == 6
    assert [one.text for one in sensitivity.interests] == [
        "stress.first_principal.peak_MPa",
        "ions.extracted_per_formula",
    ]
    assert sensitivity.file.sobol is not None
    assert sensitivity.base.get("shell.thickness") == 4.5e-9


def test_the_kind_of_a_file_is_seen_from_its_keys() -> None:
    assert isinstance(load_any(SHIPPED), Sensitivity)


@pytest.mark.parametrize(
    ("old", "new", "path", "part"),
    [
        ("shell.thickness: {", "shell.thicknes: {", "ranges.shell.thicknes", "'shell.thickness'"),
        ("shell.thickness: {", "shell.profile: {", "ranges.shell.profile", "number"),
        ("{from: 4 nm, to: 5 nm}", "{from: 4 nm, to: 5 s}", "ranges.shell.thickness", "a length"),
        ("{from: 4 nm, to: 5 nm}", "{from: 4 nm, to: 500 nm}", "ranges.shell.thickness.to", "thinner than the radius"),
        ("{from: 4 nm, to: 5 nm}", "{from: 4 nm, to: 5 nm, points: 3}", "ranges.shell.thickness.points", "no 'points' here"),
        ("{from: 4 nm, to: 5 nm}", "{from: 0 nm, to: 5 nm, scale: log}", "ranges.shell.thickness", "logarithm"),
        ("shell.thickness: {from: 4 nm, to: 5 nm}", "particle.dimension: {from: 1, to: 2}", "ranges.particle.dimension", "every value between two others"),
        ("shell.thickness: {from: 4 nm, to: 5 nm}", "numerics.elements.bulk: {from: 10, to: 40}", "ranges.numerics.elements.bulk", "the path of a number"),
        ("shell.thickness: {from: 4 nm, to: 5 nm}", "material.ion.charge_number: {from: 1, to: 2}", "ranges.material.ion.charge_number", "whole numbers can be listed"),
        ("{from: 4 nm, to: 5 nm}", "{from: 4 nm, to: 4 nm}", "ranges.shell.thickness", "two different ends"),
        ("points: 128", "points: 100", "sobol.points", "64 or 128"),
        ("- ions.extracted_per_formula", "- ions.extracted_per_formla", "quantities.1", "'ions.extracted_per_formula'"),
        ("- ions.extracted_per_formula", "- oxygen.retention", "quantities.1", "section 'oxygen'"),
        ("scenario: lrmo-ru1.yaml", "scenario: lrmo-ru2.yaml", "scenario", "scenario file that exists"),
        ("scenario: lrmo-ru1.yaml", "scenario: lrmo-ru1.yaml\nset: {shell.thicknes: 4 nm}", "set.shell.thicknes", "'shell.thickness'"),
        ("sensitivity: What", "sensitivty: What", "sensitivty", "'sensitivity'"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_where_it_is(tmp_path: Path, old: str, new: str, path: str, part: str) -> None:
    shutil.copy(SCENARIOS / "lrmo-ru1.yaml", tmp_path)
    error, start = refusal(tmp_path / "s.yaml", TEXT, old, new)
    first = error.mistakes[0]
    assert first.path == path
    assert start <= (first.line or 0) <= start + new.count("\n")
    assert part in str(error)


def test_two_parameters_that_cannot_be_at_their_ends_together_are_refused(tmp_path: Path) -> None:
    shutil.copy(SCENARIOS / "lrmo-ru1.yaml", tmp_path)
    # Each alone is valid beside 150 nm and 4.5 nm; a sample meets a layer of 60 nm on a radius of 50 nm.
    ranges = "{shell.thickness: {from: 4 nm, to: 60 nm}, particle.radius: {from: 50 nm, to: 200 nm}}"
    (tmp_path / "s.yaml").write_text(
        f"sensitivity: s\nscenario: lrmo-ru1.yaml\nranges: {ranges}\nsobol: {{points: 2}}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load_any(tmp_path / "s.yaml")
    (mistake,) = caught.value.mistakes
    assert (mistake.line, mistake.path) == (3, "ranges.shell.thickness")
    assert "with particle.radius = 50 nm" in mistake.found
    assert "thinner than the radius" in mistake.expected
