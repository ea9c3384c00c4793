"""Why the C compiler could not do its work, in words."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path

_TRIAL = "#include <Python.h>\nint one(void) { return 1; }\n"
_INSTALL = "Install one (Debian, Ubuntu: apt install gcc; conda: conda install c-compiler), or set CC to one."
_SECONDS = 60.0
_LONGEST = 300


def reason_of(error: Exception) -> str:
    """Why something could not be compiled, and what to do.

    Args:
        error: What DOLFINx raised.
    """
    where = " (named by the environment variable CC)" if "CC" in os.environ else ""
    named = os.environ.get("CC") or str(sysconfig.get_config_var("CC") or "cc")
    try:
        command = shlex.split(named)
    except ValueError as mistake:
        return f"the C compiler {named!r}{where} is no command: {mistake}. {_INSTALL}"
    if not command or shutil.which(command[0]) is None:
        name = command[0] if command else ""
        return f"the equations need a C compiler, and there is no '{name}'{where}. {_INSTALL}"
    complaint = _tried(command)
    if "Python.h" in complaint:
        return (
            "the equations need Python's header files to be compiled, and there is no Python.h in "
            f"{sysconfig.get_path('include')}. Install them (Debian, Ubuntu: apt install python3-dev), or "
            "take a Python that brings them, such as uv's or conda's."
        )
    if complaint:
        return f"the C compiler '{shlex.join(command)}'{where} does not work: {complaint}. {_INSTALL}"
    return (
        f"the equations could not be compiled or loaded ({_shortened(str(error))}), although the C compiler "
        "works. Check that the disk has room, and try once more."
    )


def _tried(command: list[str]) -> str:
    """Complaint of a compiler about a correct program; empty if it works."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "one.c"
        source.write_text(_TRIAL)
        made = source.with_suffix(".so")
        whole = [*command, "-shared", "-fPIC", f"-I{sysconfig.get_path('include')}"]
        try:
            done = subprocess.run(
                [*whole, str(source), "-o", str(made)],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_SECONDS,
                check=False,
            )
        except OSError as error:
            return error.strerror or str(error)
        except subprocess.TimeoutExpired:
            return f"it takes more than {_SECONDS:.0f} s for a line"
        if done.returncode == 0 and made.exists():
            return ""
        spoken = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        serious = [line for line in spoken if "error" in line] or spoken
        return _shortened(serious[0]) if serious else f"it ends with code {done.returncode}"


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST] + " ..."
