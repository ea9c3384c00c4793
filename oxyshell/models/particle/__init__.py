"""Ions and mechanics of a particle: one group, solved at once or in turn."""
