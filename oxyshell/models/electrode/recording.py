"""Voltage, current, charge and energy of a run, and the parts of the overpotential."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from dolfinx import fem

from oxyshell.models.base.constants import FARADAY_CONSTANT
from oxyshell.models.electrode import process
from oxyshell.models.electrode.equilibrium import OneHost, Rest, SeveralHosts
from oxyshell.models.electrode.exchange import ElectrodeExchange
from oxyshell.models.electrode.observables import CURRENT_MAGNITUDE, VOLTAGE
from oxyshell.models.particle.system import System
from oxyshell.presentation.numbers import time_in_words
from oxyshell.solver.assembly import Scalar
from oxyshell.solver.recorder import Cells, EndedCycle, EndedStep, Recorder
from oxyshell.solver.state import State
from oxyshell.solver.step_result import StepResult

_HOUR = 3600.0
# A current above this, mA/g, is that of hundreds of C.
_NO_CELL = 1e5
# A charge below this, mA h/g, is what solvers leave of none.
_NO_CHARGE = 1e-9


class ElectrodeEvaluation:
    """Means over the surface of what the voltage consists of."""

    def __init__(self, system: System) -> None:
        """Compile the integrals.

        Args:
            system: The discretised particle, with an electrode.
        """
        self.system = system
        domain, fields, comm = system.domain, system.surface_fields, system.particle.mesh.comm
        exchange = exchange_of(system.symbols)
        sites = system.by_part(lambda model, where: model.host.sites(where.position))
        flux = exchange.outward_flux(fields, sites)
        drive = 2 * exchange.thermal_voltage * exchange.reaction_drive(fields, sites)
        self._integrals = {
            name: Scalar(domain.surface(integrand), comm)
            for name, integrand in (
                ("open_circuit", exchange.open_circuit(fields)),
                ("stress", exchange.stress_voltage(fields)),
                ("kinetic", drive),
                ("film", exchange.film.voltage(flux)),
            )
        }
        # By the same points as the integrals, or the means would not add up on coarse curved surfaces.
        self._area = Scalar(domain.surface(fem.Constant(system.particle.mesh, 1.0)), comm)()

    def rest(self, shared: bool) -> Rest:
        """The voltage at rest.

        Args:
            shared: Whether the hosts share ions by their open-circuit potentials.
        """
        system = self.system
        if not shared:
            return OneHost(lambda: exchange_of(system.numbers))
        comm, parts = system.particle.mesh.comm, zip(system.symbols.parts, system.domain.parts, strict=True)
        sites = [Scalar(where.volume(one.host.sites(where.position)), comm)() for (_, one), where in parts]
        return SeveralHosts([cast(Any, one).standard for _, one in system.numbers.parts], sites)

    def refresh(self) -> None:
        """Take over new values of the model's numbers."""
        for integral in self._integrals.values():
            integral.refresh()

    def means(self, state: State) -> Mapping[str, float]:
        """Means over the surface, V."""
        self.system.load(state)
        return {name: integral() / self._area for name, integral in self._integrals.items()}


