"""The list of physics: one line for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from oxyshell.extensions import Installed
from oxyshell.models import run
from oxyshell.models.base.observable import FormerNames, Observable, Where
from oxyshell.models.base.physics import Physics
from oxyshell.models.chemical_potential.physics import ChemicalPotential
from oxyshell.models.degradation.physics import Degradation
from oxyshell.models.electrode.physics import Electrode
from oxyshell.models.fracture.physics import Fracture
from oxyshell.models.host.physics import Host
from oxyshell.models.interfaces.physics import Interfaces
from oxyshell.models.ions.physics import Ions
from oxyshell.models.mechanics.physics import Mechanics
from oxyshell.models.oxygen.physics import Oxygen

_PHYSICS: list[Physics] = [
    Ions(),
    Host(),
    Mechanics(),
    Oxygen(),
    Electrode(),
    ChemicalPotential(),
    Degradation(),
    Fracture(),
    Interfaces(),
]


def register(physics: Physics) -> None:
    """Add a physics to those that scenarios, runs and results know.

    Raises:
        ValueError: If its name is no key, or another one has it, or if it reports a quantity under a name
            that is taken.
    """
    if not physics.name.isidentifier() or physics.name.startswith("_"):
        raise ValueError(f"'{physics.name}' is no name for a key of a file; use letters, digits and _")
    if any(one.name == physics.name for one in _PHYSICS):
        raise ValueError(f"there is a physics '{physics.name}' already; give the new one another name")
    for where in Where:
        taken = observables(where, _PHYSICS).keys()
        if twice := [one.name for one in physics.observables if one.where is where and one.name in taken]:
            raise ValueError(
                f"'{twice[0]}' of the physics '{physics.name}' is in the {where.value} of a run already; "
                "give it another name"
            )
    _PHYSICS.append(physics)


@contextmanager
def registered(physics: Physics) -> Iterator[None]:
    """Register a physics for the length of a `with` block; see `register`."""
    register(physics)
    try:
        yield
    finally:
        _PHYSICS.remove(physics)


_INSTALLED = Installed("physics", lambda kind: register(kind()))


def physics() -> tuple[Physics, ...]:
    """All physics, in the order in which results list them.

    Raises:
        OxyshellError: If a physics of an installed package cannot be loaded.
    """
    _INSTALLED.complete()
    return tuple(_PHYSICS)


def observables(where: Where, among: Sequence[Physics] | None = None) -> Mapping[str, Observable]:
    """Everything that runs report at one place, by name and in the order of the files.

    Args:
        where: The place.
        among: The physics that a run has; by default all.
    """
    present = physics() if among is None else among
    always, others = (
        [entry for one in present if one.in_every_run is every for entry in one.observables]
        for every in (True, False)
    )
    declared = [*run.FIRST_COLUMNS, *run.SUMMARY, *always, *run.LAST_COLUMNS, *others]
    return {entry.name: entry for entry in declared if entry.where is where}


def former_names() -> FormerNames:
    """The present names of what runs report, by where they report it and by its former names."""
    return {
        where: {former: one.name for one in observables(where).values() for former in one.former}
        for where in Where
    }


def physics_of(where: Where, name: str) -> Physics | None:
    """The physics that reports a quantity at one place; None if every run has it by itself."""
    found = (
        one for one in physics() for entry in one.observables if (entry.where, entry.name) == (where, name)
    )
    return next(found, None)
