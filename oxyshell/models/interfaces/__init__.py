"""Interfaces of the regions of a particle: values on both sides, tractions, and ions that pass."""
