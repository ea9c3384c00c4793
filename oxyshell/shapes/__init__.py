"""The shapes of a particle: one file each, listed in `registry`."""
