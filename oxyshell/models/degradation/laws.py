"""The losses of a particle, each of which changes one number from cycle to cycle."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from oxyshell.errors import LayerError
from oxyshell.models.base.cycle_law import CycleCells, CycleLaw, CycleNumbers
from oxyshell.models.degradation import names
from oxyshell.models.degradation.drivers.driver import Driver
from oxyshell.models.degradation.growth.law import GrowthLaw
from oxyshell.models.degradation.redox.law import RedoxLaw
from oxyshell.models.particle.core import core_of, particle_core


@dataclass(frozen=True)
class Drive:
    """X of a loss in the cycles of a run; that of the first cycle is kept among the numbers if it counts.

    Attributes:
        driver: Gives X of a cycle.
        number: Name of the number that keeps X of the first cycle.
    """

    driver: Driver
    number: str

    def start(self) -> dict[str, float]:
        """The number that is kept, before the first cycle is over."""
        return {self.number: 0.0} if self.driver.of_first_cycle else {}

    def of(self, numbers: CycleNumbers, cycle: CycleCells, number: int) -> tuple[float, dict[str, float]]:
        """X of a cycle, and what is kept after it."""
        if not self.driver.of_first_cycle:
            return self.driver.relative(cycle), {}
        kept = self.driver.relative(cycle) if number == 1 else numbers[self.number]
        return kept, {self.number: kept}


@dataclass(frozen=True)
class Layer(CycleLaw):
    """A densified layer at the surface, which takes no part any more.

    What is left is a core of the share x = (R − s)/(R − s0) of the as-made radius, whose volume is x³ of a
    sphere, x² of a cylinder and x of a plate. R is n V/A, V and A being volume and surface as made and n the
    number of directions in which the core shrinks: the radius of a sphere, a cylinder or a disc, half the
    thickness of a plate, the radius of the circle within a hexagon, or of that of its area if a round
    plate stands for it; of another body it is right for thin layers.

    Attributes:
        thickness: s0, that of the first cycle, m.
        growth: Its growth.
        drive: X of its growth.
        radius: R, m.
        dimensions: n.
        film: Its resistance to the current, zF times its resistivity, V m s/mol; 0: none.
    """

    thickness: float
    growth: GrowthLaw
    drive: Drive
    radius: float
    dimensions: int = 3
    film: float = 0.0

    def start(self) -> CycleNumbers:
        return {names.LAYER: self._thin(self.thickness), **self.drive.start()}

    def after(self, numbers: CycleNumbers, cycle: CycleCells, number: int) -> CycleNumbers:
        drive, kept = self.drive.of(numbers, cycle, number)
        area = numbers.get(names.AREA, 1.0)
        return {names.LAYER: self._thin(self.growth.after(numbers[names.LAYER], area * drive, cycle)), **kept}

    def active(self, numbers: CycleNumbers) -> float:
        return self._share(numbers) ** self.dimensions

    def retention(self, numbers: CycleNumbers) -> float:
        return self.active(numbers)

    def aged(self, model: Any, numbers: CycleNumbers) -> Any:
        if self.film:
            grown = self.film * (numbers[names.LAYER] - self.thickness)
            model = replace(model, exchange=model.exchange.with_more_film(grown))
        return particle_core(model, self._share(numbers), self.dimensions)

    def aged_follower(self, model: Any, numbers: CycleNumbers) -> Any:
        return core_of(model, self._share(numbers))

    def _share(self, numbers: CycleNumbers) -> float:
        """(R − s)/(R − s0)."""
        return (self.radius - self._thin(numbers[names.LAYER])) / (self.radius - self.thickness)

    def _thin(self, thickness: float) -> float:
        """A thickness that leaves something of the particle.

        Raises:
            LayerError: If it does not.
        """
        if not thickness < self.radius:
            raise LayerError(
                f"found a surface layer of {thickness * 1e9:.4g} nm, expected less than the "
                f"{self.radius * 1e9:.4g} nm to the centre of the particle: the layer has consumed it. Fewer "
                "cycles, a slower growth (degradation.layer.growth) or a law that slows down would not."
            )
        return thickness


@dataclass(frozen=True)
class Area(CycleLaw):
    """Surface that cracks open: dA/dN = k X, A(1) = 1.

    Attributes:
        rate: k, per cycle.
        drive: X.
    """

    rate: float
    drive: Drive

    def start(self) -> CycleNumbers:
        return {names.AREA: 1.0, **self.drive.start()}

    def after(self, numbers: CycleNumbers, cycle: CycleCells, number: int) -> CycleNumbers:
        drive, kept = self.drive.of(numbers, cycle, number)
        return {names.AREA: numbers[names.AREA] + self.rate * drive, **kept}


@dataclass(frozen=True)
class VoltageFade(CycleLaw):
    """Fade of the mean voltage: dv/dN = k X, v(1) = 0. It changes nothing in the simulated electrode.

    Attributes:
        rate: k, V per cycle.
        drive: X.
    """

    rate: float
    drive: Drive

    def start(self) -> CycleNumbers:
        return {names.VOLTAGE: 0.0, **self.drive.start()}

    def after(self, numbers: CycleNumbers, cycle: CycleCells, number: int) -> CycleNumbers:
        drive, kept = self.drive.of(numbers, cycle, number)
        return {names.VOLTAGE: numbers[names.VOLTAGE] + self.rate * drive, **kept}


@dataclass(frozen=True)
class OxygenRedox(CycleLaw):
    """Redox of oxygen that is lost beside a reversible one: Q/Q(a = 1) = 1 − f (1 − a).

    It changes nothing in the simulated particle.

    Attributes:
        share: f, the share of oxygen in the capacity with a = 1.
        law: a.
    """

    share: float
    law: RedoxLaw

    def start(self) -> CycleNumbers:
        return {names.REDOX: self.law.at_start()}

    def after(self, numbers: CycleNumbers, cycle: CycleCells, number: int) -> CycleNumbers:
        return {names.REDOX: self.law.after(numbers[names.REDOX], number)}

    def singular_cycles(self) -> frozenset[int]:
        return self.law.singular_cycles()

    def retention(self, numbers: CycleNumbers) -> float:
        return self._capacity(numbers[names.REDOX]) / self._capacity(self.law.at_start())

    def _capacity(self, left: float) -> float:
        return 1 - self.share * (1 - left)


def reported(law: CycleLaw, numbers: CycleNumbers) -> dict[str, float]:
    """Numbers in force as columns report them, by column; of a loss that there is not, as of none so far.

    Args:
        law: The losses.
        numbers: Those in force.
    """
    return {
        "layer_thickness_nm": 1e9 * numbers.get(names.LAYER, 0.0),
        "relative_area": numbers.get(names.AREA, 1.0),
        "voltage_fade_mV": 1e3 * numbers.get(names.VOLTAGE, 0.0),
        "redox_share": numbers.get(names.REDOX, 1.0),
        "retention": law.retention(numbers),
    }
