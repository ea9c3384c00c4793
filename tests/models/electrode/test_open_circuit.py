"""The open-circuit potential in a file: its forms, its mistakes at their lines, its sources."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oxyshell.language import documents, reporting, writing
from oxyshell.language.mistakes import ScenarioError
from oxyshell.language.sections import Context, Section, leaves
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.electrode.memory import Activated, FirstOrder, Hysteresis, Single, ZeroOrder
from oxyshell.models.electrode.open_circuit import OpenCircuit
from tests.models.electrode.potentials import DISCHARGE, NMC811, THERMAL_VOLTAGE, msmr, nmc811


class File(Section):
    open_circuit: OpenCircuit
    """A potential."""


def read(text: str, folder: Path = Path()) -> File:
    return reporting.validated(File, documents.parse(text, "file.yaml"), Context(folder=folder))


def potential(text: str, folder: Path = Path()) -> Any:
    return read(f"open_circuit: {text}", folder).open_circuit.model(THERMAL_VOLTAGE)


def at(text: str, x: float, folder: Path = Path()) -> float:
    found = potential(text, folder)
    return float(np.asarray(found.value(x, found.start(), NUMPY)))


REACTIONS = "[{potential: 4.180 V, share: 0.409, width: 4.86}, {potential: 3.514 V, share: 0.388, width: 4.86}, {potential: 2609 mV, share: 0.204, width: 4.86}]"  # noqa: E501
LINE, LOWER = "{formula: 4.2 - x}", "{formula: 4.0 - x}"
VALID = {
    "constant": "{constant: 3.9 V}",
    "constant with source": "{constant: {value: 3.9 V, status: measured, source: here}}",
    "table": "{table: [[0, 4.5], [0.5, 4.1 V], [1, 3500 mV]]}",
    "table that decreases": "{table: [[1, 3.5], [0.5, 4.1], [0, 4.5]]}",
    "table with source": "{table: {value: [[0, 4.5], [1, 3.5]], status: literature, source: there}}",
    "formula": f'{{formula: "{NMC811}"}}',
    "formula with source": f'{{formula: {{value: "{NMC811}", status: literature, source: Chen 2020}}}}',
    "formula that ends at infinity": "{formula: 3.9 - 0.0257*log(x/(1 - x))}",
    "reactions": f"{{msmr: {REACTIONS}}}",
    "branches": f"{{charge: {LINE}, discharge: {LOWER}}}",
    "first order": f"{{charge: {LINE}, discharge: {LOWER}, hysteresis: {{order: first, decay: 20}}}}",
    "start on discharge": f"{{charge: {LINE}, discharge: {LOWER}, hysteresis: {{begins_on: discharge}}}}",
    "first charge": f"{{first_charge: {LINE}, discharge: {LOWER}, offset: 0.3 V}}",
    "constants": "{charge: {constant: 3.9 V}, discharge: {constant: 3.8 V}}",
}


@pytest.mark.parametrize("text", VALID.values(), ids=list(VALID))
def test_it_is_written_and_read_again(text: str) -> None:
    found = read(f"open_circuit: {text}")
    again = read(writing.to_yaml(found.to_data()))
    assert again == found
    assert again.to_data() == found.to_data()
    assert again.open_circuit.model(THERMAL_VOLTAGE) == found.open_circuit.model(THERMAL_VOLTAGE)


@pytest.mark.parametrize(
    ("name", "x", "expected"),
    [
        ("constant", 0.3, 3.9),
        ("table", 0.75, 3.8),
        ("table that decreases", 0.75, 3.8),
        ("formula", 0.4, float(nmc811(np.array(0.4)))),
        ("formula that ends at infinity", 0.5, 3.9),
        ("reactions", 0.3, float(np.asarray(msmr(DISCHARGE).value(0.3, NUMPY)))),
        ("branches", 0.5, 3.7),
        ("start on discharge", 0.5, 3.5),
        ("first charge", 0.5, 3.7),
    ],
)
def test_its_value_is_as_written(name: str, x: float, expected: float) -> None:
    assert at(VALID[name], x) == pytest.approx(expected, rel=1e-14)


def test_its_keys_decide_what_it_remembers() -> None:
    kinds = {name: type(potential(text)) for name, text in VALID.items()}
    assert kinds["table"] is Single
    assert kinds["branches"] is kinds["first order"] is Hysteresis
    assert kinds["first charge"] is Activated
    assert potential(VALID["branches"]).rule == ZeroOrder()
    assert potential(VALID["first order"]).rule == FirstOrder(20.0)
    assert potential(VALID["first charge"]).offset == 0.3


@pytest.mark.parametrize(
    "content",
    [
        "0, 4.5\n0.5, 4.1\n1, 3.5\n",
        "x,U (V)\n0;4.5\n0.5;4.1\n1;3.5\n",
        "# LRMO\nx U\n1 3.5\n\n0.5\t4.1\n0 4.5\n",
    ],
)
def test_a_table_can_stand_in_a_file(content: str, tmp_path: Path) -> None:
    (tmp_path / "ocp.csv").write_text(content)
    assert at("{table: ocp.csv}", 0.75, tmp_path) == pytest.approx(3.8, rel=1e-14)
    # What is written holds the numbers: the file may go.
    found = read("open_circuit: {table: ocp.csv}", tmp_path)
    (tmp_path / "ocp.csv").unlink()
    assert read(writing.to_yaml(found.to_data())) == found


def test_a_long_table_is_used_as_straight_lines() -> None:
    x = np.linspace(0, 1, 2001)
    rows = [[float(one), float(u)] for one, u in zip(x, nmc811(x), strict=True)]
    found: Any = read(f"open_circuit: {{table: {rows}}}").open_circuit
    (leaf,) = [leaf for _, leaf in leaves(found)]
    curve = found.curve(THERMAL_VOLTAGE)
    assert len(curve.table.values) <= 251
    # Relative to the value, as `tables.simplified` says.
    values = np.asarray(curve.value(x, NUMPY))
    assert np.max(np.abs(values / nmc811(x) - 1)) == pytest.approx(leaf.error, rel=1e-6)
    assert leaf.error < 1e-5


def test_numbers_and_curves_have_a_source() -> None:
    table = dict(leaves(read(f"open_circuit: {VALID['table with source']}")))["open_circuit.table"]
    assert (table.status, table.source, table.text) == ("literature", "there", "a table of 2 values")
    formula = dict(leaves(read(f"open_circuit: {VALID['formula with source']}")))["open_circuit.formula"]
    assert (formula.status, formula.source, formula.text) == ("literature", "Chen 2020", f"{NMC811} V")
    reactions = dict(leaves(read(f"open_circuit: {VALID['reactions']}")))
    assert reactions["open_circuit.msmr.2.potential"].value == 2.609
    assert reactions["open_circuit.msmr.0.width"].status == "unstated"


def remarks(text: str) -> list[str]:
    return list(read(f"open_circuit: {text}").open_circuit.remarks("electrode.open_circuit"))


def test_shares_that_do_not_add_up_are_remarked() -> None:
    expected = "The shares of {}.msmr add up to 1.001; each is divided by this sum."
    assert remarks(VALID["reactions"]) == [expected.format("electrode.open_circuit")]
    nested = f"{{charge: {LINE}, discharge: {VALID['reactions']}}}"
    assert remarks(nested) == [expected.format("electrode.open_circuit.discharge")]


def test_a_rise_within_noise_is_remarked() -> None:
    assert remarks("{table: [[0, 4.0], [0.5, 3.6], [0.6, 3.6004], [1, 3.0]]}") == [
        "electrode.open_circuit.table rises with the content by up to 0.4 mV, which is taken for noise."
    ]
    assert remarks(VALID["table"]) == remarks(VALID["formula"]) == remarks(VALID["branches"]) == []


def test_first_order_with_activation_is_remarked() -> None:
    text = VALID["first charge"].replace("0.3 V", "0.3 V, hysteresis: {order: first, decay: 10}")
    (remark,) = remarks(text)
    assert "the potential jumps where a discharge begins" in remark
    assert remarks(VALID["first charge"]) == []


@dataclass(frozen=True)
class Wrong:
    """A potential with one mistake: its line below `open_circuit:` (0: there), its path there, and words."""

    name: str
    text: str
    line: int
    path: str
    part: str


BLOCK = """\
msmr:
  - {potential: 4.180 V, share: 0.6, width: 4.86}
  - {potential: 3.514 V, share: 0.4, width: 4.86}
