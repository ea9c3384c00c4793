from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxyshell.errors import InputError
from oxyshell.models.base.formula import NUMPY, UFL, parse
from tests.models.ufl_values import number

FORMULAS = {
    "1 - 0.9*theta": lambda x: 1 - 0.9 * x,
    "theta": lambda x: x,
    "2": lambda x: 2.0,
    "-theta**2 + +3": lambda x: -(x**2) + 3,
    "(1 - theta)**2.5/4": lambda x: (1 - x) ** 2.5 / 4,
    "theta**-1": lambda x: 1 / x,
    "1e-3*exp(-2*theta)": lambda x: 1e-3 * np.exp(-2 * x),
    "log(theta) - sqrt(theta)": lambda x: np.log(x) - np.sqrt(x),
    "tanh(3*(theta - 0.5))": lambda x: np.tanh(3 * (x - 0.5)),
    "sin(theta)*cos(theta)": lambda x: np.sin(x) * np.cos(x),
    "abs(theta - 0.5)": lambda x: np.abs(x - 0.5),
    "min(theta, 0.4) + max(theta, 0.6)": lambda x: np.minimum(x, 0.4) + np.maximum(x, 0.6),
    "2 - 3 - 4": lambda x: -5.0,
    "2/4/8": lambda x: 1 / 16,
    "-2**2": lambda x: -4.0,
}


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("theta", [0.05, 0.5, 0.93])
def test_a_formula_means_what_python_means(text: str, theta: float) -> None:
    formula = parse(text)
    expected = FORMULAS[text](theta)
    array = formula.value(np.array([theta]), NUMPY)
    symbolic = formula.value(theta, UFL)
    # A handful of roundings.
    assert np.broadcast_to(array, 1)[0] == pytest.approx(expected, rel=1e-14)
    assert number(symbolic) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    "text",
    [
        "theta.real",
        "(1).__class__",
        "().__class__.__bases__",
        "theta[0]",
        "soc",
        "_0",
        "exp",
        "__import__('os')",
        "print(theta)",
        "exp(theta)(theta)",
        "exp(*theta)",
        "exp(x=theta)",
        "exp(theta, theta)",
        "min(theta)",
        "theta < 1",
        "theta == 1",
        "theta and 1",
        "not theta",
        "~1",
        "theta // 2",
        "theta % 2",
        "theta @ 2",
        "1 if theta else 2",
        "lambda: 1",
        "[theta]",
        "(1, 2)",
        "[x for x in (1, 2)]",
        "(a := 1)",
        "'a'",
        "b'a'",
        "f'{1}'",
        "True",
        "None",
        "...",
        "1j",
        "",
        "  ",
        "theta theta",
        "1; 2",
        "theta = 1",
        "import os",
        "#",
        "\x00",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"theta|is not a number"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    ["theta**theta", "2**theta", "theta**(1/2)", "9**9**9", "theta**101", "theta**-1e9", "theta**1e999"],
)
def test_a_wild_exponent_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="exponent has to be a number of at most 100"):
        parse(text)


@pytest.mark.parametrize("text", ["1e999", "theta*1" + "0" * 350])
def test_an_infinite_number_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="too large"):
        parse(text)


def test_a_monster_is_refused() -> None:
    with pytest.raises(InputError, match="at most 400"):
        parse("theta+" * 100 + "theta")
    with pytest.raises(InputError, match="deep"):
        parse("-" * 395 + "theta")
    with pytest.raises(InputError, match="deep"):
        parse("exp(" * 79 + "theta" + ")" * 79)


@given(st.text(alphabet="theta0123456789.+-*/()eE, explogqrmnax_", max_size=40))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    try:
        formula = parse(text)
    except InputError:
        return
    assert parse(formula.source.replace("#", "1")).source == formula.source
    assert formula.source.count("#") == len(formula.numbers)


def test_numbers_are_taken_out_of_the_shape_and_exponents_stay() -> None:
    one, other = parse("1 - 0.9*theta**2"), parse("5 - 1e-3*theta**2")
    assert one.source == other.source
    assert one.numbers == (1.0, 0.9)
    assert other.numbers == (5.0, 1e-3)
    assert parse("1 - 0.9*theta**3").source != one.source
    assert parse("1 + 0.9*theta**2").source != one.source
