"""Entries that stand for many steps: repeats, titrations and rate tests."""

# ruff: noqa: E501 (a table reads better with its rows on few lines)

from __future__ import annotations

import math

import pytest

from oxyshell.errors import InputError
from oxyshell.models.base.protocol import TIME, Repeat, Stop
from oxyshell.scenario.loading import loads
from oxyshell.scenario.protocol.ends import VOLTAGE
from tests.scenario.protocol.written import first_line, mistakes_in, protocol_of, with_protocol

CYCLE = "['charge at 1 C until 4.8 V', 'rest 1 min', 'discharge at 1 C until 2.0 V']"
AGEING = f"repeat: {{times: 3, name: ageing, stop: {{capacity_below: 80 %}}, steps: {CYCLE}}}"
GITT = "gitt: {rate: 0.1 C, pulse: 10 min, rest: 1 h, until: {voltage: 4.8 V}}"
RATES = (
    "rate_test: {charge: 0.1 C, discharge: [0.1 C, 5 C], cycles_each: 2, until: {voltage: [2.0 V, 4.8 V]}}"
)


def test_repeated_steps_stand_as_often_as_they_run() -> None:
    protocol = protocol_of("rest 1 h", AGEING, "rest 2 h")
    assert [step.kind for step in protocol.steps] == ["rest", *["charge", "rest", "discharge"] * 3, "rest"]
    assert [step.cycle for step in protocol.steps] == [0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0]
    assert [index for index, step in enumerate(protocol.steps) if step.ends_cycle] == [3, 6, 9]
    assert [step.block for step in protocol.steps] == ["", *["ageing"] * 9, ""]
    assert protocol.repeats == (Repeat("ageing", first=1, length=3, times=3, least_capacity=0.8),)
    assert protocol.repeats[0].end == 10
    assert protocol.cycles == 3


def test_repeated_steps_are_those_that_one_would_list() -> None:
    repeated = protocol_of("repeat: {times: 2, steps: [charge at 1 C until 4.8 V, rest 1 h]}").steps
    listed = protocol_of(*["charge at 1 C until 4.8 V", "rest 1 h"] * 2).steps
    assert [(step.label, step.exchange, step.until, step.pace, step.kind) for step in repeated] == [
        (step.label, step.exchange, step.until, step.pace, step.kind) for step in listed
    ]


def test_cycles_are_counted_through_the_whole_protocol() -> None:
    protocol = protocol_of(AGEING, "rest 1 h", AGEING, RATES)
    cycles = [step.cycle for step in protocol.steps if step.ends_cycle]
    assert cycles == list(range(1, 11))
    assert [(one.name, one.first, one.times) for one in protocol.repeats] == [
        ("ageing", 0, 3),
        ("ageing", 10, 3),
        ("discharge at 0.1 C", 19, 2),
        ("discharge at 5 C", 23, 2),
    ]


def test_repeats_are_written_and_read_back() -> None:
    scenario = with_protocol(AGEING, GITT, RATES)
    again = loads(scenario.to_yaml())
    assert again == scenario
    assert again.with_values({"protocol.0.repeat.steps.0.charge.rate": "2 C"}) != scenario


def test_a_titration_is_pulses_and_rests_until_its_limit() -> None:
    protocol = protocol_of("rest 1 h", GITT)
    pulse, rest = protocol.steps[1:3]
    assert (pulse.kind, rest.kind) == ("charge", "rest")
    assert pulse.until == (Stop(VOLTAGE, 4.8, "voltage", rises=1), Stop(TIME, 600.0))
    assert rest.until == (Stop(TIME, 3600.0),)
    (repeat,) = protocol.repeats
    assert (repeat.first, repeat.length, repeat.until_reached) == (1, 2, ("voltage",))
    # 1.2 sites per formula unit, of which 0.1 C takes out 1/45510 in a second: the brief's current.
    assert repeat.times == math.ceil(1.2 * 45_510 / 600) + 1
    assert len(protocol.steps) == 1 + 2 * repeat.times
    assert {step.block for step in protocol.steps[1:]} == {"gitt"}


