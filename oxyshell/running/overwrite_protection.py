"""Protection of finished and of resumable runs against being overwritten."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from oxyshell.errors import InputError
from oxyshell.language.mistakes import ScenarioError, describe
from oxyshell.outputs.folder import CHECKPOINT, ENDED_EARLY, SUMMARY
from oxyshell.scenario.content_key import content_key
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario

_SCENARIO, _HISTORY, _LOG = "scenario.yaml", "history.csv", "run.log"
ADVICE = "Name another folder with --out, or replace it with --overwrite (in a script: overwrite=True)."
# After these a run can go on; after another error it would end in the same one again.
_RESUMABLE = ("RunStopped", "KeyboardInterrupt", "OutputError")


def claim_for_run(folder: Path, scenario: Scenario, overwrite: bool, but: Collection[str] = ()) -> None:
    """Refuse to overwrite a finished or a resumable run of another scenario.

    Args:
        folder: The run folder, which need not exist.
        scenario: Scenario of the new run.
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
        changed = [change for path, change in differences(before, scenario).items() if path not in but]
        if not changed or (before.name == scenario.name and content_key(before) == content_key(scenario)):
            return
        name, changes = f", {describe(before.name)}", f" ({'; '.join(changed[:3])})"
    state = "finished" if (folder / SUMMARY).exists() else "unfinished"
    raise InputError(f"{folder} holds {state} results of another scenario{name}{changes}. {ADVICE}")


def differences(before: Scenario | None, after: Scenario) -> dict[str, str]:
    """Differences between two scenarios, as texts by path."""
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


def holds_run(folder: Path) -> bool:
    """True if a folder holds a finished run."""
    return (folder / SUMMARY).is_file() and (folder / _SCENARIO).is_file()


def holds_unfinished_run(folder: Path) -> bool:
    """True if a folder holds a run that has not ended: one that was stopped, or is still going."""
    return (folder / _SCENARIO).is_file() and (folder / _HISTORY).is_file() and not holds_run(folder)


def _flat(data: object, path: str = "") -> dict[str, object]:
    """Single values by their path, without their sources."""
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
