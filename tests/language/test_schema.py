"""JSON Schemas of all kinds of files accept what is valid, and refuse what a schema can know to be wrong."""

from __future__ import annotations

import functools
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from oxyshell.language import documents, patterns, units
from oxyshell.language.kinds import kind_of
from oxyshell.language.mistakes import Refusal, ScenarioError
from oxyshell.language.quantities_in_scripts import plain
from oxyshell.language.schema import DIALECT
from oxyshell.language.sections import Context
from oxyshell.studies.registry import json_schema, kinds, studies
from tests.random_scenarios import drawn
from tests.scenario.wrong_scenarios import WRONG_SCENARIOS

ROOT = Path(__file__).parents[2]
KINDS = ("scenario", "material", *(study.file.name for study in studies()))
SHIPPED = sorted([*ROOT.glob("scenarios/*.yaml"), *ROOT.glob("oxyshell/materials/*.yaml")])
STUDIES = ("calibration", "comparison", "design", "sensitivity", "sweep")

# Wrong files that a schema cannot know to be wrong, by the reason.
UNKNOWABLE = {
    "a contradiction between several values": (
        "extent in dimension 1", "extent in dimension 3", "shell thicker than the particle",
        "shell that leaves no core", "shell thinner than an atom", "table with unequal lists",
        "table with an occupancy that turns back", "unstable elasticity", "nearly incompressible and layered",
        "layered host in dimension 1", "layered strain in dimension 1", "layered transport in dimension 1",
        "layered plate without a c axis", "charge beyond all ions", "charge to what is there",
        "charge to a fuller surface", "charge to an empty surface", "discharge to a full surface",
        "discharge to less", "discharge beyond full", "rate without cell", "output beyond the protocol",
        "output after the end", "thin plate", "long prism", "layer up to the centre of a hexagon",
        "diffusivity in a layer that is not there", "source in a host without oxygen",
        "Li-O-Li content that becomes negative", "reuse without a sink", "vacancies without a source",
        "more sites lost than ions", "a published share too few", "ion not in the formula",
    ),
    "the value of a formula": (
        "formula that becomes negative", "formula of another variable", "formula that is code",
        "formula that divides by zero", "formula that is infinite at 0", "complex formula",
        "formula in a parameter", "nearly no resistance to shear in a formula",
    ),
    "chemistry": ("unknown element", "open parenthesis", "formula of lower case", "loading of no formula"),
    "another file": ("missing mesh file",),
    "the words of a step": ("step is a text",),
    "no number of JSON": ("NaN", "overflow"),
}  # fmt: skip
# What a schema could know, and this one does not: sizes of numbers with units, and names of units.
MISSED = {
    "close to absolute zero", "a radius of 150 mm", "beyond all sizes", "below all sizes", "unknown unit",
    "misspelt length unit", "power tower of units", "generation at once", "strain of 60 %",
    "volume change above 50 %", "loading of 100 %", "volume of vacancies per site",
}  # fmt: skip


@functools.cache
def validator(kind: str) -> Draft202012Validator:
    schema = json_schema(kind)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def wrong(kind: str, data: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in validator(kind).iter_errors(data)]


def kind_in(file: Path, data: Any) -> str:
    found = kind_of(data, kinds())
    return "material" if found is None or file.parent.name == "materials" else found.name


@pytest.mark.parametrize("kind", KINDS)
def test_every_schema_says_which_one_it_is(kind: str) -> None:
    schema = validator(kind).schema
    assert schema["$schema"] == DIALECT
    assert re.fullmatch(rf"urn:oxyshell:schema:[0-9][^:]*:{kind.replace(' ', '-')}", schema["$id"])
    assert schema["additionalProperties"] is False


