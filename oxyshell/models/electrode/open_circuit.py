"""The open-circuit potential in a scenario: one curve, branches with hysteresis, or a first charge."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import model_validator

from oxyshell.errors import InputError
from oxyshell.language import scales
from oxyshell.language.mistakes import problem, refused
from oxyshell.language.parameters import ANY, NOT_NEGATIVE, POSITIVE, Bounds, Parameter, Quantity
from oxyshell.language.sections import Section, SomeEntries, alternatives, by_keys, tag, told_by_keys
from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT
from oxyshell.models.electrode.given_curve import FormulaMark, GivenCurve, TableMark
from oxyshell.models.electrode.memory import Activated, FirstOrder, Hysteresis, Rule, Single, ZeroOrder
from oxyshell.models.electrode.potential import Curve, Potential
from oxyshell.models.electrode.potentials.constant import ConstantCurve
from oxyshell.models.electrode.potentials.msmr import MsmrCurve
from oxyshell.models.electrode.potentials.regular import RegularCurve

# RT/F at room temperature, V.
_ROOM = GAS_CONSTANT * 298.15 / FARADAY_CONSTANT
# Shares of published sets add up to 1 within their digits; beyond this, one is missing.
_SHARES = 0.05
_ADDED_UP = 1e-9
# A formula that is level somewhere rises by this there, V.
_ROUND_OFF = 1e-9
_PART = Bounds(above=0, at_most=1)
_WIDTH = Bounds(at_least=0.01, at_most=100)
_INTERACTION = Bounds(at_least=-20, at_most=20)


class CurveSection(Section):
    """One curve U(x) of the content x, the filled share of the exchangeable sites."""

    @property
    def separates(self) -> bool:
        """Whether it rises with the content, so that one voltage belongs to two phases."""
        return False

    def curve(self, thermal_voltage: float) -> Curve:
        """The curve, where RT/F is so many V."""
        raise NotImplementedError

    def model(self, thermal_voltage: float) -> Potential:
        """The potential of a material that has this curve on charge and on discharge."""
        return Single(self.curve(thermal_voltage))

    def remarks(self, path: str) -> Iterator[str]:
        """Sentences that a reader of a run's results has to know; `path` leads here."""
        return iter(())


class Constant(CurveSection):
    """The same potential at every content."""

    constant: Annotated[Parameter, Quantity("V", ANY, scales.VOLTAGE)]
    """U."""

    def curve(self, thermal_voltage: float) -> Curve:
        return ConstantCurve(self.constant.value)


class Given(CurveSection):
    """A curve that is a table or a formula."""

    @property
    def given(self) -> tuple[str, GivenCurve]:
        """The curve, and its key."""
        ((key, curve),) = self.entries().items()
        return key, curve

    def curve(self, thermal_voltage: float) -> Curve:
        return self.given[1].curve

    def remarks(self, path: str) -> Iterator[str]:
        key, curve = self.given
        if curve.rise > _ROUND_OFF:
            yield (
                f"{path}.{key} rises with the content by up to {1e3 * curve.rise:.2g} mV, which is taken for "
                "noise."
            )


class Table(Given):
    """A potential that is a table over the content: straight lines between its points, constant beyond."""

    table: Annotated[GivenCurve, TableMark()]
    """Pairs [x, U], or a file with the columns x and U in V, relative to the scenario file."""


class Formula(Given):
    """A potential that is a formula of the content."""

    formula: Annotated[GivenCurve, FormulaMark()]
    """U in V, a formula of `x`."""


class Reaction(Section):
    """One reaction of an MSMR potential: x_j = X_j/(1 + exp[F(U − U_j)/(RT ω_j)])."""

    potential: Annotated[Parameter, Quantity("V", ANY, scales.VOLTAGE)]
    """U_j, at which half of its sites are filled."""
    share: Annotated[Parameter, Quantity("1", _PART)]
    """X_j, its part of the exchangeable sites."""
    width: Annotated[Parameter, Quantity("1", _WIDTH)]
    """ω_j, its width over RT/F; 1 without interactions."""


