"""Curves U(x) of the open-circuit potential."""
