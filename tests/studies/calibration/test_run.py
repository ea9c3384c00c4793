"""Fits of problems whose answer is known, and one of real particles."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from scipy.interpolate import CubicSpline
from scipy.stats import binom

import oxyshell
from oxyshell.language.writing import to_yaml
from oxyshell.presentation.document import lines_of
from oxyshell.studies.calibration import CALIBRATION, report
from oxyshell.studies.calibration.calibration_result import CalibrationResult
from oxyshell.studies.calibration.estimate import Status, estimate
from oxyshell.studies.calibration.findings import findings
from oxyshell.studies.calibration.problem import Problem
from oxyshell.studies.calibration.systems import Systems
from oxyshell.studies.calibration.unknowns import Target, Unknown
from oxyshell.studies.calibration.valley import valley
from oxyshell.studies.engine.simulation_cache import SimulationCache
from oxyshell.studies.registry import load_study
from tests.terminal import assert_fits

pytestmark = pytest.mark.slow
SCENARIOS = Path(__file__).parents[3] / "scenarios"
# Few elements and a loose tolerance of the time steps: a run takes some ten milliseconds.
COARSE = {"numerics.elements.bulk": 6, "numerics.time_tolerance": 1e-3}


def powers(
    exponents: Any,
    values: Any,
    uncertainty: float = 0.01,
    start: float = 1.5,
) -> Problem:
    """Results that are products of powers of the unknowns, so that their logarithms are linear."""
    matrix = np.array(exponents)
    unknowns = [Unknown(f"p{index}", "1", start, 1e-3, 1e3) for index in range(matrix.shape[1])]
    targets = [Target(f"t{index}", "1", value, uncertainty * value) for index, value in enumerate(values)]
    return Problem(unknowns, targets, lambda logs: np.exp(matrix @ logs))


def test_an_exact_problem_is_solved_and_its_covariance_is_the_closed_one() -> None:
    exponents = np.array([[1.0, 0.5], [-0.7, 1.2], [0.3, 0.9]])
    exact = np.log([0.4, 30.0])
    found = estimate(powers(exponents, np.exp(exponents @ exact)))
    # The fit stops on steps of 1e-4.
    assert found.logarithms == pytest.approx(exact, abs=1e-4)
    # Every residual is (result / value - 1) / 0.01: the Jacobian is the exponents times 100.
    assert found.covariance == pytest.approx(np.linalg.inv(exponents.T @ exponents) * 1e-4, rel=1e-3)
    assert found.identified == (True, True)
    assert found.degrees_of_freedom == 1
    sizes = np.linalg.svd(100 * exponents, compute_uv=False)
    assert found.condition_number == pytest.approx(sizes[0] / sizes[1], rel=1e-3)


def test_one_parameter_and_one_target_take_the_few_runs_of_secants() -> None:
    asked = []

    def results(logs: np.ndarray) -> np.ndarray:
        asked.append(logs)
        return np.exp(-0.8 * logs)

    problem = Problem([Unknown("D", "m^2/s", 1.0, 1e-3, 1e3)], [Target("peak", "MPa", 2.0, 0.02)], results)
    found = estimate(problem)
    assert float(found.results[0]) == pytest.approx(2.0, abs=0.01 * 0.02)
    (interval,) = found.intervals
    assert interval is not None
    # 1 % of the result is 1.25 % of the parameter.
    assert np.log(interval[1] / interval[0]) / 2 == pytest.approx(1.96 * 0.0125, rel=0.01)
    # Three for the fit, two for the derivative, one each for residuals and results there.
    assert len(asked) <= 8


def test_a_target_out_of_reach_says_what_there_is_at_the_bounds() -> None:
    problem = Problem(
        [Unknown("D", "1", 1.0, 0.1, 10.0)], [Target("peak", "MPa", 90.0, 1.0)], lambda logs: np.exp(logs)
    )
    found = estimate(problem)
    assert found.status is Status.NOT_MET
    assert float(found.values[0]) == pytest.approx(10.0)
    assert found.intervals == (None,)
    texts = " ".join(findings(problem, found, []))
    assert "peak = 90 MPa is not reached for D between 0.1 and 10: there it is 0.1 and 10;" in texts
    assert "peak is missed: 10 MPa instead of 90 MPa, -80 uncertainties" in texts
    assert "D lies at a bound, the upper one (10)" in texts


@pytest.mark.parametrize(
    ("exponents", "told"),
    [
        pytest.param([[1.0, 1.0]], "cannot tell a change of p0 from one of p1", id="fewer targets"),
        pytest.param([[1.0, 1.0], [2.0, 2.0]], "cannot tell a change of p0 from one of p1", id="parallel"),
        pytest.param([[1.0, 0.0], [2.0, 0.0]], "do not determine p1", id="no influence"),
    ],
)
def test_directions_without_information_are_named_and_walked(exponents: list[list[float]], told: str) -> None:
    problem = powers(exponents, [2.0] * len(exponents) if len(exponents) == 1 else [2.0, 4.0])
    found = estimate(problem)
    (loose,) = [direction for direction in found.directions if not direction.identified]
    places = valley(problem, found, loose)
    (text,) = [text for text in findings(problem, found, [(loose, places)]) if told in text]
    assert re.search(r"no target moves by more than 0\.[012]\d of its uncertainty \(11 places", text)
    # Both ways, all places as good as the fit, and apart from each other.
    assert len(places) == 11
    for place in places:
        assert np.max(np.abs(place.residuals)) < 0.2
    assert np.ptp([place.logarithms @ loose.components for place in places]) == pytest.approx(10 * 0.15)
    expected = (told == "do not determine p1", False)
    assert found.identified == expected
    assert [interval is None for interval in found.intervals] == [not known for known in expected]


def test_a_bent_valley_is_followed() -> None:
    # Along x the target is met at y = x²: a straight line leaves it after a few steps.
    problem = Problem(
        [Unknown("x", "1", 1.0, 0.1, 10.0), Unknown("y", "1", 1.0, 0.01, 100.0)],
        [Target("t", "1", 1.0, 0.01)],
        lambda logs: np.array([1.0 + logs[1] - logs[0] ** 2]),
    )
    found = estimate(problem)
    (loose,) = [direction for direction in found.directions if not direction.identified]
    places = valley(problem, found, loose)
    assert len(places) == 11
    x, y = places[-1].logarithms
    assert abs(x) > 0.6
    assert y == pytest.approx(x**2, abs=0.01)


def test_parameters_that_trade_off_and_targets_that_contradict_are_told() -> None:
    nearly = powers([[1.0, 1.0], [1.0, 1.02], [1.0, 1.01]], [2.0, 2.0, 2.0], uncertainty=1e-4)
    texts = " ".join(findings(nearly, estimate(nearly), []))
    assert "p0 and p1 trade off (correlation -1.000): one up, the other down" in texts
    at_odds = powers([[1.0], [1.0]], [2.0, 3.0])
    texts = " ".join(findings(at_odds, estimate(at_odds), []))
    assert "not met within their uncertainties" in texts
    assert "1 degrees of freedom" in texts


def test_a_value_at_its_bound_is_told() -> None:
    problem = powers([[1.0], [1.0]], [2e3, 2e3])
    assert any("p0 lies at a bound" in text for text in findings(problem, estimate(problem), []))


# Synthetic data.


def write(
    folder: Path, targets: Sequence[Mapping[str, object]], parameters: Sequence[Mapping[str, object]]
) -> Path:
    data = {
        "calibrate": "synthetic",
        "systems": {"pristine": {"scenario": f"{SCENARIOS / 'lrmo-pristine.yaml'}", "set": COARSE}},
        "parameters": parameters,
        "targets": targets,
    }
    (folder / "calibrate.yaml").write_text(to_yaml(data))
    return folder / "calibrate.yaml"


DIFFUSIVITY = {"parameter": "material.diffusivity", "bounds": ["5e-20 m^2/s", "8e-19 m^2/s"]}
HOOP = [f"history.surface_hoop_MPa at {extracted} extracted" for extracted in (0.2, 0.4, 0.6, 0.8)]
NOISE = 15.0
EXACT = 2.3e-19
TRIALS = 100


@pytest.fixture(scope="module")
def particle(tmp_path_factory: pytest.TempPathFactory) -> Problem:
    """Surface hoop stress at four states of charge as a function of D: runs of a coarse particle."""
    targets = [{"quantity": text, "system": "pristine", "value": 1, "uncertainty": NOISE} for text in HOOP]
    file = write(tmp_path_factory.mktemp("synthetic"), targets, [DIFFUSIVITY])
    return Systems(load_study(CALIBRATION, file), SimulationCache()).problem()


def interpolated(problem: Problem, points: int) -> Callable[[np.ndarray], np.ndarray]:
    """The particle's results by cubic splines through runs, for a hundred fits in no time."""
    logs = np.linspace(problem.low[0], problem.high[0], points)
    spline = CubicSpline(logs, [problem.results(np.array([log])) for log in logs])
    return lambda at: spline(at[0])


