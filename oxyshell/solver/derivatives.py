"""Derivatives of forms, carried out."""

from __future__ import annotations

import functools
from typing import Any

import ufl
from ufl.algorithms import apply_derivatives


def expanded(form: Any) -> Any:
    """A form or expression whose derivatives are carried out, so that its coefficients and zeros show.

    Python's `functools.singledispatchmethod` keeps every object that it was called on (a weak key whose value
    refers to it), and UFL's rules with it the form, its mesh and the mesh's MPI communicator, of which there
    are 2048. Therefore what it keeps is dropped.
    """
    result = ufl.algorithms.expand_derivatives(form)
    for rules in vars(apply_derivatives).values():
        if isinstance(rules, type):
            _forget(rules)
    return result


def _forget(rules: type) -> None:
    for member in vars(rules).values():
        if isinstance(member, functools.singledispatchmethod):
            cache = getattr(member, "_method_cache", None)
            if cache is not None:
                cache.clear()
