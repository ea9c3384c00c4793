"""Scenario files with one mistake each, and what has to be said about it."""

# ruff: noqa: E501 (a table reads better with its rows on few lines)

from __future__ import annotations

from dataclasses import dataclass

BASE = """\
name: base
temperature: 298.15 K
particle:
  shape: sphere
  radius: {value: 150 nm, status: chosen, source: test}
  dimension: 1
material:
  formula: Li1.2Mn0.54Ni0.13Co0.13O2
  molar_mass: 84.8 g/mol
  molar_volume: 20.11 cm^3/mol
  ion: {species: Li, charge_number: 1, sites_per_formula: 1.2, occupancy: 0.999}
  diffusivity: 1.568e-19 m^2/s
  drift: lattice
  chemical_strain: {volume_change: 3.62 %, per_extracted: 1.0}
  elasticity: {young_modulus: 170 GPa, poisson_ratio: 0.30}
shell:
  thickness: 4.5 nm
  deficiency: 0.22
  profile: linear
surface:
  confinement: 0 Pa/m
  exhausted_below: 1.0e-3
cell:
  one_c: 250 mA/g
protocol:
  - charge:
      rate: 0.1 C
      until: {extracted: 1.0}
  - rest: {time: 1 h}
  - discharge:
      rate: 0.1 C
      until: {extracted: 0.1}
  - hold: {surface_occupancy: 0.9, time: 1 h}
output:
  at: {extracted: [0.2, 0.4, 1.0], time: [1 h]}
numerics:
  time_tolerance: 1.0e-5
"""
"""A valid scenario that the cases edit."""


@dataclass(frozen=True)
class WrongScenario:
    """A file and the one mistake in it.

    Attributes:
        name: What is wrong.
        content: The file.
        line: Where, from 1.
        path: Keys down to it.
        part: Words that the message has.
    """

    name: str
    content: bytes
    line: int
    path: str
    part: str


OXYGEN = """\
oxygen:
  initial: 7500 mol/m^3
  diffusivity: 1.4e-18 m^2/s
  layer_diffusivity: 1e-19 m^2/s
  source:
    onset: 0.396
    generation_rate: 1e-4 1/s
    li_o_li: {bulk: 84.2 %, deficient: 75.5 %, deficiency: 0.22}
  surface:
    law: islands
    on: outer
    transfer: {biot: 1000}
    adsorption: {energy: -1.497 eV, attempt_frequency: 1e13 1/s}
    site_density: 8.41e-6 mol/m^2
    monolayers: 2
    efficiency: 0.5
    loading: {formula: RuO2, mass_fraction: 0.46 %, density: 6.97 g/cm^3, height: 3 nm, monolayer_thickness: 0.318 nm}
  reuse: {below: 0.396, rate: 1e-3 1/s, width: 0.02}
  vacancies: {sites_lost: 1.0, partial_molar_volume: 2 cm^3/mol}
  peroxide_shares: {voltages: [4.4, 4.6], series: [{system: pristine, percent: [8.0, 15.1]}], source: a paper}
"""
"""What makes of the base a valid scenario with oxygen, every key given."""

WITH_OXYGEN = BASE + OXYGEN
CLOSED_COATING = WITH_OXYGEN.replace("law: islands", "law: conformal_sink").replace(
    "efficiency: 0.5", "coverage: 0.9"
)


def _edit(
    name: str, old: str, new: str, path: str, part: str, at: str | None = None, base: str = BASE
) -> WrongScenario:
    """The base with `old` replaced; the mistake is in the line of `at` (by default, of `new`)."""
    assert base.count(old) == 1, (name, old)
    text = base.replace(old, new)
    marker = new if at is None else at
    assert marker in text, (name, marker)
    line = text[: text.index(marker)].count("\n") + 1
    return WrongScenario(name, text.encode(), line, path, part)


def _raw(name: str, content: bytes | str, line: int, part: str, path: str = "") -> WrongScenario:
    return WrongScenario(name, content.encode() if isinstance(content, str) else content, line, path, part)


_D = "diffusivity: 1.568e-19 m^2/s"
_STRAIN = "chemical_strain: {volume_change: 3.62 %, per_extracted: 1.0}"
_ELASTIC = "elasticity: {young_modulus: 170 GPa, poisson_ratio: 0.30}"
_ION = "ion: {species: Li, charge_number: 1, sites_per_formula: 1.2, occupancy: 0.999}"
_RADIUS = "radius: {value: 150 nm, status: chosen, source: test}"
_CHARGE = "      rate: 0.1 C\n      until: {extracted: 1.0}"
_D_PATH = "material.diffusivity"
_TABLE = "diffusivity: {table: {occupancy: [0, 1], values: [1e-19 m^2/s, 2e-19 m^2/s]}}"
_TRANSVERSE = (
    "elasticity: {modulus_a: 200 GPa, modulus_c: 150 GPa, poisson_ab: 0.2, poisson_ac: 0.3, shear_c: 60 GPa}"
)
_EXPANSIONS = "{expansion_a: 2e-7 m^3/mol, expansion_c: -1e-7 m^3/mol}"

