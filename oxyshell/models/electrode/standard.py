"""Standard potential of ions whose chemical potential is that of an open-circuit potential, μ = −zF U."""

from __future__ import annotations

from dataclasses import dataclass

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar, Value
from oxyshell.models.base.formula import UFL, Operations
from oxyshell.models.electrode.potential import Curve

# Distance from full and empty, in x, within which U is that so far away from them: it may be infinite there.
_EDGE = 1e-9


@dataclass(frozen=True, kw_only=True)
class OpenCircuitStandard:
    """Excess e(θ) = −zF U/RT − ln(θ/(1−θ)) of ions whose μ = −zF U, U being one open-circuit potential.

    Attributes:
        curve: U(x).
        sites: n_s, host sites per formula unit.
        exchangeable: n_e, those of which x is the filled share.
        voltage: RT/(zF), V, of the RT in which the work of stress is counted.
        share: RT of the ions over that RT.
    """

    curve: Curve
    sites: Scalar = quantity("1")
    exchangeable: Scalar = quantity("1")
    voltage: Scalar = quantity("1")
    share: Scalar = quantity("1", default=1.0)

    def excess(self, theta: Value, operations: Operations = UFL) -> Value:
        ratio = self.sites / self.exchangeable
        edge = _EDGE / ratio
        within = operations.max(operations.min(theta, 1 - edge), 1 - 1 / ratio + edge)
        voltage = self.curve.value(ratio * within - (ratio - 1), operations)
        return -voltage / self.voltage - self.share * operations.log(within / (1 - within))
