"""Steps that are written as short texts."""

# ruff: noqa: PT017 (an error is one of two good ends)

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from oxyshell.language.mistakes import ScenarioError
from oxyshell.scenario.loading import loads
from oxyshell.scenario.protocol.texts import EXAMPLES, TextRefusal, parse
from tests.scenario.protocol.written import first_line, mistakes_in, with_protocol

WORDS = [
    *("charge", "Discharge", "hold", "REST", "at", "until", "for", "or", "extracted", "surface occupancy"),
    *(
        "0.1 C",
        "C/50",
        "4.8 V",
        "25 mA/g",
        "2 A/m^2",
        "5 h",
        "30",
        "0.5",
        "-",
        "V",
        "h",
        "3 A",
        "1e400 h",
        "µ",
    ),
]


def _charge(until: dict[str, Any], **current: str) -> dict[str, Any]:
    return {"charge": {**current, "until": until}}


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("charge at 0.1 C until 4.8 V", _charge({"voltage": "4.8 V"}, rate="0.1 C")),
        ("charge at C/10 until 4800 mV", _charge({"voltage": "4800 mV"}, rate="C/10")),
        ("Charge at 1C until 4.8V", _charge({"voltage": "4.8V"}, rate="1C")),
        (
            "charge at 25 mA/g until 4.8 V or 5 h",
            _charge({"voltage": "4.8 V", "time": "5 h"}, specific_current="25 mA/g"),
        ),
        (
            "charge at 2 mA / cm^2 for 5 h or until 4.8 V",
            _charge({"time": "5 h", "voltage": "4.8 V"}, current_density="2 mA / cm^2"),
        ),
        (
            "CHARGE AT 0.1 C UNTIL extracted 0.5 OR surface occupancy 0.2",
            _charge({"extracted": "0.5", "surface_occupancy": "0.2"}, rate="0.1 C"),
        ),
        ("charge at 0.1 C until passed 0.5", _charge({"passed": "0.5"}, rate="0.1 C")),
        ("discharge at C/2 for 30 min", {"discharge": {"rate": "C/2", "until": {"time": "30 min"}}}),
        (
            "hold at 4.8 V until C/50 or 5 h",
            {"hold": {"voltage": "4.8 V", "until": {"rate": "C/50", "time": "5 h"}}},
        ),
        ("hold at 4.8 V for 1 h", {"hold": {"voltage": "4.8 V", "until": {"time": "1 h"}}}),
        (
            "hold at 4.8 V until 5 mA/g",
            {"hold": {"voltage": "4.8 V", "until": {"specific_current": "5 mA/g"}}},
        ),
        (
            "hold at surface occupancy 0.9 for 1 h",
            {"hold": {"surface_occupancy": "0.9", "time": "1 h"}},
        ),
        ("rest for 1 h", {"rest": {"time": "1 h"}}),
        ("  rest   1 h ", {"rest": {"time": "1 h"}}),
        ("Rest for 30 minutes", {"rest": {"time": "30 minutes"}}),
    ],
)
def test_a_text_stands_for_its_typed_form(text: str, typed: dict[str, Any]) -> None:
    found = parse(text).data
    assert found == typed
    # Also the order of the ends, which decides between those that come together.
    assert f"{found}" == f"{typed}"


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_examples_of_the_schema_are_steps(text: str) -> None:
    with_protocol(text)


