"""Rows of the verification page that compare oxyshell with another solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.verification.exact import Record

# A solver that moves by more than this when it is refined has nothing to say.
WORST = 2e-4
# How far off the default settings may be.
DEFAULTS = 2e-3

type Figures = Mapping[str, NDArray[np.float64]]
"""Values by figure: one per moment, or several points per moment, shape (moments, points)."""


@dataclass(frozen=True)
class Refined:
    """One solver's figures twice.

    Attributes:
        coarse: On the coarser of two meshes, with the looser tolerance.
        fine: On the finer.
    """

    coarse: Figures
    fine: Figures

    def moves(self, figure: str, scale: float) -> float:
        """How far the refinement has moved a figure, at whatever moment and point it moved most."""
        return float(np.abs(self.fine[figure] - self.coarse[figure]).max()) / scale


@dataclass(frozen=True)
class Ours:
    """Oxyshell's figures.

    Attributes:
        refined: On two meshes finer than the default.
        default: With the default settings.
    """

    refined: Refined
    default: Figures


def compare(
    record: Record, equation: str, solver: str, theirs: Refined, ours: Ours, moments: Sequence[str]
) -> None:
    """Note a row for every figure and moment, and insist that the refinements explain the differences.

    Args:
        record: Takes the rows.
        equation: What is solved, and where.
        solver: The other solver and its version.
        theirs: Its figures.
        ours: The same of oxyshell.
        moments: What to call the moments.
    """
    assert set(theirs.fine) == set(ours.refined.fine) == set(ours.default)
    for figure in theirs.fine:
        scale = float(np.abs(theirs.fine[figure]).max())
        moved, our_moved = theirs.moves(figure, scale), ours.refined.moves(figure, scale)
        default = Refined(ours.default, ours.refined.fine).moves(figure, scale)
        assert max(moved, our_moved) < WORST, figure
        assert default < DEFAULTS, figure
        for moment, one, other in zip(moments, theirs.fine[figure], ours.refined.fine[figure], strict=True):
            value, own = np.atleast_1d(one), np.atleast_1d(other)
            apart = int(np.abs(own - value).argmax())
            difference = float(np.abs(own - value)[apart]) / scale
            row = {
                "kind": "peer",
                "equation": equation,
                "solver": solver,
                "figure": f"{figure} {moment}",
                "theirs": float(value[apart]),
                "ours": float(own[apart]),
                "difference": difference,
                "their_refinement": moved,
                "our_refinement": our_moved,
                "default": default,
            }
            record(row)
            assert difference <= moved + our_moved, row