"""
PAIR = "charge:\n  formula: 4.2 - x\ndischarge:\n  formula: 4.0 - x\n"
FIRST = "first_charge:\n  formula: 4.2 - x\ndischarge:\n  formula: 4.0 - x\noffset: 0.3 V\n"
TABLE = "table:\n  - [0, 4.5]\n  - [0.5, 4.1]\n  - [1, 3.5]\n"
WRONG = [
    Wrong("nothing", "{}", 0, "", "'constant', 'table', 'formula', 'msmr' or 'regular', or a curve each"),
    Wrong("a number", "3.9 V", 0, "", "expected a mapping of keys to values"),
    Wrong("misspelt", "formla: 4 - x", 1, "formla", "expected 'formula'"),
    Wrong("two curves", "constant: 3.9 V\nformula: 4 - x", 2, "formula", "unknown key 'formula'"),
    Wrong("unit", "constant: 3.9 kg", 1, "constant", "a voltage, for example '4.8 V'"),
    Wrong("scale", "constant: 3900", 1, "constant", "was '3900 mV' meant?"),
    Wrong("unknown status", "constant: {value: 3.9 V, status: mesured}", 1, "constant.status", "'measured'"),
    Wrong("other variable", "formula: 4 - theta", 1, "formula", "unknown name 'theta'; the variable is 'x'"),
    Wrong("no formula", "formula: 4 - (x", 1, "formula", "is not a formula of x"),
    Wrong("list for a formula", "formula: [1]", 1, "formula", "a list of 1, expected a formula of x in V"),
    Wrong("a formula that fails", "formula: 1/0 - x", 1, "formula", "division by zero"),
    Wrong("no number inside", "formula: 4 - x + log(x - 0.2)", 1, "formula", "nan V at x = "),
    Wrong("in mV", "formula: 4200 - 500*x", 1, "formula", "beyond ±100 V"),
    Wrong("formula that rises", "formula: 4 + x", 1, "formula", "a potential that rises from 4 V at x = "),
    Wrong("hump", "formula: 4 - x + 0.1*sin(30*x)", 1, "formula", "a potential that falls as ions come in"),
    Wrong(
        "source", "formula: {value: 4 - x, source: 3}", 1, "formula.source", "says where the value comes from"
    ),
    Wrong("no value", "formula: {status: chosen}", 1, "formula.value", "found nothing"),
    Wrong("no file", "table: absent.csv", 1, "table", "absent.csv cannot be read"),
    Wrong("no table", "table: 3", 1, "table", "a list of [x, U] pairs"),
    Wrong(
        "short table", "table:\n  - [0, 4.5]\n", 1, "table", "a table of 1, expected from 2 to 10000 pairs"
    ),
    Wrong(
        "triple", TABLE.replace("0.5, 4.1", "0.5, 4.1, 3"), 3, "table.1", "found a list of 3, expected a pair"
    ),
    Wrong("unit in a table", TABLE.replace("4.1", "4.1 m"), 3, "table.1.1", "a voltage"),
    Wrong("x beyond 1", TABLE.replace("[1,", "[1.2,"), 4, "table.2.0", "contents x from 0 to 1"),
    Wrong(
        "x twice", TABLE.replace("[1,", "[0.5,"), 4, "table.2.0", "0.5 again, expected contents x that only"
    ),
    Wrong("x back", TABLE.replace("[1,", "[0.2,"), 4, "table.2.0", "0.2 after 0.5"),
    Wrong("table in mV", TABLE.replace("4.5", "4500"), 2, "table.0.1", "potentials up to 100 V"),
    Wrong("table of what is out", TABLE.replace("3.5", "4.9"), 1, "table", "rises from 4.1 V at x = 0.5"),
    Wrong("no reactions", "msmr: []", 1, "msmr", "an empty list, expected at least one entry"),
    Wrong(
        "no width",
        BLOCK.replace(", width: 4.86}\n  - {pot", "}\n  - {pot"),
        2,
        "msmr.0.width",
        "the key 'width'",
    ),
    Wrong("misspelt share", BLOCK.replace("share: 0.4", "shar: 0.4"), 3, "msmr.1.shar", "expected 'share'"),
    Wrong("negative share", BLOCK.replace("0.4,", "-0.4,"), 3, "msmr.1.share", "above 0 and at most 1"),
    Wrong("no part", BLOCK.replace("0.4,", "0.2,"), 1, "msmr", "shares that add up to 0.8"),
    Wrong("no width at all", BLOCK.replace("4.86}", "0}", 1), 2, "msmr.0.width", "at least 0.01"),
    Wrong("no discharge", "charge:\n  constant: 3.9 V\n", 0, "discharge", "the key 'discharge'"),
    Wrong(
        "mistake in a branch", PAIR.replace("4.0 - x", "4.0 - y"), 4, "discharge.formula", "unknown name 'y'"
    ),
    Wrong(
        "constant beside a curve",
        PAIR.replace("formula: 4.0 - x", "constant: 3.9 V"),
        *(3, "discharge", "the same kind of potential on both branches"),
    ),
    Wrong("order", PAIR + "hysteresis:\n  order: second\n", 6, "hysteresis.order", "'zero' or 'first'"),
    Wrong("no decay", PAIR + "hysteresis:\n  order: first\n", 6, "hysteresis.order", "expected 'decay'"),
    Wrong("a decay", PAIR + "hysteresis:\n  decay: 3\n", 6, "hysteresis.decay", "null with zero order"),
    Wrong("decay 0", PAIR + "hysteresis: {order: first, decay: 0}", 5, "hysteresis.decay", "above 0"),
    Wrong("offset of branches", PAIR + "offset: 0.3 V", 5, "offset", "unknown key 'offset'"),
    Wrong("no offset", FIRST.replace("offset: 0.3 V\n", ""), 0, "offset", "the key 'offset'"),
    Wrong("negative offset", FIRST.replace("0.3 V", "-0.3 V"), 5, "offset", "at least 0 V"),
    Wrong("first and other", FIRST + "charge: {constant: 3.9 V}", 6, "charge", "unknown key 'charge'"),
]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
def test_mistakes_stand_at_their_lines(case: Wrong, tmp_path: Path) -> None:
    indented = "".join(f"  {line}\n" for line in case.text.splitlines())
    with pytest.raises(ScenarioError) as caught:
        read(f"open_circuit:\n{indented}", tmp_path)
    path = f"open_circuit.{case.path}".rstrip(".")
    (mistake,) = caught.value.mistakes
    assert (mistake.line, mistake.path) == (case.line + 1, path), str(caught.value)
    assert case.part in str(mistake)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("x,U\n0,4.5\n0.5,four\n1,3.5\n", "'0.5,four' in line 3 of ocp.csv, expected two numbers"),
        ("0,4.5\n1,3.5,2\n", "line 2 of ocp.csv"),
        ("x,U\n", "a table of 0, expected from 2"),
        ("0,4.5\n0.5,4.1\n0.5,3.5\n", "0.5 again"),
        ("0,3.5\n1,4.5\n", "a potential that rises from 3.5 V at x = 0"),
    ],
)
def test_mistakes_in_a_table_s_own_file_stand_at_its_name(content: str, part: str, tmp_path: Path) -> None:
    (tmp_path / "ocp.csv").write_text(content)
    with pytest.raises(ScenarioError) as caught:
        read("open_circuit:\n  table: ocp.csv\n", tmp_path)
    (mistake,) = caught.value.mistakes
    assert (mistake.line, mistake.path) == (2, "open_circuit.table")
    assert part in str(mistake)


def test_editors_know_its_forms() -> None:
    schema = File.model_json_schema()
    assert {"Constant", "Table", "Formula", "Msmr", "Branches", "Activation"} <= set(schema["$defs"])
    assert schema["$defs"]["Reaction"]["properties"]["width"]["description"].startswith("ω_j")
