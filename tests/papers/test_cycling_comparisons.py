"""What is left of LRMO after 300 cycles, and of the oxygen's redox in Na3RuO4: the files and docs/cycling.md.

Sun et al., Energy Environ. Sci. 18 (2025) 4335, and Hu et al., Quantification of anionic redox chemistry in a
prototype Na-rich layered oxide.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import oxyshell
from oxyshell.models.base.cycle_law import CycleLaw
from oxyshell.models.degradation import names
from oxyshell.models.degradation.from_scenario import law_of
from oxyshell.outputs import Result
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.comparison import COMPARISON
from oxyshell.studies.comparison.file import Comparison
from oxyshell.studies.engine.simulation_cache import SimulationCache
from oxyshell.studies.registry import load_study
from tests.losses import after, left

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
PAGE = (ROOT / "docs" / "cycling.md").read_text(encoding="utf-8")
SENTENCE = (
    "1 number calibrated (pristine, 300 cycles); Ru-1 predicted 82.5–99.1 % depending on the capture "
    "assumption (measured 97–98); islands of 0.46 wt% do not reach it."
)
IN_THE_FILE = "as in the files"
# Calibrated numbers of the files have four digits, which are 0.02 points of what is left.
FOUR_DIGITS = 0.03
# Linear and parabolic, in %, computed independently of this package.
RU1 = {
    IN_THE_FILE: (82.49, 75.93),
    "peroxide, islands on 5 %: X = 0.66": (83.27, 76.49),
    "stress³: X = 0.40": (89.60, 81.59),
    "stress⁴: X = 0.30": (92.26, 84.22),
    "first-cycle loss: X = 0.214": (94.35, 86.64),
    "peroxide × stress⁴: X = 0.205": (94.59, 86.95),
    "peroxide × first-cycle loss: X = 0.148": (96.06, 89.00),
    "conformal capture: X = 0.034": (99.09, 95.25),
}
OTHERS = {
    "pristine": 75.0,
    "pristine, parabolic": 75.0,
    "Ru-1, simulated O2": 77.03,
    "Ru-0.5": 95.19,
    "Ru-3": 100.0,
}


@pytest.fixture(scope="module")
def lrmo() -> Comparison:
    return load_study(COMPARISON, SCENARIOS / "lrmo-cycling.yaml")


@pytest.fixture(scope="module")
def na3ruo4() -> Comparison:
    return load_study(COMPARISON, SCENARIOS / "na3ruo4-cycling.yaml")


def law_in(scenario: Scenario) -> CycleLaw:
    found = law_of(scenario, scenario.geometry())
    assert found is not None
    return found


def by_case(comparison: Comparison, case: str, system: str) -> Scenario:
    """The scenario of a system in a case of a comparison."""
    changes = {variant.name: variant.changes for variant in comparison.file.variants} | {IN_THE_FILE: {}}
    return comparison.scenarios[system].with_values(changes[case])


@pytest.mark.parametrize("case", RU1)
def test_the_files_have_the_assumptions_about_ru1(lrmo: Comparison, case: str) -> None:
    found = [100 * left(law_in(by_case(lrmo, case, system)), 299) for system in ("Ru-1", "Ru-1, parabolic")]
    assert found == pytest.approx(RU1[case], abs=FOUR_DIGITS)


@pytest.mark.parametrize("system", OTHERS)
def test_the_files_have_the_other_samples(lrmo: Comparison, system: str) -> None:
    assert 100 * left(law_in(lrmo.scenarios[system]), 299) == pytest.approx(OTHERS[system], abs=FOUR_DIGITS)


def test_ru05_with_what_ru1_has_at_98_percent(lrmo: Comparison) -> None:
    scenario = by_case(lrmo, "Ru-1 at 98 %: X = 0.132", "Ru-0.5")
    assert 100 * left(law_in(scenario), 299) == pytest.approx(96.49, abs=FOUR_DIGITS)


def test_all_variants_are_tested(lrmo: Comparison) -> None:
    assert {one.name for one in lrmo.file.variants} == {*RU1, "Ru-1 at 98 %: X = 0.132"} - {IN_THE_FILE}


def test_the_voltage_fades_of_the_files(lrmo: Comparison) -> None:
    fades = {
        system: 1e3 * after(law_in(lrmo.scenarios[system]), 499)[names.VOLTAGE]
        for system in ("pristine, 500 cycles", "Ru-1, 500 cycles")
    }
    # The rate has four digits: 0.25 mV in 500 cycles.
    assert fades == pytest.approx({"pristine, 500 cycles": 779.0, "Ru-1, 500 cycles": 539.8}, abs=0.25)


@pytest.mark.parametrize(
    ("system", "case", "percent"),
    [
        ("exponential on 30", IN_THE_FILE, (96.55, 72.89, 36.1)),
        ("accelerating on 2 and 30", IN_THE_FILE, (76.3, 71.78, 36.1)),
        ("exponential on 2 and 30", IN_THE_FILE, (76.3, 61.61, 36.1)),
    ],
)
def test_the_files_have_the_laws_of_the_redox(
    na3ruo4: Comparison, system: str, case: str, percent: tuple[float, ...]
) -> None:
    law = law_in(by_case(na3ruo4, case, system))
    found = [100 * after(law, cycle - 1)[names.REDOX] for cycle in (2, 10, 30)]
    assert found == pytest.approx(percent, abs=0.01)


@pytest.mark.parametrize("name", ["lrmo-cycling", "na3ruo4-cycling"])
def test_every_number_says_where_it_comes_from(name: str) -> None:
    comparison = load_study(COMPARISON, SCENARIOS / f"{name}.yaml")
    scenarios = list(comparison.scenarios.values())
    scenarios += [
        comparison.scenarios[system].with_values(variant.changes)
        for variant in comparison.file.variants
        for system in comparison.file.changed_by(variant)
    ]
    unstated = {r.path for s in scenarios for r in s.provenance() if r.status == "unstated" or not r.source}
    assert not {path for path in unstated if not path.startswith(("protocol", "limits", "numerics"))}


def test_the_page_has_the_sentences() -> None:
    page = " ".join(PAGE.split())
    for sentence in (
        SENTENCE,
        "The path between cycle 1 and 300 is the law's, not data's.",
        "Ru-3 is not described.",
    ):
        assert sentence in page


@pytest.mark.slow
def test_300_cycles_of_pristine(bench: SimulationCache) -> None:
    result = bench.run(oxyshell.load(SCENARIOS / "lrmo-300-cycles.yaml"))
    losses, jumps = result.summary["degradation"], result.summary["jumps"]
    assert losses["layer_nm"] == pytest.approx(16.99, abs=0.01)
    assert losses["retention"] == pytest.approx(0.75, abs=2e-4)
    # Every cycle adds the same to the layer; the content of ions at its end moves on a little.
    assert (jumps["simulated"], jumps["simulated"] + jumps["skipped"]) == (13, 300)
    assert jumps["sum_of_errors"] < 1e-4
    table = result.cycle_table
    # Of docs/cycling.md, where they are rounded.
    assert table["discharge_mAh_g"][1] == pytest.approx(232.7, abs=0.05)
    assert table["discharge_mAh_g"][-1] == pytest.approx(169.5, abs=0.05)
    assert table["first_principal_peak_MPa"][0] == pytest.approx(567.0, abs=0.5)
    assert table["first_principal_peak_MPa"][-1] == pytest.approx(603.0, abs=0.5)
    assert any("13 were simulated" in remark for remark in result.summary["remarks"])


@pytest.mark.slow
def test_the_first_cycle_of_na3ruo4(bench: SimulationCache) -> None:
    scenario = oxyshell.load(SCENARIOS / "na3ruo4.yaml").with_values({"protocol.0.repeat.times": 3})
    table = bench.run(scenario).cycle_table
    # Put into the potential; the rest is a count: 114.52 mA h/g per Na.
    assert table["charge_mAh_g"][0] == pytest.approx(115.0, abs=0.1)
    assert table["discharge_mAh_g"][0] == pytest.approx(92.0, abs=0.1)
    assert table["charged_per_formula"][0] == pytest.approx(table["charge_mAh_g"][0] / 114.52, rel=1e-4)
    # What is lost is reported and not fed back.
    assert table["discharge_mAh_g"][2] == pytest.approx(table["discharge_mAh_g"][1], rel=1e-3)
    assert table["redox_share"][2] < table["redox_share"][1] < table["redox_share"][0] == 1.0


def last(result: Result, column: str) -> float:
    return float(result.cycle_table[column][-1])


@pytest.mark.long
@pytest.mark.parametrize(
    ("changes", "capacity"),
    [
        ({}, 1e-3),
        (
            {
                "degradation.layer.growth": {"law": "parabolic", "rate": "0.9217 nm^2"},
                "protocol.0.repeat.jump.tolerance": 5e-3,
            },
            2e-3,
        ),
    ],
    ids=["linear", "parabolic"],
)
def test_jumps_and_all_300_cycles_agree(
    changes: dict[str, Any], capacity: float, bench: SimulationCache
) -> None:
    jumped = oxyshell.load(SCENARIOS / "lrmo-300-cycles.yaml").with_values(changes)
    one = bench.run(jumped)
    every = bench.run(jumped.with_values({"protocol.0.repeat.jump": None}))
    assert every.cycle_table.rows == 300
    told = one.summary["jumps"]["sum_of_errors"]
    difference = one.summary["degradation"]["retention"] - every.summary["degradation"]["retention"]
    assert abs(difference) < told + 1e-12
    assert last(one, "discharge_mAh_g") == pytest.approx(last(every, "discharge_mAh_g"), rel=capacity)


@pytest.mark.long
def test_300_cycles_with_oxygen(bench: SimulationCache) -> None:
    oxygen = oxyshell.load(SCENARIOS / "lrmo-first-cycle.yaml").to_data()["oxygen"]
    oxygen["surface"] = {"law": "open", "transfer": {"biot": 1000}}
    scenario = oxyshell.load(SCENARIOS / "lrmo-300-cycles.yaml").with_values({"oxygen": oxygen})
    result = bench.run(scenario)
    assert result.summary["degradation"]["retention"] == pytest.approx(0.75, abs=2e-4)
    # Of docs/cycling.md; to what the jumps may be off.
    assert result.summary["oxygen"]["released_umol_per_g"] == pytest.approx(1512, rel=0.02)
    assert result.summary["oxygen"]["balance_error"] < 1e-10
    assert np.all(np.asarray(result.cycle_table["oxygen_released_umol_g"]) > 0)
    assert result.summary["jumps"]["simulated"] < 80


@pytest.mark.long
def test_the_comparison_of_300_cycles(tmp_path: Path) -> None:
    result = oxyshell.compare(SCENARIOS / "lrmo-cycling.yaml", out=tmp_path / "out")
    kept = "degradation.retention"
    for case, expected in RU1.items():
        found = [100 * result.row(kept, system, case).computed for system in ("Ru-1", "Ru-1, parabolic")]
        # The brief: ± 0.2 points, among them what the jumps of the parabolic law are off.
        assert found == pytest.approx(expected, abs=0.2)
    assert 100 * result.row(kept, "Ru-1, area").computed == pytest.approx(85.7, abs=0.1)
    assert result.row("degradation.layer_nm", "pristine").computed == pytest.approx(17.0, abs=0.1)
    fade = result.row("degradation.voltage_fade_mV", "Ru-1, 500 cycles")
    assert (fade.status, fade.computed) == ("predicted", pytest.approx(540, abs=2))
    escaped = "row 1 of cycles.oxygen_released_umol_g"
    ratio = (
        result.row(escaped, "Ru-1, O2 of cycle 1").computed
        / result.row(escaped, "pristine, O2 of cycle 1").computed
    )
    # X of the system that takes it from there, to its three digits.
    assert ratio == pytest.approx(0.929, abs=5e-4)
    assert result.conclusions[0] == SENTENCE
    for told in ("540 mV (measured 509)", "100 % are predicted", "the law's, not data's"):
        assert any(told in sentence for sentence in result.conclusions)


@pytest.mark.long
def test_the_comparison_of_na3ruo4() -> None:
    result = oxyshell.compare(SCENARIOS / "na3ruo4-cycling.yaml")
    tenth = {
        "exponential on 30": 72.9,
        "accelerating on 2 and 30": 71.8,
        "exponential on 2 and 30": 61.6,
    }
    for system, percent in tenth.items():
        found = result.row("row 10 of cycles.redox_share", system)
        assert (found.status, 100 * found.computed) == ("predicted", pytest.approx(percent, abs=0.1))
    assert result.row("row 1 of cycles.charge_mAh_g", "exponential on 30").status == "calibrated"
    assert any("71.1 or 71.8 %" in sentence for sentence in result.conclusions)
    assert any("55.3 to 68.1 %" in sentence for sentence in result.conclusions)
