# ruff: noqa: E501 (a table reads better with its rows on few lines)

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from oxyshell.language.mistakes import Refusal, ScenarioError
from oxyshell.studies.calibration import CALIBRATION
from oxyshell.studies.calibration.file import Calibration
from oxyshell.studies.calibration.observations import read
from oxyshell.studies.registry import load_any, load_study
from tests.runs import result_of
from tests.studies.mistakes import refusal

SCENARIOS = Path(__file__).parents[3] / "scenarios"
SHIPPED = SCENARIOS / "calibrate-lrmo.yaml"
TEXT = SHIPPED.read_text(encoding="utf-8")


def test_the_shipped_calibration() -> None:
    calibrate = load_study(CALIBRATION, SHIPPED)
    first, ratio, volume = calibrate.assignments
    assert (first.path, first.systems, first.unknown.unit) == ("material.diffusivity", ("pristine",), "m^2/s")
    assert (first.unknown.start, first.unknown.low, first.unknown.high) == (1.568e-19, 1e-20, 1e-17)
    assert (ratio.systems, ratio.relative_to, ratio.unknown.unit, ratio.unknown.start) == (
        ("Ru-1",),
        "pristine",
        "1",
        1.0,
    )
    assert (volume.unknown.low, volume.unknown.high, volume.unknown.start) == (0.015, 0.045, 0.0269)
    assert [(aim.system, aim.target.value, aim.target.uncertainty) for aim in calibrate.aims] == [
        ("pristine", 567.0, 5.7),
        ("Ru-1", 418.0, 4.2),
    ]


def test_the_kind_of_a_file_is_seen_from_its_keys() -> None:
    assert isinstance(load_any(SHIPPED), Calibration)


def test_names_and_systems_have_defaults_and_a_start_lies_between_the_bounds(folder: Path) -> None:
    text = TEXT.replace("name: D of pristine, ", "").replace("systems: [pristine], ", "")
    text = text.replace(
        '  - {name: "ratio of D, Ru-1 / pristine", ratio: material.diffusivity, of: Ru-1, to: pristine, bounds: [0.5, 2]}\n',
        "",
    )
    text = text.replace("  - name: volume change of Ru-1\n    parameter", "  - parameter").replace(
        "[1.5 %, 4.5 %]", "[3 %, 4.5 %]"
    )
    (folder / "c.yaml").write_text(text)
    first, second = load_study(CALIBRATION, folder / "c.yaml").assignments
    assert (first.unknown.name, first.systems) == ("material.diffusivity", ("pristine", "Ru-1"))
    assert second.unknown.name == "material.chemical_strain.volume_change of Ru-1"
    # The scenario says 2.69 %.
    assert (second.unknown.start, second.unknown.written) == (0.03, 0.0269)


def test_what_a_target_can_be_about() -> None:
    scenario = load_study(CALIBRATION, SHIPPED).scenarios["Ru-1"]
    peak = read("stress.hoop.peak_MPa", scenario)
    assert peak.evaluate(scenario, result_of({"stress": {"hoop": {"peak_MPa": 7.0}}})) == 7.0
    largest = read("max of history.surface_hoop_MPa", scenario)
    column = {"surface_hoop_MPa": np.array([1.0, 3.0, 2.0])}
    assert largest.evaluate(scenario, result_of(history=column)) == 3.0
    assert not any(one.outputs or one.is_parameter for one in (peak, largest))
    volume = read("material.chemical_strain.volume_change", scenario)
    assert volume.is_parameter
    assert volume.evaluate(scenario, result_of()) == 0.0269
    hoop = read("history.surface_hoop_MPa at 0.4 extracted", scenario)
    assert not hoop.is_parameter
    assert (hoop.unit, dict(hoop.outputs)) == ("MPa", {"extracted": 0.4})
    assert dict(read("history.surface_hoop_MPa at 2 h", scenario).outputs) == {"time": 7200.0}


