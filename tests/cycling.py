"""A half cell that is cycled, for tests of long runs and of runs that are interrupted."""

from __future__ import annotations

from pathlib import Path

from oxyshell.outputs.result import Result
from oxyshell.running import simulation
from oxyshell.running.checkpoints import RunProgress, RunSetup
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.solver.step_result import StepResult

CC_CV = """[
    "charge at 0.5 C until 4.2 V", "hold at 4.2 V until C/50 or 5 h", "discharge at C/2 until 3.5 V",
    {rest: {time: 1 h}}]"""
"""Constant current, constant voltage, discharge and rest: a cycle without any loss."""
_SCENARIO = """\
name: nmc811
particle: {{shape: sphere, radius: 5.22 um, dimension: {dimension}}}
material:
  formula: LiNi0.8Mn0.1Co0.1O2
  molar_mass: 97.28 g/mol
  molar_volume: 15.84685598377282 cm^3/mol
  ion: {{species: Li, sites_per_formula: 1, occupancy: 0.91}}
  diffusivity: 4e-15 m^2/s
  drift: none
  chemical_strain: {{volume_change: 0 %, per_extracted: 1}}
  elasticity: {{young_modulus: 170 GPa, poisson_ratio: 0.3}}
cell: {{one_c: 200 mA/g}}
electrode:
  open_circuit: {{formula: "-0.8090*x + 4.4875 - 0.0428*tanh(18.5138*(x - 0.5542))
    - 17.7326*tanh(15.7890*(x - 0.3117)) + 17.5842*tanh(15.9308*(x - 0.3120))"}}
  kinetics: {{law: constant, exchange_current: 1 A/m^2}}
numerics: {{{numerics}}}
output: {{{output}}}
protocol: {protocol}
"""


def half_cell(
    protocol: str,
    numerics: str = "time_tolerance: 1e-4",
    output: str = "",
    dimension: int = 1,
    folder: Path | None = None,
) -> Scenario:
    """NMC811 (Chen et al., J. Electrochem. Soc. 167 (2020) 080534), whose ions no stress drives."""
    text = _SCENARIO.format(protocol=protocol, numerics=numerics, output=output, dimension=dimension)
    return loads(text, "half-cell.yaml", folder)


def repeated(times: int, steps: str = CC_CV, stop: str = "") -> str:
    """An entry of a protocol."""
    end = f", stop: {{{stop}}}" if stop else ""
    return f"{{repeat: {{name: ageing, times: {times}, steps: {steps}{end}}}}}"


class Moments:
    """Keeps all moments of a run, as one who writes checkpoints sees them."""

    def __init__(self) -> None:
        self.seen: list[StepResult] = []

    def watch(self, setup: RunSetup) -> None:
        pass

    def after(self, reached: RunProgress) -> None:
        self.seen.append(reached.moment)


def moments_of(scenario: Scenario) -> list[StepResult]:
    """All moments of a run."""
    moments = Moments()
    simulation.Simulation(scenario).run(scenario, writer=moments)
    return moments.seen


def durations(result: Result) -> list[float]:
    """How long each step of the protocol took, s."""
    found: list[float] = result.step_table["duration_s"].tolist()
    return found
