"""The errors that oxyshell raises; each says what was expected and what to do."""

from __future__ import annotations


class OxyshellError(Exception):
    """Base of every error that oxyshell raises on purpose."""


class InputError(OxyshellError):
    """Something that a user wrote cannot be used."""


class MeshError(OxyshellError):
    """A mesh cannot be built or imported as asked."""


class SolverError(OxyshellError):
    """The equations could not be solved to the asked accuracy."""


class BalanceError(SolverError):
    """Ions appeared or vanished: the particle plus what left it is not what there was."""


class OutputError(OxyshellError):
    """A result cannot be written or read back."""