def test_the_diffusivity_is_recovered_within_its_own_interval_as_often_as_that_promises(
    particle: Problem,
) -> None:
    # What is measured comes from the particle itself, what is fitted from the splines.
    truth = particle.results(np.log([EXACT]))
    fast = interpolated(particle, 41)
    # The splines' error is small beside the noise, so that it is the noise that the intervals have to hold.
    assert fast(np.log([EXACT])) == pytest.approx(truth, abs=NOISE / 30)
    generator = np.random.default_rng(20250101)
    hits, estimates, errors = 0, [], []
    for _ in range(TRIALS):
        measured = truth + generator.normal(0.0, NOISE, len(truth))
        targets = [
            Target(one.name, one.unit, float(value), NOISE)
            for one, value in zip(particle.targets, measured, strict=True)
        ]
        found = estimate(Problem(particle.unknowns, targets, fast))
        (interval,), (error,) = found.intervals, found.standard_errors
        assert interval is not None
        assert error is not None
        hits += interval[0] <= EXACT <= interval[1]
        estimates.append(float(found.logarithms[0]))
        errors.append(error)
    # Of 100 intervals of 95 %, fewer than 90 or all 100 hold the truth with probabilities of 1.1 % and 0.6 %.
    assert binom.cdf(89, TRIALS, 0.95) < 0.012
    assert 90 <= hits <= 99
    # The scatter of a hundred estimates is known to 7 %: three times that.
    assert np.std(estimates) == pytest.approx(np.mean(errors), rel=0.21)
    # And they are not off to one side: the mean of a hundred, three times its own error.
    assert np.mean(estimates) == pytest.approx(math.log(EXACT), abs=3 * float(np.mean(errors)) / 10)


