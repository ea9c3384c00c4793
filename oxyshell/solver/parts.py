"""Forms of a process, added up over the parts of a particle that have numbers of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Expression, Form
from oxyshell.models.base.process import Fields, Process

type Part[Model] = tuple[Model, Domain]


def parts_of[Model](process: Process[Model], model: Model, domain: Domain) -> Sequence[Part[Model]]:
    """Model and geometry of each part, from inside out."""
    models = [of_part for _, of_part in process.parts(model)]
    return list(zip(models, domain.parts if len(models) > 1 else [domain], strict=True))


def summed[Model](
    process: Process[Model], model: Model, domain: Domain, form: Callable[[Model, Domain], Form]
) -> Form:
    """A form of each part, all added up."""
    return total([form(*part) for part in parts_of(process, model, domain)])


def total(forms: Sequence[Form]) -> Form:
    """The sum of forms, at least one."""
    return reduce(lambda a, b: a + b, forms)


def rates[Model](
    process: Process[Model], model: Model, domain: Domain, fields: Fields, tests: Fields
) -> dict[str, Form]:
    """As `Process.rates`, of all parts and of their interfaces."""
    parts = parts_of(process, model, domain)
    found: dict[str, list[Form]] = {}
    for of_part, where in parts:
        _add(found, process.rates(of_part, where, fields, tests))
    if len(parts) > 1:
        for interface in domain.interfaces:
            inner, outer = parts[interface.inner][0], parts[interface.outer][0]
            _add(found, process.interface_rates(inner, outer, interface, fields, tests))
    return {name: total(forms) for name, forms in found.items()}


def amount[Model](
    process: Process[Model], model: Model, domain: Domain, name: str, field: Expression, test: Expression
) -> Form:
    """As `Process.amount`, of all parts."""
    return summed(process, model, domain, lambda one, where: process.amount(one, where, name, field, test))


def outflow[Model](process: Process[Model], model: Model, domain: Domain, fields: Fields) -> Form | None:
    """As `Process.outflow`, of all parts."""
    return _present([process.outflow(*part, fields) for part in parts_of(process, model, domain)])


def gradient_outflow[Model](
    process: Process[Model], model: Model, domain: Domain, fields: Fields
) -> Form | None:
    """As `Process.gradient_outflow`, of all parts."""
    return _present([process.gradient_outflow(*part, fields) for part in parts_of(process, model, domain)])


def _add(found: dict[str, list[Form]], more: Mapping[str, Form]) -> None:
    for name, form in more.items():
        found.setdefault(name, []).append(form)


def _present(forms: Sequence[Any]) -> Any:
    present = [form for form in forms if form is not None]
    return total(present) if present else None
