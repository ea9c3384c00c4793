from __future__ import annotations

from pathlib import Path

import pytest

import oxyshell
from oxyshell.errors import InputError
from oxyshell.studies import examples
from tests.program import SCENARIOS


def test_every_shipped_file_is_listed_with_its_title_and_its_command() -> None:
    found = {one.name: one for one in examples.examples()}
    assert set(found) == {path.stem for path in SCENARIOS.glob("*.yaml")}
    assert (found["lrmo-ru1"].title, found["lrmo-ru1"].command) == ("LRMO Ru-1", "run")
    assert (found["lrmo-peak-stress"].title, found["lrmo-peak-stress"].kind) == (
        "LRMO peak stress",
        "comparison",
    )
    assert found["calibrate-lrmo"].title == "What 567 and 418 MPa determine"
    assert found["design-shell"].command == "optimise"
    assert examples.examples()[0].kind == "scenario"


def test_copies_work_where_they_are(tmp_path: Path) -> None:
    copied = examples.copy(tmp_path / "new" / "folder")
    assert {path.name for path in copied} >= {path.name for path in SCENARIOS.glob("*.yaml")}
    for name in ("lrmo-peak-stress", "sweep-shell", "design-shell"):
        oxyshell.validate(tmp_path / "new" / "folder" / f"{name}.yaml")


def test_copying_twice_changes_nothing_and_a_file_of_one_s_own_is_kept(tmp_path: Path) -> None:
    examples.copy(tmp_path)
    examples.copy(tmp_path)
    (tmp_path / "lrmo-ru1.yaml").write_text("name: mine\n")
    (tmp_path / "gitt.yaml").unlink()
    with pytest.raises(InputError, match=r"lrmo-ru1\.yaml, which is not the shipped file"):
        examples.copy(tmp_path)
    assert (tmp_path / "lrmo-ru1.yaml").read_text() == "name: mine\n"
    assert not (tmp_path / "gitt.yaml").exists()


@pytest.mark.parametrize("name", ["", "nothing", "../lrmo-ru1", "lrmo-ru1.yaml"])
def test_other_names_are_no_shipped_file(name: str) -> None:
    assert examples.file_of(name) is None
