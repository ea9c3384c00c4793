# ruff: noqa: E501 (a table reads better with its rows on few lines)

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.scenario.loading import load
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.comparison import COMPARISON
from oxyshell.studies.comparison.file import Comparison
from oxyshell.studies.registry import load_any, load_study
from tests.sized import surface_of
from tests.studies.mistakes import refusal

SCENARIOS = Path(__file__).parents[3] / "scenarios"
SHIPPED = SCENARIOS / "lrmo-peak-stress.yaml"
FACTORIAL = SCENARIOS / "lrmo-oxygen-factorial.yaml"
TEXT = SHIPPED.read_text(encoding="utf-8")


def test_the_shipped_comparison() -> None:
    comparison = load_study(COMPARISON, SHIPPED)
    (calibration,) = comparison.file.calibrate
    assert comparison.bounds == ((1e-20, 1e-16),)
    assert comparison.file.applies_to(calibration) == ("pristine", "Ru-1")
    assert comparison.scenarios["Ru-1"].get("shell.thickness") == 4.5e-9
    assert [row.value for row in comparison.file.published] == [567, 0, 418, None]
    assert comparison.file.variants[0].changes == {"protocol.0.charge.rate": "1 C"}
    assert comparison.file.band is not None
    assert len(comparison.file.band.values) == 5


def test_the_kind_of_a_file_is_seen_from_its_keys() -> None:
    assert isinstance(load_any(SHIPPED), Comparison)
    assert isinstance(load_any(SCENARIOS / "zhang-2007.yaml"), Scenario)


def test_results_can_be_reported_without_a_published_number() -> None:
    comparison = load_study(COMPARISON, SCENARIOS / "lrmo-oxygen-retention.yaml")
    assert comparison.file.report[:2] == ("oxygen.retention", "oxygen.captured_fraction")
    assert (comparison.file.names, comparison.file.cells) == (("pristine", "Ru-1"), {})
    assert {row.value for row in comparison.file.published} == {None}


def test_a_variant_can_leave_systems_as_they_are() -> None:
    comparison = load_study(COMPARISON, SCENARIOS / "lrmo-oxygen-retention.yaml")
    named = {variant.name: variant for variant in comparison.file.variants}
    assert comparison.file.changed_by(named["3 monolayers of sites"]) == ("Ru-1",)
    assert comparison.file.changed_by(named["Fo = 0.05"]) == ("pristine", "Ru-1")
    islands = comparison.scenarios["Ru-1"].with_values(named["islands of the measured loading"].changes)
    assert surface_of(islands).coverage == pytest.approx(0.047, abs=5e-4)
    numbers = {}
    for name in ("Fo = 0.05", "Fo = 0.10", "Fo = 0.20"):
        for scenario in comparison.scenarios.values():
            diffusivity = scenario.with_values(named[name].changes).get("oxygen.diffusivity")
            numbers[name] = diffusivity * 2400 / scenario.get("particle.radius") ** 2
    assert numbers == pytest.approx({"Fo = 0.05": 0.05, "Fo = 0.10": 0.10, "Fo = 0.20": 0.20}, rel=1e-12)


def test_every_combination_of_a_factorial_is_a_system() -> None:
    comparison = load_study(COMPARISON, FACTORIAL)
    assert list(comparison.file.cells) == [
        f"{layer} layer, {sink}"
        for layer in ("without", "with")
        for sink in ("no RuO2", "islands", "closed coating")
    ]
    assert comparison.file.cells["with layer, no RuO2"] == {"layer": "with layer", "RuO2": "no RuO2"}
    assert tuple(comparison.scenarios) == comparison.file.names == tuple(comparison.file.cells)
    for name, levels in comparison.file.cells.items():
        scenario = comparison.scenarios[name]
        assert (scenario.shell is None) == (levels["layer"] == "without layer")
        kept = surface_of(scenario.with_values({"shell": None})).coverage
        assert kept == surface_of(scenario).coverage
    coverages = {
        levels["RuO2"]: surface_of(comparison.scenarios[name]).coverage
        for name, levels in comparison.file.cells.items()
    }
    assert coverages == pytest.approx({"no RuO2": 0.0, "islands": 0.0466, "closed coating": 1.0}, abs=5e-5)
    # One cell is the file as it is.
    assert comparison.scenarios["with layer, islands"] == load(SCENARIOS / "lrmo-charge-with-oxygen.yaml")


