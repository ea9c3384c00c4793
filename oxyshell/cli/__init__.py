"""The command line, a module for each family of commands. Nothing heavy is imported before a command runs."""

from oxyshell.cli.program import app, main

__all__ = ["app", "main"]
