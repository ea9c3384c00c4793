"""Numbers that were probably meant in another unit, and numbers that no particle has."""

# ruff: noqa: E501 (study files in one line each)

from __future__ import annotations

from collections.abc import Iterator
from inspect import isabstract
from pathlib import Path
from typing import Any, get_args

import pytest

from oxyshell.language import units
from oxyshell.language.marks import mark_of, numbers
from oxyshell.language.mistakes import ScenarioError
from oxyshell.language.parameters import Quantity
from oxyshell.language.sections import Section
from oxyshell.language.variants import Variants
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario, full_type
from oxyshell.studies.registry import load_any
from tests.scenario.wrong_scenarios import BASE, WITH_OXYGEN
from tests.sized import sized

OXYGEN = "oxygen.surface"


@pytest.fixture(scope="module")
def base() -> Scenario:
    return loads(WITH_OXYGEN)


@pytest.mark.parametrize(
    ("path", "bare", "meant"),
    [
        ("temperature", 25, "25 degC"),
        ("temperature", "25", "25 degC"),
        ("temperature", -20, "-20 degC"),
        ("particle.radius", 150, "150 nm"),
        ("particle.radius", 0.15, "0.15 um"),
        ("shell.thickness", 4.5, "4.5 nm"),
        ("material.molar_volume", 20.11, "20.11 cm^3/mol"),
        ("material.molar_mass", 84.8, "84.8 g/mol"),
        ("material.elasticity.young_modulus", 170, "170 GPa"),
        ("material.elasticity.young_modulus", 170000, "170000 MPa"),
        ("material.chemical_strain.volume_change", 2.69, "2.69 %"),
        ("material.chemical_strain.volume_change", -2.69, "-2.69 %"),
        ("material.ion.occupancy", 99.9, "99.9 %"),
        ("shell.deficiency", 22, "22 %"),
        ("surface.confinement", 10, "10 GPa/nm"),
        ("cell.one_c", 0.25, "0.25 A/g"),
        ("oxygen.initial", 4.5e27, "4.5e+27 1/m^3"),
        ("oxygen.vacancies.partial_molar_volume", 2, "2 cm^3/mol"),
        (f"{OXYGEN}.loading.mass_fraction", 0.46, "0.46 %"),
        (f"{OXYGEN}.loading.density", 6.97, "6.97 g/cm^3"),
        (f"{OXYGEN}.loading.height", 3, "3 nm"),
        (f"{OXYGEN}.site_density", 5, "5 1/nm^2"),
        (f"{OXYGEN}.adsorption.energy", -144, "-144 kJ/mol"),
        (f"{OXYGEN}.adsorption.attempt_frequency", 10, "10 THz"),
    ],
)
def test_a_bare_number_out_of_scale_is_refused_with_the_unit_that_was_meant(
    base: Scenario, path: str, bare: float | str, meant: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        base.with_values({path: bare})
    (mistake,) = caught.value.mistakes
    assert (mistake.path, mistake.file) == (path, f"override {path}")
    assert mistake.expected.endswith(f"; was '{meant}' meant?")
    # The suggestion is taken, and means something else.
    assert base.with_values({path: meant}).get(path) != float(bare)


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("particle.radius", 1e9),
        ("protocol.1.rest.time", 1e15),
        ("protocol.0.charge.rate", 250),
        ("temperature", 1e5),
    ],
)
def test_where_no_unit_fits_the_range_is_told(base: Scenario, path: str, written: float) -> None:
    with pytest.raises(ScenarioError, match=r"without a unit, .* with its unit, usually from [^;]*$"):
        base.with_values({path: written})


