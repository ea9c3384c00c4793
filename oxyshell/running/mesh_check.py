"""Checks of the mesh that a scenario names, without a run."""

from __future__ import annotations

from importlib.util import find_spec

from oxyshell.scenario.scenario import Scenario

UNCHECKED = "The mesh file has not been checked: that needs FEniCSx, which is not installed."


def mesh_remarks(scenario: Scenario) -> tuple[str, ...]:
    """Remarks on the mesh file of a scenario, which is read and checked as a run does; none without one.

    Raises:
        MeshError: If the file cannot be read or its mesh cannot be used.
    """
    if not scenario.particle.files():
        return ()
    if find_spec("dolfinx") is None:
        return (UNCHECKED,)
    # Meshes need FEniCSx, which takes long to load.
    from oxyshell.running.numerics import wanted_layers

    return scenario.particle.mesh_remarks(wanted_layers(scenario))