_KEYS = [
    _edit("misspelt key", "  dimension: 1", "  dimenson: 1", "particle.dimenson", "'dimension'"),
    _edit("misspelt required key", _RADIUS, "raduis: 150 nm", "particle.raduis", "'radius'"),
    _edit("misspelt section", "surface:\n", "surfaces:\n", "surfaces", "'surface'"),
    _edit("capital key", "temperature: 298.15 K", "Temperature: 298.15 K", "Temperature", "'temperature'"),
    _edit("foreign key", "drift: lattice", "colour: red", "material.colour", "one of 'formula'"),
    _edit("key twice", "  deficiency: 0.22", "  deficiency: 0.22\n  deficiency: 0.3", "shell.deficiency",
          "a second time (first in line 18)", at="  deficiency: 0.3"),
    _edit("missing radius", f"  {_RADIUS}\n", "", "particle.radius", "'radius'", at="particle:"),
    _edit("missing shape", "  shape: sphere\n", "", "particle.shape", "one of 'sphere'", at="particle:"),
    _edit("missing name", "name: base\n", "", "name", "'name'", at="temperature"),
    _edit("missing until", "      until: {extracted: 1.0}\n", "", "protocol.0.charge.until", "'until'", at="- charge"),
    _edit("missing ion", f"  {_ION}\n", "", "material.ion", "'ion'", at="material:"),
    _edit("missing one_c", "cell:\n  one_c: 250 mA/g\n", "cell: {}\n", "cell.one_c", "'one_c'", at="cell: {}"),
    _edit("unknown numerics", "time_tolerance: 1.0e-5", "time_tolerence: 1e-5", "numerics.time_tolerence",
          "'time_tolerance'"),
    _edit("merge key", "  drift: lattice", "  <<: {drift: none}", "material.<<", "the unknown key '<<'"),
    _edit("key with spaces", "  one_c: 250 mA/g", "  one c: 250 mA/g\n  one_c: 250 mA/g", "cell.one c", "'one_c'"),
]  # fmt: skip

