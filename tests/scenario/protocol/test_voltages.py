"""Ends at voltages and currents, and holds at a voltage."""

# ruff: noqa: E501 (a table reads better with its rows on few lines)

from __future__ import annotations

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.models.base.constants import FARADAY_CONSTANT
from oxyshell.models.base.protocol import TIME, Stop
from oxyshell.scenario.loading import loads
from oxyshell.scenario.protocol.ends import CURRENT_MAGNITUDE, VOLTAGE
from tests.scenario.protocol.written import first_line, mistakes_in, protocol_of, with_protocol

# 0.1 C of 250 mA/g in a sphere of 150 nm: i = C ρ R/3.
PER_SURFACE = 0.1 * 250 * (0.0848 / 20.11e-6) * (1.5e-7 / 3)


def test_the_verb_says_from_which_side_a_voltage_is_met() -> None:
    charge, discharge = protocol_of("charge at 0.1 C until 4.8 V", "discharge at 0.1 C until 2 V").steps
    assert charge.until == (Stop(VOLTAGE, 4.8, "voltage", rises=1),)
    assert discharge.until == (Stop(VOLTAGE, 2.0, "voltage", rises=-1),)
    assert (charge.kind, discharge.kind) == ("charge", "discharge")
    assert charge.pace == -discharge.pace > 0


@pytest.mark.parametrize(
    ("end", "key"),
    [
        ("rate: 0.1 C", "rate"),
        ("specific_current: 25 mA/g", "specific_current"),
        (f"current_density: {PER_SURFACE!r} A/m^2", "current_density"),
    ],
)
def test_a_hold_ends_once_its_current_has_fallen(end: str, key: str) -> None:
    (hold,) = protocol_of(f"hold: {{voltage: 4.8 V, until: {{{end}, time: 5 h}}}}").steps
    current, time = hold.until
    assert (current.observable, current.key, current.rises) == (CURRENT_MAGNITUDE, key, -1)
    assert current.value == pytest.approx(PER_SURFACE, rel=1e-14)
    assert time == Stop(TIME, 18000.0)
    assert (hold.label, hold.kind, hold.held) == ("hold at 4.8 V", "hold", None)


def test_the_current_of_a_hold_s_end_is_that_of_the_same_rate_of_a_charge() -> None:
    charge, hold = protocol_of("charge at C/50 until 4.8 V", "hold at 4.8 V until C/50").steps
    flux = charge.exchange.set_flux
    assert isinstance(flux, float)
    assert hold.until[0].value == pytest.approx(flux * FARADAY_CONSTANT, rel=1e-14)


def test_ends_stand_in_the_order_in_which_they_are_written() -> None:
    (one,) = protocol_of("charge: {rate: 0.1 C, until: {time: 5 h, voltage: 4.8 V, extracted: 0.9}}").steps
    (other,) = protocol_of("charge: {rate: 0.1 C, until: {extracted: 0.9, voltage: 4.8 V, time: 5 h}}").steps
    assert [stop.key for stop in one.until] == ["time", "voltage", "extracted"]
    assert one.until == other.until[::-1]


def test_the_order_of_ends_is_part_of_the_scenario_and_of_its_text() -> None:
    one = with_protocol("charge: {rate: 0.1 C, until: {time: 5 h, voltage: 4.8 V}}")
    other = with_protocol("charge: {rate: 0.1 C, until: {voltage: 4.8 V, time: 5 h}}")
    assert one != other
    assert loads(one.to_yaml()) == one
    assert hash(loads(one.to_yaml())) == hash(one)


def test_limits_stand_behind_the_ends_of_every_step_and_end_the_run() -> None:
    steps = protocol_of(
        "charge at 0.1 C until 4.8 V", "rest 1 h", more="limits: {voltage: [1.5 V, 5.0 V]}\n"
    ).steps
    low = Stop(VOLTAGE, 1.5, "limits.voltage", rises=-1, ends_run=True)
    high = Stop(VOLTAGE, 5.0, "limits.voltage", rises=1, ends_run=True)
    assert steps[0].until == (Stop(VOLTAGE, 4.8, "voltage", rises=1), low, high)
    assert steps[1].until == (Stop(TIME, 3600.0), low, high)