def test_the_particle_itself_is_fitted(particle: Problem) -> None:
    truth = particle.results(np.log([EXACT]))
    targets = [
        Target(one.name, one.unit, float(value), NOISE)
        for one, value in zip(particle.targets, truth, strict=True)
    ]
    found = estimate(Problem(particle.unknowns, targets, particle.results))
    # The fit stops on steps of 1e-4; runs repeat to the last bit.
    assert float(found.values[0]) == pytest.approx(EXACT, rel=3e-4)
    assert found.misfit < 1e-4


# The shipped calibration.


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> CalibrationResult:
    return oxyshell.calibrate(SCENARIOS / "calibrate-lrmo.yaml", tmp_path_factory.mktemp("fit") / "lrmo")


D, RATIO, VOLUME = "D of pristine", "ratio of D, Ru-1 / pristine", "volume change of Ru-1"


def test_567_and_418_alone_determine_d_and_nothing_else(shipped: CalibrationResult) -> None:
    # To which `oxyshell compare` calibrates it, within 0.1 of 567 MPa.
    assert shipped.value(D) == pytest.approx(1.568e-19, rel=1e-3)
    interval = shipped.interval(D)
    assert interval is not None
    assert interval[0] < 1.568e-19 < interval[1]
    assert shipped.interval(RATIO) is None
    assert shipped.interval(VOLUME) is None
    assert shipped.estimate.condition_number == math.inf
    texts = " ".join(shipped.findings)
    assert "Under-determined: 3 parameters, 2 targets" in texts
    assert f"cannot tell a change of {RATIO} from one of {VOLUME}" in texts


def test_the_valley_holds_the_same_volume_change_with_another_diffusivity(shipped: CalibrationResult) -> None:
    """The brief: pristine's own volume change with D 28 % higher gives 418 MPa as well."""
    ((_, places),) = shipped.valleys
    volumes = [math.exp(place.logarithms[2]) for place in places]
    ratios = [math.exp(place.logarithms[1]) for place in places]
    assert min(volumes) < 0.0269 < 0.0362 < max(volumes)
    for place in places:
        assert np.max(np.abs(place.residuals)) < 0.1
    # Between marks 10 % apart, linear interpolation is good for 0.5 %; the brief rounds, and has no layer.
    assert np.interp(0.0362, volumes, ratios) == pytest.approx(1.28, rel=0.03)


def test_a_measured_volume_change_settles_the_ratio(tmp_path: Path) -> None:
    text = (SCENARIOS / "calibrate-lrmo.yaml").read_text()
    for name in ("lrmo-pristine.yaml", "lrmo-ru1.yaml"):
        text = text.replace(f"{{scenario: {name}}}", f"{{scenario: {SCENARIOS / name}}}")
    (tmp_path / "c.yaml").write_text(text.replace("  # - {quantity: material", "  - {quantity: material"))
    found = oxyshell.calibrate(tmp_path / "c.yaml")
    interval = found.interval(RATIO)
    assert interval is not None
    # physics.md: with 2.69 %, Ru-1 peaks at 402.9 MPa for a ratio of 1 and has to reach 418.
    assert 0.9 < found.value(RATIO) < 1.0
    assert interval[0] < found.value(RATIO) < interval[1] < 1.1
    assert found.value(VOLUME) == pytest.approx(0.0269, rel=1e-3)
    assert any("trade off" in text for text in found.findings)


