"""The voltage and the memory of an electrode, as a process of the particle's group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from oxyshell.models.base.dimension import Units
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Expression, Form
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.process import Fields, Lives, Unknown
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.process import ParticleProcess
from oxyshell.models.particle.units import natural_units

ENERGY = "energy"
VOLTAGE = "voltage"


class Electrode(ParticleProcess):
    """Voltage V such that the current, or V itself, is as set; energy taken up; memory of the potential.

    The energy E per area grows by V N (over zF); it is integrated as an unknown, so that it is as accurate as
    the voltage. Numbers of the memory change with the ions that pass the surface.
    """

    name: ClassVar[str] = "electrode"
    settles: ClassVar[tuple[str, ...]] = (VOLTAGE,)

    def unknowns(self, model: ParticleModel, coordinates: Any) -> tuple[Unknown, ...]:
        return (
            Unknown(VOLTAGE, lives=Lives.NUMBER, evolves=False),
            Unknown(ENERGY, lives=Lives.NUMBER),
            *_exchange(model).potential.unknowns(),
        )

    def units(self, model: ParticleModel) -> Units:
        return natural_units(model)

    def rates(
        self, model: ParticleModel, domain: Domain, fields: Fields, tests: Fields
    ) -> Mapping[str, Form]:
        import ufl

        exchange, sites = _exchange(model), model.host.sites(domain.position)
        flux = exchange.passed_flux(fields, sites)
        memory = exchange.potential.rates(fields, flux)
        return {
            VOLTAGE: domain.surface(exchange.residual(fields, sites) * tests[VOLTAGE]),
            ENERGY: domain.surface(fields[VOLTAGE] * flux * tests[ENERGY]),
            **{name: domain.surface(ufl.as_ufl(rate) * tests[name]) for name, rate in memory.items()},
        }

    def amount(
        self, model: ParticleModel, domain: Domain, name: str, field: Expression, test: Expression
    ) -> Form:
        if name == ENERGY:
            return domain.surface(field * test)
        # A memory counts in ions passed over ions that can pass.
        exchange = _exchange(model)
        density = model.host.site_density * exchange.exchangeable / exchange.sites
        return domain.volume(density * field * test)

    def start(self, model: ParticleModel) -> Mapping[str, float]:
        exchange, (_, outermost) = _exchange(model), model.parts[-1]
        voltage = exchange.starting_voltage(float(outermost.host.occupancy), NUMPY)
        return {VOLTAGE: voltage, **exchange.potential.start()}

    def scales(self, model: ParticleModel) -> Mapping[str, float]:
        """A tolerance of the occupancy is one of the voltage in V."""
        return {VOLTAGE: 1.0}


def _exchange(model: ParticleModel) -> Any:
    """The `ElectrodeExchange` that brings this process along."""
    return model.exchange