_VALUES = [
    _edit("text for a length", "value: 150 nm", "value: large", "particle.radius.value", "a length"),
    _edit("wrong unit", "value: 150 nm", "value: 150 s", "particle.radius.value", "which is [time]"),
    _edit("unknown unit", "value: 150 nm", "value: 150 nmm", "particle.radius.value", "unit is unknown"),
    _edit("celsius without its unit", "temperature: 298.15 K", "temperature: 25", "temperature",
          "was '25 degC' meant?"),
    _edit("close to absolute zero", "temperature: 298.15 K", "temperature: 0.5 K", "temperature", "from 1 K to"),
    _edit("nanometres without their unit", "value: 150 nm", "value: 150", "particle.radius.value",
          "was '150 nm' meant?"),
    _edit("a radius of 150 mm", "value: 150 nm", "value: 150 mm", "particle.radius.value",
          "a particle radius from 0.1 nm to 10 mm"),
    _edit("a percentage without its sign", "3.62 %", "3.62", "material.chemical_strain.volume_change",
          "was '3.62 %' meant?"),
    _edit("a percentage with a comma", "3.62 %", "'3,62 %'", "material.chemical_strain.volume_change",
          "with a decimal point: '3.62 %'"),
    _edit("negative radius", "value: 150 nm", "value: -150 nm", "particle.radius.value", "above 0 m"),
    _edit("zero radius", "value: 150 nm", "value: 0", "particle.radius.value", "above 0 m"),
    _edit("NaN", "temperature: 298.15 K", "temperature: .nan", "temperature", "finite"),
    _edit("infinity", "temperature: 298.15 K", "temperature: .inf", "temperature", "finite"),
    _edit("overflow", "temperature: 298.15 K", "temperature: 1e999 K", "temperature", "finite"),
    _edit("beyond all sizes", "temperature: 298.15 K", "temperature: 1e300 K", "temperature", "1e+40 K"),
    _edit("below all sizes", "temperature: 298.15 K", "temperature: 1e-300 K", "temperature", "1e-60"),
    _edit("a number with 400 digits", "temperature: 298.15 K", f"temperature: {'9' * 400}", "temperature", "finite"),
    _edit("boolean number", "temperature: 298.15 K", "temperature: true", "temperature", "found true"),
    _edit("empty value", "temperature: 298.15 K", "temperature:", "temperature", "found nothing"),
    _edit("list for a number", "temperature: 298.15 K", "temperature: [298, 299]", "temperature", "a list of 2"),
    _edit("decimal comma", "thickness: 4.5 nm", "thickness: 4,5 nm", "shell.thickness", "a length"),
    _edit("power tower of units", "thickness: 4.5 nm", "thickness: 4 nm**9**9**9**9", "shell.thickness", "a length"),
    _edit("wrong status", "status: chosen", "status: mesured", "particle.radius.status", "did you mean 'measured'"),
    _edit("status is a list", "status: chosen", "status: [chosen]", "particle.radius.status", "'literature'"),
    _edit("source is a number", "source: test", "source: 12", "particle.radius.source", "a text"),
    _edit("unknown key of a parameter", "source: test", "sauce: test", "particle.radius.sauce", "'source'"),
    _edit("parameter without value", "value: 150 nm, ", "", "particle.radius.value", "found nothing", at="radius:"),
    _edit("misspelt key of the shape", "  shape:", "  shap:", "particle.shap", "expected 'shape'"),
    _edit("wrong shape", "shape: sphere", "shape: cube", "particle.shape", "found 'cube'"),
    _edit("shape is a list", "shape: sphere", "shape: [sphere]", "particle.shape", "'cylinder'"),
    _edit("dimension 4", "dimension: 1", "dimension: 4", "particle.dimension", "expected 1, 2 or 3"),
    _edit("dimension with point", "dimension: 1", "dimension: 1.5", "particle.dimension", "1, 2 or 3"),
    _edit("extent in dimension 1", "dimension: 1", "dimension: 1\n  extent: octant", "particle.extent",
          "no extent in dimension 1", at="extent"),
    _edit("extent in dimension 3", "dimension: 1", "dimension: 3\n  extent: half", "particle.extent",
          "'octant' or 'full'", at="extent"),
    _edit("mesh file of a sphere", "dimension: 1", "mesh_file: a.msh", "particle.mesh_file", "unknown key"),
    _edit("number as name", "name: base", "name: 2025", "name", "a text"),
    _edit("empty name", "name: base", "name: ''", "name", "not empty"),
    _edit("section is a text", "surface:\n  confinement: 0 Pa/m\n  exhausted_below: 1.0e-3", "surface: free",
          "surface", "a mapping"),
    _edit("shell thicker than the particle", "thickness: 4.5 nm", "thickness: 150 nm", "shell.thickness",
          "thinner than the radius"),
    _edit("shell that leaves no core", "thickness: 4.5 nm", "thickness: 149 nm", "shell.thickness",
          "at most 0.99 of it"),
    _edit("shell thinner than an atom", "thickness: 4.5 nm", "thickness: 0.001 nm", "shell.thickness",
          "at least 1e-05 of the radius"),
    _edit("deficiency of 1", "deficiency: 0.22", "deficiency: 1.0", "shell.deficiency", "below 1"),
    _edit("unknown profile", "profile: linear", "profile: lineer", "shell.profile", "did you mean 'linear'"),
    _edit("negative confinement", "confinement: 0 Pa/m", "confinement: -1 Pa/m", "surface.confinement", "at least 0"),
    _edit("margin of 0", "exhausted_below: 1.0e-3", "exhausted_below: 0", "surface.exhausted_below", "above 0"),
    _edit("tolerance as text", "time_tolerance: 1.0e-5", "time_tolerance: small", "numerics.time_tolerance", "a number"),
    _edit("tolerance of 0", "time_tolerance: 1.0e-5", "time_tolerance: 0.0", "numerics.time_tolerance", "above 0"),
    _edit("tolerance beyond all numbers", "time_tolerance: 1.0e-5", f"time_tolerance: 0x{'f' * 300}",
          "numerics.time_tolerance", "number"),
    _edit("half an element", "time_tolerance: 1.0e-5", "elements: {bulk: 2.5}", "numerics.elements.bulk", "whole"),
    _edit("no steps at all", "time_tolerance: 1.0e-5", "steps_per_run: 0", "numerics.steps_per_run", "at least 1"),
    _edit("unknown strategy", "time_tolerance: 1.0e-5", "strategy: splitt", "numerics.strategy", "'split'"),
    _edit("half a character", "name: base", 'name: "\\ud800"', "name", "a text"),
]  # fmt: skip

