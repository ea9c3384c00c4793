"""The errors that oxyshell raises; each says what was expected and what to do."""

from __future__ import annotations


class OxyshellError(Exception):
    """Base of every error that oxyshell raises on purpose."""


class InputError(OxyshellError):
    """An input of the user cannot be used."""


class ExtensionError(OxyshellError):
    """A physics does not keep the rules of its interface."""


class MeshError(OxyshellError):
    """A mesh cannot be built or imported as asked."""


class SolverError(OxyshellError):
    """The equations could not be solved to the asked accuracy."""


class CompilerError(SolverError):
    """The equations could not be compiled: no working C compiler, or no place for its output."""


class LayerError(SolverError):
    """A layer on the surface has grown to the centre of the particle."""


class BalanceError(SolverError):
    """A balance is not closed: the content plus all that left differs from the initial content."""


class StepLimitError(SolverError):
    """A run has reached its largest number of time steps before its end."""


class OutputError(OxyshellError):
    """A result cannot be written or read back."""


class ResumeError(InputError):
    """A run cannot be resumed: the folder or the checkpoint belongs to another run."""


class RunStopped(OxyshellError):  # noqa: N818 (nothing went wrong)
    """A run was asked to stop, and stopped at a checkpoint."""

    def __init__(self, message: str, signal_number: int) -> None:
        super().__init__(message)
        self.signal_number = signal_number
