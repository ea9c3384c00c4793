"""Puts sources into the package's own weak forms while a system is being built from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np

from oxyshell.models.ions import forms as ion_forms
from oxyshell.models.mechanics import forms as mechanics_forms
from oxyshell.models.oxygen import forms as oxygen_forms
from oxyshell.solver.state import Array

type Source = Callable[..., Any]


@contextmanager
def to_ions(source: Source) -> Iterator[None]:
    """Add `source(domain, theta, test)` to the ions' rate."""
    plain = ion_forms.ion_rate

    def rate(model: Any, domain: Any, fields: Any, test: Any) -> Any:
        return plain(model, domain, fields, test) + source(domain, fields["occupancy"], test)

    with patch.object(ion_forms, "ion_rate", rate):
        yield


@contextmanager
def to_equilibrium(source: Source) -> Iterator[None]:
    """Add `source(domain, test)` to the forces."""
    plain = mechanics_forms.equilibrium

    def equilibrium(model: Any, domain: Any, sigma: Any, displacement: Any, test: Any) -> Any:
        return plain(model, domain, sigma, displacement, test) + source(domain, test)

    with patch.object(mechanics_forms, "equilibrium", equilibrium):
        yield


@contextmanager
def to_oxygen(source: Source) -> Iterator[None]:
    """Add `source(domain, mobile, test)` to the mobile oxygen's rate."""
    plain = oxygen_forms.mobile_rate

    def rate(model: Any, domain: Any, mobile: Any, *rest: Any) -> Any:
        return plain(model, domain, mobile, *rest) + source(domain, mobile, rest[-1])

    with patch.object(oxygen_forms, "mobile_rate", rate):
        yield


def root(system: Any, start: Array, shift: float) -> Array:
    """The solution of shift M y = f(y), by Newton's method with the system's own matrices.

    Args:
        system: What `rosenbrock.ImplicitSystem` describes.
        start: First guess.
        shift: 0 for a steady state; s for the end of one step of backward Euler from zero, as long as 1/s.
    """
    y = start.copy()
    for _ in range(20):
        system.prepare(y, shift)
        change = system.solve(system.rate(y) - shift * system.mass(y))
        y = y + change
        # Quadratic convergence: the next change would be round-off.
        if np.abs(change).max() < 1e-9:
            return y
    raise AssertionError(f"Newton's method still moves by {np.abs(change).max():.1e}")