_MATERIAL = [
    _edit("unknown element", "formula: Li1.2Mn0.54", "formula: Lx1.2Mn0.54", "material.formula", "element 'Lx'"),
    _edit("open parenthesis", "formula: Li1.2Mn0.54Ni0.13Co0.13O2", "formula: Li(Mn0.5O2", "material.formula",
          "a chemical formula"),
    _edit("formula of lower case", "formula: Li1.2Mn0.54Ni0.13Co0.13O2", "formula: water", "material.formula",
          "a chemical formula"),
    _edit("ion not in the formula", "species: Li", "species: Na", "material.ion.species", "element of the formula"),
    _edit("occupancy above 1", "occupancy: 0.999", "occupancy: 1.2", "material.ion.occupancy", "at most 1"),
    _edit("charge number 0", "charge_number: 1", "charge_number: 0", "material.ion.charge_number", "at least 1"),
    _edit("charge number as boolean", "charge_number: 1", "charge_number: true", "material.ion.charge_number",
          "whole number"),
    _edit("negative molar volume", "molar_volume: 20.11", "molar_volume: -20.11", "material.molar_volume", "above 0"),
    _edit("unknown drift", "drift: lattice", "drift: strong", "material.drift", "'dilute'"),
    _edit("diffusivity in metres", _D, "diffusivity: 1e-19 m", _D_PATH, "a diffusivity"),
    _edit("negative diffusivity", _D, "diffusivity: -1e-19 m^2/s", _D_PATH, "above 0"),
    _edit("formula that becomes negative", _D, "diffusivity: {expression: 1e-19*(1-2*theta), unit: m^2/s}",
          f"{_D_PATH}.expression", "at theta = 0.5"),
    _edit("formula of another variable", _D, "diffusivity: {expression: 1e-19*x, unit: m^2/s}",
          f"{_D_PATH}.expression", "unknown name 'x'"),
    _edit("formula that is code", _D, "diffusivity: {expression: '__import__(\"os\")', unit: m^2/s}",
          f"{_D_PATH}.expression", "not allowed"),
    _edit("formula that divides by zero", _D, "diffusivity: {expression: 1/0 + theta, unit: m^2/s}",
          f"{_D_PATH}.expression", "for every theta"),
    _edit("formula that is infinite at 0", _D, "diffusivity: {expression: 1e-19/theta, unit: m^2/s}",
          f"{_D_PATH}.expression", "at theta = 0"),
    _edit("complex formula", _D, "diffusivity: {expression: (-1)**0.5, unit: m^2/s}", f"{_D_PATH}.expression",
          "for every theta"),
    _edit("wrong unit of a formula", _D, "diffusivity: {expression: 1e-19*theta+1e-20, unit: m}", f"{_D_PATH}.unit",
          "a diffusivity"),
    _edit("formula in a parameter", _D, "diffusivity: {value: {expression: -1, unit: m^2/s}, status: chosen}",
          f"{_D_PATH}.value.expression", "above 0"),
    _edit("table with an occupancy that turns back", _D,
          "diffusivity: {table: {occupancy: [0, 0.5, 0.4], values: [1e-19, 2e-19, 3e-19]}}",
          f"{_D_PATH}.table.occupancy.2", "only increase or only decrease"),
    _edit("table with unequal lists", _D, _TABLE.replace("[0, 1]", "[0, 0.5, 1]"), f"{_D_PATH}.table.values",
          "one value for each"),
    _edit("table with one entry", _D, "diffusivity: {table: {occupancy: [0], values: [1e-19]}}",
          f"{_D_PATH}.table.values", "from 2 to"),
    _edit("table beyond occupancy 1", _D, _TABLE.replace("[0, 1]", "[0, 2]"), f"{_D_PATH}.table.occupancy",
          "from 0 to 1"),
    _edit("negative value in a table", _D, _TABLE.replace("2e-19", "-2e-19"), f"{_D_PATH}.table.values", "above 0"),
    _edit("wrong unit in a table", _D, _TABLE.replace("2e-19 m^2/s", "2 kg"), f"{_D_PATH}.table.values.1", "[mass]"),
    _edit("table without values", _D, "diffusivity: {table: {occupancy: [0, 1]}}", f"{_D_PATH}.table.values",
          "found nothing"),
    _edit("misspelt key of a table", _D, _TABLE.replace("values", "valus"), f"{_D_PATH}.table.valus", "'values'"),
    _edit("table and formula", _D, "diffusivity: {expression: 1e-19, table: {}}", _D_PATH, "a number with unit"),
    _edit("Poisson's ratio of 0.5", "poisson_ratio: 0.30", "poisson_ratio: 0.5", "material.elasticity.poisson_ratio",
          "at most 0.4999"),
    _edit("nearly incompressible", "poisson_ratio: 0.30", "poisson_ratio: 0.49995",
          "material.elasticity.poisson_ratio", "at most 0.4999"),
    _edit("nearly no resistance to shear in a formula", "poisson_ratio: 0.30",
          "poisson_ratio: {expression: 0.3*theta - 0.9999}", "material.elasticity.poisson_ratio.expression",
          "at least -0.9998"),
    _edit("nearly incompressible and layered", "  dimension: 1\n", "  dimension: 2\n", "material.elasticity",
          "nearly singular", at="  elasticity: {modulus_a",
          base=BASE.replace(_ELASTIC, _TRANSVERSE.replace("poisson_ac: 0.3", "poisson_ac: 0.7302"))),
    _edit("Young's modulus in GPa without its unit", "170 GPa", "170", "material.elasticity.young_modulus",
          "was '170 GPa' meant?"),
    _edit("Young's modulus of 0", "young_modulus: 170 GPa", "young_modulus: 0 GPa",
          "material.elasticity.young_modulus", "above 0"),
    _edit("elasticity without keys", _ELASTIC, "elasticity: {}", "material.elasticity", "'young_modulus' and"),
    _edit("elasticity of two kinds", "young_modulus: 170 GPa", "young_modulus: 170 GPa, modulus_a: 1 GPa",
          "material.elasticity.modulus_a", "unknown key"),
    _edit("unstable elasticity", _ELASTIC, _TRANSVERSE.replace("poisson_ac: 0.3", "poisson_ac: 0.9"),
          "material.elasticity", "stability"),
    _edit("layered host in dimension 1", _ELASTIC, _TRANSVERSE, "particle.dimension", "dimension 2 or 3",
          at="dimension: 1"),
    _edit("layered strain in dimension 1", _STRAIN, f"chemical_strain: {_EXPANSIONS}", "particle.dimension",
          "dimension 2 or 3", at="dimension: 1"),
    _edit("layered transport in dimension 1", _D, f"{_D}\n  diffusivity_c: 1e-22 m^2/s", "particle.dimension",
          "dimension 2 or 3", at="dimension: 1"),
    _edit("layered plate without a c axis", "  shape: sphere\n", "  shape: plate\n", "particle.c_axis",
          "'normal' or 'in_plane'", at="particle:", base=BASE.replace(_ELASTIC, _TRANSVERSE)),
    _edit("unknown c axis", "  shape: sphere\n", "  shape: plate\n  c_axis: up\n", "particle.c_axis",
          "'normal' or 'in_plane'", at="  c_axis: up"),
    _edit("strain of 60 %", _STRAIN, "chemical_strain: {strain_a: 0, strain_c: {expression: 0.6*theta}}",
          "material.chemical_strain.strain_c.expression", "below 0.5"),
    _edit("strain table of too many values", _STRAIN, "chemical_strain: {strain_a: 0, strain_c: {table: {"
          f"occupancy: {[i / 200 for i in range(101)]}, values: {[0] * 101}}}}}}}",
          "material.chemical_strain.strain_c.table.values", "from 2 to 100 values", at="  chemical_strain"),
    _edit("strain along c alone", _STRAIN, "chemical_strain: {strain_c: {expression: 0.1*theta}}",
          "material.chemical_strain.strain_a", "'strain_a'"),
    _edit("strain without keys", _STRAIN, "chemical_strain: {swelling: 3 %}", "material.chemical_strain",
          "'volume_change'"),
    _edit("volume change above 50 %", "volume_change: 3.62 %", "volume_change: 362 %",
          "material.chemical_strain.volume_change", "below 0.5"),
    _edit("per_extracted of 0", "per_extracted: 1.0", "per_extracted: 0", "material.chemical_strain.per_extracted",
          "above 0"),
]  # fmt: skip

