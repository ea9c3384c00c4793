"""Docstrings below the fields of classes, read off the source where a JSON Schema asks for them.

Pydantic would read them as each class is made, which is a fifth of the time in which a file is validated.
"""

from __future__ import annotations

import ast
import functools
import inspect
import sys
from collections.abc import Iterator, Mapping
from itertools import pairwise


def field_docstrings(kind: type) -> dict[str, str]:
    """The docstrings below the fields of a class, its bases included, by the names of the fields."""
    return {
        name: text
        for one in reversed(kind.__mro__)
        for name, text in _of_module(one.__module__).get(one.__qualname__, {}).items()
    }


@functools.cache
def _of_module(name: str) -> Mapping[str, Mapping[str, str]]:
    """Docstrings of fields by the qualified name of the class; none without source."""
    try:
        source = inspect.getsource(sys.modules[name])
    except (OSError, TypeError, KeyError):
        return {}
    return dict(_of_classes(ast.parse(source), ""))


def _of_classes(node: ast.AST, above: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.ClassDef(name=name, body=body):
                yield f"{above}{name}", dict(_of_body(body))
                yield from _of_classes(child, f"{above}{name}.")
            case ast.FunctionDef(name=name):
                yield from _of_classes(child, f"{above}{name}.<locals>.")
            case _:
                yield from _of_classes(child, above)


def _of_body(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str() as text)):
                yield name, inspect.cleandoc(text)
