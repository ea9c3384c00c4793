"""Figures of runs with an electrode: voltage, dQ/dV, overpotentials, rates and cycles."""