class ElectrodeRecorder(Recorder):
    """The electrical side of a run."""

    kept = (
        "last",
        "concentration",
        "kinetic",
        "stress",
        "fastest",
        "fastest_at",
        "voltage_before",
        "voltage_time",
        "active",
        "before",
        "from",
        "last_passed",
        "passed_by_now",
    )

    def __init__(
        self,
        evaluation: ElectrodeEvaluation,
        area: float,
        mass: float,
        charge_number: int,
        shared: bool = False,
    ) -> None:
        """Set up.

        Args:
            evaluation: The integrals.
            area: Of the surface, m².
            mass: Of the particle, kg.
            charge_number: z.
            shared: Whether the hosts of the particle share ions by their open-circuit potentials.
        """
        self._rest, self._shared = evaluation.rest(shared), shared
        self._evaluation, self._system = evaluation, evaluation.system
        self._area, self._mass = area, mass
        self._molar_charge = charge_number * FARADAY_CONSTANT
        self._sites = self._system.observe(self._system.initial_state(1.0)).content
        self._last: dict[str, float] = {}
        self._concentration = self._kinetic = self._stress = 0.0
        self._fastest = self._fastest_at = 0.0
        self._voltage_before = self._voltage_time = 0.0
        self._step = -1
        # Of the ions that have left, and of the energy: what counts of them, by the active share of the time.
        self._active = 1.0
        self._before, self._from, self._last_passed, self._passed_by_now = ([0.0, 0.0] for _ in range(4))

    def present(self, state: State) -> Mapping[str, float]:
        outflow = self._system.observe(state).outflow
        return {
            VOLTAGE: self._system.numbers_of(state)[process.VOLTAGE],
            CURRENT_MAGNITUDE: abs(state.active * outflow) * self._molar_charge / self._area,
        }

    def step(self, moment: StepResult) -> Mapping[str, float]:
        system, state = self._system, moment.state
        if moment.protocol_step != self._step:
            # What the instrument sets is a number of the forms.
            self._evaluation.refresh()
            self._rest = self._evaluation.rest(self._shared)
            self._step = moment.protocol_step
        numbers, means = system.numbers_of(state), self._evaluation.means(state)
        current = state.active * moment.observation.outflow * self._molar_charge
        left, energy = self._passed(state, numbers[process.ENERGY])
        at_mean = self._rest.voltage(moment.observation.content / self._sites, numbers)
        if abs(current) / self._mass > self._fastest:
            self._fastest, self._fastest_at = abs(current) / self._mass, state.time
        self._concentration = max(self._concentration, abs(means["open_circuit"] - at_mean))
        self._kinetic = max(self._kinetic, abs(means["kinetic"]))
        self._stress = max(self._stress, abs(means["stress"]))
        self._last = {
            VOLTAGE: numbers[process.VOLTAGE],
            "capacity_mAh_g": left * self._molar_charge / self._mass / _HOUR,
            "energy_Wh_kg": self._energy(energy) / self._mass / _HOUR,
        }
        return {
            VOLTAGE: self._last[VOLTAGE],
            "current_A_m2": current / self._area,
            CURRENT_MAGNITUDE: abs(current) / self._area,
            "specific_current_mA_g": current / self._mass,
            "capacity_mAh_g": self._last["capacity_mAh_g"],
            "energy_Wh_kg": self._last["energy_Wh_kg"],
            "open_circuit_voltage_V": at_mean,
            "concentration_overpotential_V": means["open_circuit"] - at_mean,
            "stress_overpotential_V": means["stress"],
            "kinetic_overpotential_V": means["kinetic"],
            "film_overpotential_V": means["film"],
        }

    def _passed(self, state: State, energy: float) -> tuple[float, float]:
        """Ions that have left, and the energy, each part times the share that was active at its time."""
        if state.active != self._active:
            so_far = self._passed_by_now
            self._before, self._active, self._from = so_far, state.active, self._last_passed
        self._last_passed = [state.left, energy]
        parts = zip(self._before, self._from, self._last_passed, strict=True)
        self._passed_by_now = [before + self._active * (now - since) for before, since, now in parts]
        return self._passed_by_now[0], self._passed_by_now[1]

    def look(self, moment: StepResult, row: Mapping[str, float]) -> None:
        before, self._voltage_before = self._voltage_before, row[VOLTAGE]
        self._voltage_time += 0.5 * (before + row[VOLTAGE]) * moment.step

    def of_step(self, ended: EndedStep) -> Cells:
        start, end = ended.start, ended.end
        charge, energy = (end[name] - start[name] for name in ("capacity_mAh_g", "energy_Wh_kg"))
        duration = end["time_s"] - start["time_s"]
        over_time = self._voltage_time / duration if duration else end[VOLTAGE]
        self._voltage_time = 0.0
        return {
            "charge_mAh_g": charge,
            "energy_Wh_kg": energy,
            "voltage_start_V": start[VOLTAGE],
            "voltage_end_V": end[VOLTAGE],
            # 1 W h/kg over 1 mA h/g is 1 V.
            "voltage_mean_V": energy / charge if abs(charge) > _NO_CHARGE else over_time,
            "current_end_A_m2": end["current_A_m2"],
        }

    def of_cycle(self, ended: EndedCycle) -> Cells:
        passed = list(zip(ended.numbers("charge_mAh_g"), ended.numbers("energy_Wh_kg"), strict=True))
        charge, charge_energy = _sums(one for one in passed if one[0] > _NO_CHARGE)
        discharge, discharge_energy = (
            -total for total in _sums(one for one in passed if one[0] < -_NO_CHARGE)
        )
        return {
            "charge_mAh_g": charge,
            "discharge_mAh_g": discharge,
            "coulombic_efficiency": _over(discharge, charge),
            "charge_energy_Wh_kg": charge_energy,
            "discharge_energy_Wh_kg": discharge_energy,
            "energy_efficiency": _over(discharge_energy, charge_energy),
            "energy_lost_Wh_kg": charge_energy - discharge_energy,
            "mean_charge_voltage_V": _over(charge_energy, charge),
            "mean_discharge_voltage_V": _over(discharge_energy, discharge),
        }

    def _energy(self, per_area: float) -> float:
        """J, of an energy per area in the system's units."""
        return per_area * self._system.area * self._system.amount_unit * self._molar_charge

    def remarks(self) -> Iterator[str]:
        if self._fastest > _NO_CELL:
            yield (
                f"At {time_in_words(self._fastest_at)} the current is {self._fastest:.2g} mA/g, far beyond "
                "what a cell gives: nothing limits it but the reaction. A current that leads to the voltage "
                "that is held, or a film resistance, would."
            )

    def summary(self) -> Mapping[str, object]:
        return {
            "electrode": {
                **self._last,
                "largest_concentration_mV": 1e3 * self._concentration,
                "largest_kinetic_mV": 1e3 * self._kinetic,
                "largest_stress_mV": 1e3 * self._stress,
            }
        }


def _sums(passed: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Sums of charges and of energies."""
    listed = list(passed)
    return math.fsum(charge for charge, _ in listed), math.fsum(energy for _, energy in listed)


def _over(part: float, whole: float) -> float:
    """A ratio; not a number of nothing."""
    return part / whole if whole else math.nan


def exchange_of(model: object) -> ElectrodeExchange:
    """The law of the surface of a particle with an electrode."""
    return cast(ElectrodeExchange, model.exchange)  # type: ignore[attr-defined]
