"""Directions of a layered material, whose c axis stands across its layers."""

from __future__ import annotations

from enum import Enum


class Paths(Enum):
    """Directions in which contents move through a particle of a layered material."""

    WITHIN = "within the layers"
    """In the a-b plane alone."""
    ACROSS = "across the layers"
    """Along c alone."""
    ALL = "all"
    """In all directions."""
