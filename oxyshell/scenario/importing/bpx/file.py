"""Files of the Battery Parameter eXchange (BPX), read with the package `bpx`, and their functions of x."""

from __future__ import annotations

import ast
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxyshell import optional_dependencies
from oxyshell.errors import InputError
from oxyshell.language.mistakes import describe, listed
from oxyshell.models.base import formula
from oxyshell.outputs import disk

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

_SUFFIXES_OF_YAML = (".yaml", ".yml")
_LARGEST_FILE = 50_000_000
_MOST_MISTAKES = 20
_VARIABLE = "x"
ELECTRODES = ("Positive electrode", "Negative electrode")
# Texts that are no functions.
_WORDS = frozenset({"description"})


@dataclass(frozen=True)
class BpxFile:
    """A BPX file.

    Attributes:
        path: The file.
        raw: Its plain data.
        model: The same as `bpx.BPX`, of the present version of the format.
        remarks: Sentences of `bpx` about it.
    """

    path: Path
    raw: Mapping[str, Any]
    model: Any
    remarks: Sequence[str]


@dataclass(frozen=True)
class BpxParticle:
    """A particle of an electrode.

    Attributes:
        file: Name of the file.
        section: "Positive electrode", with the name of the particle behind it where there are several.
        model: Its keys.
    """

    file: str
    section: str
    model: BaseModel

    def get(self, key: str) -> Any:
        """The value of a key of `bpx`; None where the file has none."""
        return getattr(self.model, key)

    def title(self, key: str) -> str:
        """The key as the file has it: "Particle radius [m]"."""
        return type(self.model).model_fields[key].alias or key

    def source(self, *keys: str) -> str:
        """The place in the file, as the source of a number."""
        return f"BPX file {self.file}: {self.section}, {' and '.join(self.title(key) for key in keys)}"


def read(path: Path) -> BpxFile:
    """Read a BPX file; one of the format's version 0 as `bpx` converts it.

    Raises:
        InputError: With every mistake that `bpx` finds, or if a function is none of x alone.
        OxyshellError: If the package `bpx` is not installed, or the file cannot be read.
    """
    optional_dependencies.require("bpx", "Importing a BPX file", "bpx")
    raw = _plain(path)
    # `bpx` runs the potentials of both electrodes as Python.
    _check_functions(path, raw)
    import pydantic

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        import bpx

        try:
            model = bpx.parse_bpx_obj(raw)
        except pydantic.ValidationError as error:
            raise InputError(_told(path, error)) from None
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise InputError(f"{path}: found {error}, expected a BPX file") from None
    remarks = [" ".join(str(one.message).split()) for one in caught if one.category is UserWarning]
    return BpxFile(path, _plain(path), model, list(dict.fromkeys(remarks)))


def particle(file: BpxFile, electrode: str, name: str) -> BpxParticle:
    """A particle of an electrode.

    Args:
        file: The file.
        electrode: "positive" or "negative".
        name: Of a blended electrode, the particle; empty if there is one only.

    Raises:
        InputError: If there is no such electrode or particle, or no name where there are several.
    """
    section = f"{electrode.capitalize()} electrode"
    found = getattr(file.model.parameterisation, f"{electrode}_electrode", None)
    if found is None:
        raise InputError(f"{file.path}: found no '{section}', expected one")
    blend: Mapping[str, Any] = getattr(found, "particle", {})
    if not blend and not name:
        return BpxParticle(file.path.name, section, found)
    if name not in blend and (name or len(blend) > 1):
        expected = (
            f"--particle with one of {listed(blend)}" if blend else "no --particle: it is of one material"
        )
        raise InputError(f"{file.path}: found {describe(name or section)}, expected {expected}")
    chosen = name or next(iter(blend))
    return BpxParticle(file.path.name, f"{section}, particle {chosen}", blend[chosen])


def function_of(text: str, variable: str) -> str:
    """A function of x in the form of a scenario's formulas.

    Args:
        text: As a BPX file has it; cosh is written with exp.
        variable: Name of x in the formula.

    Raises:
        InputError: If it is no such formula.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise InputError(f"found {describe(text)}, expected a function of x") from None
    written = ast.unparse(_Written(variable).visit(tree))
    formula.parse(written, variable)
    return written


class _Written(ast.NodeTransformer):
    """Renames x, and replaces functions that formulas do not have."""

    def __init__(self, variable: str) -> None:
        self._variable = variable

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(self._variable) if node.id == _VARIABLE else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        arguments = [self.visit(argument) for argument in node.args]
        match node.func:
            case ast.Name(id="cosh") if len(arguments) == 1:
                (inside,) = arguments
                terms = [
                    ast.Call(ast.Name("exp"), [one], []) for one in (inside, ast.UnaryOp(ast.USub(), inside))
                ]
                return ast.BinOp(ast.BinOp(terms[0], ast.Add(), terms[1]), ast.Div(), ast.Constant(2))
        return ast.Call(node.func, arguments, node.keywords)


def _plain(path: Path) -> dict[str, Any]:
    with disk.readable(path, "a BPX file"):
        if path.stat().st_size > _LARGEST_FILE:
            raise InputError(f"found {path} of more than {_LARGEST_FILE // 10**6} MB, expected a BPX file")
        text = path.read_text(encoding="utf-8")
        if path.suffix.lower() in _SUFFIXES_OF_YAML:
            from ruamel.yaml import YAML

            data = YAML(typ="safe", pure=True).load(text)
        else:
            data = json.loads(text)
    match data:
        case {"Header": {"BPX": _}, "Parameterisation": {}}:
            return dict(data)
    raise InputError(f"{path}: found no Header with BPX and Parameterisation, expected a BPX file")


def _check_functions(path: Path, raw: Mapping[str, Any]) -> None:
    parameters = raw["Parameterisation"]
    for place, text in _texts({name: parameters[name] for name in ELECTRODES if name in parameters}, ()):
        try:
            function_of(text, _VARIABLE)
        except InputError as error:
            raise InputError(f"{path}: {', '.join(place)}: {error}") from None


def _texts(data: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    match data:
        case Mapping():
            for key, entry in data.items():
                if key not in _WORDS:
                    yield from _texts(entry, (*place, str(key)))
        case list():
            for index, entry in enumerate(data):
                yield from _texts(entry, (*place, str(index)))
        case str():
            yield place, data


def _told(path: Path, error: ValidationError) -> str:
    lines = []
    for one in error.errors()[:_MOST_MISTAKES]:
        place = ", ".join(str(part) for part in one["loc"]) or "the file"
        lines.append(f"{path}: {place}: {one['msg']}, found {describe(one['input'])}")
    return "\n".join(lines)
