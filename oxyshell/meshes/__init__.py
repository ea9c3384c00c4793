"""The particle's mesh, and integrals over it."""

from oxyshell import _stack

# DOLFINx can be imported only after the loader has run.
_stack.load()