LIMITS = "limits: {voltage: [1.5 V, 5.0 V]}\n"


@pytest.mark.parametrize(
    ("entry", "path", "words"),
    [
        ("charge: {rate: 0.1 C, until: {voltage: 4.8 kg}}", "charge.until.voltage", "a voltage"),
        ("charge: {rate: 0.1 C, until: {voltage: 4800}}", "charge.until.voltage", "was '4800 mV' meant?"),
        ("charge: {rate: 0.1 C}", "charge.until", "the key 'until'"),
        ("charge: {rate: -0.1 C, until: {voltage: 4.8 V}}", "charge.rate", "give the direction"),
        ("charge: {specific_current: -25 mA/g, until: {voltage: 4.8 V}}", "charge.specific_current",
         "'charge' and 'discharge' give the direction"),
        ("charge: {current_density: -1 A/m^2, until: {voltage: 4.8 V}}", "charge.current_density",
         "'charge' and 'discharge' give the direction"),
        ("hold: {voltage: 4.8 V}", "hold.until", "the key 'until'"),
        ("hold: {voltage: 4.8 V, until: {}}", "hold.until", "no end, expected at least one of 'rate'"),
        ("hold: {voltage: 4.8 V, until: {rate: -C/50}}", "hold.until.rate", "a C-rate"),
        ("hold: {voltage: 4.8 V, until: {voltage: 4.7 V}}", "hold.until.voltage", "unknown key"),
        ("hold: {}", "hold", "'voltage' and 'until', or 'surface_occupancy' and 'time'"),
        ("hold: {surface_occupancy: 0.5, time: 1 h}", "hold", "expected a hold at a voltage"),
        ("rest: {}", "rest.time", "the key 'time'"),
    ],
)  # fmt: skip
def test_a_wrong_step_is_refused_where_it_is_wrong(entry: str, path: str, words: str) -> None:
    (mistake,) = mistakes_in(entry)
    assert (mistake.line, mistake.path) == (first_line(), f"protocol.0.{path}")
    assert words in str(mistake)


@pytest.mark.parametrize(
    ("before", "after", "path", "words"),
    [
        ("hold at 4.8 V for 1 h", "charge at 0.1 C until 4.7 V", "charge.until.voltage",
         "'4.7 V', expected a value above 4.8 V, the voltage of the hold before this charge"),
        ("hold at 2 V for 1 h", "discharge at 0.1 C until 3 V", "discharge.until.voltage",
         "'3 V', expected a value below 2 V, the voltage of the hold before this discharge"),
        ("hold at 4.8 V for 1 h", "repeat: {times: 2, steps: [charge at 1 C until 4.7 V]}",
         "repeat.steps.0.charge.until.voltage", "above 4.8 V"),
        ("hold at 2 V for 1 h", "gitt: {rate: C/10, direction: discharge, pulse: 1 h, rest: 1 h, until: {voltage: 3 V}}",
         "gitt.until.voltage", "below 2 V"),
    ],
)  # fmt: skip
def test_a_limit_on_the_wrong_side_of_a_hold_is_refused(
    before: str, after: str, path: str, words: str
) -> None:
    (mistake,) = mistakes_in(before, after)
    assert (mistake.line, mistake.path) == (first_line() + 1, f"protocol.1.{path}")
    assert words in str(mistake)


def test_sides_that_are_not_known_before_the_run_are_left_to_it() -> None:
    # The current at the end of the hold says on which side of its own voltage the next step begins.
    with_protocol("hold at 4.8 V for 1 h", "charge at 0.1 C until 4.8 V")
    with_protocol("hold at 4.8 V for 1 h", "discharge at 0.1 C until 2 V", "charge at 0.1 C until 4.7 V")
    with_protocol("hold at 4.8 V for 1 h", "rest 1 h", "charge at 0.1 C until 4.7 V")
    with_protocol("charge at 0.1 C until 2 V")


