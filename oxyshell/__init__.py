"""Chemo-mechanics of battery cathode particles on FEniCSx."""

__version__ = "0.1.0"