def test_systems_and_a_factorial_go_together(folder: Path) -> None:
    levels = "{L: {thin: {shell.thickness: 2 nm}, thick: {}}}"
    factorial = f"factorial: {{scenario: lrmo-ru1.yaml, set: {{shell.deficiency: 0.1}}, factors: {levels}}}"
    variant = "{name: 1C, systems: [thin], set:"
    (folder / "c.yaml").write_text(f"{TEXT}{factorial}\n".replace("{name: 1C, set:", variant))
    comparison = load_study(COMPARISON, folder / "c.yaml")
    assert comparison.file.names == ("pristine", "Ru-1", "thin", "thick")
    numbers = [
        (s.get("shell.thickness"), s.get("shell.deficiency")) for s in list(comparison.scenarios.values())[1:]
    ]
    assert numbers == [(4.5e-9, 0.22), (2e-9, 0.1), (4.5e-9, 0.1)]
    assert comparison.file.changed_by(comparison.file.variants[0]) == ("thin",)


@pytest.mark.parametrize("file", [SHIPPED, FACTORIAL, SCENARIOS / "lrmo-oxygen-retention.yaml"])
def test_every_number_of_every_system_says_where_it_comes_from(file: Path) -> None:
    comparison = load_study(COMPARISON, file)
    scenarios = list(comparison.scenarios.values())
    scenarios += [
        comparison.scenarios[name].with_values(variant.changes)
        for variant in comparison.file.variants
        for name in comparison.file.changed_by(variant)
        if variant.name != "1C"
    ]
    unstated = {r.path for s in scenarios for r in s.provenance() if r.status == "unstated" or not r.source}
    assert not unstated


def test_a_system_can_change_values(folder: Path) -> None:
    changed = "{scenario: lrmo-ru1.yaml, set: {shell.deficiency: 0.1}}"
    (folder / "c.yaml").write_text(TEXT.replace("{scenario: lrmo-ru1.yaml}", changed))
    assert load_study(COMPARISON, folder / "c.yaml").scenarios["Ru-1"].get("shell.deficiency") == 0.1


