"""Values of a script, quantities of pint among them, as a file would have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

from oxyshell.language import documents
from oxyshell.language.mistakes import Refusal, describe

# As pint abbreviates them, and as files have them. Its "C" is the coulomb: that of files is a C-rate. Its
# "μ" alone is the micron, which a file would read as a unit of mass.
_SPELLED = {
    "Ω": "ohm",
    "C": "coulomb",
    "dimensionless": "",
    "\N{GREEK SMALL LETTER MU}": "um",
    "\N{MICRO SIGN}": "um",
}

_ROOT = "^0.5"


def plain(value: Any) -> Any:
    """Numbers and arrays of NumPy, quantities of pint, tuples and foreign mappings as a file would have them.

    Args:
        value: Also nested. A quantity keeps its unit: `ureg.Quantity(150, "nm")` is "150 nm", an array of
            quantities a list of such texts.

    Raises:
        Refusal: If a file can have nothing of the kind.
    """
    # Quantities of any registry of units, without importing pint: they also have the methods of arrays.
    if hasattr(value, "magnitude") and hasattr(value, "units"):
        return _with_unit(plain(value.magnitude), _spelled(value.units))
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    match value:
        case str():
            try:
                return documents.whole(value)
            except ValueError:
                raise Refusal(describe(value), documents.WHOLE) from None
        case None | bool() | int() | float():
            return value
        case Mapping():
            return {plain(str(key)): plain(entry) for key, entry in value.items()}
        case Sequence():
            return [plain(entry) for entry in value]
    if isinstance(value, Real):
        return float(value)
    raise Refusal(f"{type(value).__name__}", "a number, a text, a list, a mapping or nothing")


def _with_unit(magnitude: Any, unit: str) -> Any:
    match magnitude:
        case list():
            return [_with_unit(entry, unit) for entry in magnitude]
        case bool() | int() | float():
            # A pure number may stand where a file has a bare one.
            return f"{magnitude!r} {unit}" if unit else magnitude
    raise Refusal(f"a quantity of {describe(magnitude)}", "a number with its unit")


def _spelled(units: Any) -> str:
    """The units as a file would have them: "m^2/s"."""
    factors = f"{units:~C}".replace("**", "^")
    for sign in "*/":
        factors = sign.join(_SPELLED.get(name, name) for name in factors.split(sign))
    if _ROOT in factors and "/" not in factors:
        # A root is written last: "MPa m^0.5". Pint sorts factors by their names.
        return " ".join(sorted(factors.split("*"), key=lambda name: _ROOT in name))
    return factors
