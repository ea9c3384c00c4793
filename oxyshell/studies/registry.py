"""The list of studies, one line for each, and files of any kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxyshell.errors import InputError
from oxyshell.extensions import Installed
from oxyshell.language import documents, schema
from oxyshell.language.documents import Document
from oxyshell.language.former import Renamed
from oxyshell.language.kinds import FileKind, kind_of
from oxyshell.language.mistakes import describe, listed
from oxyshell.language.reporting import validated
from oxyshell.language.sections import Context, Section
from oxyshell.scenario import loading
from oxyshell.scenario.loading import SCENARIO
from oxyshell.scenario.material_file import material_file
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.calibration import CALIBRATION
from oxyshell.studies.comparison import COMPARISON
from oxyshell.studies.design import DESIGN
from oxyshell.studies.engine.references import References
from oxyshell.studies.engine.study_kind import StudyKind
from oxyshell.studies.sensitivity import SENSITIVITY
from oxyshell.studies.sweep import SWEEP

if TYPE_CHECKING:
    from oxyshell.presentation.table import Table
    from oxyshell.studies.engine.study_file import StudyRun

# A file with keys of several kinds is one of the first of them.
_STUDIES: list[StudyKind[Any]] = [
    COMPARISON,
    CALIBRATION,
    SENSITIVITY,
    DESIGN,
    SWEEP,
]


def studies() -> tuple[StudyKind[Any], ...]:
    """The kinds of studies.

    Raises:
        OxyshellError: If a study of an installed package cannot be loaded.
    """
    _INSTALLED.complete()
    return tuple(_STUDIES)


def study_in(folder: Path) -> StudyKind[Any]:
    """The kind of a finished study by the files in its folder.

    Raises:
        InputError: If there is none.
    """
    # Runs of an analysis are a study as well: the first of the list is what the folder is about.
    found = next((kind for kind in studies() if (folder / kind.results[0]).is_file()), None)
    if found is None:
        raise InputError(f"found neither a finished run nor a study in {folder}, expected the folder of one")
    return found


def read_study(folder: Path) -> Any:
    """The result of the finished study in a folder.

    Raises:
        InputError: If there is none.
        OutputError: If a file cannot be read.
    """
    return study_in(folder).stored(folder)


def register(study: StudyKind[Any]) -> None:
    """Add a kind of study, whose files are read and validated from now on.

    Raises:
        ValueError: If another kind of file has its name.
    """
    taken = {SCENARIO.name, *(one.file.name for one in _STUDIES)}
    if study.file.name in taken:
        raise ValueError(
            f"there is a kind of file '{study.file.name}' already; give the new one another name"
        )
    _STUDIES.append(study)


_INSTALLED = Installed("studies", register)


def kinds() -> tuple[FileKind, ...]:
    """The kinds of files."""
    return (SCENARIO, *(study.file for study in studies()))


def load_scenario(path: Path | str) -> Scenario:
    """Read a scenario file.

    Raises:
        ScenarioError: With every mistake at its line and column.
    """
    return loading.load(path, kinds())


def load_study[Study](kind: StudyKind[Study], path: Path | str) -> Study:
    """Read a study's file and the scenarios that it names, relative to it.

    Raises:
        ScenarioError: With every mistake of the file or of its scenarios, each in its own file.
    """
    return _study_from(kind, documents.read_file(path), Path(path).parent)


def load_any(
    path: Path | str, allowed: tuple[FileKind, ...] = (), notices: list[Renamed] | None = None
) -> Any:
    """Read a file of any kind, which its keys identify: a scenario, or a study as `load_study` gives it.

    Args:
        path: A YAML file.
        allowed: Kinds that it may be of; all if empty.
        notices: Takes the former names in the file and in the scenarios that it names.

    Raises:
        ScenarioError: With every mistake at its line and column.
        InputError: If it is of another kind.
    """
    document, folder = documents.read_file(path), Path(path).parent
    told = [] if notices is None else notices
    kind = kind_of(document.data, kinds())
    if kind is not None and allowed and kind not in allowed:
        expected = " or ".join(one.article for one in allowed)
        raise InputError(f"found {kind.with_command(str(path))}, expected {expected}")
    study = next((study for study in studies() if study.file is kind), None)
    if study is None:
        scenario = loading.scenario_from(document, folder, kinds())
        told.extend(scenario.notices)
        return scenario
    return _study_from(study, document, folder, told)


def runner(path: Path | str) -> Callable[[StudyRun], Iterable[str | Table]]:
    """Read the file of a study that another package brings along.

    Args:
        path: A YAML file.

    Returns:
        A function that runs the study and gives its report.

    Raises:
        ScenarioError: With every mistake at its line and column.
        InputError: If it is no file of such a study.
    """
    document = documents.read_file(path)
    kind = kind_of(document.data, kinds())
    study = next((study for study in studies() if study.file is kind), None)
    run = None if study is None else study.load().run
    if study is None or run is None:
        found = describe(str(path)) if kind is None else kind.with_command(str(path))
        raise InputError(f"found {found}, expected a study that a package besides oxyshell brings along")
    return partial(run, _study_from(study, document, Path(path).parent))


def json_schema(name: str = "scenario") -> dict[str, Any]:
    """JSON Schema of a kind of file, for editors.

    Raises:
        InputError: If there is no kind of that name.
    """
    sections: dict[str, type[Section]] = {
        SCENARIO.name: Scenario,
        "material": material_file(),
        **{study.file.name: study.load().section for study in studies()},
    }
    if name not in sections:
        raise InputError(f"found the unknown kind {describe(name)}, expected one of {listed(sections)}")
    return schema.of_file(sections[name], name)


def _study_from[Study](
    kind: StudyKind[Study], document: Document, folder: Path, notices: list[Renamed] | None = None
) -> Study:
    file, context = kind.load(), Context(folder, kinds())
    section = validated(file.section, document, context, kind.file)
    references = References(document, folder, kinds())
    study = file.resolve(section, references)
    references.check()
    if notices is not None:
        notices.extend(dict.fromkeys([*context.notices, *references.notices]))
    return study