_PROTOCOL = [
    _edit("unknown step", "- rest: {time: 1 h}", "- wait: {time: 1 h}", "protocol.1", "'rest', 'hold'"),
    _edit("misspelt step", "- rest: {time: 1 h}", "- rset: {time: 1 h}", "protocol.1.rset", "'rest'"),
    _edit("two steps in one", "- rest: {time: 1 h}", "- rest: {time: 1 h}\n    hold: {time: 1 h}", "protocol.1.hold",
          "unknown key", at="    hold: {time: 1 h}"),
    _edit("step is a text", "- rest: {time: 1 h}", "- rest", "protocol.1", "'for' with a time", at="- rest\n"),
    _edit("rate and current", _CHARGE, "      specific_current: 1 mA/g\n" + _CHARGE, "protocol.0.charge.specific_current",
          "exactly one", at="      specific_current"),
    _edit("no current", _CHARGE, "      until: {extracted: 1.0}", "protocol.0.charge", "exactly one", at="- charge"),
    _edit("rate in mA/g", _CHARGE, _CHARGE.replace("0.1 C", "25 mA/g"), "protocol.0.charge.rate", "a C-rate"),
    _edit("rate of 0", _CHARGE, _CHARGE.replace("0.1 C", "0 C"), "protocol.0.charge.rate", "above 0"),
    _edit("C/0", _CHARGE, _CHARGE.replace("0.1 C", "C/0"), "protocol.0.charge.rate", "a C-rate"),
    _edit("no end", "until: {extracted: 1.0}", "until: {}", "protocol.0.charge.until", "at least one"),
    _edit("charge beyond all ions", "until: {extracted: 1.0}", "until: {extracted: 1.3}",
          "protocol.0.charge.until.extracted", "below 1.1988"),
    _edit("charge to what is there", "until: {extracted: 1.0}", "until: {extracted: 0}",
          "protocol.0.charge.until.extracted", "above 0"),
    _edit("charge to a fuller surface", "until: {extracted: 1.0}", "until: {surface_occupancy: 1}",
          "protocol.0.charge.until.surface_occupancy", "below 0.999"),
    _edit("charge to an empty surface", "until: {extracted: 1.0}", "until: {surface_occupancy: 0}",
          "protocol.0.charge.until.surface_occupancy", "above 0, which the falling current"),
    _edit("discharge to a full surface", "until: {extracted: 0.1}", "until: {surface_occupancy: 1}",
          "protocol.2.discharge.until.surface_occupancy", "below 1, which the falling current"),
    _edit("discharge to less", "until: {extracted: 0.1}", "until: {extracted: 1.1}",
          "protocol.2.discharge.until.extracted", "below 1,"),
    _edit("discharge beyond full", "until: {extracted: 0.1}", "until: {extracted: -0.1}",
          "protocol.2.discharge.until.extracted", "above -0.0012"),
    _edit("negative time", "- rest: {time: 1 h}", "- rest: {time: -1 h}", "protocol.1.rest.time", "above 0 s"),
    _edit("hold at 1.5", "surface_occupancy: 0.9", "surface_occupancy: 1.5", "protocol.3.hold.surface_occupancy",
          "at most 1"),
    _edit("rate without cell", "cell:\n  one_c: 250 mA/g\n", "cell: null\n", "protocol.0.charge.rate", "cell.one_c",
          at="rate: 0.1 C"),
    _edit("output beyond the protocol", "extracted: [0.2, 0.4, 1.0]", "extracted: [0.2, 0.4, 1.25]",
          "output.at.extracted.2", "that the protocol reaches"),
    _edit("outputs are no list", "extracted: [0.2, 0.4, 1.0]", "extracted: 0.2", "output.at.extracted", "a list"),
    _edit("output at a length", "time: [1 h]", "time: [1 m]", "output.at.time.0", "a time"),
]  # fmt: skip