@pytest.mark.parametrize(
    ("path", "written", "expected"),
    [
        ("particle.radius", "150 mm", "a particle radius from 0.1 nm to 10 mm"),
        ("particle.radius", "1 km", "a particle radius from 0.1 nm to 10 mm"),
        ("particle.radius", "1 fm", "a particle radius from 0.1 nm to 10 mm"),
        ("temperature", "0.5 K", "a temperature from 1 K to 10000 K"),
        ("material.molar_volume", "20.11 cm^3", "a molar volume from 0.1 cm^3/mol to 1e6 cm^3/mol"),
        ("material.diffusivity", "1 m^2/s", "a diffusivity from 1e-40 m^2/s to 1e-3 m^2/s"),
        ("material.diffusivity", "1e-60 m^2/s", "a diffusivity from 1e-40 m^2/s to 1e-3 m^2/s"),
    ],
)
def test_what_no_particle_has_is_refused_with_any_unit(
    base: Scenario, path: str, written: str, expected: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        base.with_values({path: written})
    (mistake,) = caught.value.mistakes
    assert (mistake.found, mistake.expected) == (f"'{written}'", expected)


def test_a_number_with_its_unit_is_taken_and_a_remark_says_that_it_is_unusual() -> None:
    base = loads(BASE).with_values({"shell": None})
    cold = base.with_values({"temperature": "77 K", "particle.radius": "2 mm"})
    told = [remark for remark in sized(cold).remarks() if "outside the usual range" in remark]
    assert told == [
        "temperature = 77 K is outside the usual range of a temperature, from 150 K to 1500 K.",
        "particle.radius = 2 mm is outside the usual range of a particle radius, from 1 nm to 1 mm.",
    ]
    assert not [remark for remark in sized(base).remarks() if "outside" in remark]


def test_a_multiple_of_rt_is_not_measured_by_the_scale_of_energies() -> None:
    base = loads(BASE)
    for written in ("-20 RT", "20 RT", "1 eV"):
        told = sized(base.with_values({"shell.potential_offset": written})).remarks()
        assert not any("outside the usual range" in remark for remark in told)


@pytest.mark.parametrize(
    "written",
    [
        {"table": {"occupancy": [0, 1], "values": [150, 170]}},
        {"expression": "150 + 20*theta"},
        {"table": {"occupancy": [0, 1], "values": ["150", "170"]}},
    ],
)
def test_tables_and_formulas_are_looked_at_by_their_largest_value(
    base: Scenario, written: dict[str, Any]
) -> None:
    path = "material.elasticity.young_modulus"
    with pytest.raises(ScenarioError) as caught:
        base.with_values({path: written})
    assert "found 170 without a unit, which is 170 Pa (the largest value)" in str(caught.value)
    assert "was '170 GPa' meant?" in str(caught.value)
    in_gpa: Any = base.with_values({path: {**written, "unit": "GPa"}}).material.elasticity
    assert in_gpa.young_modulus.at(1.0) == 170e9


def test_tiny_entries_of_a_table_are_read_where_others_are_not(base: Scenario) -> None:
    table = {"table": {"occupancy": [0, 0.5, 1], "values": ["1e-60 m^2/s", 1e-45, 1e-19]}}
    changed = base.with_values({"material.diffusivity": table})
    assert changed.material.diffusivity.at(0.0) == 1e-60
    with pytest.raises(ScenarioError, match="from 1e-60 to"):
        base.with_values({"material.diffusivity": {"table": {"occupancy": [0, 1], "values": [1e-61, 1e-19]}}})


def _all_marks(section: Any, seen: set[Any]) -> Iterator[tuple[str, Quantity]]:
    """The marks of all fields of a section and of the sections that they can hold."""
    if isinstance(section, type) and issubclass(section, Section):
        if section in seen:
            return
        seen.add(section)
        for name, field in section.model_fields.items():
            mark = None if isabstract(section) else mark_of(section.model_construct(), field.alias or name)
            if mark is not None:
                yield f"{section.__name__}.{name}", mark
            yield from _all_marks(field.annotation, seen)
        if isabstract(section):
            for variant in section.__subclasses__():
                yield from _all_marks(variant, seen)
    if isinstance(section, Variants):
        for kind in section.kinds.values():
            yield from _all_marks(kind, seen)
    inner = getattr(section, "__value__", None)
    for part in (*get_args(section), *([] if inner is None else [inner])):
        yield from _all_marks(part, seen)


def test_every_quantity_with_a_unit_has_a_scale_of_that_unit() -> None:
    marks = dict(_all_marks(full_type(), set()))
    assert len(marks) > 60
    for name, mark in marks.items():
        assert mark.scale.unit == mark.unit, name


def test_every_number_of_a_scenario_is_known_by_its_quantity(base: Scenario) -> None:
    found = {path: mark.unit for path, _, mark in numbers(base)}
    # The provenance leaves out when something is written.
    expected = {fact.path for fact in base.provenance()}
    assert expected <= found.keys()
    assert found["particle.radius"] == "m"
    assert found["output.at.time.0"] == "s"
    assert found["oxygen.layer_diffusivity"] == "m^2/s"


@pytest.mark.parametrize("where", ["oxygen.initial", "oxygen.surface.content"])
def test_more_oxygen_than_the_lattice_has_is_refused(base: Scenario, where: str) -> None:
    """2 O per formula unit in 20.11 cm³/mol are 1/20.11e-6 = 49726.5 mol/m³ of O2."""
    fixed = {"oxygen.surface": {"law": "fixed", "content": "1 mol/l"}, "oxygen.reuse": None}
    held = base.with_values(fixed)
    assert held.with_values({where: "49726 mol/m^3"}).get(where) == 49726
    with pytest.raises(ScenarioError) as caught:
        held.with_values({where: "49727 mol/m^3"})
    (mistake,) = caught.value.mistakes
    assert mistake.path == where
    told = "at most 49726.5 mol/m^3 of O2, which is all oxygen of Li1.2Mn0.54Ni0.13Co0.13O2"
    assert mistake.expected == told


STUDIES = {
    "sweep": "sweep: s\nscenario: base.yaml\nover: {particle.radius: [150 nm, 200]}\n",
    "sweep of a range": "sweep: s\nscenario: base.yaml\nover: {particle.radius: {from: 100 nm, to: 200, points: 3}}\n",
    "sweep of bare ends": "sweep: s\nscenario: base.yaml\nover: {particle.radius: {from: 100, to: 200, points: 3}}\n",
    "points": "sweep: s\nscenario: base.yaml\nplan: {points: [{particle.radius: 200}]}\n",
    "set": "sweep: s\nscenario: base.yaml\nset: {particle.radius: 200}\nover: {shell.thickness: [2 nm]}\n",
    "sensitivity": "sensitivity: s\nscenario: base.yaml\nranges: {particle.radius: {from: 100, to: 200}}\n",
    "design": "design: d\nscenario: base.yaml\nvariables: {particle.radius: {from: 100 nm, to: 200}}\n"
    "objectives:\n- {name: a, quantity: stress.hoop.peak_MPa, goal: minimise}\n"
    "- {name: b, quantity: steps, goal: minimise}\nreference: {name: r, set: {}}\n",
    "calibrate": "calibrate: c\nsystems: {one: {scenario: base.yaml}}\n"
    "parameters: [{parameter: particle.radius, bounds: [100 nm, 200]}]\n"
    "targets: [{quantity: stress.hoop.peak_MPa, system: one, value: 500, uncertainty: 5}]\n",
    "comparison": "comparison: c\nsystems: {one: {scenario: base.yaml}}\n"
    "band: {parameter: particle.radius, values: [150 nm, 200]}\n",
    "calibration of a comparison": "comparison: c\nsystems: {one: {scenario: base.yaml}}\n"
    "calibrate: [{parameter: particle.radius, system: one, target: stress.hoop.peak_MPa, value: 500, tolerance: 1, "
    "bounds: [100 nm, 200]}]\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", STUDIES)
def test_studies_take_the_same_path(kind: str, tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "study.yaml").write_text(STUDIES[kind])
    with pytest.raises(ScenarioError) as caught:
        load_any(tmp_path / "study.yaml")
    assert "without a unit" in str(caught.value)
    assert "was '200 nm' meant?" in str(caught.value)
    (tmp_path / "study.yaml").write_text(STUDIES[kind].replace("100,", "100 nm,").replace("200", "200 nm"))
    load_any(tmp_path / "study.yaml")


def test_an_unusual_bound_with_its_unit_is_taken(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    text = STUDIES["calibrate"].replace("particle.radius", "material.diffusivity")
    (tmp_path / "study.yaml").write_text(text.replace("[100 nm, 200]", "[1e-33 m^2/s, 1e-18 m^2/s]"))
    assert load_any(tmp_path / "study.yaml")


def test_numbers_that_a_study_computes_have_a_unit(base: Scenario) -> None:
    assert base.in_si("particle.radius", 2e-6) == "2e-06 m"
    assert base.in_si("shell.deficiency", 0.1) == 0.1
    for path, value in (("material.diffusivity", 1.2345678901234567e-31), ("protocol.0.charge.rate", 0.1)):
        assert base.with_values({path: base.in_si(path, value)}).get(path) == value


def test_zero_is_of_any_size(base: Scenario) -> None:
    changed = base.with_values({"oxygen.initial": 0, "surface.confinement": 0.0})
    assert changed.get("oxygen.initial") == 0


def test_a_number_has_a_unit_or_is_bare_also_in_quotes() -> None:
    assert units.has_unit("150 nm")
    assert not units.has_unit(" 150 ")
    assert not units.has_unit(150)