def test_a_titration_on_discharge_and_at_a_content() -> None:
    protocol = protocol_of(
        "charge at 0.1 C until extracted 0.9",
        "gitt: {specific_current: 25 mA/g, direction: discharge, pulse: 10 min, rest: 1 h, "
        "until: {extracted: 0.1, voltage: 2 V}}",
    )
    pulse = protocol.steps[1]
    assert pulse.kind == "discharge"
    assert pulse.pace < 0
    assert [stop.key for stop in pulse.until] == ["extracted", "voltage", "time"]
    assert protocol.repeats[0].until_reached == ("extracted", "voltage")


def test_a_rate_test_charges_alike_and_discharges_at_one_rate_after_the_other() -> None:
    steps = protocol_of(RATES).steps
    assert [step.label for step in steps] == [
        *["charge at 0.1 C", "discharge at 0.1 C"] * 2,
        *["charge at 0.1 C", "discharge at 5 C"] * 2,
    ]
    assert steps[0].until == (Stop(VOLTAGE, 4.8, "voltage", rises=1),)
    assert steps[1].until == (Stop(VOLTAGE, 2.0, "voltage", rises=-1),)


def test_the_contents_of_all_cycles_can_be_written() -> None:
    cycle = "{times: 3, steps: ['charge at 1 C until extracted 0.9', 'discharge at 1 C until extracted 0.1']}"
    with_protocol(
        f"repeat: {cycle}", more="output: {at: {extracted: [0.5]}, every_cycle: 2, last_cycles: 1}\n"
    )
    (mistake,) = mistakes_in(f"repeat: {cycle}", more="output: {at: {extracted: [0.95]}}\n")
    assert "from 0 to 0.9" in str(mistake)


def test_the_length_of_all_cycles_is_known() -> None:
    rests = "repeat: {times: 3, steps: [rest 1 h, rest 2 h]}"
    with_protocol(rests, more="output: {at: {time: [9 h]}}\n")
    (mistake,) = mistakes_in(rests, more="output: {at: {time: [10 h]}}\n")
    assert "within the protocol's 32400 s" in str(mistake)


def test_after_cycles_that_may_end_early_any_of_their_contents_may_be_left() -> None:
    steps = "steps: [charge at 1 C until passed 0.2, discharge at 1 C until passed 0.1]"
    with_protocol(
        f"repeat: {{times: 4, stop: {{capacity_below: 80 %}}, {steps}}}", "charge at 1 C until extracted 0.3"
    )


def test_what_is_recorded_follows_from_the_keys() -> None:
    protocol = protocol_of(AGEING, RATES, more="output: {every_cycle: 3, last_cycles: 2}\n")
    assert [cycle for cycle in range(8) if protocol.recorded(cycle)] == [0, 1, 3, 6, 7]
    assert all(protocol_of(AGEING).recorded(cycle) for cycle in range(4))