_PLATE = BASE.replace("sphere", "plate")
_DISC = BASE.replace("sphere", "disc").replace("  dimension: 1", "  thickness: 60 nm")
_HEXAGON = BASE.replace("sphere", "hexagon").replace("  dimension: 1", "  dimension: 3\n  thickness: 60 nm")
_SHORT = BASE[: BASE.index("protocol:")] + "protocol:\n  - rest: {time: 1 h}\noutput:\n  at: {time: [2 h]}\n"
_IMPORTED = BASE.replace("shape: sphere", "shape: imported").replace(
    "  dimension: 1", "  mesh_file: none.msh"
)

_FILES = [
    _raw("empty file", "", 1, "an empty file"),
    _raw("only comments", "# nothing\n\n", 1, "an empty file"),
    _raw("a list", "- a\n- b\n", 1, "a mapping"),
    _raw("a word", "scenario\n", 1, "a mapping"),
    _raw("two documents", BASE + "---\n" + BASE, BASE.count("\n") + 1, "document"),
    _raw("tabulator", BASE.replace("  shape", "\tshape"), 4, "YAML"),
    _raw("open bracket", BASE.replace("[0.2, 0.4, 1.0]", "[0.2, 0.4, 1.0"), 35, "YAML"),
    _raw("wrong indentation", BASE.replace("  radius", "   radius"), 5, "YAML"),
    _raw("colon in a text", BASE.replace("name: base", "name: base: two"), 1, "YAML"),
    _raw("unknown alias", BASE.replace("name: base", "name: *base"), 1, "YAML"),
    _raw("tag", BASE.replace("name: base", "name: !python/name:os.system base"), 1, "tag", path="name"),
    _raw("Latin-1", BASE.replace("name: base", "name: Größe").encode("latin-1"), 1, "not UTF-8"),
    _raw("UTF-16", BASE.encode("utf-16"), 1, "not UTF-8"),
    _raw("binary", b"\x00\x01\x02", 1, "YAML"),
    _raw("deep nesting", "a: " + "[" * 1000 + "]" * 1000, 1, "nested"),
    _raw("endless alias", "a: &a [*a, *a]\n", 1, "more than a scenario can hold", path="a" + ".0" * 50),
    _raw("key that is a list", "? [a, b]\n: 1\n" + BASE, 1, "a key that is no text"),
    _raw("no steps", BASE[: BASE.index("protocol:")] + "protocol: []\n", 25, "at least one", path="protocol"),
    _raw("output after the end", _SHORT, 28, "within the protocol's 3600 s", path="output.at.time.0"),
    _raw("missing mesh file", _IMPORTED, 6, "a mesh file that exists", path="particle.mesh_file"),
    _raw("nothing passed", BASE.replace("{extracted: 1.0}", "{passed: 0}"), 28, "above 0",
         path="protocol.0.charge.until.passed"),
    _raw("extent of a plate", _PLATE.replace("  dimension: 1", "  extent: full"), 6, "unknown key",
         path="particle.extent"),
    _raw("solid cylinder", BASE.replace("sphere", "cylinder").replace("dimension: 1", "dimension: 3"), 6, "expected 1",
         path="particle.dimension"),
    _raw("plate without a thickness", _DISC.replace("  thickness: 60 nm", "  dimension: 2"), 3, "thickness",
         path="particle.thickness"),
    _raw("thin plate", _DISC.replace("60 nm", "0.1 nm"), 6, "from 0.001 to 20 times the radius 150 nm",
         path="particle.thickness"),
    _raw("long prism", _HEXAGON.replace("60 nm", "4 um"), 7, "from 0.001 to 20 times the radius 150 nm",
         path="particle.thickness"),
    _raw("solid disc", _DISC.replace("  thickness: 60", "  dimension: 3\n  thickness: 60"), 6, "expected 2",
         path="particle.dimension"),
    _raw("hexagon along a line", _HEXAGON.replace("dimension: 3", "dimension: 1"), 6, "2 or 3",
         path="particle.dimension"),
    _raw("layer up to the centre of a hexagon", _HEXAGON.replace("4.5 nm", "130 nm"), 18, "at most 0.857 of it",
         path="shell.thickness"),
    _raw("misspelt length unit", _IMPORTED.replace("none.msh", "none.msh\n  length_unit: nmm"), 7, "a unit of length",
         path="particle.length_unit"),
]  # fmt: skip

