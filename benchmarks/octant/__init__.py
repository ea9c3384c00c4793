"""A charge of a uniform sphere as an octant, in other finite-element libraries. Imports nothing of oxyshell."""
