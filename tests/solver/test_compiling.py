from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dolfinx
import pytest
import ufl
from dolfinx import fem, jit
from mpi4py import MPI

from oxyshell.errors import CompilerError
from oxyshell.outputs import notices
from oxyshell.solver import compiling
from oxyshell.solver.compiler import reason_of

pytestmark = pytest.mark.slow
# As a run does it, in a process of its own, so that it can be killed.
SCRIPT = """
from oxyshell import _stack
_stack.load()
from tests.solver.test_compiling import volume
print(volume())
"""


def volume() -> float:
    """Compiles a form, unless it is kept, and integrates 1 over [0, 1]."""
    mesh = dolfinx.mesh.create_unit_interval(MPI.COMM_SELF, 3)
    one = fem.Constant(mesh, 1.0)
    return float(fem.assemble_scalar(compiling.form(one * ufl.dx(mesh))))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A form cache of the test's own, for this process and those that it starts."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "cache" / "fenics"
    monkeypatch.setitem(jit.DOLFINX_DEFAULT_JIT_OPTIONS, "cache_dir", (folder, ""))
    return folder


@pytest.fixture
def said() -> Iterator[list[str]]:
    texts: list[str] = []
    with notices(texts.append):
        yield texts


def compiled() -> list[str]:
    """What is said while the form is compiled, or loaded."""
    texts: list[str] = []
    with notices(texts.append):
        assert volume() == pytest.approx(1.0, rel=1e-14)
    return texts


def compiler(folder: Path, script: str) -> str:
    """A C compiler of the test's own."""
    file = folder / "compiler.sh"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(file)


def truncated(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def flipped(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def test_a_form_is_compiled_once_and_what_is_damaged_once_more(cache: Path) -> None:
    assert compiled() == [compiling.COMPILING]
    assert compiled() == []
    damages: list[tuple[str, Callable[[Path], object]]] = [
        ("*/*/*.so", truncated),
        ("*/*/*.so", flipped),
        ("*/*/*.c.cached", Path.unlink),
        ("*/*/*.c", empty),
        ("*/list.json", empty),
        ("*/list.json", lambda file: file.write_text('{"folder": "../..", "files": {}}')),
        ("*/list.json", lambda file: file.write_text("[" * 10_000)),
    ]
    for pattern, damage in damages:
        (file,) = cache.glob(f"oxyshell/{pattern}")
        damage(file)
        assert compiled() == [compiling.COMPILING], (pattern, damage)
        assert compiled() == []
    # Nothing is left of the attempts before.
    assert len(list(cache.glob("oxyshell/*/*/"))) == 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_compile_that_was_stopped_is_done_anew(number: signal.Signals, cache: Path, tmp_path: Path) -> None:
    slow = compiler(tmp_path, "sleep 5; exit 1")
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "CC": slow},
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )
    deadline = time.monotonic() + 60
    while process.poll() is None and not list(cache.glob("oxyshell/*/*/*.c")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(number)
    process.wait()
    assert not list(cache.glob("oxyshell/*/*/*.c.cached"))
    assert compiled() == [compiling.COMPILING]


def test_one_waits_for_another_process_as_long_as_it_takes_and_says_so(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    volume()
    (lock,) = cache.glob("oxyshell/*/lock")
    monkeypatch.setattr(compiling, "_SILENT", 0.2)
    with lock.open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        timer = threading.Timer(0.6, lambda: fcntl.flock(other, fcntl.LOCK_UN))
        timer.start()
        began = time.monotonic()
        assert compiled() == [compiling.WAITING]
        assert time.monotonic() - began > 0.5
        timer.join()


def test_a_cache_that_can_only_be_read_is_used_if_the_form_is_in_it(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    volume()

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refuse)
    assert compiled() == []


def test_a_cache_that_cannot_be_written_is_named_with_the_cure(cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("")
    with pytest.raises(CompilerError, match=r"cannot be kept in .*cache/fenics.*Set XDG_CACHE_HOME"):
        volume()


def test_no_compiler_is_an_error_in_words_and_leaves_nothing_behind(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", "/nonexistent")
    with pytest.raises(CompilerError, match=r"there is no '/nonexistent' \(named by .* CC\)\. Install one"):
        volume()
    monkeypatch.delenv("CC")
    assert compiled() == [compiling.COMPILING]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 1", "does not work: it ends with code 1"),
        ("echo warning: old >&2; echo error: no licence >&2; exit 3", "does not work: error: no licence"),
        ("exit 0", "does not work: it ends with code 0"),
        ("echo one.c:1: fatal error: Python.h: No such file >&2; exit 1", "there is no Python.h in"),
        ('exec cc "$@"', "although the C compiler works"),
    ],
)
def test_why_something_could_not_be_compiled(
    script: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", compiler(tmp_path, script))
    assert words in reason_of(RuntimeError("command failed"))