_SURFACE = OXYGEN[OXYGEN.index("  surface:") : OXYGEN.index("  reuse:")]
_OPEN = "  surface:\n    law: open\n    transfer: {biot: 1000}\n"
_REUSE = "  reuse: {below: 0.396, rate: 1e-3 1/s, width: 0.02}\n"
_VACANCIES = "  vacancies: {sites_lost: 1.0, partial_molar_volume: 2 cm^3/mol}\n"
_SOURCE = OXYGEN[OXYGEN.index("  source:") : OXYGEN.index("  surface:")]
_LOADING = OXYGEN[OXYGEN.index("    loading:") : OXYGEN.index("  reuse:")]
_SHELL = BASE[BASE.index("shell:") : BASE.index("surface:")]
_LI_O_LI = "li_o_li: {bulk: 84.2 %, deficient: 75.5 %, deficiency: 0.22}"


def _oxygen(name: str, old: str, new: str, path: str, part: str, at: str | None = None) -> WrongScenario:
    return _edit(name, old, new, f"oxygen.{path}", part, at, base=WITH_OXYGEN)


_OXYGEN = [
    _oxygen("negative oxygen content", "initial: 7500", "initial: -7500", "initial", "at least 0 mol/m^3"),
    _oxygen("oxygen content in wt%", "7500 mol/m^3", "7500 g/m^3", "initial", "an amount per volume"),
    _oxygen("oxygen diffusivity of 0", "diffusivity: 1.4e-18", "diffusivity: 0", "diffusivity", "above 0 m^2/s"),
    _oxygen("misspelt diffusivity of oxygen", "  diffusivity: 1.4e-18", "  difusivity: 1.4e-18", "difusivity",
            "'diffusivity'"),
    _oxygen("diffusivity in a layer that is not there", _SHELL, "", "layer_diffusivity", "without a surface layer",
            at="  layer_diffusivity"),
    _oxygen("no surface", _SURFACE, "", "surface", "the key 'surface'", at="oxygen:"),
    _oxygen("surface is a text", _SURFACE, "  surface: open\n", "surface", "a mapping"),
    _oxygen("surface without law", "    law: islands\n", "", "surface.law", "one of 'open'", at="  surface:\n    on"),
    _oxygen("unknown law", "law: islands", "law: spong", "surface.law", "found 'spong'"),
    _oxygen("misspelt law", "law: islands", "law: conformal_snik", "surface.law", "did you mean 'conformal_sink'"),
    _oxygen("law is a list", "law: islands", "law: [islands]", "surface.law", "a list of 1"),
    _oxygen("sink on a surface that does not exist", "on: outer", "on: inner", "surface.on",
            "'outer', the only surface"),
    _oxygen("Biot number and velocity", "{biot: 1000}", "{biot: 1000, velocity: 1e-8 m/s}",
            "surface.transfer.velocity", "exactly one of 'biot' and 'velocity'"),
    _oxygen("neither Biot number nor velocity", "{biot: 1000}", "{}", "surface.transfer", "exactly one of"),
    _oxygen("negative Biot number", "biot: 1000", "biot: -1", "surface.transfer.biot", "above 0"),
    _oxygen("velocity without time", "biot: 1000", "velocity: 1e-8 m", "surface.transfer.velocity",
            "a transfer velocity"),
    _oxygen("misspelt key of a law", "efficiency: 0.5", "eficiency: 0.5", "surface.eficiency", "'efficiency'"),
    _oxygen("efficiency above 1", "efficiency: 0.5", "efficiency: 150 %", "surface.efficiency", "at most 1"),
    _edit("key of another law", _SURFACE + _REUSE, _OPEN + "    monolayers: 2\n", "oxygen.surface.monolayers", "unknown key",
          at="    monolayers: 2", base=WITH_OXYGEN),
    _oxygen("positive adsorption energy", "-1.497 eV", "1.497 eV", "surface.adsorption.energy", "at most 0 eV"),
    _oxygen("adsorption energy per mol as a bare number", "-1.497 eV", "-144", "surface.adsorption.energy",
            "at least -20"),
    _oxygen("adsorption energy in volt", "-1.497 eV", "-1.497 V", "surface.adsorption.energy",
            "an energy per molecule"),
    _oxygen("attempt frequency of 0", "1e13 1/s", "0 1/s", "surface.adsorption.attempt_frequency", "above 0 1/s"),
    _oxygen("negative site density", "site_density: 8.41e-6", "site_density: -8.41e-6", "surface.site_density",
            "above 0 mol/m^2"),
    _oxygen("site density per volume", "8.41e-6 mol/m^2", "8.41e-6 mol/m^3", "surface.site_density",
            "an amount per area"),
    _oxygen("negative layers", "monolayers: 2", "monolayers: -1", "surface.monolayers", "above 0"),
    _oxygen("coverage above 1", _LOADING, "    coverage: 105 %\n", "surface.coverage", "above 0 and at most 1"),
    _oxygen("coverage and loading", "efficiency: 0.5", "coverage: 5 %", "surface.loading", "exactly one of 'coverage'",
            at="    loading"),
    _oxygen("neither coverage nor loading", _LOADING, "", "surface", "no coverage", at="  surface:\n    law"),
    _edit("coverage above 1 of a closed coating", "coverage: 0.9", "coverage: 2", "oxygen.surface.coverage", "at most 1",
          base=CLOSED_COATING),
    _oxygen("loading of 100 %", "0.46 %", "100 %", "surface.loading.mass_fraction", "below 1"),
    _oxygen("loading of no formula", "RuO2", "ruthenia", "surface.loading.formula", "a chemical formula"),
    _oxygen("islands without height", ", height: 3 nm", "", "surface.loading.height", "the key 'height'",
            at="    loading:"),
    _oxygen("source in a host without oxygen", "Co0.13O2", "Co0.13S2", "source", "holds no oxygen", at="  source:"),
    _oxygen("negative onset", "onset: 0.396", "onset: -0.1", "source.onset", "at least 0"),
    _oxygen(
        "generation at once", "generation_rate: 1e-4 1/s", "generation_rate: 1e3 1/s", "source.generation_rate", "at most 1 1/s"
    ),
    _oxygen("generation rate of 0", "generation_rate: 1e-4 1/s", "generation_rate: 0", "source.generation_rate", "above 0 and at most 1 1/s"),
    _oxygen("source is true", _SOURCE, "  source: true\n", "source", "a mapping"),
    _oxygen("Li-O-Li content that becomes negative", _LI_O_LI,
            "li_o_li: {bulk: 84.2 %, deficient: 10 %, deficiency: 0.1}", "source.li_o_li.deficient",
            "up to the shell's deficiency of 0.22"),
    _oxygen("Li-O-Li content of one host", _LI_O_LI, "li_o_li: {bulk: 84.2 %, deficient: 75.5 %}",
            "source.li_o_li.deficiency", "the key 'deficiency'"),
    _edit("reuse without a sink", _SURFACE, _OPEN, "oxygen.reuse", "null without a sink", at="  reuse:",
          base=WITH_OXYGEN),
    _oxygen("reuse that takes no time", "rate: 1e-3 1/s, w", "rate: 1e-3 s, w", "reuse.rate", "a rate"),
    _oxygen("reuse that rises at once", "width: 0.02", "width: 0", "reuse.width", "above 0"),
    _oxygen("vacancies without a source", _SOURCE, "", "vacancies", "null without a source", at="  vacancies:"),
    _oxygen("more sites lost than ions", "sites_lost: 1.0", "sites_lost: 5", "vacancies.sites_lost", "at most 4"),
    _oxygen("sites that are gained", "sites_lost: 1.0", "sites_lost: -1", "vacancies.sites_lost", "at least 0"),
    _oxygen("volume of vacancies per site", "2 cm^3/mol", "2 cm^3", "vacancies.partial_molar_volume",
            "a volume per amount"),
    _oxygen("a published share too few", "[8.0, 15.1]", "[8.0]", "peroxide_shares.series.0.percent", "2, one for each"),
    _oxygen("more than all oxygen as peroxide", "[8.0, 15.1]", "[8.0, 151]", "peroxide_shares.series.0.percent.1",
            "100"),
    _edit("oxygen is a number", OXYGEN, "oxygen: 7500 mol/m^3\n", "oxygen", "a mapping", base=WITH_OXYGEN),
    _edit("oxygen tolerance of 0", "time_tolerance: 1.0e-5", "oxygen_tolerance: 0.0", "numerics.oxygen_tolerance",
          "above 0"),
    _edit("oxygen without a material", BASE[BASE.index("material:") : BASE.index("shell:")], "", "material",
          "the key 'material'", at="name:", base=WITH_OXYGEN),
]  # fmt: skip

WRONG_SCENARIOS: tuple[WrongScenario, ...] = (*_KEYS, *_VALUES, *_MATERIAL, *_PROTOCOL, *_FILES, *_OXYGEN)
"""All cases."""