def test_identifiers_differ() -> None:
    assert len({json_schema(kind)["$id"] for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_what_ships_is_accepted(file: Path) -> None:
    data = documents.read_file(file).data
    assert wrong(kind_in(file, data), data) == []


@pytest.mark.parametrize("seed", range(20))
def test_random_scenarios_are_accepted(seed: int) -> None:
    assert wrong("scenario", plain(drawn(seed))) == []


def test_former_keys_are_accepted_one_at_a_time() -> None:
    data = documents.read_file(ROOT / "scenarios" / "lrmo-charge-with-oxygen.yaml").data
    surface = data["oxygen"]["surface"]
    surface["layers"] = 2
    assert wrong("scenario", data)
    del surface["monolayers"]
    assert wrong("scenario", data) == []
    data["oxygen"]["source"] = {"onset": 0.4, "release_rate": "1e-4 1/s"}
    assert wrong("scenario", data) == []
    del data["oxygen"]["source"]["release_rate"]
    assert wrong("scenario", data)


@pytest.mark.parametrize("kind", KINDS)
def test_every_default_is_valid_where_it_stands(kind: str) -> None:
    schema = validator(kind).schema
    count = 0
    for part in parts(schema):
        if "default" in part:
            own = {key: value for key, value in part.items() if key != "default"} | {"$defs": schema["$defs"]}
            assert Draft202012Validator(own).is_valid(part["default"]), part
            count += 1
    assert count > 2


def parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    for below in node if isinstance(node, list) else ():
        yield from parts(below)


def test_nine_in_ten_wrong_scenarios_are_refused() -> None:
    beyond = {name for names in UNKNOWABLE.values() for name in names}
    assert beyond <= {case.name for case in WRONG_SCENARIOS}
    accepted, knowable = set(), 0
    for case in WRONG_SCENARIOS:
        try:
            data = documents.parse(case.content.decode(), case.name).data
        except (ScenarioError, UnicodeDecodeError):
            continue  # no YAML
        refused = not validator("scenario").is_valid(data)
        assert not (refused and case.name in beyond), case.name
        knowable += case.name not in beyond
        if not refused and case.name not in beyond:
            accepted.add(case.name)
    assert accepted == MISSED
    assert 1 - len(accepted) / knowable >= 0.9


def wrong_studies() -> Iterator[tuple[str, str, str]]:
    """Kind, text and mistake of the wrong files of studies whose section alone refuses them."""
    for folder in STUDIES:
        module = importlib.import_module(f"tests.studies.{folder}.test_file")
        text = module.TEXT
        kind = kind_of(documents.parse(text, "x").data, kinds())
        assert kind is not None
        section = next(study for study in studies() if study.file is kind).load().section
        for mark in module.test_a_mistake_is_found_where_it_is.pytestmark:
            for old, new, *_ in mark.args[1] if mark.name == "parametrize" else ():
                try:
                    data = documents.parse(text.replace(old, new), "x").data
                    section.from_file(data, Context())
                except ScenarioError:
                    continue
                except ValidationError:
                    yield kind.name, new, text.replace(old, new)


def test_nine_in_ten_wrong_studies_are_refused() -> None:
    # Mistakes of their sections; paths, names of quantities and other files are beyond a schema.
    cases = list(wrong_studies())
    accepted = [(kind, new) for kind, new, text in cases if not wrong(kind, documents.parse(text, "x").data)]
    assert len(cases) >= 20
    assert len(accepted) <= 0.1 * len(cases), accepted


def test_a_unit_that_a_pattern_refuses_does_not_convert() -> None:
    for unit in units.KINDS:
        for other in patterns.foreign(unit):
            with pytest.raises(Refusal):
                units.read(f"1.5 {other}", unit)


VALID = {
    "m": ["150 nm", "150nm", "1.5e-7", "5 µm", " 1 Å ", "+2 mm", "1 micrometer", "1e-7 m"],
    "m^2/s": ["1e-18 m^2/s", "1e-14 cm2/s", "1 m² s⁻¹", "1 m**2*s**-1", "3 um^2/s"],
    "1/s": ["1e-4 1/s", "1e-4 s^-1", "1 Hz", "0.5 1/h"],
    "kg/kg": ["0.46 %", "0.46 wt%", "4.6 mg/g", "0.0046"],
    "eV": ["1.497 eV", "144 kJ/mol", "1.497eV"],
    "A/m^2": ["2 A/m^2", "0.2 mA/cm²", "2 A m^-2"],
    "C": ["0.1 C", "C/10", "C / 2.5", "2"],
}
INVALID = {
    "m": ["150 s", "1e-16 m^2/s", "1 m²", "0 nm", "-1 nm", "nm", "1,5 nm", "1 m² s⁻¹"],
    "m^2/s": ["1e-18 m", "1e-18 m/s", "0 m^2/s", "1 m s⁻¹"],
    "1/s": ["1e-4 s", "1e-4 m/s", "-1 1/s"],
    "kg/kg": ["1 g/cm^3", "-1 %"],
    "eV": ["1.497 V", "0 eV"],
    "A/m^2": ["2 A/kg", "2 mA/g"],
    "C": ["0.1 A", "C/0", "0 C", "2 A/g"],
}


@pytest.mark.parametrize("unit", VALID)
def test_patterns_of_positive_quantities(unit: str) -> None:
    pattern = re.compile(patterns.quantity(unit, negative=False, zero=False))
    for text in VALID[unit]:
        assert units.read(text, unit).value > 0
        assert pattern.search(text), text
    for text in INVALID[unit]:
        assert not pattern.search(text), text


def test_signs_and_zero() -> None:
    def accepted(*signs: bool) -> list[str]:
        pattern = re.compile(patterns.quantity("V", *signs))
        return [text for text in ("-1 V", "−0.5 V", "-0.0 V", "0 V", "1e-3 V") if pattern.search(text)]

    assert accepted(True, True, True) == ["-1 V", "−0.5 V", "-0.0 V", "0 V", "1e-3 V"]
    assert accepted(False, True, True) == ["-0.0 V", "0 V", "1e-3 V"]
    assert accepted(True, True, False) == ["-1 V", "−0.5 V", "-0.0 V", "0 V"]
    assert accepted(False, False, True) == ["1e-3 V"]


@pytest.mark.slow
def test_check_jsonschema_accepts_what_ships_and_refuses_a_negative_radius(tmp_path: Path) -> None:
    schema = tmp_path / "scenario.json"
    schema.write_text(json.dumps(json_schema()), encoding="utf-8")
    files = [file for file in SHIPPED if kind_in(file, documents.read_file(file).data) == "scenario"]
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema)]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    text = (ROOT / "scenarios" / "lrmo-pristine.yaml").read_text(encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text(text.replace("150 nm", "-150 nm"), encoding="utf-8")
    done = subprocess.run([*command, str(tmp_path / "wrong.yaml")], capture_output=True, text=True)
    assert done.returncode == 1
    assert "particle.radius" in done.stdout