@pytest.mark.parametrize(
    ("entry", "path", "words"),
    [
        ("repeat: {times: 0, steps: [rest 1 h]}", "repeat.times", "at least 1"),
        ("repeat: {times: 2.5, steps: [rest 1 h]}", "repeat.times", "a whole number"),
        ("repeat: {times: 1000000, steps: [rest 1 h]}", "repeat.times", "at most 100000"),
        ("repeat: {steps: [rest 1 h]}", "repeat.times", "the key 'times'"),
        ("repeat: {times: 2}", "repeat.steps", "the key 'steps'"),
        ("repeat: {times: 2, steps: []}", "repeat.steps", "at least one"),
        ("repeat: {times: 2, name: '', steps: [rest 1 h]}", "repeat.name", "not empty"),
        ("repeat: {times: 2, steps: [rest 1 h], stop: {capacity_below: 80 %}}", "repeat.stop",
         "a discharge among the steps"),
        (f"repeat: {{times: 2, steps: {CYCLE}, stop: {{capacity_below: 120 %}}}}", "repeat.stop.capacity_below",
         "below 1"),
        (f"repeat: {{times: 2, steps: {CYCLE}, stop: {{capacity_below: 80}}}}", "repeat.stop.capacity_below",
         "was '80 %' meant?"),
        ("repeat: {times: 2, steps: [rest 1 h, {repeat: {times: 2, steps: [rest 1 h]}}]}",
         "repeat.steps.1.repeat", "cycles stand one after the other, not one in the other"),
        (f"repeat: {{times: 2, steps: [rest 1 h, {{{GITT}}}]}}", "repeat.steps.1.gitt", "one after the other"),
        ("repeat: {times: 2, steps: [rest 1 h, {wait: 1 h}]}", "repeat.steps.1", "one of 'charge'"),
        ("repeat: {times: 2, steps: [rest 1 h, {rset: {time: 1 h}}]}", "repeat.steps.1.rset", "'rest'"),
        ("repeat: {times: 2, steps: ['charge at 1 C until extracted 0.5']}",
         "repeat.steps.0.charge.until.extracted", "a value above 0.5"),
        (f"loop: {{times: 2, steps: {CYCLE}}}", "", "expected 'repeat', with 'times' and 'steps'"),
        (f"cycle: {CYCLE}", "", "expected 'repeat', with 'times' and 'steps'"),
        ("wait: 1 h", "", "expected one of 'charge', 'discharge'"),
        ("repeat: {times: 2, stps: [rest 1 h]}", "repeat.stps", "'steps'"),
        ("gitt: {rate: 0.1 C, pulse: 10 min, rest: 1 h}", "gitt.until", "the key 'until'"),
        ("gitt: {rate: 0.1 C, pulse: 10 min, rest: 1 h, until: {time: 5 h}}", "gitt.until.time", "unknown key"),
        ("gitt: {rate: 0.1 C, pulse: 10 min, rest: 1 h, until: {}}", "gitt.until", "no end"),
        ("gitt: {rate: -0.1 C, pulse: 10 min, rest: 1 h, until: {voltage: 4.8 V}}", "gitt.rate", "the direction"),
        ("gitt: {pulse: 10 min, rest: 1 h, until: {voltage: 4.8 V}}", "gitt", "exactly one of 'rate'"),
        ("gitt: {rate: 0.1 C, pulse: 0 s, rest: 1 h, until: {voltage: 4.8 V}}", "gitt.pulse", "above 0 s"),
        ("gitt: {rate: 0.1 C, direction: up, pulse: 1 s, rest: 1 h, until: {voltage: 4.8 V}}", "gitt.direction",
         "'charge' or 'discharge'"),
        ("rate_test: {charge: 0.1 C, discharge: [], until: {voltage: [2 V, 4.8 V]}}", "rate_test.discharge",
         "at least one"),
        ("rate_test: {charge: 0.1 C, discharge: [1 C, -1 C], until: {voltage: [2 V, 4.8 V]}}",
         "rate_test.discharge.1", "the direction"),
        ("rate_test: {charge: 0.1 C, discharge: [1 C], until: {voltage: [4.8 V, 2 V]}}",
         "rate_test.until.voltage", "the lower one first"),
        ("rate_test: {charge: 0.1 C, discharge: [1 C]}", "rate_test.until", "the key 'until'"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_refused_where_it_is_wrong(entry: str, path: str, words: str) -> None:
    (mistake,) = mistakes_in("rest 1 h", entry)
    assert mistake.line == first_line() + 1
    assert mistake.path == f"protocol.1{'.' if path else ''}{path}"
    assert words in str(mistake)


def test_a_titration_of_more_pulses_than_can_be_run_is_refused() -> None:
    tiny = "gitt: {rate: 1e-6 C, pulse: 1 s, rest: 1 h, until: {voltage: 4.8 V}}"
    with pytest.raises(InputError, match=r"pulses, of 1 s each, expected at most 100000: longer pulses"):
        protocol_of(tiny)