def test_what_is_written_is_what_is_returned(shipped: CalibrationResult) -> None:
    assert shipped.path is not None
    written = json.loads((shipped.path / "calibration.json").read_text())
    assert [one["value"] for one in written["parameters"]] == shipped.estimate.values.tolist()
    assert [one["identified"] for one in written["parameters"]] == [True, False, False]
    assert written["findings"] == list(shipped.findings)
    assert written["condition_number"] is None
    assert len(written["valleys"][0]) == len(shipped.valleys[0][1])
    assert (shipped.path / "valleys.png").stat().st_size > 10_000
    again = oxyshell.load(shipped.path / "scenarios" / "Ru-1.yaml")
    assert again == shipped.scenarios["Ru-1"]
    ratio = again.get("material.diffusivity") / shipped.scenarios["pristine"].get("material.diffusivity")
    assert ratio == pytest.approx(shipped.value(RATIO), rel=1e-12)
    facts = {fact.path: fact for fact in again.provenance()}
    assert facts["material.diffusivity"].status == "calibrated"
    assert "567" in facts["material.diffusivity"].source


def test_the_screen_says_units_intervals_and_what_is_open(shipped: CalibrationResult) -> None:
    console = Console(width=150, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    for part in report.render(shipped):
        console.print(part, markup=False, highlight=False)
    console.file.close()
    text = console.export_text()
    for told in ("m²/s", "567 MPa", "not identified", "95 % interval", "condition number inf", "runs"):
        assert told in text


def test_the_remarks_of_the_fitted_runs_are_told(shipped: CalibrationResult) -> None:
    assert list(shipped.remarks) == ["pristine", "Ru-1"]
    assert any("the surface was exhausted" in text for text in shipped.remarks["Ru-1"])
    # Its diffusivity is that of this very study.
    assert not any("was calibrated under" in text for texts in shipped.remarks.values() for text in texts)
    lines = [line for line in report.render(shipped) if isinstance(line, str)]
    assert any(line.startswith("- Ru-1: charge at 0.1 C") for line in lines)
    assert json.loads(shipped.to_json())["remarks"]["Ru-1"] == list(shipped.remarks["Ru-1"])


def test_a_name_that_is_not_fitted_is_no_value(shipped: CalibrationResult) -> None:
    with pytest.raises(KeyError, match="ratio of D"):
        shipped.value("E")


def test_the_command_prints_what_it_found(tmp_path: Path) -> None:
    peak = {
        "quantity": "stress.first_principal.peak_MPa",
        "system": "pristine",
        "value": 567,
        "uncertainty": 5.7,
    }
    file = write(tmp_path, [peak], [DIFFUSIVITY])
    done = subprocess.run(
        [sys.executable, "-m", "oxyshell", "calibrate", str(file), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SCENARIOS.parent)},
    )
    assert done.returncode == 0, done.stderr
    # A coarse mesh is good for 1 %.
    found = re.search(r"^diffusivity\s+(1\.5\d*e-19)\s+0\.9\d* ", done.stdout, re.MULTILINE)
    assert found is not None, done.stdout
    assert float(found[1]) == pytest.approx(1.568e-19, rel=0.01)
    assert (tmp_path / "out" / "calibration.json").is_file()


def test_a_wrong_file_ends_with_2_and_its_line(tmp_path: Path) -> None:
    file = write(tmp_path, [], [DIFFUSIVITY])
    done = subprocess.run(
        [sys.executable, "-m", "oxyshell", "calibrate", str(file)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SCENARIOS.parent)},
    )
    assert done.returncode == 2
    assert re.search(r"calibrate\.yaml:\d+:\d+: targets: found an empty list", done.stderr)


def test_the_report_has_words_and_fits_into_a_terminal(shipped: CalibrationResult) -> None:
    parts = list(shipped.report_parts())
    assert_fits(parts)
    told = " ".join(" ".join(lines_of(parts, 80)).split())
    assert "567 MPa (peak first principal stress of pristine)" in told
    assert "condition number inf" not in told.replace("infinite", "")
    assert "-0.00" not in told
