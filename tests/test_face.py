"""The public functions that are not tested with what they run."""

from __future__ import annotations

from pathlib import Path

import pytest

import oxyshell
from oxyshell.errors import OutputError
from oxyshell.language.mistakes import MistakeKind, ScenarioError
from oxyshell.studies.registry import studies

SCENARIOS = Path(__file__).parents[1] / "scenarios"
RU1 = SCENARIOS / "lrmo-ru1.yaml"
COARSE = {"numerics.elements.bulk": 6, "numerics.time_tolerance": 1e-2, "output.at.extracted": []}


def test_every_public_function_is_there_and_says_its_arguments() -> None:
    for name in oxyshell.__all__:
        one = getattr(oxyshell, name)
        assert name == "__version__" or "Returns:" in one.__doc__


def test_a_file_of_any_kind_is_validated() -> None:
    assert oxyshell.validate(RU1) == oxyshell.load(RU1)
    assert oxyshell.validate(SCENARIOS / "sweep-shell.yaml").name == "What the Ru-1 prediction depends on"


def test_shipped_files_are_known_by_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert oxyshell.load("lrmo-ru1") == oxyshell.load(RU1)
    assert oxyshell.validate("sweep-shell").name == "What the Ru-1 prediction depends on"
    # A file of one's own comes first.
    (tmp_path / "lrmo-ru1").write_text(RU1.read_text().replace("4.5 nm", "5 nm"))
    assert oxyshell.load("lrmo-ru1") != oxyshell.load(RU1)


def test_validation_tells_every_mistake(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(
        RU1.read_text().replace("thickness:", "thicknes:").replace("dimension: 1", "dimension: 4")
    )
    with pytest.raises(ScenarioError) as caught:
        oxyshell.validate(file)
    assert {mistake.path for mistake in caught.value.mistakes} == {"shell.thicknes", "particle.dimension"}


def test_a_run_is_read_back(tmp_path: Path) -> None:
    written = oxyshell.run(oxyshell.load(RU1).with_values(COARSE), tmp_path / "run")
    assert oxyshell.read_run(tmp_path / "run").summary == written.summary
    with pytest.raises(OutputError):
        oxyshell.read_run(tmp_path)


@pytest.mark.parametrize(
    ("changes", "kind", "overrides"),
    [
        ({"shell.thicknes": "3 nm"}, MistakeKind.UNKNOWN_KEY, ("shell.thicknes",)),
        ({"protocol.rate": "1 C"}, MistakeKind.UNKNOWN_PATH, ("protocol.rate",)),
        ({"shell.thickness": "3 kg"}, MistakeKind.VALUE, ("shell.thickness",)),
        ({"shell": {"thickness": "3 nm", "deficiency": 0.2, "what": 1}}, MistakeKind.UNKNOWN_KEY, ("shell",)),
        (
            {"particle.radius": {"value": "1 um", "sauce": "me"}, "name": "x"},
            MistakeKind.UNKNOWN_KEY,
            ("particle.radius",),
        ),
    ],
)
def test_a_mistake_has_a_kind_and_the_values_that_cause_it(
    changes: dict[str, object], kind: MistakeKind, overrides: tuple[str, ...]
) -> None:
    with pytest.raises(ScenarioError) as caught:
        oxyshell.load(RU1).with_values(changes)
    (mistake,) = caught.value.mistakes
    assert (mistake.kind, mistake.overrides) == (kind, overrides)


def test_a_path_that_leads_nowhere_is_an_unknown_path() -> None:
    with pytest.raises(ScenarioError) as caught:
        oxyshell.load(RU1).get("shell.thicknes")
    assert [mistake.kind for mistake in caught.value.mistakes] == [MistakeKind.UNKNOWN_PATH]


def test_studies_differ_in_their_names_commands_and_results() -> None:
    for of in (lambda one: one.file.name, lambda one: one.file.command, lambda one: one.results[0]):
        assert len({of(study) for study in studies()}) == len(studies())
