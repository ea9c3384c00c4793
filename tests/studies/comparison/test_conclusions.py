"""Sentences of a comparison with the spans of its results."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.studies.comparison import COMPARISON
from oxyshell.studies.comparison.comparison_result import Row
from oxyshell.studies.comparison.conclusions import conclude
from oxyshell.studies.comparison.sections import Conclusion
from oxyshell.studies.registry import load_any, load_study
from tests.studies.mistakes import refusal

SCENARIOS = Path(__file__).parents[3] / "scenarios"
TEXT = (SCENARIOS / "lrmo-peak-stress.yaml").read_text(encoding="utf-8")
PEAK = "stress.first_principal.peak_MPa"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("lrmo-pristine.yaml", "lrmo-ru1.yaml"):
        shutil.copy(SCENARIOS / name, tmp_path)
    return tmp_path


def row(system: str, computed: float, quantity: str = PEAK, case: str = "as in the files") -> Row:
    return Row(quantity, system, None, computed, None, "predicted", "MPa", case)


ROWS = [
    row("Ru-1", 402.84),
    row("Ru-1", 386.1, case="1C"),
    row("Ru-1", float("nan"), case="none"),
    row("pristine", 567.0),
    row("Ru-1", 0.97512, "oxygen.retention"),
    row("Ru-1", 0.82488, "oxygen.retention", "1C"),
]


@pytest.mark.parametrize(
    ("conclusion", "told"),
    [
        (Conclusion(text="The rate is not stated."), ["The rate is not stated."]),
        (
            Conclusion(text="{least} to {largest} MPa", quantity=PEAK, systems=("Ru-1",)),
            ["386 to 403 MPa"],
        ),
        (Conclusion(text="at most {largest}", quantity=PEAK), ["at most 567"]),
        (
            Conclusion(text="{least_percent}-{largest_percent} %", quantity="oxygen.retention"),
            ["82.5-97.5 %"],
        ),
        (Conclusion(text="{least}", quantity="oxygen.retention", systems=("pristine",)), []),
    ],
)
def test_spans_are_those_of_all_cases(conclusion: Conclusion, told: list[str]) -> None:
    assert list(conclude([conclusion], ROWS)) == told


SPAN = f"'{{least}} MPa', quantity: {PEAK}, systems: [Ru-1]"


def test_a_file_with_conclusions(folder: Path) -> None:
    (folder / "c.yaml").write_text(f"{TEXT}\nconclusions: [{{text: {SPAN}}}, {{text: No rate is stated.}}]\n")
    span, plain = load_study(COMPARISON, folder / "c.yaml").file.conclusions
    assert (span.quantity, span.systems, plain.quantity) == (PEAK, ("Ru-1",), None)


@pytest.mark.parametrize(
    ("old", "new", "path", "part"),
    [
        ("{least}", "{lowest}", "text", "'{lowest}', expected one of 'least', 'largest'"),
        ("{least}", "400", "quantity", "none for a text without"),
        (f", quantity: {PEAK}", "", "quantity", "found nothing, expected the result"),
        (f"quantity: {PEAK}", "quantity: stress.hoop.peak_MPa", "quantity", f"'{PEAK}'"),
        ("[Ru-1]", "[Ru-2]", "systems.0", "'Ru-1'"),
    ],
)
def test_mistakes(folder: Path, old: str, new: str, path: str, part: str) -> None:
    text = SPAN.replace(old, new)
    (folder / "c.yaml").write_text(f"{TEXT}\nconclusions: [{{text: {text}}}]\n")
    with pytest.raises(ScenarioError) as caught:
        load_any(folder / "c.yaml")
    (mistake,) = caught.value.mistakes
    assert (mistake.path, mistake.line) == (f"conclusions.0.{path}", TEXT.count("\n") + 2)
    assert part in str(mistake)


def test_the_line_of_a_mistake(folder: Path) -> None:
    whole = f"{TEXT}\nconclusions:\n  - {{text: No rate is stated.}}\n  - text: rate {{rate}}\n"
    error, line = refusal(folder / "c.yaml", whole, "rate {rate}", "{rat}")
    assert [(one.line, one.path) for one in error.mistakes] == [(line, "conclusions.1.text")]
