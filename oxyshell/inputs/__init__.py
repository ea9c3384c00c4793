"""What a user writes: YAML files with units and sources, checked and made into models and protocols."""

from oxyshell.inputs.calibrate import Calibrate
from oxyshell.inputs.comparison import Calibration, Comparison
from oxyshell.inputs.design import Design
from oxyshell.inputs.loading import json_schema, load, load_any, load_comparison, load_sweep, loads
from oxyshell.inputs.mistakes import Mistake, ScenarioError
from oxyshell.inputs.overrides import parse_assignment
from oxyshell.inputs.parameters import Parameter
from oxyshell.inputs.scenario import Provenance, Scenario
from oxyshell.inputs.sensitivity import Sensitivity
from oxyshell.inputs.study_files import load_calibrate, load_design, load_sensitivity
from oxyshell.inputs.sweep import Sweep, sweep_of

__all__ = [
    "Calibrate",
    "Calibration",
    "Comparison",
    "Design",
    "Mistake",
    "Parameter",
    "Provenance",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "Sweep",
    "json_schema",
    "load",
    "load_any",
    "load_calibrate",
    "load_comparison",
    "load_design",
    "load_sensitivity",
    "load_sweep",
    "loads",
    "parse_assignment",
    "sweep_of",
]
