"""Potentials that are tables, and whether a run left them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oxyshell.language.sections import leaves
from oxyshell.models.electrode.given_curve import GivenCurve
from oxyshell.models.electrode.hosts import host_potential
from oxyshell.models.electrode.potentials.table import TableCurve
from oxyshell.models.ions.occupancies import Occupancies, TabulatedProperty


def tabulated_curves(scenario: Any) -> tuple[TabulatedProperty, ...]:
    """All potentials of the surface that are tables, over the occupancy θ of all host sites."""
    outermost = host_potential(scenario.section("electrode"), scenario.parts[-1], scenario)
    sites, exchangeable = outermost.sites, outermost.exchangeable

    def occupancy(x: float) -> float:
        return float((exchangeable * x + sites - exchangeable) / sites)

    found = []
    for path, leaf in leaves(outermost.section, ".".join(outermost.path)):
        match leaf:
            case GivenCurve(function=TableCurve(table=table)):
                first, last = (occupancy(float(x)) for x in table.domain)
                ends = float(table.values[0]), float(table.values[-1])
                surface = (len(scenario.parts) - 1,)
                found.append(TabulatedProperty(path, leaf.unit, first, last, *ends, parts=surface))
    return tuple(found)


class CurveTables(Occupancies):
    """The tables of potentials that the occupancy left, in the particle, of which the surface is a part."""

    def summary(self) -> Mapping[str, object]:
        left = [entry for one in self._tables for entry in self._left(one)]
        return {"open_circuit_tables_left": left} if left else {}
