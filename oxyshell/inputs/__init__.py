"""What a user writes: YAML files with units and sources, checked and made into models and protocols."""

from oxyshell.inputs.comparison import Calibration, Comparison
from oxyshell.inputs.loading import json_schema, load, load_any, load_comparison, loads
from oxyshell.inputs.mistakes import Mistake, ScenarioError
from oxyshell.inputs.overrides import parse_assignment, parse_time
from oxyshell.inputs.parameters import Parameter
from oxyshell.inputs.scenario import Provenance, Scenario

__all__ = [
    "Calibration",
    "Comparison",
    "Mistake",
    "Parameter",
    "Provenance",
    "Scenario",
    "ScenarioError",
    "json_schema",
    "load",
    "load_any",
    "load_comparison",
    "loads",
    "parse_assignment",
    "parse_time",
]
