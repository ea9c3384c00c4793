"""Layers that a particle cannot have: each file has one mistake, which is told at its line."""

# ruff: noqa: E501 (a table reads better with its rows on few lines)

from __future__ import annotations

from pathlib import Path

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.scenario.loading import loads
from tests.scenario.wrong_scenarios import BASE

SHELL = BASE[BASE.index("shell:") : BASE.index("surface:")]
BEFORE, AFTER = BASE.split(SHELL)
ELECTRODE = """\
electrode:
  open_circuit: {formula: 4.5 - x}
  kinetics: {law: constant, exchange_current: 1 A/m^2}
"""
# The last step of the base holds an occupancy, which an electrode does not.
WITH_ELECTRODE = AFTER.replace("  - hold: {surface_occupancy: 0.9, time: 1 h}\n", "") + ELECTRODE
TWO = """\
regions:
  inner: {thickness: 20 nm, diffusivity: 1e-18 m^2/s}
  outer: {thickness: 5 nm, deficiency: 0.2}
"""
OWN_POTENTIAL = "shell: {thickness: 5 nm, open_circuit: {formula: 4 - x}}\n"
AXIAL = "{modulus_a: 200 GPa, modulus_c: 150 GPa, poisson_ab: 0.2, poisson_ac: 0.3, shear_c: 60 GPa}"

# Name, layers, rest of the file, words at the place, path, part of the message.
CASES = [
    ("shell without a thickness", "shell: {deficiency: 0.2}\n", AFTER, "shell:", "shell", "'20 nm'"),
    ("region without a thickness", "regions: {outer: {profile: step}}\n", AFTER, "{profile", "regions.outer", "'20 nm'"),
    ("regions beside a shell", SHELL + TWO, AFTER, "regions:", "regions", "one of both"),
    ("no regions", "regions: {}\n", AFTER, "regions:", "regions", "at least one"),
    ("region called bulk", "regions: {bulk: {thickness: 5 nm, profile: step}}\n", AFTER, "bulk:", "regions.bulk", "not 'bulk'"),
    ("region with a point in its name", "regions: {a.b: {thickness: 5 nm, profile: step}}\n", AFTER, "a.b:", "regions.a.b", "letters, digits"),
    ("misspelt key of a region", TWO.replace("deficiency", "deficency"), AFTER, "  outer", "regions.outer.deficency", "'deficiency'"),
    ("misspelt key of an interface", "shell: {thickness: 5 nm, interface: {resistence: 1 s/m}}\n", AFTER, "shell:", "shell.interface.resistence", "'resistance'"),
    ("layers without a core", TWO.replace("20 nm", "145 nm"), AFTER, "regions:", "regions", "layers thinner than the radius 150 nm"),
    ("layer thinner than an atom", TWO.replace("20 nm", "0.001 nm"), AFTER, "  inner", "regions.inner.thickness", "at least 1e-05"),
    ("deficit that falls in a layer below others", TWO.replace("inner: {", "inner: {deficiency: 0.1, "), AFTER, "  inner", "regions.inner.deficiency", "'profile: step'"),
    ("another ion", "shell: {thickness: 5 nm, formula: NaCoO2, ion: {species: Na, sites_per_formula: 1, occupancy: 0.9}}\n", AFTER, "shell:", "shell.ion.species", "the ion of the particle's material: 'Li'"),
    ("another charge", "shell: {thickness: 5 nm, ion: {species: Li, charge_number: 2, sites_per_formula: 1, occupancy: 0.9}}\n", AFTER, "shell:", "shell.ion.species", "'Li' of 2 charges"),
    ("formula without the ion", "shell: {thickness: 5 nm, formula: NiO}\n", AFTER, "shell:", "shell.formula", "a formula with the ion 'Li'"),
    ("negative resistance", "shell: {thickness: 5 nm, interface: {resistance: -1 s/m}}\n", AFTER, "shell:", "shell.interface.resistance", "at least 0 s/m"),
    ("offset in volt", "shell: {thickness: 5 nm, potential_offset: 30 mV}\n", AFTER, "shell:", "shell.potential_offset", "an energy per molecule"),
    ("layered shell along a line", f"shell: {{thickness: 5 nm, elasticity: {AXIAL}}}\n", AFTER, "  dimension: 1", "particle.dimension", "dimension 2 or 3"),
    ("incompressible shell of a solid", "shell: {thickness: 5 nm, elasticity: {young_modulus: 1 GPa, poisson_ratio: 0.4999}}\n", AFTER, "shell:", "shell.elasticity", "elements lock"),
    ("potential of a layer alone", OWN_POTENTIAL, AFTER, "shell:", "shell.open_circuit", "the key 'electrode'"),
    ("potential and offset", OWN_POTENTIAL.replace("}}", "}, potential_offset: 1 RT}"), WITH_ELECTRODE, "shell:", "shell.potential_offset", "null beside an open_circuit"),
    ("sites of no potential", "shell: {thickness: 5 nm, exchangeable_sites: 1}\n", WITH_ELECTRODE, "shell:", "shell.exchangeable_sites", "null without an open_circuit"),
    ("more exchangeable sites than there are", OWN_POTENTIAL.replace("}}", "}, exchangeable_sites: 2}"), WITH_ELECTRODE, "shell:", "shell.exchangeable_sites", "at most material.ion.sites_per_formula, 1.2"),
    ("constant potential of a layer", "shell: {thickness: 5 nm, open_circuit: {constant: 4 V}}\n", WITH_ELECTRODE, "shell:", "shell.open_circuit", "one curve that changes"),
    ("hysteresis beside a potential of a layer", OWN_POTENTIAL, WITH_ELECTRODE.replace("{formula: 4.5 - x}", "{charge: {formula: 4.5 - x}, discharge: {formula: 4.4 - x}}"), "  open_circuit", "electrode.open_circuit", "one curve that changes"),
    ("phases beside a region", "shell: {thickness: 5 nm, profile: step, deficiency: 0.1}\n", AFTER + "chemical_potential: {model: ideal, gradient_energy: 1e-10 J/m}\n", "shell:", "shell", "null beside chemical_potential"),
    ("phases beside regions", TWO, AFTER + "chemical_potential: {model: ideal, gradient_energy: 1e-10 J/m}\n", "regions:", "regions", "null beside chemical_potential"),
]  # fmt: skip


