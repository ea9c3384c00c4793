"""The section `numerics`: how accurately and by which method; every key has a default."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from oxyshell.language import scales
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.shapes.elements import Elements


class Numerics(Section):
    """Accuracy and methods of the solution."""

    time_tolerance: Annotated[float, Field(gt=0, le=0.1)] = 1e-4
    """Largest error of a time step, in occupancy. Default 1e-4."""
    oxygen_tolerance: Annotated[float, Field(gt=0, le=0.1)] = 1e-4
    """Largest error of the oxygen content in a time step, relative to the initial content or to the most that
    can be generated, whichever is larger. Default 1e-4."""
    first_step: Annotated[Parameter, Quantity("s", POSITIVE, scales.STEP)] | None = None
    """Length of the first time step of each protocol step; null: a millionth of the diffusion time R²/D, at
    most 1e-4 of the protocol step's expected duration."""
    minimum_step: Annotated[Parameter, Quantity("s", POSITIVE, scales.STEP)] | None = None
    """A run that needs a shorter time step than this fails; null: 1e-28 of the diffusion time R²/D, or 1e-28
    of the protocol step's expected duration if that is shorter."""
    maximum_step: Annotated[Parameter, Quantity("s", POSITIVE, scales.STEP)] | None = None
    """Longest time step; null: a twentieth of the protocol step's expected duration, or of the time since it
    began if that is longer."""
    steps_per_run: Annotated[int, Field(ge=1)] | None = None
    """Time steps, rejected ones among them, after which a run gives up; those of oxygen are counted apart.
    Null: 100000, or 1000 for each step of the protocol if that is more."""
    strategy: Literal["auto", "monolithic", "split"] = "auto"
    """All equations at once, or stress and concentration in turn. Default auto: by dimension."""
    linear_solver: Literal["auto", "direct", "multigrid"] = "auto"
    """Default auto: by dimension and size."""
    loop: Literal["compiled", "petsc"] = "compiled"
    """Assembly and solves along a line in one process: by a loop in C around the compiled equations, or by
    PETSc, with the same results to round-off in several times the time. Elsewhere it is PETSc. Default
    compiled."""
    elements: Elements = Elements()
    """Numbers of elements."""
    degree: Annotated[int, Field(ge=1, le=4)] | None = None
    """Polynomial degree of the occupancy; null chooses it by dimension and size."""
