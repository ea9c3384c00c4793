"""Stress intensity of flaws at the surface, and what it says of rupture."""
