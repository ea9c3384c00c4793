"""Butler–Volmer kinetics at the surface: the flux that a voltage drives through it.

The chemical potential of the ions is μ = −zF U(x) − β:σ, so that the voltage of equilibrium is
V_eq = U + RT W/(zF) with W = β:σ/RT: tension at the surface raises it (Larché & Cahn 1973; Sethuraman et al.,
J. Electrochem. Soc. 157 (2010) A1253). With equal transfer coefficients i = 2 i0 sinh(zFη/(2RT)),
η = V − V_eq − i R_film, i > 0 where ions leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar, Value
from oxyshell.models.base.formula import Operations
from oxyshell.models.base.process import Fields, Process
from oxyshell.models.base.program import Programmable
from oxyshell.models.base.protocol import SURFACE_OCCUPANCY, Stop
from oxyshell.models.electrode.control import Control
from oxyshell.models.electrode.film import Film, NoFilm
from oxyshell.models.electrode.kinetics import Kinetics
from oxyshell.models.electrode.potential import Potential
from oxyshell.models.electrode.process import Electrode
from oxyshell.models.ions.exchange import supply
from oxyshell.models.ions.solution import IdealSolution, Solution

# So far from full and empty a surface counts as that, in x.
_NEARLY = 1e-6
_FULL, _EMPTY = (
    f"the surface was {state} of exchangeable ions before any end that was asked for; no current flows beyond"
    for state in ("full", "empty")
)


@dataclass(frozen=True, kw_only=True)
class ElectrodeExchange(Programmable):
    """Ions through a surface that is the interface of an electrode.

    Attributes:
        potential: U(x), the open-circuit potential.
        kinetics: i0.
        film: Film on the surface.
        sites: n_s, host sites per formula unit.
        exchangeable: n_e, those that the potential is a function of: x = (n_s θ − (n_s − n_e))/n_e.
        thermal_voltage: RT/(zF), V.
        work_voltage: RT/(zF) of the RT in which W is counted, V; 0 where stress shifts no equilibrium.
        margin: Occupancy below which the current falls where the potential does not end it.
        control: What the instrument sets.
        solution: Interaction of the ions in the host.
    """

    potential: Potential
    kinetics: Kinetics
    film: Film = field(default_factory=NoFilm)
    sites: Scalar = quantity("1")
    exchangeable: Scalar = quantity("1")
    thermal_voltage: Scalar = quantity("1")
    work_voltage: Scalar = quantity("1")
    margin: Scalar = quantity("1", default=1e-3)
    control: Control = field(default_factory=Control)
    solution: Solution = field(default_factory=IdealSolution)

    # What the surface does.

    def content(self, theta: Value) -> Value:
        """x, the filled share of the exchangeable sites."""
        return (self.sites * theta - (self.sites - self.exchangeable)) / self.exchangeable

    def open_circuit(self, fields: Fields) -> Scalar:
        """U, in V, at the occupancy of a point."""
        return self.potential.value(self.content(fields["occupancy"]), fields)

    def stress_voltage(self, fields: Fields) -> Scalar:
        """RT W/(zF), by which stress and a gradient's energy raise the voltage of equilibrium, V."""
        return self.work_voltage * self.solution.surface_work(fields)

    def reaction_drive(self, fields: Fields, sites: Scalar) -> Scalar:
        """zFη/(2RT)."""
        equilibrium = self.open_circuit(fields) + self.stress_voltage(fields)
        drive = (fields["voltage"] - equilibrium) / (2 * self.thermal_voltage)
        exchange = self.kinetics.exchange_flux(fields["occupancy"], sites)
        return self.film.reaction_drive(drive, exchange, self.thermal_voltage)

    def outward_flux(self, fields: Fields, sites: Scalar) -> Scalar:
        """N·n = i/(zF) at the surface, mol/(m² s)."""
        import ufl

        exchange = self.kinetics.exchange_flux(fields["occupancy"], sites)
        drive = self.reaction_drive(fields, sites)
        return 2 * exchange * ufl.sinh(drive) * self._share(fields["occupancy"])

    def residual(self, fields: Fields, sites: Scalar) -> Scalar:
        """Function of a point whose integral over the surface the instrument keeps at zero."""
        share = self._share(fields["occupancy"])
        return self.control.residual(self.outward_flux(fields, sites), share, fields["voltage"])

    def passed_flux(self, fields: Fields, sites: Scalar) -> Scalar:
        """Flux of which energy and memory take account; see `Control.passed`."""
        return self.control.passed(self.outward_flux(fields, sites), self._share(fields["occupancy"]))

    def _share(self, theta: Scalar) -> Scalar:
        """Share of a current that the surface can carry, where no potential says it."""
        if self.potential.bounded:
            return 1.0
        out, into = supply(theta / self.margin), supply((1 - theta) / self.margin)
        return self.control.outward * out + (1 - self.control.outward) * into

    def starting_voltage(self, theta: float, operations: Operations) -> float:
        """U of the particle as made, V."""
        memory = self.potential.start()
        return float(self.potential.value(self.content(theta), memory, operations))

    # What is set.

    @property
    def set_flux(self) -> Scalar:
        """Flux that the instrument sets, mol/(m² s), positive outwards; 0 where it holds a voltage."""
        return self.control.galvanostatic * self.control.flux

    @property
    def flux_is_set(self) -> bool:
        """Whether a current is set; else a voltage is held."""
        return float(self.control.galvanostatic) == 1.0

    @property
    def fades_within(self) -> float:
        """The margin, unless the potential ends the current."""
        return 0.0 if self.potential.bounded else float(self.margin)

    def processes(self) -> tuple[Process[Any], ...]:
        """The voltage, and the memory of the potential."""
        return (Electrode(),)

    def last_ends(self, direction: int) -> tuple[Stop, ...]:
        """The surface full or empty of exchangeable ions, on whose way the potential has met no other end."""
        if not self.potential.bounded:
            return ()
        least = float(1 - self.exchangeable / self.sites)
        margin = _NEARLY * float(self.exchangeable / self.sites)
        empty = Stop(SURFACE_OCCUPANCY, least + margin, "surface empty", -1, unasked=_EMPTY)
        full = Stop(SURFACE_OCCUPANCY, 1 - margin, "surface full", 1, unasked=_FULL)
        return {1: (empty,), -1: (full,), 0: (empty, full)}[direction]

    def at_current(self, flux: float) -> Self:
        """The same where an instrument sets a flux, mol/(m² s), positive outwards."""
        return replace(self, control=Control.of_current(flux))

    def carrying(self, factor: float) -> Self:
        """The same where the flux that is set is larger by a factor."""
        control = replace(self.control, flux=factor * self.control.flux)
        return replace(self, control=control, program=self.program.scaled(factor))

    def with_more_film(self, resistance: float) -> Self:
        """The same with more film, of zF R in V m² s/mol."""
        return replace(self, film=self.film.thicker(resistance))

    def at_voltage(self, voltage: float) -> Self:
        """The same where an instrument holds a voltage, V."""
        return replace(self, control=Control.of_voltage(voltage))

    def in_solution(self, solution: Solution) -> Self:
        """The same at the surface of a host in which ions interact."""
        return replace(self, solution=solution)

    def entering(self, numbers: Mapping[str, float], extracted: float, direction: int) -> Mapping[str, float]:
        """The memory of the potential in the moment in which a step begins."""
        share = extracted / float(self.exchangeable)
        return self.potential.entering(numbers, share, direction)