class Msmr(CurveSection):
    """A potential that is a sum of insertion reactions (MSMR)."""

    msmr: SomeEntries[Reaction]
    """The reactions; their shares add up to 1, which is x = 1."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        total = self._total
        if abs(total - 1) > _SHARES:
            raise refused(problem(f"shares that add up to {total:.4g}", "shares that add up to 1", "msmr"))
        try:
            self.curve(_ROOM)
        except InputError as error:
            raise refused(problem(str(error), "wider ones", "msmr")) from None
        return self

    @property
    def _total(self) -> float:
        return math.fsum(one.share.value for one in self.msmr)

    def curve(self, thermal_voltage: float) -> Curve:
        columns = [(one.potential.value, one.share.value, one.width.value) for one in self.msmr]
        potentials, shares, widths = zip(*columns, strict=True)
        return MsmrCurve.of(potentials, shares, widths, thermal_voltage)

    def remarks(self, path: str) -> Iterator[str]:
        if abs(self._total - 1) > _ADDED_UP:
            yield f"The shares of {path}.msmr add up to {self._total:.6g}; each is divided by this sum."


class Interaction(Section):
    """Numbers of a regular solution."""

    potential: Annotated[Parameter, Quantity("V", ANY, scales.VOLTAGE)]
    """U_0, of the half-filled host; where χ > 2, of two phases in equilibrium."""
    interaction: Annotated[Parameter, Quantity("1", _INTERACTION)]
    """χ, in units of RT; above 2 it needs the section `chemical_potential` with the model open_circuit."""


class Regular(CurveSection):
    """The potential of one phase of a regular solution, U = U_0 − (RT/F) [ln(x/(1 − x)) + χ (1 − 2x)]."""

    regular: Interaction
    """Its numbers."""

    @property
    def separates(self) -> bool:
        return self.regular.interaction.value > 2

    def curve(self, thermal_voltage: float) -> Curve:
        numbers = self.regular
        return RegularCurve(numbers.potential.value, numbers.interaction.value, thermal_voltage)


_CURVES = (Constant, Table, Formula, Msmr)

type OneCurve = Annotated[
    Annotated[Constant, tag(Constant)]
    | Annotated[Table, tag(Table)]
    | Annotated[Formula, tag(Formula)]
    | Annotated[Msmr, tag(Msmr)],
    told_by_keys("'constant', 'table', 'formula' or 'msmr'", *_CURVES),
]


class HysteresisLaw(Section):
    """The way from one branch to the other."""

    order: Literal["zero", "first"] = "zero"
    """zero: at once, with the sign of the current (default); first: dh/dq = γ(±1 − h)."""
    decay: Annotated[Parameter, Quantity("1", POSITIVE)] | None = None
    """γ of first order, per exchange of all exchangeable ions (q counts every ion that passes, in or out)."""
    begins_on: Literal["charge", "discharge"] = "charge"
    """Branch of the as-made particle. Default charge."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.order == "first" and self.decay is None:
            raise refused(problem("first order without its rate", "'decay'", "order"))
        if self.order == "zero" and self.decay is not None:
            raise refused(problem("a decay", "null with zero order, where branches change at once", "decay"))
        return self

    def rule(self) -> Rule:
        """The law for h."""
        return ZeroOrder() if self.decay is None else FirstOrder(self.decay.value)

    def initial(self) -> float:
        """The h of the as-made particle."""
        return 1.0 if self.begins_on == "charge" else -1.0


class Branches(Section):
    """Two curves, of charge and of discharge."""

    charge: OneCurve
    """U on charge."""
    discharge: OneCurve
    """U on discharge."""
    hysteresis: HysteresisLaw = HysteresisLaw()
    """The way from one to the other. Default: at once."""

    @model_validator(mode="after")
    def _alike(self) -> Self:
        _refuse_mixture({"charge": self.charge, "discharge": self.discharge})
        return self

    def model(self, thermal_voltage: float) -> Potential:
        """The potential, where RT/F is so many V."""
        return Hysteresis(
            delithiation=self.charge.curve(thermal_voltage),
            lithiation=self.discharge.curve(thermal_voltage),
            rule=self.hysteresis.rule(),
            initial=self.hysteresis.initial(),
        )

    def remarks(self, path: str) -> Iterator[str]:
        """Sentences that a reader of a run's results has to know; `path` leads here."""
        yield from self.charge.remarks(f"{path}.charge")
        yield from self.discharge.remarks(f"{path}.discharge")


class Activation(Section):
    """A first charge of its own, after which charges follow the discharge curve at a distance.

    U on charge is (1 − a) U_first + a (U_discharge + offset), a being the largest share of the exchangeable
    ions that was out of the particle when a charge was over.
    """

    first_charge: OneCurve
    """U of the first charge."""
    discharge: OneCurve
    """U on discharge."""
    offset: Annotated[Parameter, Quantity("V", NOT_NEGATIVE, scales.VOLTAGE)]
    """Distance of the later charges from the discharge curve."""
    hysteresis: HysteresisLaw = HysteresisLaw()
    """The way from charge to discharge. Default: at once."""

    @model_validator(mode="after")
    def _alike(self) -> Self:
        _refuse_mixture({"first_charge": self.first_charge, "discharge": self.discharge})
        return self

    def model(self, thermal_voltage: float) -> Potential:
        """The potential, where RT/F is so many V."""
        return Activated(
            first=self.first_charge.curve(thermal_voltage),
            lithiation=self.discharge.curve(thermal_voltage),
            offset=self.offset.value,
            rule=self.hysteresis.rule(),
            initial=self.hysteresis.initial(),
        )

    def remarks(self, path: str) -> Iterator[str]:
        """Sentences that a reader of a run's results has to know; `path` leads here."""
        yield from self.first_charge.remarks(f"{path}.first_charge")
        yield from self.discharge.remarks(f"{path}.discharge")
        if self.hysteresis.order == "first":
            yield (
                f"{path}: with hysteresis of first order, the potential jumps where a discharge begins that "
                "activates the material, because the charge curve under it changes there."
            )


def _refuse_mixture(curves: Mapping[str, Any]) -> None:
    """Refuse one constant and one other curve: nothing keeps the surface from being empty on the former."""
    constant = [key for key, curve in curves.items() if isinstance(curve, Constant)]
    if len(constant) == 1:
        expected = "the same kind of potential on both branches: two constants, or none"
        raise refused(problem("a constant beside a curve", expected, constant[0]))


_FORMS = (
    "'constant', 'table', 'formula', 'msmr' or 'regular', or a curve each under 'charge' and 'discharge', or "
    "under 'first_charge' and 'discharge'"
)


def _form(data: Any) -> str | None:
    # By its likeness to `discharge`, a `charge` beside an `offset` would count for a first charge.
    if isinstance(data, Mapping) and "charge" in data and "first_charge" not in data:
        return tag(Branches).tag
    return by_keys(*_CURVES, Regular, Branches, Activation)(data)


type OpenCircuit = Annotated[
    Annotated[Constant, tag(Constant)]
    | Annotated[Table, tag(Table)]
    | Annotated[Formula, tag(Formula)]
    | Annotated[Msmr, tag(Msmr)]
    | Annotated[Regular, tag(Regular)]
    | Annotated[Branches, tag(Branches)]
    | Annotated[Activation, tag(Activation)],
    alternatives(_form, _FORMS),
]
