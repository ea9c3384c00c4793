"""The list of physics: one line for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from oxyshell.models.base.physics import Physics
from oxyshell.models.oxygen.physics import Oxygen

_PHYSICS: list[Physics] = [Oxygen()]


def register(physics: Physics) -> None:
    """Add a physics to those that scenarios, runs and results know.

    Raises:
        ValueError: If its name is no key, or another one has it.
    """
    if not physics.name.isidentifier() or physics.name.startswith("_"):
        raise ValueError(f"'{physics.name}' is no name for a key of a file; use letters, digits and _")
    if any(one.name == physics.name for one in _PHYSICS):
        raise ValueError(f"there is a physics '{physics.name}' already; give the new one another name")
    _PHYSICS.append(physics)


@contextmanager
def registered(physics: Physics) -> Iterator[None]:
    """Register a physics for the length of a `with` block; see `register`."""
    register(physics)
    try:
        yield
    finally:
        _PHYSICS.remove(physics)


def physics() -> tuple[Physics, ...]:
    """All physics, in the order in which results list them."""
    return tuple(_PHYSICS)
