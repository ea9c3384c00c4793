"""The equations of a physics, as a solver sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from oxyshell.models.base.dimension import NONE, Dimension, Units
from oxyshell.models.base.domain import Domain, Interface
from oxyshell.models.base.expression import Expression, Form


class Lives(Enum):
    """Where an unknown lives, and how smooth it is."""

    VOLUME = "volume"
    """Continuous in the particle, or in one region of it."""
    CELLS = "cells"
    """In the cells of the particle, free to jump between them."""
    SURFACE = "surface"
    """Continuous on the outer surface."""
    NUMBER = "number"
    """One number for the whole particle."""


@dataclass(frozen=True)
class Unknown:
    """One unknown of a process.

    Attributes:
        name: Name by which equations, other processes and results know it.
        lives: Where it lives.
        region: Name of the only region in which it lives; everywhere if empty.
        order: Polynomial degree beyond that of the group's scalar fields.
        is_displacement: Whether it has the components of a displacement, and is held as one.
        evolves: Whether its equation has a time derivative; if not, it is in equilibrium at all times.
        counts: Sign with which its amount counts in the balance of the process; 0: it does not count.
        only_rises: Whether it can only rise, so that a step in which it falls is none.
        jumps: Whether it may jump where two parts of the particle meet (`Process.parts`).
    """

    name: str
    lives: Lives = Lives.VOLUME
    region: str = ""
    order: int = 0
    is_displacement: bool = False
    evolves: bool = True
    counts: float = 0.0
    only_rises: bool = False
    jumps: bool = False


@dataclass(frozen=True)
class Offer:
    """A field or a number that the leading group offers to groups that follow it.

    Attributes:
        name: Name by which their equations know it.
        dimension: Dimension of its values.
        is_number: Whether it is one number, not a field.
    """

    name: str
    dimension: Dimension = NONE
    is_number: bool = False


RATE_OF = "rate of "
"""Begins the name under which a process reads the change per time of what a leading group offers."""

type Fields = Mapping[str, Expression]
"""Expressions of unknowns, and of what other groups offer, by name."""


class Process[Model]:
    """A set of equations M dy/dt = f(y, t) for some unknowns, in weak form.

    Forms are functions of a symbolic model, the particle's geometry (`Domain`), fields and test functions.

    Attributes:
        name: Name in messages and results.
        reads: What it reads of a leading group, by name; "rate of NAME" is its change per time, which is even
            over a step of that group.
        feeds_back: Which of its unknowns acts on the leading group, by the name of the latter's port.
        conserves: SI unit of what its unknowns and its outflow are amounts of, "mol" or "J" for example.
        accumulates: Unknowns that go on from cycle to cycle of a protocol, such as amounts that are taken up;
            all others settle within a cycle or two, whatever they were before.
        settles: Numbers among its unknowns that do not evolve, and whose equations, monotone in them, are
            solved anew where a protocol step begins and after every time step, all else being as it is.
    """

    name: ClassVar[str]
    reads: ClassVar[tuple[str, ...]] = ()
    feeds_back: ClassVar[Mapping[str, str]] = {}
    conserves: ClassVar[str] = "mol"
    accumulates: ClassVar[tuple[str, ...]] = ()
    settles: ClassVar[tuple[str, ...]] = ()

    def unknowns(self, model: Model, coordinates: Any) -> tuple[Unknown, ...]:
        """Unknowns that a model has in a coordinate system, at least one."""
        raise NotImplementedError

    def parts(self, model: Model) -> Sequence[tuple[str, Model]]:
        """Parts of the particle with numbers of their own, from inside out, each with the name of its region.

        The first one is the core, all that no other part names. Forms are made for each and added up.
        """
        return (("", model),)

    def idle(self, model: Model) -> tuple[str, ...]:
        """Names of unknowns that never change with this model, and are not solved for."""
        return ()

    def units(self, model: Model) -> Units:
        """Units in which unknowns, times and lengths are of the order of one.

        Args:
            model: Numbers in SI.
        """
        raise NotImplementedError

    def rates(self, model: Model, domain: Domain, fields: Fields, tests: Fields) -> Mapping[str, Form]:
        """f: a form for each unknown, linear in its test function; of zero where nothing changes it.

        Args:
            model: Numbers as symbols.
            domain: Geometry.
            fields: All unknowns of the group, and what the process reads.
            tests: Test functions, by unknown.
        """
        raise NotImplementedError

    def interface_rates(
        self, inner: Model, outer: Model, interface: Interface, fields: Fields, tests: Fields
    ) -> Mapping[str, Form]:
        """Terms of f at the interface of two parts, by unknown; none by default.

        Args:
            inner: Numbers of the inner part as symbols.
            outer: Those of the outer part.
            interface: Geometry; there, fields and test functions are taken of the inner side with '+', of the
                outer one with '-'.
            fields: As of `rates`.
            tests: As of `rates`.
        """
        return {}

    def amount(self, model: Model, domain: Domain, name: str, field: Expression, test: Expression) -> Form:
        """Form of the amount of an evolving unknown: with test = 1 its integral, with a trial function M.

        Args:
            model: Numbers as symbols.
            domain: Geometry.
            name: Name of the unknown.
            field: Its value, or a trial function.
            test: Test function, or 1.
        """
        (unknown,) = (one for one in self.unknowns(model, domain.coordinates) if one.name == name)
        if unknown.lives is Lives.SURFACE:
            return domain.surface(field * test)
        return domain.volume(field * test, unknown.region)

    def outflow(self, model: Model, domain: Domain, fields: Fields) -> Form | None:
        """Form of what leaves through the surface per time, where a law gives its flux; None if none.

        It is balanced with the unknowns that count (`Unknown.counts`), of which there has to be one.
        """
        return None

    def gradient_outflow(self, model: Model, domain: Domain, fields: Fields) -> Form | None:
        """Form of what leaves through the surface per time, from gradients: where unknowns are held there."""
        return self.outflow(model, domain, fields)

    def held(self, model: Model) -> Mapping[str, float]:
        """Values of unknowns that are held at the surface; by default none is. In the group's units."""
        return {}

    def start(self, model: Model) -> Mapping[str, float]:
        """Uniform values of unknowns at the start of a run; 0 where none is given. In the group's units."""
        return {}

    def scales(self, model: Model) -> Mapping[str, float]:
        """Sizes of the unknowns that a tolerance is about, at least one. In the group's units."""
        return {}


@dataclass(frozen=True)
class Follower[Model]:
    """A process that is stepped within the steps of the particle's group.

    Attributes:
        process: Its equations.
        model: Its physics, SI.
        tolerance: Largest error in one step, of unknowns over their scales.
        tolerance_key: Where a user sets it, for messages.
        first_step: First step, as a share of its own unit of time.
        minimum_step: Smallest step, likewise.
    """

    process: Process[Model]
    model: Model
    tolerance: float
    tolerance_key: str
    first_step: float = 1e-9
    minimum_step: float = 1e-24