def file_of(name: str, layers: str, rest: str) -> str:
    solid = "a solid" in name
    return BEFORE.replace("dimension: 1", "dimension: 3" if solid else "dimension: 1") + layers + rest


@pytest.mark.parametrize(
    ("name", "layers", "rest", "at", "path", "part"), CASES, ids=[one[0] for one in CASES]
)
def test_the_mistake_is_found_where_it_is_and_nothing_else_is_blamed(
    name: str, layers: str, rest: str, at: str, path: str, part: str
) -> None:
    text = file_of(name, layers, rest)
    line = text[: text.rindex(f"\n{at}") + 1 if f"\n{at}" in text else text.index(at)].count("\n") + 1
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    (mistake,) = caught.value.mistakes
    assert (mistake.path, mistake.line) == (path, line)
    assert part in str(mistake)


def test_what_the_cases_are_made_of_is_valid() -> None:
    for layers, rest in (
        (SHELL, AFTER),
        (TWO, AFTER),
        (TWO, WITH_ELECTRODE),
        (OWN_POTENTIAL, WITH_ELECTRODE),
    ):
        loads(BEFORE + layers + rest)


# Groups of an imported mesh.

GROUPS = [
    ("shell: {thickness: 5 nm, profile: step, deficiency: 0.2}\n", "shell.thickness", "group 'layer'"),
    ("regions: {rim: {thickness: 5 nm, diffusivity: 1e-18 m^2/s}}\n", "regions.rim.thickness", "group 'rim'"),
    ("regions: {rim: {deficiency: 0.2, diffusivity: 1e-18 m^2/s}}\n", "regions.rim", "the linear deficit"),
    ("shell: {deficiency: 0.2}\n", "shell", "'20 nm'"),
]
VALID_GROUPS = [
    "shell: {profile: step, deficiency: 0.2}\n",
    "regions: {rim: {diffusivity: 1e-18 m^2/s}, seam: {}}\n",
    "regions: {rim: {thickness: 5 nm, deficiency: 0.2, diffusivity: 1e-18 m^2/s}}\n",
    "shell: {thickness: 5 nm, deficiency: 0.2}\n",
]


def imported(folder: Path, layers: str) -> str:
    (folder / "mesh.msh").write_text("")
    before = BEFORE.replace("shape: sphere", "shape: imported").replace("dimension: 1", "mesh_file: mesh.msh")
    return before + layers + AFTER


@pytest.mark.parametrize(("layers", "path", "part"), GROUPS)
def test_a_group_has_no_thickness_but_that_of_its_deficit(
    layers: str, path: str, part: str, tmp_path: Path
) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(imported(tmp_path, layers), folder=tmp_path)
    (mistake,) = caught.value.mistakes
    assert mistake.path == path
    assert part in str(mistake)


@pytest.mark.parametrize("layers", VALID_GROUPS)
def test_groups_may_be_described_by_their_names(layers: str, tmp_path: Path) -> None:
    assert loads(imported(tmp_path, layers), folder=tmp_path).layers
