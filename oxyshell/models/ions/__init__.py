"""Ions: transport, exchange through the surface, what a run finds out about them."""