def test_a_column_at_a_moment_is_read_where_that_is_first_reached() -> None:
    scenario = load_study(CALIBRATION, SHIPPED).scenarios["Ru-1"]
    hoop = read("history.surface_hoop_MPa at 0.4 extracted", scenario)
    # Out, and in again: 0.4 is passed twice.
    history = {
        "extracted_per_formula": np.array([0.0, 0.3, 0.5, 0.8, 0.2]),
        "surface_hoop_MPa": np.array([0.0, 30.0, 50.0, 80.0, -20.0]),
    }
    assert hoop.evaluate(scenario, result_of(history=history)) == pytest.approx(40.0)
    # A step that ends at an output time misses it by round-off.
    history["extracted_per_formula"] = np.array([0.0, 0.1, 0.2, 0.3, 0.4 - 1e-14])
    assert hoop.evaluate(scenario, result_of(history=history)) == pytest.approx(-20.0)
    history["extracted_per_formula"] = np.linspace(0.0, 0.3, 5)
    with pytest.raises(KeyError):
        hoop.evaluate(scenario, result_of(history=history))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("stress.hop.peak_MPa", "stress.hoop.peak_MPa"),
        ("history.surface_hop_MPa at 0.4 extracted", "surface_hoop_MPa"),
        ("history.surface_hoop_MPa at noon", "a time"),
        ("history.surface_hoop_MPa at much extracted", "a number without unit"),
        ("oxygen.retention", "section 'oxygen'"),
    ],
)
def test_what_no_run_has_is_refused(text: str, part: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(text, load_study(CALIBRATION, SHIPPED).scenarios["Ru-1"])
    assert part in caught.value.expected


@pytest.mark.parametrize(
    ("old", "new", "path", "part"),
    [
        ("parameter: material.diffusivity, s", "parameter: material.difusivity, s", "parameters.0.parameter", "'material.diffusivity'"),
        ("systems: [pristine], b", "systems: [pristin], b", "parameters.0.systems.0", "'pristine'"),
        ("bounds: [1e-20 m^2/s, 1e-17 m^2/s]", "bounds: [1e-20 m^2/s, 1e-17 m]", "parameters.0.bounds.1", "[length]"),
        ("bounds: [1e-20 m^2/s, 1e-17 m^2/s]", "bounds: [1e-17 m^2/s, 1e-20 m^2/s]", "parameters.0.bounds", "smaller"),
        ("bounds: [1e-20 m^2/s, 1e-17 m^2/s]", "bounds: [0 m^2/s, 1e-17 m^2/s]", "parameters.0.bounds.0", "logarithm"),
        ("bounds: [0.5, 2]", "bounds: [0.5]", "parameters.1.bounds", "two"),
        ("of: Ru-1, to: pristine", "of: Ru1, to: pristine", "parameters.1.of", "'Ru-1'"),
        ("of: Ru-1, to: pristine", "of: Ru-1, to: Ru", "parameters.1.to", "'Ru-1'"),
        ("ratio: material.diffusivity", "ratio: shell.thickness", "parameters.1.ratio", "in 'LRMO pristine'"),
        ("parameter: material.chemical_strain.volume_change\n    systems: [Ru-1]\n", "parameter: material.diffusivity\n    systems: [pristine]\n", "parameters.2.bounds.0", "m^2/s"),
        ("parameter: material.chemical_strain.volume_change\n    systems: [Ru-1]\n    bounds: [1.5 %, 4.5 %]", "parameter: particle.dimension\n    bounds: [1, 2]", "parameters.2.parameter", "every value between two others"),
        ("parameter: material.chemical_strain.volume_change\n    systems: [Ru-1]\n    bounds: [1.5 %, 4.5 %]", "parameter: material.elasticity.poisson_ratio\n    bounds: [0.1, 0.7]", "parameters.2.bounds.1", "0.4999"),
        ("parameter: material.chemical_strain.volume_change\n    systems: [Ru-1]\n    bounds: [1.5 %, 4.5 %]", "parameter: shell.thickness\n    systems: [Ru-1]\n    bounds: [1 nm, 1 um]", "parameters.2.bounds.1", "thinner than the radius"),
        ("ratio: material.diffusivity, of: Ru-1, to: pristine, bounds: [0.5, 2]", "ratio: material.ion.occupancy, of: Ru-1, to: pristine, bounds: [0.99, 2]", "parameters.1.bounds.1", "at most 1"),
        ("quantity: stress.first_principal.peak_MPa\n    system: Ru-1", "quantity: history.oxygen_retention at 0.4 extracted\n    system: Ru-1", "targets.1.quantity", "section 'oxygen'"),
        ("quantity: stress.first_principal.peak_MPa\n    system: Ru-1", "quantity: history.surface_hoop_MPa at 1.4 extracted\n    system: Ru-1", "targets.1.quantity", "a value that the protocol reaches"),
        ("quantity: stress.first_principal.peak_MPa\n    system: Ru-1", "quantity: history.surface_hoop_MPa at -2 h\n    system: Ru-1", "targets.1.quantity", "at least 0 s"),
        ("quantity: stress.first_principal.peak_MPa\n    system: Ru-1", "quantity: material.elasticity.young_modulus\n    system: Ru-1", "targets.1.quantity", "a parameter that is calibrated"),
        ("systems: [Ru-1]\n    bounds: [1.5 %, 4.5 %]", "systems: [Ru-1]\n    bounds: [1.5 %, 4.5 %]\nstarts: {points: -1}", "starts.points", "at least 0"),
        ("quantity: stress.first_principal.peak_MPa\n    system: Ru-1", "quantity: stress.first_principal.peek_MPa\n    system: Ru-1", "targets.1.quantity", "peak_MPa"),
        ("system: Ru-1\n    value", "system: Ru-2\n    value", "targets.1.system", "'Ru-1'"),
        ("value: 567\n", "value: 567 MPa\n", "targets.0.value", "a number, in MPa"),
        ("uncertainty: 4.2", "uncertainty: 0", "targets.1.uncertainty", "above 0"),
        ("Ru-1: {scenario: lrmo-ru1.yaml}", "Ru-1: {scenario: lrmo-ru2.yaml}", "systems.Ru-1.scenario", "scenario file that exists"),
        ("Ru-1: {scenario: lrmo-ru1.yaml}", "Ru-1: {scenario: lrmo-ru1.yaml, set: {shell.thicknes: 4 nm}}", "systems.Ru-1.set.shell.thicknes", "'shell.thickness'"),
        ("calibrate: What", "calibrat: What", "calibrat", "'calibrate'"),
        ("name: D of pristine", "nam: D of pristine", "parameters.0.nam", "'name'"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_where_it_is(folder: Path, old: str, new: str, path: str, part: str) -> None:
    error, start = refusal(folder / "c.yaml", TEXT, old, new)
    first = error.mistakes[0]
    assert first.path == path
    assert part in str(error)
    assert start <= (first.line or 0) <= start + new.count("\n") + 1


def test_parameters_and_targets_that_do_not_meet_are_refused(folder: Path) -> None:
    text = TEXT[: TEXT.index("parameters:")] + (
        "parameters:\n"
        "  - {parameter: material.diffusivity, systems: [Ru-1], bounds: [1e-20 m^2/s, 1e-17 m^2/s]}\n"
        "targets:\n"
        "  - {quantity: stress.hoop.peak_MPa, system: pristine, value: 567, uncertainty: 5.7}\n"
    )
    (folder / "c.yaml").write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_study(CALIBRATION, folder / "c.yaml")
    assert [mistake.path for mistake in caught.value.mistakes] == [
        "parameters.0.parameter",
        "targets.0.system",
    ]


def test_a_moment_after_the_end_of_the_protocol_is_refused(folder: Path) -> None:
    protocol = "{protocol: [{charge: {rate: 0.1 C, until: {time: 2 h}}}, {rest: {time: 1 h}}]}"
    text = TEXT.replace("{scenario: lrmo-ru1.yaml}", f"{{scenario: lrmo-ru1.yaml, set: {protocol}}}")
    quantity = "quantity: stress.first_principal.peak_MPa\n    system: Ru-1"
    for moment, good in (("3 h", True), ("3.1 h", False)):
        there = f"quantity: history.surface_hoop_MPa at {moment}\n    system: Ru-1"
        (folder / "c.yaml").write_text(text.replace(quantity, there))
        if good:
            load_study(CALIBRATION, folder / "c.yaml")
            continue
        with pytest.raises(ScenarioError, match=r"targets\.1\.quantity: .* protocol's 10800 s"):
            load_study(CALIBRATION, folder / "c.yaml")


def test_a_moment_that_the_charge_does_not_reach_is_refused(folder: Path) -> None:
    changes = "{protocol.0.charge.until: {extracted: 0.3}, output: {at: {extracted: [0.1]}}}"
    text = TEXT.replace("{scenario: lrmo-ru1.yaml}", f"{{scenario: lrmo-ru1.yaml, set: {changes}}}")
    quantity = "quantity: stress.first_principal.peak_MPa\n    system: Ru-1"
    there = "quantity: history.surface_hoop_MPa at 0.4 extracted\n    system: Ru-1"
    (folder / "c.yaml").write_text(text.replace(quantity, there))
    with pytest.raises(ScenarioError, match=r"targets\.1\.quantity: .* a value that the protocol reaches"):
        load_study(CALIBRATION, folder / "c.yaml")


def test_a_ratio_to_nothing_is_refused(folder: Path) -> None:
    text = TEXT.replace(
        "{scenario: lrmo-pristine.yaml}", "{scenario: lrmo-ru1.yaml, set: {shell.deficiency: 0}}"
    )
    text = text.replace("ratio: material.diffusivity", "ratio: shell.deficiency")
    (folder / "c.yaml").write_text(text)
    with pytest.raises(ScenarioError, match=r"parameters\.1\.ratio: .* which is 0"):
        load_study(CALIBRATION, folder / "c.yaml")


def test_starts_are_none_by_default_and_read_otherwise(folder: Path) -> None:
    assert load_study(CALIBRATION, SHIPPED).file.starts is None
    (folder / "c.yaml").write_text(f"{TEXT}\nstarts: {{points: 20}}\n")
    starts = load_study(CALIBRATION, folder / "c.yaml").file.starts
    assert starts is not None
    assert (starts.points, starts.seed) == (20, 0)


def test_a_parameter_is_calibrated_once(folder: Path) -> None:
    text = TEXT.replace("systems: [pristine], ", "")
    (folder / "c.yaml").write_text(text)
    with pytest.raises(
        ScenarioError, match=r"parameters\.1\.ratio: found 'material\.diffusivity', which entry 0"
    ):
        load_study(CALIBRATION, folder / "c.yaml")
