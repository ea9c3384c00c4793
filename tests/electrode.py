"""Electrodes of the tests: sections of scenario files, and laws."""

from __future__ import annotations

from typing import Any

from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT
from oxyshell.models.electrode.exchange import ElectrodeExchange
from oxyshell.models.electrode.kinetics import ConstantExchange
from oxyshell.models.electrode.memory import Single
from oxyshell.models.electrode.potentials.constant import ConstantCurve
from oxyshell.models.electrode.potentials.msmr import MsmrCurve
from tests import lrmo

ROOM = 298.15
THERMAL_VOLTAGE = GAS_CONSTANT * ROOM / FARADAY_CONSTANT

CONSTANT = "{open_circuit: {constant: 3.9 V}, kinetics: {law: constant, exchange_current: 1 A/m^2}}"
"""The null model but for the effect of stress."""
IDEAL = (
    "{open_circuit: {msmr: [{potential: 3.9 V, share: 1.0, width: 1.0}]}, "
    "kinetics: {law: constant, exchange_current: 1 A/m^2}}"
)
"""Ions that differ from vacancies by their number only: U = 3.9 V + RT/F ln((1 − θ)/θ)."""
FIRST_CYCLE = """
  open_circuit:
    first_charge:
      msmr: [{potential: 4.113 V, share: 0.263, width: 8.0}, {potential: 4.503 V, share: 0.737, width: 1.77}]
    discharge:
      msmr:
        - {potential: 4.180 V, share: 0.409, width: 4.86}
        - {potential: 3.514 V, share: 0.388, width: 4.86}
        - {potential: 2.609 V, share: 0.204, width: 4.86}
    offset: 0.3 V
  exchangeable_sites: 1.0
  kinetics: {law: constant, exchange_current: 1 A/m^2}
"""
"""A lithium-rich oxide, its branches chosen."""


def law(**changes: Any) -> ElectrodeExchange:
    """Butler–Volmer at a surface of 3.9 V, i0 = 1 A/m², with some of its attributes changed."""
    standard: dict[str, Any] = {
        "potential": Single(ConstantCurve(3.9)),
        "kinetics": ConstantExchange(flux=1.0 / FARADAY_CONSTANT),
        "sites": 1.2,
        "exchangeable": 1.0,
        "thermal_voltage": THERMAL_VOLTAGE,
        "work_voltage": THERMAL_VOLTAGE,
    }
    return ElectrodeExchange(**standard | changes)


def ideal_curve() -> MsmrCurve:
    """U = 3.9 V + RT/F ln((1 − x)/x)."""
    return MsmrCurve.of([3.9], [1.0], [1.0], THERMAL_VOLTAGE)


def scenario_file(name: str, electrode: str, protocol: str, **changes: str) -> str:
    """The text of a scenario of the pristine particle with an electrode; see `lrmo.scenario_file`."""
    sections = {"particle": "{shape: sphere, radius: 150 nm, dimension: 1}", **changes}
    return lrmo.scenario_file(name, protocol=protocol, electrode=electrode, **sections)
