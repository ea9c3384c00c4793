"""Spaces, residuals, time stepping and balance: knows no YAML and no file format."""

from oxyshell import _stack

_stack.load()
