# ruff: noqa: E501 (a table reads better with its rows on few lines)

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from oxyshell.inputs import Comparison, Scenario, ScenarioError, load_any, load_comparison

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = SCENARIOS / "lrmo-peak-stress.yaml"
TEXT = SHIPPED.read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("lrmo-pristine.yaml", "lrmo-ru1.yaml"):
        shutil.copy(SCENARIOS / name, tmp_path / name)
    return tmp_path


def test_the_shipped_comparison() -> None:
    comparison = load_comparison(SHIPPED)
    (calibration,) = comparison.calibrate
    assert comparison.bounds(calibration) == (1e-20, 1e-16)
    assert comparison.applies_to(calibration) == ("pristine", "Ru-1")
    assert comparison.scenarios["Ru-1"].get("shell.thickness") == 4.5e-9
    assert [row.value for row in comparison.published] == [567, 0, 418, None]
    assert comparison.variants[0].changes == {"protocol.0.charge.rate": "1 C"}
    assert comparison.band is not None
    assert len(comparison.band.values) == 5


def test_the_kind_of_a_file_is_seen_from_its_keys() -> None:
    assert isinstance(load_any(SHIPPED), Comparison)
    assert isinstance(load_any(SCENARIOS / "zhang-2007.yaml"), Scenario)


def test_a_system_can_change_values(folder: Path) -> None:
    changed = "{scenario: lrmo-ru1.yaml, set: {shell.deficiency: 0.1}}"
    (folder / "c.yaml").write_text(TEXT.replace("{scenario: lrmo-ru1.yaml}", changed))
    assert load_comparison(folder / "c.yaml").scenarios["Ru-1"].get("shell.deficiency") == 0.1


@pytest.mark.parametrize(
    ("old", "new", "path", "part"),
    [
        ("parameter: material.diffusivity\n    system: pr", "parameter: material.difusivity\n    system: pr",
         "calibrate.0.parameter", "'material.diffusivity'"),
        ("apply_to: [pristine, Ru-1]", "apply_to: [pristine, Ru1]", "calibrate.0.apply_to.1", "'Ru-1'"),
        ("bounds: [1e-20 m^2/s, 1e-16 m^2/s]", "bounds: [1e-20 m^2/s, 1e-16 m]", "calibrate.0.bounds.1", "[length]"),
        ("bounds: [1e-20 m^2/s, 1e-16 m^2/s]", "bounds: [1e-16 m^2/s, 1e-20 m^2/s]", "calibrate.0.bounds", "smaller"),
        ("bounds: [1e-20 m^2/s, 1e-16 m^2/s]", "bounds: [1e-20 m^2/s]", "calibrate.0.bounds", "two"),
        ("tolerance: 0.1", "tolerance: -0.1", "calibrate.0.tolerance", "above 0"),
        ("target: stress.first", "target: stress first", "calibrate.0.target", "text that matches"),
        ("pristine, value: 567", "pristin, value: 567", "published.0.system", "'pristine'"),
        ("pristine, value: 567", "pristine, value: 567 MPa", "published.0.value", "a number"),
        ("quantity: shell.thickness", "quantity: shell.profile", "inputs.2.quantity", "path of a number"),
        ("quantity: shell.thickness", "quantity: shell", "inputs.2.quantity", "a section"),
        ("250 nm, 500 nm]", "250 nm, 1 nm]", "band.values.4", "thinner than the radius"),
        ("set: {protocol.0.charge.rate: 1 C}", "set: {protocol.0.charge.rat: 1 C}",
         "variants.0.set.protocol.0.charge.rat", "'rate'"),
        ("factors: [0.8,", "factors: [-0.8,", "sensitivity.factors.0", "above 0"),
        ("factors: [0.8, 1.0, 1.1, 1.25]", "factors: []", "sensitivity.factors", "at least one"),
        ("at: {particle.radius: 200 nm}", "at: {particle.radius: 200 s}", "sensitivity.at.particle.radius", "[time]"),
        ("scenario: lrmo-ru1.yaml", "scenario: lrmo-ru2.yaml", "systems.Ru-1.scenario", "scenario file that exists"),
        ("sensitivity:", "sensitivty:", "sensitivty", "'sensitivity'"),
        ("comparison: LRMO", "comparson: LRMO", "comparson", "'comparison'"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_where_it_is(folder: Path, old: str, new: str, path: str, part: str) -> None:
    assert TEXT.count(old) == 1
    text = TEXT.replace(old, new)
    (folder / "c.yaml").write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_any(folder / "c.yaml")
    line = text[: text.index(new)].count("\n") + 1
    found = {(mistake.file, mistake.line, mistake.path) for mistake in caught.value.mistakes}
    assert found == {(str(folder / "c.yaml"), line, path)}
    assert part in str(caught.value)


def test_mistakes_of_a_scenario_are_told_in_its_own_file(folder: Path) -> None:
    wrong = folder / "lrmo-ru1.yaml"
    wrong.write_text(wrong.read_text().replace("thickness:", "thicknes:"))
    shutil.copy(SHIPPED, folder / "c.yaml")
    with pytest.raises(ScenarioError) as caught:
        load_comparison(folder / "c.yaml")
    assert [(mistake.file, mistake.path) for mistake in caught.value.mistakes] == [
        (str(wrong), "shell.thicknes")
    ]
