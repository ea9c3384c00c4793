"""The list of physics: one line for each."""

from __future__ import annotations

from oxyshell.models.base.physics import Physics
from oxyshell.models.oxygen.physics import Oxygen

_PHYSICS: list[Physics] = [Oxygen()]


def register(physics: Physics) -> None:
    """Add a physics to those that scenarios, runs and results know.

    Raises:
        ValueError: If another one has its name.
    """
    if any(one.name == physics.name for one in _PHYSICS):
        raise ValueError(f"there is a physics '{physics.name}' already; give the new one another name")
    _PHYSICS.append(physics)


def physics() -> tuple[Physics, ...]:
    """All physics, in the order in which results list them."""
    return tuple(_PHYSICS)
