"""Laws of losses run over many cycles, as the march runs them, without a particle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oxyshell.models.base.cycle_law import CycleCells, CycleLaw, CycleNumbers
from oxyshell.models.degradation.from_scenario import law_of
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario

_SCENARIO = """\
name: losses
particle: {shape: sphere, radius: 150 nm}
material:
  formula: Li1.2Mn0.54Ni0.13Co0.13O2
  molar_volume: 20 cm^3/mol
  ion: {species: Li, sites_per_formula: 1.2, occupancy: 1}
  diffusivity: 1e-18 m^2/s
  chemical_strain: {volume_change: -2 %, per_extracted: 1}
  elasticity: {young_modulus: 170 GPa, poisson_ratio: 0.3}
cell: {one_c: 250 mA/g}
protocol:
  - repeat:
      times: 300
      steps:
        - charge: {rate: 1 C, until: {extracted: 0.5}}
        - discharge: {rate: 1 C, until: {extracted: 0.1}}
"""


def with_losses(losses: Mapping[str, Any], values: Mapping[str, Any] | None = None) -> Scenario:
    """A scenario of 300 cycles.

    Args:
        losses: Its section `degradation`.
        values: Other changes, by path.
    """
    return loads(_SCENARIO, "losses.yaml").with_values({"degradation": losses, **(values or {})})


def law(losses: Mapping[str, Any], values: Mapping[str, Any] | None = None) -> CycleLaw:
    """The laws of such a scenario."""
    scenario = with_losses(losses, values)
    found = law_of(scenario, scenario.geometry())
    assert found is not None
    return found


def after(one: CycleLaw, cycles: int, cell: CycleCells | None = None) -> CycleNumbers:
    """The numbers in force after as many cycles, all of which have the same row; in force in the next one."""
    numbers = one.start()
    for number in range(1, cycles + 1):
        numbers = one.after(numbers, {} if cell is None else cell, number)
    return numbers


def left(one: CycleLaw, cycles: int, cell: CycleCells | None = None) -> float:
    """Retention after as many cycles."""
    return one.retention(after(one, cycles, cell))
