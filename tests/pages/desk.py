"""A directory in which the blocks of a page are run one after the other."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import oxyshell
from tests.pages.blocks import ROOT, Block, commands_of

# Of everything that the shell would do with such a character, only the pattern of file names is done here.
_SHELL = set("|&;<>$`(){}!~")
_KEPT = ("run", "compare", "calibrate", "sensitivity", "sweep", "optimise")
_BASE = "lrmo-first-cycle.yaml"


class PageError(AssertionError):
    """A page shows what does not work, or not so."""


@dataclass
class Results:
    """What commands printed and wrote, so that each runs once for all pages."""

    folder: Path
    printed: dict[str, str] = field(default_factory=dict)


@dataclass
class Desk:
    """A working directory with the shipped scenarios, or an empty one.

    Attributes:
        program: Runs the program in this process and gives its exit code.
        printed: What was printed since it was last asked, on the output and as errors.
        skipped: Whether a command is left to another test.
    """

    folder: Path
    results: Results
    program: Callable[[list[str]], int]
    printed: Callable[[], tuple[str, str]]
    skipped: Callable[[str], bool]
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})

    def run_all(self, blocks: Iterable[Block]) -> None:
        """Run blocks one after the other, all of them.

        Raises:
            PageError: With everything that went wrong.
        """
        problems = []
        for block in blocks:
            try:
                self.run(block)
            except PageError as error:
                problems.append(str(error))
        if problems:
            raise PageError("\n".join(problems))

    def run(self, block: Block) -> None:
        """Run or check a block.

        Raises:
            PageError: If it fails, or prints something else than the page shows.
        """
        if block.reason:
            return
        if name := block.note("file"):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(block.text)
        todo = {"sh": self._shell, "python": self._python, "yaml": self._yaml}.get(block.language)
        if todo is not None:
            printed = todo(block)
            if block.output and printed is not None:
                compare(block, printed)

    def _shell(self, block: Block) -> str | None:
        printed = [self._command(block, command) for command in commands_of(block)]
        return None if None in printed else "".join(one or "" for one in printed)

    def _command(self, block: Block, command: str) -> str | None:
        if self.skipped(command):
            return None
        words = shlex.split(command)
        if words[0] != "oxyshell" or _SHELL & set(command):
            return self._in_bash(block, command)
        words = [name for word in words for name in self._names(word)]
        kept = words[1] in _KEPT and self._ships(words[2])
        if kept and command in self.results.printed:
            shutil.copytree(self._kept(command), self.folder, dirs_exist_ok=True)
            return self.results.printed[command]
        before = set((self.folder / "results").glob("*"))
        self.printed()
        code = self.program(words[1:])
        printed, errors = self.printed()
        if code:
            raise PageError(f"{block}: {command}: exit code {code}\n{printed}{errors}")
        if kept:
            made = set((self.folder / "results").glob("*")) - before
            if made:
                self.results.printed[command] = printed
                for one in made:
                    shutil.copytree(one, self._kept(command) / "results" / one.name)
        return printed

    def _names(self, word: str) -> list[str]:
        """The files that a pattern stands for, as the shell has them."""
        return (
            sorted(str(one.relative_to(self.folder)) for one in self.folder.glob(word))
            if "*" in word
            else [word]
        )

    def _ships(self, file: str) -> bool:
        """Whether a file is one of the repository, unchanged: what it gives does not depend on the page."""
        shipped = ROOT / file
        return shipped.is_file() and shipped.read_text() == (self.folder / file).read_text()

    def _kept(self, command: str) -> Path:
        return self.results.folder / str(list(self.results.printed).index(command))

    def _in_bash(self, block: Block, command: str) -> str:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env={**os.environ, "PATH": path, "COLUMNS": "80", "MPLBACKEND": "agg"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise PageError(f"{block}: {command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def _python(self, block: Block) -> str:
        self.printed()
        try:
            exec(compile(block.text, str(block), "exec"), self.names)
        except Exception as error:
            raise PageError(f"{block}: {error!r}") from error
        return self.printed()[0]

    def _yaml(self, block: Block) -> str:
        if (name := block.note("file")) and not _whole(_read(block.text)):
            return self._command(block, f"oxyshell materials ./{name}") or ""
        for document in documents(block.text):
            self._check(block, document)
        return ""

    def _check(self, block: Block, text: str) -> None:
        from oxyshell.language.mistakes import ScenarioError

        keys = _read(text)
        folder = self.folder if block.note("file") else self.folder / "scenarios"
        path = folder / (block.note("file") or "of-the-page.yaml")
        if not block.note("file") and not _whole(keys):
            base = _read((ROOT / "scenarios" / (block.note("of") or _BASE)).read_text())
            left_out = (
                ["electrode", "limits"] if "no electrode" in block.notes else block.note("without").split(",")
            )
            base = {key: value for key, value in base.items() if key not in left_out}
            if section := block.note("in"):
                keys = {section: {**base[section], **keys}}
            text = _written({**base, **keys})
        if not block.note("file"):
            path.write_text(text)
        try:
            oxyshell.validate(path)
        except ScenarioError as error:
            raise PageError(f"{block}: {error}") from None


def documents(text: str) -> list[str]:
    """The alternatives of a block: it is split where a key at its margin comes again."""
    found: list[list[str]] = [[]]
    keys: set[str] = set()
    for line in text.splitlines():
        key = line.split(":")[0] if line and not line.startswith((" ", "#", "-")) else ""
        if key and key in keys:
            found.append([])
            keys.clear()
        keys |= {key} - {""}
        found[-1].append(line)
    return ["\n".join(lines) + "\n" for lines in found]


def compare(block: Block, printed: str) -> None:
    """Check that lines of a page are printed in their order; a line of dots stands for any others."""
    rest = [line.rstrip() for line in printed.splitlines()]
    for line in (line.rstrip() for line in block.output.splitlines()):
        if line in ("", "...", "…"):
            continue
        if line not in rest:
            raise PageError(f"{block}: the page shows\n{line}\nthe command prints\n{printed}")
        rest = rest[rest.index(line) + 1 :]


def _whole(keys: Mapping[str, Any]) -> bool:
    scenario = {"particle", "material", "protocol"} <= keys.keys()
    return scenario or next(iter(keys)) in (
        "sweep",
        "calibrate",
        "design",
        "sensitivity",
        "comparison",
        "refinement",
    )


def _read(text: str) -> dict[str, Any]:
    return dict(YAML(typ="safe", pure=True).load(text))


def _written(keys: Mapping[str, Any]) -> str:
    import io

    stream = io.StringIO()
    YAML(typ="safe", pure=True).dump(dict(keys), stream)
    return stream.getvalue()
