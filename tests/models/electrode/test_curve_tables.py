from __future__ import annotations

import numpy as np
import pytest
from mpi4py import MPI

from oxyshell.models.electrode.curve_tables import CurveTables, tabulated_curves
from oxyshell.models.ions.occupancies import TabulatedProperty
from oxyshell.scenario.loading import loads
from tests.models.test_current import moment
from tests.scenario.wrong_scenarios import BASE

ELECTRODE = """\
electrode:
  exchangeable_sites: 1.0
  kinetics: {law: constant, exchange_current: 1 A/m^2}
  open_circuit:
    charge: {table: [[0.1, 4.6], [0.9, 3.6]]}
    discharge: {formula: 4 - x}
"""
TABLE = TabulatedProperty("electrode.open_circuit.charge.table", "V", 0.25, 1.1 / 1.2, 4.6, 3.6)


def test_a_table_of_contents_is_one_of_occupancies_of_all_sites() -> None:
    (found,) = tabulated_curves(
        loads(BASE.replace("  - hold: {surface_occupancy: 0.9, time: 1 h}\n", "") + ELECTRODE)
    )
    assert (found.path, found.unit, found.at_first, found.at_last) == (TABLE.path, "V", 4.6, 3.6)
    # x = 1.2 θ − 0.2.
    assert (found.first, found.last) == pytest.approx((0.3 / 1.2, 1.1 / 1.2), rel=1e-14)


def test_leaving_it_is_remarked() -> None:
    recorder = CurveTables(lambda _: np.array([0.2, 0.5]), MPI.COMM_SELF, (TABLE,), 1e-3)
    recorder.step(moment(0, 1.0, 0.0, 0.0))
    assert recorder.summary() == {
        "open_circuit_tables_left": [
            {"property": TABLE.path, "limit": 0.25, "reached": 0.2, "value_used": 4.6}
        ]
    }
    (remark,) = recorder.remarks()
    assert remark.startswith("electrode.open_circuit.charge.table is a table from theta = 0.25 to 0.916667.")
    assert remark.endswith("the value at theta = 0.25 was used, 4.6 V.")


def test_staying_within_is_not() -> None:
    recorder = CurveTables(lambda _: np.array([0.2495, 0.9]), MPI.COMM_SELF, (TABLE,), 1e-3)
    recorder.step(moment(0, 1.0, 0.0, 0.0))
    assert (recorder.summary(), list(recorder.remarks())) == ({}, [])