def test_the_resolved_scenario_shows_the_typed_form() -> None:
    scenario = with_protocol("charge at 0.1 C until 4.8 V or 5 h", "hold at 4.8 V for 1 h or until C/50")
    text = scenario.to_yaml()
    assert "until: {voltage: 4.8 V, time: 5 h}" in text
    assert "until: {time: 1 h, rate: C/50}" in text
    assert loads(text) == scenario
    assert scenario == with_protocol(
        "charge: {rate: 0.1 C, until: {voltage: 4.8 V, time: 5 h}}",
        "hold: {voltage: 4.8 V, until: {time: 1 h, rate: C/50}}",
    )


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("chrge at 0.1 C until 4.8 V", 1, "'chrge', expected 'charge'"),
        ("hodl at 4.8 V for 1 h", 1, "'hodl', expected 'hold'"),
        ("wait for 1 h", 1, "'wait', expected one of 'charge', 'discharge', 'hold' and 'rest'"),
        ("charge", 7, "'charge at' with a current"),
        ("charge 0.1 C until 4.8 V", 8, "'0.1 C', expected 'charge at' with a current"),
        ("charge until 4.8 V", 8, "'until 4.8 V', expected 'charge at'"),
        ("charge at", 10, "found nothing, expected a C-rate"),
        ("charge at fast until 4.8 V", 11, "'fast', expected a C-rate"),
        ("charge at 0.1 until 4.8 V", 11, "'0.1', expected a C-rate"),
        ("charge at 0.1 c until 4.8 V", 11, "was 'C' meant?"),
        ("charge at 25 mA/gg until 4.8 V", 11, "was 'mA/g' meant?"),
        ("charge at 3 A until 4.8 V", 11, "'3 A', expected a C-rate"),
        ("charge at 0.1 C", 16, "no end, expected 'until 4.8 V'"),
        ("charge at 0.1 C until", 22, "found nothing, expected a voltage"),
        ("charge at 0.1 C until 4.8", 23, "'4.8', expected a voltage"),
        ("charge at 0.1 C until 4.8 v", 23, "was 'V' meant?"),
        ("charge at 0.1 C until C/50", 23, "'C/50', expected a voltage, such as '4.8 V' or a time"),
        ("charge at 0.1 C for 4.8 V", 21, "'4.8 V', expected a time"),
        ("charge at 0.1 C until 4.8 V please", 29, "'please', expected 'or'"),
        ("charge at 0.1 C until 4.8 V and 5 h", 29, "'and 5 h', expected 'or'"),
        ("charge at 0.1 C untl 4.8 V", 17, "'untl 4.8 V', expected 'until'"),
        ("charge at 0.1 C until 4.8 V or 4.7 V", 32, "'4.7 V', expected one end of this kind"),
        ("charge at 0.1 C at 2 C until 4.8 V", 17, "'at 2 C', expected 'until 4.8 V'"),
        ("charge at 0.1 C or 5 h", 17, "'or 5 h', expected 'until 4.8 V'"),
        ("charge at -0.1 C until 4.8 V", 11, "above 0 C; 'charge' and 'discharge' give the direction"),
        ("charge at 0 C until 4.8 V", 11, "above 0 C"),
        ("charge at 0.1 C for -5 h", 21, "above 0 s"),
        ("charge at 0.1 C until extracted", 32, "found nothing, expected a number"),
        ("charge at 0.1 C until extracted 2.0", 33, "below 1.1988"),
        ("hold for 1 h", 6, "'for 1 h', expected 'hold at' with a voltage"),
        ("hold at 0.1 C for 1 h", 9, "'0.1 C', expected a voltage"),
        ("hold at 4.8 V", 14, "no end, expected 'until C/50'"),
        ("hold at 4.8 V until 4.7 V", 21, "'4.7 V', expected a C-rate"),
        ("hold at 4.8 V until -C/50", 21, "expected a C-rate"),
        ("rest", 5, "'for' with a time"),
        ("rest until 4.8 V", 6, "'until 4.8 V', expected 'for' with a time"),
        ("rest for 1 h until 4.8 V", 14, "'until 4.8 V', expected the end of the text"),
        ("rest for 4.8 V", 10, "'4.8 V', expected a time"),
    ],
)
@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_a_mistake_in_a_text_has_its_line_and_its_column(
    text: str, column: int, words: str, quote: str
) -> None:
    (mistake,) = mistakes_in("rest 1 h", f"{quote}{text}{quote}")
    before = len("  - ") + len(quote)
    assert (mistake.line, mistake.column) == (first_line() + 1, before + column)
    assert words in str(mistake)
    assert mistake.path.startswith("protocol.1")


def test_the_column_is_that_inside_of_a_repeated_text_too() -> None:
    (mistake,) = mistakes_in("repeat: {times: 2, steps: [rest 1 h, 'charge at 0.1 C until 4.8 v']}")
    line = "  - repeat: {times: 2, steps: [rest 1 h, 'charge at 0.1 C until 4.8 v']}"
    assert (mistake.line, mistake.column) == (first_line(), line.index("4.8 v") + 1)
    assert mistake.path == "protocol.0.repeat.steps.1"


def test_a_text_over_several_lines_is_read_and_its_mistakes_are_where_it_begins() -> None:
    assert with_protocol("charge at 0.1 C\n    until 4.8 V") == with_protocol("charge at 0.1 C until 4.8 V")
    (mistake,) = mistakes_in(">-\n    charge at 0.1 C\n    until 4.8 v")
    assert mistake.line == first_line()


def test_a_value_of_a_text_has_a_path_that_can_be_set() -> None:
    scenario = with_protocol("charge at 0.1 C until 4.8 V")
    other = scenario.with_values({"protocol.0.charge.rate": "1 C"})
    assert other == with_protocol("charge at 1 C until 4.8 V")
    again = other.with_values({"protocol.0": "charge at 1 C until 4.7 V"})
    later = again.with_values({"protocol.0.charge.until.voltage": "4.6 V"})
    assert later == with_protocol("charge at 1 C until 4.6 V")


def test_a_mistake_in_a_text_that_is_set_names_the_path() -> None:
    with pytest.raises(ScenarioError) as caught:
        with_protocol("rest 1 h").with_values({"protocol.0": "charge at 0.1 C until 4.8 v"})
    assert str(caught.value).startswith("override protocol.0: found '4.8 v', expected a voltage")


def test_a_scenario_from_plain_data_may_have_texts() -> None:
    scenario = with_protocol("rest 1 h")
    data = {**scenario.to_data(), "protocol": ["charge at -0.1 C until 4.8 V"]}
    with pytest.raises(ValidationError, match="above 0 C"):
        type(scenario).from_data(data)
    data["protocol"] = ["charge at 0.1 C until 4.8 V"]
    other = type(scenario).from_data(data).with_values({"protocol.0.charge.rate": "1 C"})
    assert other == with_protocol("charge at 1 C until 4.8 V").with_values(
        {"shell": scenario.to_data()["shell"]}
    )


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from([" ", "  ", ""]))
@settings(max_examples=500, deadline=None)
def test_any_words_of_the_language_are_read_or_refused_inside_the_text(
    words: list[str], between: str
) -> None:
    text = between.join(words)
    try:
        typed = parse(text)
    except TextRefusal as refusal:
        assert 0 <= refusal.offset <= len(text)
        assert refusal.found
        assert refusal.expected
    else:
        (verb,) = typed.data
        assert verb == words[0].lower()
        assert all(0 <= offset <= len(text) for offset in typed.places.values())


def test_any_other_words_are_refused_with_an_offset_inside_the_text() -> None:
    for text in ("", "   ", "\N{MINUS SIGN}", "charge at at 0.1 C", "for", "hold at until", "rest for for"):
        with pytest.raises(TextRefusal) as caught:
            parse(text)
        assert 0 <= caught.value.offset <= len(text)
