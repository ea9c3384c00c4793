"""What a folder of results holds already, and whether something else may take its place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from oxyshell.errors import InputError
from oxyshell.language.kinds import ARTICLES, Kind
from oxyshell.language.mistakes import ScenarioError, describe
from oxyshell.outputs import disk
from oxyshell.outputs.folder import CHECKPOINT, ENDED_EARLY, SUMMARY
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.points import content_key

_SCENARIO, _LOG = "scenario.yaml", "run.log"
_ADVICE = "Name another folder with --out, or replace it with --overwrite (in a script: overwrite=True)."
# After these a run can go on; after another error it would end in the same one again.
_RESUMABLE = ("RunStopped", "KeyboardInterrupt", "OutputError")
# What each study leaves at the top of its folder, the file that tells first.
_FILES: Mapping[Kind, tuple[str, ...]] = {
    "comparison": ("comparison.json",),
    "calibration": ("calibration.json", "valleys.png"),
    "sensitivity": ("sensitivity.json", "sensitivity.csv", "tornado.png", "indices.png"),
    "design": ("design.json", "front.csv", "front.png"),
    "sweep": ("study.h5", "study.csv", "study.html"),
}
_TITLES: Mapping[Kind, str] = {
    "comparison": "comparison",
    "calibration": "calibration",
    "sensitivity": "sensitivity",
    "design": "design",
}


@dataclass(frozen=True)
class Study:
    """What tells a study from others.

    Attributes:
        kind: Which kind of study.
        name: Its title.
        digest: Of its inputs; empty where points are kept by their own content, and the title has to do.
    """

    kind: Kind
    name: str
    digest: str = ""

    def may_follow(self, other: Study) -> bool:
        """Whether this is the other study, which may be run again in its folder."""
        same_inputs = not (self.digest and other.digest) or self.digest == other.digest
        # The runs of a sensitivity analysis and of a design are a sweep of the same name.
        return self.name == other.name and other.kind in (self.kind, "sweep") and same_inputs


def digest_of(*texts: str) -> str:
    """A digest of what goes into a study."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def claim_for_study(folder: Path, study: Study, overwrite: bool) -> None:
    """See to it that a folder holds nothing but, maybe, an earlier run of the same study.

    Args:
        folder: The folder of a study, which need not exist.
        study: What is going to be written there.
        overwrite: Whether another study there is replaced: the files at its top are removed.

    Raises:
        InputError: If another study has its results there, or a run.
        OutputError: If the disk refuses.
    """
    if _holds_run(folder):
        raise InputError(
            f"{folder} holds the results of a run, expected an empty folder or one of a study. "
            "Name another folder with --out."
        )
    for other in [held for held in _studies(folder) if not study.may_follow(held)]:
        if not overwrite:
            alike = " with the same title and other contents" if study.name == other.name else ""
            raise InputError(
                f"{folder} holds the results of {ARTICLES[other.kind]}, {describe(other.name)}; this is "
                f"{ARTICLES[study.kind]}, {describe(study.name)}{alike}. {_ADVICE}"
            )
        with disk.errors_at(folder):
            for name in _FILES[other.kind]:
                (folder / name).unlink(missing_ok=True)


def claim_for_run(folder: Path, scenario: Scenario, overwrite: bool, but: Collection[str] = ()) -> None:
    """See to it that no run of another scenario is lost in a folder.

    A run that reached its end is not replaced by that of another scenario, nor is one that could be resumed.

    Args:
        folder: The run folder, which need not exist.
        scenario: What is going to be run there.
        overwrite: Whether a run of another scenario is replaced.
        but: Paths in which the scenarios may differ.

    Raises:
        InputError: If there is such a run, and it is not to be replaced.
    """
    if overwrite or not _is_worth_keeping(folder):
        return
    try:
        before = loads((folder / _SCENARIO).read_text(encoding="utf-8"), str(folder / _SCENARIO), folder)
    except (ScenarioError, OSError, ValueError):  # of another version of the program
        name, changes = "", ""
    else:
        told = [change for path, change in differences(before, scenario).items() if path not in but]
        if not told or (before.name == scenario.name and content_key(before) == content_key(scenario)):
            return
        name, changes = f", {describe(before.name)}", f" ({'; '.join(told[:3])})"
    state = "finished" if (folder / SUMMARY).exists() else "unfinished"
    raise InputError(f"{folder} holds {state} results of another scenario{name}{changes}. {_ADVICE}")


def differences(before: Scenario | None, after: Scenario) -> dict[str, str]:
    """What differs between two scenarios, in words, by path."""
    was = {} if before is None else _flat(before.to_data())
    now = _flat(after.to_data())
    absent = "not there"
    return {
        path: f"{path} was {was.get(path, absent)!r}, is {now.get(path, absent)!r}"
        for path in {**was, **now}
        if was.get(path) != now.get(path)
    }


def _is_worth_keeping(folder: Path) -> bool:
    if not (folder / _SCENARIO).is_file():
        return False
    if (folder / SUMMARY).exists():
        return True
    if not (folder / CHECKPOINT).exists():
        return False
    try:
        log = (folder / _LOG).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
    _, early, ended = log.rpartition(ENDED_EARLY)
    return not early or ended.startswith(_RESUMABLE)


def _holds_run(folder: Path) -> bool:
    return (folder / SUMMARY).is_file() and (folder / _SCENARIO).is_file()


def _studies(folder: Path) -> Iterator[Study]:
    """The studies that have results in a folder."""
    for kind, title in _TITLES.items():
        try:
            content = json.loads((folder / _FILES[kind][0]).read_text(encoding="utf-8"))
            yield Study(kind, str(content[title]), str(content.get("inputs", "")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    name = _title_of_sweep(folder / _FILES["sweep"][0])
    if name is not None:
        yield Study("sweep", name)


def _title_of_sweep(path: Path) -> str | None:
    if not path.is_file():
        return None
    import h5py

    try:
        with h5py.File(path, "r") as file:
            name = file.attrs.get("name")
    except OSError:
        return None
    return name if isinstance(name, str) else None


def _flat(data: object, path: str = "") -> dict[str, object]:
    """Single values by their path; of what has a source, the value."""
    match data:
        case {"value": value}:
            return {path: value}
        case Mapping():
            items = [(str(key), value) for key, value in data.items()]
        case list() | tuple():
            items = [(str(index), value) for index, value in enumerate(data)]
        case _:
            return {path: data}
    return {
        name: leaf for key, value in items for name, leaf in _flat(value, f"{path}.{key}".lstrip(".")).items()
    }
