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


class CompilerError(SolverError):
    """The equations could not be compiled: no C compiler that works, or no place for what it makes."""


class BalanceError(SolverError):
    """Ions appeared or vanished: the particle plus what left it is not what there was."""


class StepLimitError(SolverError):
    """A run has taken as many time steps as it may without coming to its end."""


class OutputError(OxyshellError):
    """A result cannot be written or read back."""


class ResumeError(InputError):
    """A run cannot be resumed as asked: what is there belongs to another one."""


class RunStopped(OxyshellError):  # noqa: N818 (nothing went wrong)
    """A run was asked to stop, and did so at a checkpoint."""

    def __init__(self, message: str, signal_number: int) -> None:
        super().__init__(message)
        self.signal_number = signal_number