@pytest.mark.parametrize(
    ("old", "new", "path", "part"),
    [
        ("parameter: material.diffusivity\n    system: pr", "parameter: material.difusivity\n    system: pr",
         "calibrate.0.parameter", "'material.diffusivity'"),
        ("apply_to: [pristine, Ru-1]", "apply_to: [pristine, Ru1]", "calibrate.0.apply_to.1", "'Ru-1'"),
        ("bounds: [1e-20 m^2/s, 1e-16 m^2/s]", "bounds: [1e-20 m^2/s, 1e-16 m]", "calibrate.0.bounds.1", "[length]"),
        ("bounds: [1e-20 m^2/s, 1e-16 m^2/s]", "bounds: [1e-16 m^2/s, 1e-20 m^2/s]", "calibrate.0.bounds", "smaller"),
        ("bounds: [1e-20 m^2/s, 1e-16 m^2/s]", "bounds: [1e-20 m^2/s]", "calibrate.0.bounds", "two"),
        ("bounds: [1e-20 m^2/s, 1e-16 m^2/s]", "bounds: [0 m^2/s, 1e-16 m^2/s]", "calibrate.0.bounds.0", "logarithm"),
        ("target: stress.first_principal.peak_MPa", "target: stress.first_principal.peek_MPa", "calibrate.0.target", "peak_MPa"),
        ("target: stress.first_principal.peak_MPa", "target: oxygen.retention", "calibrate.0.target", "section 'oxygen'"),
        ("quantity: stress.first_principal.peak_MPa, system: pristine", "quantity: stress.peak_MPa, system: pristine",
         "published.0.quantity", "peak_MPa"),
        ("quantity: stress.first_principal.peak_MPa, system: pristine", "quantity: oxygen.retention, system: pristine",
         "published.0.quantity", "section 'oxygen'"),
        ("inputs:\n", "report: [oxygen.retention]\ninputs:\n", "report.0", "section 'oxygen'"),
        ("tolerance: 0.1", "tolerance: -0.1", "calibrate.0.tolerance", "above 0"),
        ("target: stress.first", "target: stress first", "calibrate.0.target", "'stress.first_principal.peak_MPa'"),
        ("pristine, value: 567", "pristin, value: 567", "published.0.system", "'pristine'"),
        ("pristine, value: 567", "pristine, value: 567 MPa", "published.0.value", "a number"),
        ("pristine, value: 567", "pristine, status: imposed, value: 567", "published.0.status", "target of a calibration"),
        ("pristine, value: 567", "pristine, status: guessed, value: 567", "published.0.status", "'imposed'"),
        ("quantity: shell.thickness", "quantity: shell.profile", "inputs.2.quantity", "path of a number"),
        ("quantity: shell.thickness", "quantity: shell", "inputs.2.quantity", "a section"),
        ("250 nm, 500 nm]", "250 nm, 1 nm]", "band.values.4", "thinner than the radius"),
        ("set: {protocol.0.charge.rate: 1 C}", "set: {protocol.0.charge.rat: 1 C}",
         "variants.0.set.protocol.0.charge.rat", "'protocol.0.charge.rate'"),
        ("factors: [0.8,", "factors: [-0.8,", "sensitivity.factors.0", "above 0"),
        ("factors: [0.8, 1.0, 1.1, 1.25]", "factors: []", "sensitivity.factors", "at least one"),
        ("system: Ru-1\n  factors", "system: Ru1\n  factors", "sensitivity.system", "'Ru-1'"),
        ("at: {particle.radius: 200 nm}", "at: {particle.radius: 200 s}", "sensitivity.at.particle.radius", "[time]"),
        ("scenario: lrmo-ru1.yaml", "scenario: lrmo-ru2.yaml", "systems.Ru-1.scenario", "scenario file that exists"),
        ("sensitivity:", "sensitivty:", "sensitivty", "'sensitivity'"),
        ("comparison: LRMO", "comparson: LRMO", "comparson", "'comparison'"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_where_it_is(folder: Path, old: str, new: str, path: str, part: str) -> None:
    error, start = refusal(folder / "c.yaml", TEXT, old, new)
    assert {(mistake.line, mistake.path) for mistake in error.mistakes} == {(start, path)}
    assert part in str(error)


@pytest.mark.parametrize(
    ("parameter", "bounds", "path", "part"),
    [
        ("shell.thickness", "[1 nm, 5 nm]", "parameter", "'shell.thickness'"),
        ("particle.dimension", "[1, 2]", "parameter", "every value between two others"),
        ("material.elasticity.poisson_ratio", "[0.2, 0.6]", "bounds.1", "0.4999"),
        ("particle.radius", "[1 nm, 500 nm]", "bounds.0", "thinner than the radius"),
    ],
)
def test_a_calibrated_parameter_has_to_suit_every_system_that_gets_it(
    folder: Path, parameter: str, bounds: str, path: str, part: str
) -> None:
    text = TEXT.replace(
        "parameter: material.diffusivity\n    system: pristine", f"parameter: {parameter}\n    system: Ru-1"
    ).replace("bounds: [1e-20 m^2/s, 1e-16 m^2/s]", f"bounds: {bounds}")
    (folder / "c.yaml").write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_any(folder / "c.yaml")
    assert {mistake.path for mistake in caught.value.mistakes} == {f"calibrate.0.{path}"}
    assert part in str(caught.value)


def test_a_variant_cannot_take_away_what_is_calibrated(folder: Path) -> None:
    text = TEXT.replace(
        "parameter: material.diffusivity\n    system: pristine",
        "parameter: shell.thickness\n    system: Ru-1",
    ).replace("apply_to: [pristine, Ru-1]", "apply_to: [Ru-1]")
    text = text.replace("bounds: [1e-20 m^2/s, 1e-16 m^2/s]", "bounds: [1 nm, 10 nm]")
    text = text.replace(
        "{name: 1C, set: {protocol", "{name: bare, systems: [Ru-1], set: {shell: null, protocol"
    )
    (folder / "c.yaml").write_text(text)
    with pytest.raises(ScenarioError, match=r"variants\.0\.set: found values without 'shell\.thickness'"):
        load_any(folder / "c.yaml")


def test_other_values_of_the_sensitivity_have_to_suit_all_systems(folder: Path) -> None:
    text = TEXT.replace("at: {particle.radius: 200 nm}", "at: {shell.thickness: 3 nm}")
    (folder / "c.yaml").write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_any(folder / "c.yaml")
    assert {mistake.path for mistake in caught.value.mistakes} == {"sensitivity.at.shell.thickness"}
    assert "LRMO pristine" in str(caught.value)


@pytest.mark.parametrize(
    ("parameter", "factors", "path", "part"),
    [
        ("material.ion.occupancy", "[0.9, 1.2]", "factors.1", "at most 1"),
        ("particle.dimension", "[1, 2]", "parameter", "every value"),
    ],
)
def test_factors_have_to_suit_the_system(
    folder: Path, parameter: str, factors: str, path: str, part: str
) -> None:
    old = "parameter: material.diffusivity\n  system: Ru-1\n  factors: [0.8, 1.0, 1.1, 1.25]"
    assert TEXT.count(old) == 1
    new = f"parameter: {parameter}\n  system: Ru-1\n  factors: {factors}"
    (folder / "c.yaml").write_text(TEXT.replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        load_any(folder / "c.yaml")
    assert [mistake.path for mistake in caught.value.mistakes] == [f"sensitivity.{path}"]
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "path", "part", "at"),
    [
        ("shell: null}", "shel: null}", "factors.layer.without layer.shel", "'shell'", None),
        ("shell: null}", "shell.thickness: 1 um}", "factors.layer.without layer.shell.thickness", "thinner", None),
        ("          law: open\n", "          law: opn\n", "factors.RuO2.no RuO2.oxygen.surface.law", "did you mean 'open'", None),
        ("          coverage: {value: 1,", "          coverage: {value: 2,",
         "factors.RuO2.closed coating.oxygen.surface.coverage.value", "at most 1", None),
        ("          law: open\n", "          law: open\n          monolayers: 2\n",
         "factors.RuO2.no RuO2.oxygen.surface.monolayers", "unknown key", "          monolayers: 2"),
        ("      islands: {}", "      islands: {shell: null}", "factors.RuO2.islands.shell", "no other factor", None),
        ("      islands: {}", "      islands: null", "factors.RuO2.islands", "a mapping", None),
        ("    layer:\n      without layer: {shell: null}\n      with layer: {}\n", "    layer: {}\n", "factors.layer",
         "at least 1 entry", None),
        ("  factors:\n", "  set: {shell.thickness: 5 nm, shell.thicknes: 5 nm}\n  factors:\n", "set.shell.thicknes", "'shell.thickness'",
         None),
        ("scenario: lrmo-charge-with-oxygen.yaml", "scenario: none.yaml", "scenario", "scenario file that exists", None),
        ("  factors:\n", "  factor:\n", "factor", "'factors'", None),
    ],
)  # fmt: skip
def test_a_mistake_in_a_factorial_is_found_where_it_is(
    tmp_path: Path, old: str, new: str, path: str, part: str, at: str | None
) -> None:
    shutil.copy(SCENARIOS / "lrmo-charge-with-oxygen.yaml", tmp_path)
    original = FACTORIAL.read_text(encoding="utf-8")
    assert original.count(old) == 1
    text = original.replace(old, new)
    (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_any(tmp_path / "c.yaml")
    line = text[: text.index(at or new)].count("\n") + 1
    found = {(mistake.line, mistake.path) for mistake in caught.value.mistakes}
    assert found == {(line, f"factorial.{path}")}, str(caught.value)
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "path", "part"),
    [
        ("factorial:", "systems: {}\nfactorial_:", "factorial_", "'factorial'"),
        ("report:\n", "report:\n  - oxygen retention\n", "report.0", "'oxygen.retention'"),
        ("report:\n", "variants: [{name: v, systems: [with layer], set: {}}]\nreport:\n", "variants.0.systems.0",
         "'with layer, no RuO2'"),
        ("factorial:", "systems: {'with layer, islands': {scenario: lrmo-charge-with-oxygen.yaml}}\nfactorial:",
         "factorial.factors", "2 systems called"),
    ],
)  # fmt: skip
def test_a_mistake_around_a_factorial_is_found(
    tmp_path: Path, old: str, new: str, path: str, part: str
) -> None:
    shutil.copy(SCENARIOS / "lrmo-charge-with-oxygen.yaml", tmp_path)
    text = FACTORIAL.read_text(encoding="utf-8").replace(old, new)
    (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_any(tmp_path / "c.yaml")
    (mistake,) = [mistake for mistake in caught.value.mistakes if mistake.path == path]
    assert part in str(mistake)


def test_a_comparison_of_nothing_is_refused(tmp_path: Path) -> None:
    for systems in ("", "systems: {}\n"):
        (tmp_path / "c.yaml").write_text(f"comparison: nothing\n{systems}")
        with pytest.raises(ScenarioError, match="at least one system here, or the key 'factorial'"):
            load_any(tmp_path / "c.yaml")


def test_a_factorial_that_would_never_end_is_refused(tmp_path: Path) -> None:
    shutil.copy(SCENARIOS / "lrmo-ru1.yaml", tmp_path)
    level = ", ".join(f"l{number}: {{}}" for number in range(40))
    factors = ", ".join(f"f{number}: {{{level}}}" for number in range(3))
    text = f"comparison: many\nfactorial:\n  scenario: lrmo-ru1.yaml\n  factors: {{{factors}}}\n"
    (tmp_path / "c.yaml").write_text(text)
    with pytest.raises(ScenarioError, match="64000 combinations, expected at most 1000"):
        load_any(tmp_path / "c.yaml")


def test_mistakes_of_a_scenario_are_told_in_its_own_file(folder: Path) -> None:
    wrong = folder / "lrmo-ru1.yaml"
    wrong.write_text(wrong.read_text().replace("thickness:", "thicknes:"))
    shutil.copy(SHIPPED, folder / "c.yaml")
    with pytest.raises(ScenarioError) as caught:
        load_study(COMPARISON, folder / "c.yaml")
    assert [(mistake.file, mistake.path) for mistake in caught.value.mistakes] == [
        (str(wrong), "shell.thicknes")
    ]


def test_chosen_numbers_are_told_with_each_value_that_systems_have() -> None:
    from oxyshell.studies.comparison.chosen_numbers import by_path, listed

    faster = load_study(COMPARISON, SHIPPED.parent / "lrmo-faster-layer.yaml")
    told = listed(by_path(faster.scenarios.values()))
    assert "shell.diffusivity = 4.47e-19 m^2/s / 1.49e-18 m^2/s / 4.47e-18 m^2/s / 1.49e-17 m^2/s" in told
    assert told.count("material.elasticity.young_modulus = 170 GPa") == 1
