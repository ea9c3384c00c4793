"""Exit code and message of every error: 2 for a mistake of the user, 128 + n after signal n, else 1."""

from __future__ import annotations

import sys
from traceback import format_exception

from oxyshell.cli.options import TRACEBACK
from oxyshell.errors import InputError, OxyshellError, RunStopped
from oxyshell.printable import printable_lines

FAILED = 1
"""Exit code of a study that ended, in which something failed."""


def code_and_message(error: BaseException) -> tuple[int, str]:
    """Exit code of an error, and the message for the terminal."""
    code, text = _code_and_text(error)
    return code, printable_lines(text)


def _code_and_text(error: BaseException) -> tuple[int, str]:
    match error:
        case InputError():
            return 2, str(error)
        case RunStopped(signal_number=number):
            return 128 + number, f"oxyshell: {error}"
        case OxyshellError():
            return 1, f"oxyshell: {error}"
        case KeyboardInterrupt():
            return 130, "oxyshell: stopped; what was reached until now is in the run folder"
        case MemoryError():
            return 1, "oxyshell: there is not enough memory: fewer elements or processes need less"
        case ModuleNotFoundError(name=name):
            return 1, f"oxyshell: the package {name} is missing: install it, or install oxyshell anew"
    if TRACEBACK in sys.argv:
        return 1, "".join(format_exception(error))
    found = "; ".join(getattr(error, "__notes__", [])) or f"with {TRACEBACK} it is shown where"
    words = " ".join(str(error).split())
    return 1, f"oxyshell: unexpected error {type(error).__name__}: {words} ({found}); please report it"
