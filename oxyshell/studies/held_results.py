"""Results of studies that a folder holds already, and whether others may take their place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oxyshell.errors import InputError
from oxyshell.filenames import REPORT
from oxyshell.language.mistakes import describe
from oxyshell.language.sections import Section
from oxyshell.language.writing import to_yaml
from oxyshell.outputs import disk
from oxyshell.running.overwrite_protection import ADVICE, holds_run
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.study_kind import StudyKind
from oxyshell.studies.registry import studies
from oxyshell.studies.sweep import SWEEP


@dataclass(frozen=True)
class _Held:
    """A study that tells itself from others by its kind, its title and a digest of its inputs.

    Without a digest points are kept by their own content, and the title has to do.
    """

    kind: StudyKind[Any]
    name: str
    digest: str = ""

    def may_follow(self, other: _Held) -> bool:
        """Whether this is the other study, which may be run again in its folder."""
        same_inputs = not (self.digest and other.digest) or self.digest == other.digest
        # The runs of a sensitivity analysis and of a design are a sweep of the same name.
        return self.name == other.name and other.kind in (self.kind, SWEEP) and same_inputs


def digest_of(file: Section, scenarios: Mapping[str, Scenario]) -> str:
    """A digest of the inputs of a study: its file, and the scenarios that this names."""
    texts = [to_yaml(file.to_data()), *(one.to_yaml() for one in scenarios.values())]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def claim(
    out: str | Path | None, kind: StudyKind[Any], name: str, overwrite: bool, digest: str = ""
) -> Path | None:
    """Make sure that a folder holds nothing but, maybe, an earlier run of the same study.

    Args:
        out: The folder of a study, which need not exist; None for a study in memory.
        kind: Kind of the study that is going to be written there.
        name: Its title.
        overwrite: Whether another study there is replaced: the files at its top are removed.
        digest: Of its inputs; empty where points are kept by their own content.

    Returns:
        The folder.

    Raises:
        InputError: If another study has its results there, or a run.
        OutputError: If the disk refuses.
    """
    if out is None:
        return None
    folder = Path(out)
    if holds_run(folder):
        raise InputError(
            f"{folder} holds the results of a run, expected an empty folder or one of a study. "
            "Name another folder with --out."
        )
    study = _Held(kind, name, digest)
    for other in [held for held in _held(folder) if not study.may_follow(held)]:
        if not overwrite:
            alike = " with the same title and other contents" if name == other.name else ""
            raise InputError(
                f"{folder} holds the results of {other.kind.file.article}, {describe(other.name)}; this is "
                f"{kind.file.article}, {describe(name)}{alike}. {ADVICE}"
            )
        with disk.errors_at(folder):
            for file in (*other.kind.results, *other.kind.figure_files()):
                (folder / file).unlink(missing_ok=True)
    # Figures of earlier results must not stand beside new ones, which may not be drawn.
    with disk.errors_at(folder):
        for file in (*kind.figure_files(), REPORT):
            (folder / file).unlink(missing_ok=True)
    return folder


def _held(folder: Path) -> Iterator[_Held]:
    """The studies that have results in a folder."""
    for kind in studies():
        path = folder / kind.results[0]
        if path.suffix == ".json":
            try:
                content = json.loads(path.read_text(encoding="utf-8"))
                yield _Held(kind, str(content[kind.file.name]), str(content.get("inputs", "")))
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                continue
        else:
            yield from (_Held(kind, name) for name in _title(path))


def _title(path: Path) -> Iterator[str]:
    """The title in a study's HDF5 file, if it is one."""
    if not path.is_file():
        return
    import h5py

    try:
        with h5py.File(path, "r") as file:
            name = file.attrs.get("name")
    except OSError:
        return
    if isinstance(name, str):
        yield name
