"""What the figures of an electrode draw of which columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib import image as images
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from oxyshell.errors import OutputError
from oxyshell.models.base.physics import LabelledRun
from oxyshell.models.electrode.figures.cycles import cycles_figure, whole_cycles
from oxyshell.models.electrode.figures.declared import figures
from oxyshell.models.electrode.figures.incremental_capacity import dq_dv_figure, incremental_capacity
from oxyshell.models.electrode.figures.loops import branches_of, loops_of
from oxyshell.models.electrode.figures.overpotentials import overpotential_figure
from oxyshell.models.electrode.figures.rate_capability import (
    has_rates,
    rate_capability_figure,
    rate_series,
)
from oxyshell.models.electrode.figures.traces import LabelledLoops
from oxyshell.models.electrode.figures.voltage import voltage_figure
from oxyshell.outputs.records import Array
from tests.models.electrode.figures.made_runs import CC_CV_CYCLE, ROWS, Step, cycles, drawn, run

CHARGE = "Charge taken out since the start (mA h/g)"


def loops(*runs: LabelledRun) -> list[LabelledLoops]:
    return [LabelledLoops(one.label, loops_of(one.result)) for one in runs]


def labels(figure: Figure) -> list[str]:
    return [axes.get_ylabel() for axes in figure.axes if axes.get_ylabel()]


def curves(axes: Axes) -> list[Line2D]:
    """Lines that are data: no axis lines, no boundaries between stacked parts."""
    return [line for line in axes.get_lines() if len(x_of(line)) > 2]


def x_of(line: Line2D) -> Array:
    return np.asarray(line.get_xdata(), dtype=float)


def y_of(line: Line2D) -> Array:
    return np.asarray(line.get_ydata(), dtype=float)


def legend(figure: Figure) -> list[str]:
    return [text.get_text() for one in figure.legends for text in one.get_texts()]


# Voltage.


def test_voltage_and_stress_are_drawn_against_the_charge_taken_out(monkeypatch: Any) -> None:
    one = run(CC_CV_CYCLE)
    figure = drawn(monkeypatch, voltage_figure, loops(one))
    history = one.result.history
    voltage, stress = figure.axes
    assert labels(figure) == ["Voltage (V)", "Stress (MPa)"]
    assert stress.get_xlabel() == CHARGE
    assert legend(figure) == ["charge", "discharge", "rest"]
    # Charge with its hold, rest, discharge; a line begins in the end of the one before it.
    pieces = [slice(0, 2 * ROWS), slice(2 * ROWS - 1, 3 * ROWS), slice(3 * ROWS - 1, 4 * ROWS)]
    assert len(voltage.get_lines()) == 3
    for line, rows in zip(voltage.get_lines(), pieces, strict=True):
        np.testing.assert_array_equal(x_of(line), history["capacity_mAh_g"][rows])
        np.testing.assert_array_equal(y_of(line), history["voltage_V"][rows])
    broad = [line for line in stress.get_lines() if line.get_alpha()]
    thin = [line for line in stress.get_lines() if not line.get_alpha()]
    for line, other, rows in zip(broad, thin, pieces, strict=True):
        np.testing.assert_array_equal(y_of(line), history["first_principal_peak_MPa"][rows])
        np.testing.assert_array_equal(y_of(other), history["surface_hoop_MPa"][rows])


def test_oxygen_has_a_panel_where_some_has_left(monkeypatch: Any) -> None:
    figure = drawn(monkeypatch, voltage_figure, loops(run(CC_CV_CYCLE, oxygen_released_umol_g=3.0)))
    assert labels(figure) == ["Voltage (V)", "Stress (MPa)", "O₂ that has left\n(µmol/g)"]
    assert {float(y) for line in figure.axes[2].get_lines() for y in y_of(line)} == {3.0}
    none = drawn(monkeypatch, voltage_figure, loops(run(CC_CV_CYCLE, oxygen_released_umol_g=0.0)))
    assert labels(none) == ["Voltage (V)", "Stress (MPa)"]


def test_without_stress_there_is_no_panel_of_it(monkeypatch: Any) -> None:
    still = run(CC_CV_CYCLE, surface_hoop_MPa=0.0, first_principal_peak_MPa=1e-9)
    assert labels(drawn(monkeypatch, voltage_figure, loops(still))) == ["Voltage (V)"]


def test_a_few_cycles_have_a_legend_and_many_a_colour_bar(monkeypatch: Any) -> None:
    few = drawn(monkeypatch, voltage_figure, loops(run(cycles(3))))
    assert legend(few) == ["cycle 1", "cycle 2", "cycle 3"]
    many = drawn(monkeypatch, voltage_figure, loops(run(cycles(20))))
    assert legend(many) == []
    bar = many.axes[-1]
    assert bar.get_title("left") == "Cycle"
    assert [text.get_text() for text in bar.get_yticklabels()] == ["1", "2", "7", "11", "15", "20"]
    colours = [line.get_color() for line in many.axes[0].get_lines()]
    assert len(set(colours)) == 6


def test_systems_beside_each_other_have_a_colour_each(monkeypatch: Any) -> None:
    figure = drawn(monkeypatch, voltage_figure, loops(run(cycles(1), "A"), run(cycles(1), "B")))
    assert legend(figure) == ["A", "B"]
    assert labels(figure)[1:] == [
        "Hoop stress at the\nsurface (MPa)",
        "Largest first principal\nstress (MPa)",
    ]
    assert [line.get_color() for line in figure.axes[0].get_lines()] == ["#0072b2", "#d55e00"]
    several = drawn(monkeypatch, voltage_figure, loops(run(cycles(9), "A"), run(cycles(1), "B")))
    assert legend(several) == ["A", "B", "earlier cycles paler"]
    first, second, last, other = (line.get_color() for line in several.axes[0].get_lines())
    assert (last, other) == ("#0072b2", "#d55e00")
    assert len({first, second, last}) == 3


def test_of_many_systems_the_first_cycle_is_drawn_and_styles_tell_equal_colours(monkeypatch: Any) -> None:
    systems = [
        run([Step("charge", 9.0), Step("discharge", -9.0), *cycles(3)], f"S{index}") for index in range(7)
    ]
    bare = run(cycles(2), "S7")
    figure = drawn(monkeypatch, voltage_figure, loops(*systems, bare))
    lines = figure.axes[0].get_lines()
    assert len(lines) == 8
    assert len({(line.get_color(), line.get_linestyle()) for line in lines}) == 8
    (shown,) = figure.legends
    assert shown.get_title().get_text() == "first cycle of each"
    before = [run([Step("charge", 9.0), *cycles(2)], f"S{index}") for index in range(4)]
    figure = drawn(monkeypatch, voltage_figure, loops(*before))
    assert {x_of(line)[0] for line in figure.axes[0].get_lines()} == {9.0}


# DQ/dV.


@pytest.mark.parametrize(("charge", "expected"), [(100.0, 1.0), (-100.0, -1.0)])
def test_dq_dv_of_known_curves(charge: float, expected: float) -> None:
    # A straight V(q), and a parabola, which a cubic spline has exactly: dQ/dV is the mean of 1/V'.
    (straight,) = branches_of(run([Step("charge" if charge > 0 else "discharge", charge)]).result)
    voltage, capacity = incremental_capacity(straight)
    assert np.diff(voltage) == pytest.approx(np.full(len(voltage) - 1, 0.01))
    # V also has the concentration's share of 0.02 V over the step: 5.2 mV per mA h/g.
    np.testing.assert_allclose(capacity, expected / 0.0052, rtol=1e-9)
    assert abs(np.sum(capacity) * 0.01) <= abs(charge)
    assert abs(np.sum(capacity) * 0.01) > abs(charge) - 2 * 0.01 / 0.0052


def test_dq_dv_between_rows_is_that_of_the_smooth_curve() -> None:
    def voltage(charge: np.ndarray) -> np.ndarray:
        found: np.ndarray = 3.5 + 0.002 * charge + 4e-5 * charge**2
        return found

    (branch,) = branches_of(run([Step("charge", 100.0)], voltage=voltage).result)
    centres, found = incremental_capacity(branch)
    # V = v0 + a q + b q², a = 2.2e-3 with the part of the concentration, gives q of both ends of intervals.
    start = branch.history["voltage_V"][0]
    passed = (np.sqrt(0.0022**2 + 4 * 4e-5 * (centres[:, None] + [-0.005, 0.005] - start)) - 0.0022) / 8e-5
    # Straight lines between 16 points per row are off by (Δq)² b/(4 V') at most: 6e-4 of an interval.
    np.testing.assert_allclose(found, np.diff(passed)[:, 0] / 0.01, rtol=2e-3)


def test_dq_dv_has_no_holds_no_rests_and_no_current_that_changes() -> None:
    branches = branches_of(run(CC_CV_CYCLE).result)
    assert [len(incremental_capacity(one)[0]) > 0 for one in branches] == [True, False, False, True]
    charge = branches[0]
    current = charge.history["specific_current_mA_g"].copy()
    current[ROWS // 2 :] *= 0.5
    changed = type(charge)(
        **{**vars(charge), "history": {**charge.history, "specific_current_mA_g": current}}
    )
    centres, capacity = incremental_capacity(changed)
    assert centres.max() < charge.history["voltage_V"][ROWS // 2]
    np.testing.assert_allclose(capacity, 1 / 0.0052, rtol=1e-9)


def test_dq_dv_adds_up_where_the_voltage_turns() -> None:
    def bump(charge: np.ndarray) -> np.ndarray:
        found: np.ndarray = 3.5 + 0.3 * np.sin(charge / 100.0 * np.pi)
        return found

    (branch,) = branches_of(run([Step("charge", 100.0)], voltage=bump).result)
    centres, capacity = incremental_capacity(branch)
    assert (capacity > 0).all()
    # V passes most intervals twice. The parts of the overpotential are straight lines of the charge.
    charge = np.linspace(0.0, 100.0, 100_001)
    voltage = bump(charge) + 0.051 + 0.0002 * charge
    inside = (voltage >= centres[0] - 0.005) & (voltage < centres[-1] + 0.005)
    # With nine rows, a spline of half a sine is off by 5/384 (π/8)⁴ of its height at most, 0.1 mV.
    assert np.sum(capacity) * 0.01 == pytest.approx(100.0 * np.mean(inside), rel=2e-3)


def test_the_figure_of_dq_dv_draws_charge_up_and_discharge_down(monkeypatch: Any) -> None:
    one = run(CC_CV_CYCLE)
    (axes,) = drawn(monkeypatch, dq_dv_figure, loops(one)).axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Voltage (V)", "dQ/dV (mA h/(g V))")
    assert "10 mV" in axes.get_title("left")
    charge, discharge = curves(axes)
    assert (y_of(charge) > 0).all()
    assert (y_of(discharge) < 0).all()


# Overpotentials.


def test_the_parts_of_the_overpotential_are_stacked_in_mv(monkeypatch: Any) -> None:
    one = run(CC_CV_CYCLE)
    figure = drawn(monkeypatch, overpotential_figure, loops(one))
    charge, discharge = figure.axes
    assert [axes.get_title("left") for axes in figure.axes] == ["charge", "discharge"]
    assert labels(figure) == ["V − U(mean) (mV)"]
    assert charge.get_xlabel() == CHARGE
    assert legend(figure) == [
        "kinetics, up to 50.0 mV", "stress, up to 1.00 mV", "concentration, up to 20.0 mV", "sum",
    ]  # fmt: skip
    total = [line for line in charge.get_lines() if line.get_color() == "black"]
    # Charge and hold are one course; it ends at 5 + 1 + 20 mV, and begins at 50 + 1.
    (course,) = total
    np.testing.assert_allclose(y_of(course)[[0, ROWS - 1, -1]], [51.0, 71.0, 26.0], atol=1e-9)
    # Downwards: kinetics and concentration, −50 − 20; the stress is on the other side of zero.
    vertices = np.concatenate(
        [np.asarray(fill.get_paths()[0].vertices)[:, 1] for fill in discharge.collections]
    )
    assert (vertices.min(), vertices.max()) == pytest.approx((-70.0, 1.0))


def test_overpotentials_of_many_loops_are_those_of_the_first_and_the_last(monkeypatch: Any) -> None:
    figure = drawn(monkeypatch, overpotential_figure, loops(run([*cycles(4), Step("charge", 5.0)])))
    titles = [axes.get_title("left") for axes in figure.axes]
    assert titles == ["cycle 1: charge", "cycle 1: discharge", "cycle 4: charge", "cycle 4: discharge"]
    beside = drawn(monkeypatch, overpotential_figure, loops(run(cycles(4), "A"), run(cycles(1), "B")))
    titles = [axes.get_title("left") for axes in beside.axes]
    assert titles == ["A, cycle 1: charge", "A, cycle 1: discharge", "B: charge", "B: discharge"]


# Rate capability.


def discharges(*points: tuple[float, float]) -> list[Step]:
    return [
        step
        for cycle, (current, capacity) in enumerate(points, start=1)
        for step in (Step("charge", 100.0, cycle), Step("discharge", -capacity, cycle, current))
    ]


def test_the_capacity_at_a_current_is_that_of_the_first_discharges_of_loops() -> None:
    steps = discharges((25.0, 200.0), (25.0, 190.0), (25.0, 180.0), (250.0, 120.0))
    (series,) = rate_series([run([*steps, Step("discharge", -3.0, 4, 10.0)])])
    assert series.capacities == pytest.approx({25.0: 190.0, 250.0: 120.0})
    assert has_rates([series])


def test_runs_that_differ_in_their_protocol_are_one_system() -> None:
    runs = [
        run(discharges((rate, 100.0)), f"{name}, {rate:g}", {"material": name})
        for name in ("new", "old")
        for rate in (25.0, 250.0)
    ]
    series = rate_series(runs)
    assert [one.label for one in series] == ["new", "old"]
    assert [list(one.capacities) for one in series] == [[25.0, 250.0]] * 2
    assert not has_rates(rate_series(runs[::2]))


@pytest.mark.parametrize(
    ("one_c", "unit", "rates"), [(250.0, "C", [0.1, 1.0]), (None, "mA/g", [25.0, 250.0])]
)
def test_rates_are_on_a_logarithmic_axis_with_numbers(
    monkeypatch: Any, one_c: float | None, unit: str, rates: Sequence[float]
) -> None:
    cell = None if one_c is None else SimpleNamespace(one_c=SimpleNamespace(value=one_c))
    series = rate_series(
        [
            run(discharges((25.0, top), (250.0, top / 2)), label, {"cell": cell, "material": label})
            for label, top in (("A", 200.0), ("B", 160.0))
        ]
    )
    figure = drawn(monkeypatch, rate_capability_figure, series)
    (axes,) = figure.axes
    assert axes.get_xscale() == "log"
    assert (axes.get_xlabel(), axes.get_ylabel()) == (
        f"Discharge current ({unit})", "Discharge capacity (mA h/g)",
    )  # fmt: skip
    assert legend(figure) == ["A", "B"]
    np.testing.assert_allclose([x_of(line) for line in axes.get_lines()], [rates, rates])
    np.testing.assert_allclose([y_of(line) for line in axes.get_lines()], [[200, 100], [160, 80]])
    assert sorted(text.get_text() for text in axes.texts) == ["100", "160", "200", "80"]
    assert [text.get_text() for text in axes.get_xticklabels()] == [f"{rate:g}" for rate in rates]


# Cycles.


def test_cycles_are_the_columns_of_their_table(monkeypatch: Any) -> None:
    one = run(cycles(5))
    table = whole_cycles("One", one.result.cycle_table)
    assert table.several
    figure = drawn(monkeypatch, cycles_figure, [table])
    assert labels(figure) == ["Capacity\n(mA h/g)", "Efficiency (%)", "Mean voltage (V)"]
    assert figure.axes[-1].get_xlabel() == "Cycle"
    charge, discharge = figure.axes[0].get_lines()
    np.testing.assert_array_equal(x_of(charge), [1, 2, 3, 4, 5])
    np.testing.assert_allclose(y_of(charge), [91, 92, 93, 94, 95])
    np.testing.assert_allclose(y_of(discharge), [90] * 5)
    coulombic, energy = figure.axes[1].get_lines()
    np.testing.assert_allclose(y_of(coulombic), 9000 / np.arange(91, 96))
    np.testing.assert_allclose(y_of(energy), 8100 / np.arange(91, 96))
    upper, lower = figure.axes[2].get_lines()
    np.testing.assert_allclose(y_of(upper), 4.0 + 0.01 * np.arange(1, 6))
    np.testing.assert_allclose(y_of(lower), 3.8 - 0.01 * np.arange(1, 6))


# Which figures there are.


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (CC_CV_CYCLE, {"voltage", "dq_dv", "overpotentials"}),
        (cycles(2), {"voltage", "dq_dv", "overpotentials", "cycles"}),
        (discharges((25.0, 90.0), (250.0, 60.0)),
            {"voltage", "dq_dv", "overpotentials", "cycles", "rate_capability"}),
        ([Step("hold", 10.0)], {"voltage", "overpotentials"}),
        ([Step("charge", 5.0, 1), Step("rest", 0.0, 1)] * 12, {"voltage", "overpotentials"}),
        ([Step("rest", 0.0)], set()),
    ],
)  # fmt: skip
def test_a_figure_is_there_where_it_has_something_to_show(steps: list[Step], expected: set[str]) -> None:
    assert {figure.name for figure in figures([run(steps)])} == expected


def test_runs_without_an_electrode_are_left_out() -> None:
    bare = run(CC_CV_CYCLE)
    history = {name: values for name, values in bare.result.history.items() if "voltage" not in name}
    without = LabelledRun(
        "Bare", bare.scenario, type(bare.result)(**{**vars(bare.result), "history": history})
    )
    assert figures([without]) == ()
    assert {figure.name for figure in figures([without, run(CC_CV_CYCLE)])} == {
        "voltage", "dq_dv", "overpotentials",
    }  # fmt: skip


def test_files_are_written(tmp_path: Path) -> None:
    for figure in figures([run(discharges((25.0, 90.0), (250.0, 60.0)), "a $ name"), run(cycles(8), "B")]):
        path = tmp_path / "figures" / f"{figure.name}.png"
        figure.draw(path)
        pixels = images.imread(path)
        assert min(pixels.shape[:2]) > 500
        assert 0.02 < np.mean(np.any(pixels[..., :3] < 0.98, axis=2)) < 0.9, "about that much is not white"
    assert len(list((tmp_path / "figures").iterdir())) == 5


@pytest.mark.parametrize(
    "draw", [voltage_figure, dq_dv_figure, overpotential_figure, rate_capability_figure, cycles_figure]
)
def test_nothing_to_draw_is_an_error(draw: Any, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="needs"):
        draw([], tmp_path / "x.png")


def test_dq_dv_has_no_peak_beside_a_kink_of_the_potential() -> None:
    """Two straight lines, ten times as steep first: nowhere more charge per voltage than the flatter has."""

    def kinked(charge: np.ndarray) -> np.ndarray:
        found: np.ndarray = np.minimum(3.0 + 0.03 * charge, 3.7 + 0.003 * charge)
        return found

    (branch,) = branches_of(run([Step("charge", 100.0)], voltage=kinked).result)
    _, capacity = incremental_capacity(branch)
    # The parts of the overpotential add 0.2 mV per mA h/g; the row interval with the kink may lend a fifth.
    assert capacity.max() < 1.2 / 0.0032
