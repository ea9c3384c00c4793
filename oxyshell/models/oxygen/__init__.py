"""Oxygen: source, diffusion, release, sinks at the surface."""
