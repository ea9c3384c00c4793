"""Figures of runs with an electrode, each where there is something to show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from oxyshell.models.base.physics import Figure, LabelledRun
from oxyshell.models.electrode.figures.loops import has_electrode, loops_of


def figures(runs: Sequence[LabelledRun]) -> tuple[Figure, ...]:
    """Voltage, dQ/dV, overpotentials, rate capability, cycles and titration of those runs that have them."""
    return tuple(_figures(runs))


def _figures(runs: Sequence[LabelledRun]) -> Iterator[Figure]:
    drawn = [run for run in runs if has_electrode(run.result)]
    if not drawn:
        return
    from oxyshell.models.electrode.figures import (
        cycles,
        incremental_capacity,
        overpotentials,
        rate_capability,
        titration,
        voltage,
    )
    from oxyshell.models.electrode.figures.traces import LabelledLoops

    systems = [LabelledLoops(run.label, loops_of(run.result)) for run in drawn]
    systems = [system for system in systems if system.loops]
    if not systems:
        return
    yield Figure("voltage", lambda path, width: voltage.voltage_figure(systems, path, width))
    curved = [system for system in systems if incremental_capacity.has_curve(system.loops)]
    if curved:
        yield Figure("dq_dv", lambda path, width: incremental_capacity.dq_dv_figure(curved, path, width))
    if any(overpotentials.has_overpotentials(system.loops) for system in systems):
        yield Figure(
            "overpotentials", lambda path, width: overpotentials.overpotential_figure(systems, path, width)
        )
    rates = rate_capability.rate_series(drawn)
    if rate_capability.has_rates(rates):
        yield Figure(
            "rate_capability", lambda path, width: rate_capability.rate_capability_figure(rates, path, width)
        )
    tables = [cycles.whole_cycles(run.label, run.result.cycle_table) for run in drawn]
    cycled = [system for system in tables if system.several]
    if cycled:
        yield Figure("cycles", lambda path, width: cycles.cycles_figure(cycled, path, width))
    if titration.has_titration(drawn):
        curves = titration.curves_of(drawn[0])
        yield Figure(
            "gitt", lambda path, width: titration.titration_figure(curves, path, width), compares=False
        )
