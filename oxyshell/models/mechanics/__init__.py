"""Mechanics: elasticity, chemical strain, confinement, peak stresses."""
