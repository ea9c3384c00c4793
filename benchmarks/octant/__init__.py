"""A charge of a uniform sphere as an octant, by other libraries. Imports nothing of oxyshell."""
