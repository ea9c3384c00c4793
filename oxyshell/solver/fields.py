"""Unknowns as finite-element functions: one block of unknowns after the other.

Unknowns that fill the mesh continuously share one mixed space, which is assembled at once; every other one
has a space, and so a block, of its own, of which only the active degrees of freedom are solved for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import basix.ufl
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.process import Lives, Unknown
from oxyshell.solver import dof_positions, jumps, spaces
from oxyshell.solver.assembly import owned
from oxyshell.solver.state import Array

type Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Block:
    """Unknowns of one function space.

    Attributes:
        function: Their values; of what is not active, it keeps its own.
        active: Degrees of freedom of this process that are solved for, ascending.
        held: Degrees of freedom that are zero.
    """

    function: fem.Function
    active: Rows
    held: Sequence[fem.DirichletBC] = ()

    @property
    def index(self) -> Rows | slice:
        """The active degrees of freedom, as what picks them fastest."""
        return slice(0, self.active.size) if self.is_whole else self.active

    @property
    def is_whole(self) -> bool:
        """Whether all degrees of freedom of this process are active."""
        return self.active.size == owned(self.function).size


def whole(function: fem.Function, held: Sequence[fem.DirichletBC] = ()) -> Block:
    """A block all of whose degrees of freedom are active."""
    return Block(function, np.arange(owned(function).size, dtype=np.int32), held)


@dataclass(frozen=True, eq=False)
class GroupFields:
    """Unknowns of a group.

    Attributes:
        unknowns: In their order.
        blocks: In the order of the unknowns.
        values: Expression of each unknown, by name.
        tests: Test function of each, by name.
        block_of: Index of the block of each, by name.
        rows: Where the degrees of freedom of each stand among all that this process solves for.
        spaces: Function space of each, by name.
        parts: Part of each cell, between which unknowns may jump; empty where there is one part.
    """

    unknowns: tuple[Unknown, ...]
    parts: jumps.Parts
    blocks: list[Block] = field(default_factory=list)
    values: dict[str, ufl.core.expr.Expr] = field(default_factory=dict)
    tests: dict[str, ufl.core.expr.Expr] = field(default_factory=dict)
    trials: dict[str, ufl.core.expr.Expr] = field(default_factory=dict)
    block_of: dict[str, int] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    spaces: dict[str, fem.FunctionSpace] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Unknowns of this process."""
        return sum(block.active.size for block in self.blocks)

    @property
    def dof_positions(self) -> Array:
        """Positions of the unknowns, as `dof_positions.of_space` has them, fields numbered in their order.

        A number stands at the centre.
        """
        positions = np.empty((self.size, 5))
        kinds = {unknown.name: unknown for unknown in self.unknowns}
        for number, (name, rows) in enumerate(self.rows.items()):
            space, active = self.spaces[name], self.blocks[self.block_of[name]].active
            if kinds[name].lives is Lives.NUMBER:
                positions[rows] = (0.0, 0.0, 0.0, number, 0.0)
                continue
            whole = dof_positions.of_space(space, number, self.parts if kinds[name].jumps else None)
            positions[rows] = whole if self._shares_block(name) else whole[active]
        return positions

    def rows_at(self, name: str, dofs: Rows) -> Rows:
        """Where degrees of freedom of an unknown's space stand, those that are solved for.

        Args:
            name: Of a scalar unknown.
            dofs: Of this process, ascending.
        """
        if self._shares_block(name):
            return self.rows[name][dofs]
        return self.rows[name][np.isin(self.blocks[self.block_of[name]].active, dofs)]

    def _shares_block(self, name: str) -> bool:
        return list(self.block_of.values()).count(self.block_of[name]) > 1

    def gather(self, values: Mapping[str, float]) -> Array:
        """All unknowns of this process, uniform, 0 where no value is given."""
        result = np.zeros(self.size)
        for name, value in values.items():
            result[self.rows[name]] = value
        return result


