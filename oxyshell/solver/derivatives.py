"""Derivatives of forms, carried out, without what UFL would keep of them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import ufl
from ufl.corealg.dag_traverser import DAGTraverser


def expanded(form: Any) -> Any:
    """A form or expression whose derivatives are carried out, so that its coefficients and zeros show."""
    result = ufl.algorithms.expand_derivatives(form)
    forget_forms()
    return result


def forget_forms() -> None:
    """Drop the forms that UFL's rules were applied to.

    Python's `functools.singledispatchmethod` keeps every object that it was called on (a weak key whose value
    refers to it), and UFL's rules with it the form, its mesh and the mesh's MPI communicators, of which there
    are 2048.
    """
    for rules in _classes(DAGTraverser):
        for member in vars(rules).values():
            if isinstance(member, functools.singledispatchmethod):
                cache = getattr(member, "_method_cache", None)
                if cache is not None:
                    cache.clear()


def _classes(base: type[Any]) -> Iterator[type[Any]]:
    yield base
    derived: list[type[Any]] = base.__subclasses__()
    for one in derived:
        yield from _classes(one)
