"""Scenarios as tasks of workers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PRISTINE, RU1 = "lrmo-pristine", "lrmo-ru1"
PAIR = {"pristine": PRISTINE, "Ru-1": RU1}
CHARGE, SHELL = "lrmo-charge-with-oxygen", "lrmo-oxygen-ru1"

Run = dict[str, Any]


def run_of(scenario: str, values: Mapping[str, Any] | None = None) -> Run:
    """A scenario of this repository with some values changed."""
    return {"scenario": scenario, "values": dict(values or {})}


def changed(run: Run, changes: Mapping[str, Any]) -> Run:
    """A run with more values changed."""
    return run | {"values": {**run["values"], **changes}}


def elements(dimension: int, bulk: int, tangential: int, **more: Any) -> Run:
    """Values that give numbers of elements."""
    numbers = {"bulk": bulk, "tangential": tangential, **more}
    return {"particle.dimension": dimension} | {f"numerics.elements.{k}": v for k, v in numbers.items()}


def octant(count: int) -> Run:
    """Values of a uniform octant whose elements are nearly isotropic."""
    return elements(3, count, count, surface_size=1 / count)


def multigrid(values: Mapping[str, Any]) -> Run:
    """Values with the displacement's multigrid, whatever the size."""
    return {**values, "numerics.linear_solver": "multigrid", "numerics.degree": 1}