def group_fields(
    particle: ParticleMesh,
    unknowns: Sequence[Unknown],
    degree: int,
    idle: Sequence[str] = (),
    parts: jumps.Parts | None = None,
) -> GroupFields:
    """Make the spaces and functions of unknowns.

    Args:
        particle: The mesh.
        unknowns: In the order in which they are to stand.
        degree: Polynomial degree of continuous scalar fields; that in cells is one less, and at least one.
        idle: Names of unknowns that never change, and are not solved for.
        parts: Part of each cell of this process, between which unknowns may jump; all in one by default.
    """
    parts = jumps.ONE_PART if parts is None else parts
    fields = GroupFields(tuple(unknowns), parts)
    together = [one for one in unknowns if _fills(one)]
    for unknown in unknowns:
        if not _fills(unknown) or len(together) == 1:
            _alone(fields, particle, unknown, degree, unknown.name in idle, parts)
        elif unknown is together[0]:
            _mixed(fields, particle, together, degree, parts)
    _number_rows(fields)
    return fields


def _fills(unknown: Unknown) -> bool:
    return unknown.lives is Lives.VOLUME and not unknown.region


def _element(particle: ParticleMesh, unknown: Unknown, degree: int) -> basix.ufl._ElementBase:
    if unknown.is_displacement:
        return spaces.displacement_element(particle, degree + unknown.order)
    if unknown.lives is Lives.NUMBER:
        return basix.ufl.real_element(particle.mesh.basix_cell(), ())
    if unknown.lives is Lives.CELLS:
        return basix.ufl.element("DG", particle.mesh.basix_cell(), max(degree - 1, 1))
    return spaces.scalar_element(particle, degree + unknown.order)


def _active(particle: ParticleMesh, unknown: Unknown, space: fem.FunctionSpace) -> Rows:
    if unknown.lives is Lives.SURFACE:
        return spaces.surface_dofs(particle, space)
    if unknown.region:
        return spaces.region_dofs(particle, space, unknown.region)
    return np.arange(space.dofmap.index_map.size_local * space.dofmap.index_map_bs, dtype=np.int32)


def _alone(
    fields: GroupFields,
    particle: ParticleMesh,
    unknown: Unknown,
    degree: int,
    idle: bool,
    parts: jumps.Parts,
) -> None:
    space = fem.functionspace(particle.mesh, _element(particle, unknown, degree))
    if unknown.jumps:
        space = jumps.with_jumps(space, parts)
    function = fem.Function(space)
    active = _active(particle, unknown, space)
    held = spaces.held_displacements(particle, space) if unknown.is_displacement else []
    fields.block_of[unknown.name] = len(fields.blocks)
    fields.blocks.append(Block(function, active[:0] if idle else active, held))
    fields.values[unknown.name] = function
    fields.tests[unknown.name] = ufl.TestFunction(space)
    fields.trials[unknown.name] = ufl.TrialFunction(space)
    fields.spaces[unknown.name] = space


def _mixed(
    fields: GroupFields,
    particle: ParticleMesh,
    unknowns: Sequence[Unknown],
    degree: int,
    parts: jumps.Parts,
) -> None:
    elements = [_element(particle, unknown, degree) for unknown in unknowns]
    space = fem.functionspace(particle.mesh, basix.ufl.mixed_element(elements))
    jumping = [jumps.positions_in(space, i) for i, unknown in enumerate(unknowns) if unknown.jumps]
    if jumping:
        space = jumps.with_jumps(space, parts, np.concatenate(jumping))
    function = fem.Function(space)
    every = zip(
        unknowns,
        ufl.split(function),
        ufl.TestFunctions(space),
        ufl.split(ufl.TrialFunction(space)),
        strict=True,
    )
    held: list[fem.DirichletBC] = []
    for i, (unknown, value, test, trial) in enumerate(every):
        fields.block_of[unknown.name] = len(fields.blocks)
        fields.values[unknown.name], fields.tests[unknown.name] = value, test
        fields.trials[unknown.name] = trial
        own, fields.rows[unknown.name] = jumps.own_space(space, i, parts, unknown.jumps)
        fields.spaces[unknown.name] = own
        if unknown.is_displacement:
            held += spaces.held_displacements(particle, own, space.sub(i))
    fields.blocks.append(whole(function, held))


def _number_rows(fields: GroupFields) -> None:
    """Shift the rows of each unknown to where its block begins; `_mixed` has left those within its block."""
    ends = np.concatenate([[0], np.cumsum([block.active.size for block in fields.blocks])])
    spans = [np.arange(start, end, dtype=np.int32) for start, end in pairwise(ends.tolist())]
    for unknown in fields.unknowns:
        span = spans[fields.block_of[unknown.name]]
        within = fields.rows.get(unknown.name)
        fields.rows[unknown.name] = span if within is None else span[within]
