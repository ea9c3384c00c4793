"""Formulas that users write, parsed into a tree of allowed operations and never evaluated as Python.

A formula is a function of one variable, by default of the occupancy, written `theta`: numbers, + - * / **,
parentheses, and the functions in `FUNCTIONS`. It can be evaluated for NumPy arrays and for UFL expressions.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from oxyshell.errors import InputError
from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Array, Scalar, Value

VARIABLE = "theta"
"""Name of the occupancy in formulas."""
FUNCTIONS = ("exp", "log", "sqrt", "tanh", "sin", "cos", "abs", "min", "max")
_ARGUMENTS = dict.fromkeys(FUNCTIONS, 1) | {"min": 2, "max": 2}
_MAXIMUM_LENGTH = 400
_MAXIMUM_DEPTH = 80
_MAXIMUM_EXPONENT = 100


# Arguments of roots, logarithms and fractional powers are kept above this in symbolic formulas: far below any
# argument that a formula can tell from zero, and far enough above zero for a slope to be a number.
_SMALLEST = 1e-200
# Beyond these, tanh is 1 to the last bit, and the square of exp, which slopes of quotients have, no number.
_STRAIGHT_TANH = 20.0
_LARGEST_EXPONENT = 300.0


class NumpyOperations:
    """Operations of NumPy arrays: exact, infinite and undefined values among them."""

    def __getattr__(self, name: str) -> Any:
        import numpy as np

        return getattr(np, {"min": "minimum", "max": "maximum", "ln": "log"}.get(name, name))

    def power(self, x: Value, exponent: float) -> Value:
        """A power; of a negative x, a fractional one gives a complex number or NaN."""
        return x**exponent

    def pick(self, x: Value, breaks: Sequence[Value], values: Sequence[Value]) -> Value:
        """The entry of `values` that holds at x: the i-th one above i of the increasing `breaks`."""
        import numpy as np

        return np.asarray(values)[np.searchsorted(np.asarray(breaks), x)]


class UflOperations:
    """Operations of UFL expressions, with values and slopes that are numbers wherever a step may lead.

    An infinite slope (`sqrt(theta)` at 0), an argument that leaves its range by round-off or in a trial step
    (`log(theta)` at -1e-9) and an intermediate result that overflows (the slope of a sharp `tanh`) would make
    NaN of the whole system.
    """

    def __getattr__(self, name: str) -> Any:
        import ufl

        return getattr(ufl, {"min": "min_value", "max": "max_value"}.get(name, name))

    def abs(self, x: Value) -> Value:
        """|x|."""
        return abs(x)

    def exp(self, x: Value) -> Value:
        """The exponential function, constant beyond the largest exponent."""
        import ufl

        return ufl.exp(self.min(x, _LARGEST_EXPONENT))

    def tanh(self, x: Value) -> Value:
        """The hyperbolic tangent of x."""
        import ufl

        return ufl.tanh(self.max(self.min(x, _STRAIGHT_TANH), -_STRAIGHT_TANH))

    def sqrt(self, x: Value) -> Value:
        """√x, 0 below 0."""
        import ufl

        return ufl.sqrt(self.max(x, _SMALLEST))

    def log(self, x: Value) -> Value:
        """The natural logarithm of x, of at least the smallest argument."""
        import ufl

        return ufl.ln(self.max(x, _SMALLEST))

    def power(self, x: Value, exponent: float) -> Value:
        """A power; a fractional one takes at least the smallest argument."""
        return x**exponent if float(exponent).is_integer() else self.max(x, _SMALLEST) ** exponent

    def pick(self, x: Value, breaks: Sequence[Value], values: Sequence[Value]) -> Value:
        """See `NumpyOperations`; a tree of decisions: UFL walks through deep expressions by recursion."""
        import ufl

        if not breaks:
            return values[0]
        middle = len(breaks) // 2
        below = self.pick(x, breaks[:middle], values[: middle + 1])
        above = self.pick(x, breaks[middle + 1 :], values[middle + 1 :])
        return ufl.conditional(ufl.gt(x, breaks[middle]), above, below)


type Operations = NumpyOperations | UflOperations
"""Functions of one kind of number, from which a property is computed."""
NUMPY, UFL = NumpyOperations(), UflOperations()


@dataclass(frozen=True)
class Formula:
    """A parsed formula.

    Attributes:
        source: The text as written, with every number outside an exponent replaced by `#`: two formulas
            that differ only in numbers have the same source and share their compiled forms.
        numbers: The numbers taken out, in reading order; floats or constants of UFL.
        variable: Name of the variable in the text.
    """

    source: str
    numbers: tuple[Scalar, ...] = quantity("1")
    variable: str = VARIABLE

    def value(self, theta: Value, operations: Operations) -> Value:
        """The value where the variable is `theta`, of the kind of number that `operations` works on."""
        import numpy as np

        tree, environment = self._tree()
        # An infinite intermediate result is no fault: 1/(1 + exp(2000*theta)). What comes out is checked.
        with np.errstate(all="ignore"):
            return _value(tree, environment | {self.variable: theta}, operations)

    def values(self, theta: Array) -> Array:
        """The values at an array of occupancies, in its shape."""
        return _in_shape(self.value(theta, NUMPY), theta)

    def parts(self) -> list[Callable[[Array], Array]]:
        """The whole and every operation inside it, as functions of arrays of occupancies.

        Of `min` and `max`, also the difference of their arguments: it is zero where the formula has a kink.
        """
        tree, environment = self._tree()
        nodes: list[ast.expr] = []
        for node in ast.walk(tree):
            match node:
                case ast.Call(args=[first, second]):
                    nodes += [node, ast.BinOp(first, ast.Sub(), second)]
                case ast.Name(id=name) if name == self.variable:
                    nodes.append(node)
                case ast.Call() | ast.BinOp():
                    nodes.append(node)
        return [_Part(node, environment, self.variable) for node in nodes]

    def _tree(self) -> tuple[ast.expr, dict[str, Scalar]]:
        """Its tree, and its numbers by their names there."""
        names, tree = _named_tree(self.source)
        return tree, dict(zip(names, self.numbers, strict=True))


@lru_cache(maxsize=256)
def _named_tree(source: str) -> tuple[tuple[str, ...], ast.expr]:
    """Names of the numbers of a formula, and its tree, which nobody changes."""
    first, *others = source.split("#")
    names = tuple(f"_{index}" for index in range(len(others)))
    text = first + "".join(name + piece for name, piece in zip(names, others, strict=True))
    return names, ast.parse(text, mode="eval").body


@dataclass(frozen=True)
class _Part:
    node: ast.expr
    environment: Mapping[str, Scalar]
    variable: str

    def __call__(self, theta: Array) -> Array:
        return _in_shape(_value(self.node, {**self.environment, self.variable: theta}, NUMPY), theta)


def _in_shape(found: Value, theta: Array) -> Array:
    import numpy as np

    return np.broadcast_to(np.asarray(found, dtype=float), theta.shape)


def parse(text: str, variable: str = VARIABLE) -> Formula:
    """Read a formula.

    Args:
        text: For example `1 - 0.9*theta`.
        variable: Name of its variable.

    Returns:
        The formula, its numbers separated from its shape.

    Raises:
        InputError: If the text is no formula, or uses a name or an operation that is not allowed.
    """
    if len(text) > _MAXIMUM_LENGTH:
        raise InputError(f"the formula has {len(text)} characters; at most {_MAXIMUM_LENGTH} are allowed")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InputError(f"'{text}' is not a formula of {variable}") from error
    if _depth(tree) > _MAXIMUM_DEPTH:
        raise InputError(
            f"the formula '{text[:20]}...' is nested more than {_MAXIMUM_DEPTH} deep; simplify it"
        )
    numbers: list[float] = []
    return Formula(_shape(tree, numbers, text, variable), tuple(numbers), variable)


def _depth(tree: ast.AST) -> int:
    level, depth = [tree], 0
    while level:
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        depth += 1
    return depth


_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_UNARY = {ast.USub: "-", ast.UAdd: "+"}


def _shape(node: ast.expr, numbers: list[float], text: str, variable: str) -> str:
    match node:
        case ast.Constant(value=bool() as value):
            raise InputError(f"'{text}': {value} is not a number")
        case ast.Constant(value=int() | float() as value):
            numbers.append(_finite(value, text))
            return "#"
        case ast.Name(id=name) if name == variable:
            return name
        case ast.Name(id=name):
            raise InputError(f"'{text}': unknown name '{name}'; the variable is '{variable}'")
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
            return f"({_UNARY[type(op)]}{_shape(operand, numbers, text, variable)})"
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            # An exponent stays in the shape: the derivative of a power needs to know it.
            return f"({_shape(left, numbers, text, variable)}**{_exponent(right, text)!r})"
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            first = _shape(left, numbers, text, variable)
            return f"({first}{_BINARY[type(op)]}{_shape(right, numbers, text, variable)})"
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            if len(arguments) != _ARGUMENTS[name]:
                raise InputError(
                    f"'{text}': {name}() takes {_ARGUMENTS[name]} argument(s), not {len(arguments)}"
                )
            return f"{name}({','.join(_shape(a, numbers, text, variable) for a in arguments)})"
        case _:
            raise InputError(
                f"'{text}': '{ast.unparse(node)}' is not allowed; use numbers, {variable}, + - * / **, "
                f"parentheses and {', '.join(FUNCTIONS)}"
            )


def _exponent(node: ast.expr, text: str) -> float:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant() as operand):
            return -_exponent(operand, text)
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as value) if value <= _MAXIMUM_EXPONENT:
            return value
    raise InputError(
        f"'{text}': an exponent has to be a number of at most {_MAXIMUM_EXPONENT}, not '{ast.unparse(node)}'"
    )


def _finite(value: float, text: str) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InputError(f"'{text}' has a number that is too large")
    return number


def _value(node: ast.expr, environment: Mapping[str, Scalar], operations: Operations) -> Value:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return environment[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, environment, operations)
        case ast.UnaryOp(operand=operand):
            return _value(operand, environment, operations)
        case ast.BinOp(left=left, op=ast.Pow(), right=exponent):
            return operations.power(_value(left, environment, operations), ast.literal_eval(exponent))
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _value(left, environment, operations), _value(right, environment, operations)
            return _APPLY[type(op)](a, b)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return getattr(operations, name)(*(_value(a, environment, operations) for a in arguments))
    raise AssertionError(ast.dump(node))  # parse() lets nothing else through


_APPLY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