@pytest.mark.parametrize(
    ("entry", "path", "words"),
    [
        ("charge at 0.1 C until 4.8 V", "charge.until.voltage", "voltage"),
        ("discharge: {rate: 0.1 C, until: {time: 1 h, voltage: 2 V}}", "discharge.until.voltage", "voltage"),
        ("hold: {voltage: 4.8 V, until: {time: 1 h}}", "hold.voltage", "voltage"),
        ("gitt: {rate: C/10, pulse: 1 h, rest: 1 h, until: {voltage: 4.8 V}}", "gitt.until.voltage", "voltage"),
        ("repeat: {times: 2, steps: [charge at 0.1 C until 4.8 V]}", "repeat.steps.0.charge.until.voltage",
         "voltage"),
        ("rate_test: {charge: 1 C, discharge: [1 C, 2 C], until: {voltage: [2 V, 4.8 V]}}",
         "rate_test.until.voltage", "voltage"),
    ],
)  # fmt: skip
def test_a_voltage_without_an_electrode_is_refused_in_words(entry: str, path: str, words: str) -> None:
    found = mistakes_in(entry, electrode=False)
    assert [(one.line, one.path) for one in found] == [(first_line(False), f"protocol.0.{path}")]
    assert str(found[0]).endswith(
        f"found '{words}' without an electrode, expected the key 'electrode', a section of the scenario"
    )


def test_limits_without_an_electrode_are_refused() -> None:
    (mistake,) = mistakes_in("rest 1 h", electrode=False, more=LIMITS)
    assert (mistake.line, mistake.path) == (first_line(False) + 1, "limits.voltage")
    assert "'electrode'" in mistake.expected


@pytest.mark.parametrize(
    ("limits", "path", "words"),
    [
        ("{voltage: [5 V, 1.5 V]}", "limits.voltage", "'5 V' before '1.5 V', expected two voltages"),
        ("{voltage: [2 V, 2 V]}", "limits.voltage", "the lower one first"),
        ("{voltage: [5 V]}", "limits.voltage", "a list of 1, expected two voltages"),
        ("{voltage: 5 V}", "limits.voltage", "a list"),
        ("{voltage: [1.5 V, 5 kg]}", "limits.voltage.1", "a voltage"),
        ("{current: 5}", "limits.current", "unknown key"),
        ("{}", "limits.voltage", "the key 'voltage'"),
    ],
)
def test_wrong_limits_are_refused(limits: str, path: str, words: str) -> None:
    found = {mistake.path: str(mistake) for mistake in mistakes_in("rest 1 h", more=f"limits: {limits}\n")}
    assert words in found[path]


@pytest.mark.parametrize("voltage", ["5.1 V", "5 V", "1.5 V", "1.4 V"])
def test_a_voltage_that_is_not_between_the_limits_is_refused(voltage: str) -> None:
    found = mistakes_in(
        f"charge at 0.1 C until {voltage}",
        f"hold at {voltage} for 1 h",
        "rest 1 h",
        f"repeat: {{times: 2, steps: [discharge at 1 C until {voltage}]}}",
        more=LIMITS,
    )
    assert [mistake.path for mistake in found] == [
        "protocol.0.charge.until.voltage",
        "protocol.1.hold.voltage",
        "protocol.3.repeat.steps.0.discharge.until.voltage",
    ]
    assert all("between the limits, 1.5 V and 5.0 V" in mistake.expected for mistake in found)


def test_a_hold_that_ends_at_a_rate_needs_the_current_of_1_c() -> None:
    text = (
        with_protocol("hold at 4.8 V until C/50").to_yaml().replace("cell: {one_c: 250 mA/g}", "cell: null")
    )
    with pytest.raises(ScenarioError, match=r"protocol\.0\.hold\.until\.rate: found 'C/50' without it"):
        loads(text)
