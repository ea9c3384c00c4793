"""Files of runs and studies that come from somebody else: read, or refused in words, whatever is in them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from oxyshell.errors import OutputError
from oxyshell.outputs import RunFolder, read_run
from oxyshell.outputs.checkpoint import read_checkpoint, write_checkpoint
from oxyshell.running.checkpoints import Checkpoint
from oxyshell.studies.engine import study_store
from oxyshell.studies.engine.journal import parse
from oxyshell.studies.engine.study import Study
from oxyshell.studies.engine.tables import Column
from tests.outputs.sample_run import SCENARIO, fields, profile, row, table_row

DEEP = "[" * 100_000


@pytest.fixture
def run(tmp_path: Path) -> Path:
    with RunFolder(tmp_path / "run") as folder:
        folder.start(SCENARIO)
        for step in range(6):
            folder.step(row(step))
            folder.snapshot(profile(step), fields(step))
            folder.protocol_step(table_row(step))
        folder.finish({"steps": 5, "stress": {"peak_MPa": 1.0}})
    return tmp_path / "run"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    numbers = Column("particle.radius", "m", (1e-7, 2e-7))
    made = Study(
        name="s",
        about="",
        parameters=(numbers,),
        quantities=(Column("stress.first_principal.peak_MPa", "MPa", (1.0, 2.0)),),
        keys=("a", "b"),
        status=("completed", "failed"),
        reason=("", "why"),
        remarks=((), ("A remark.",)),
        wall_time_s=(1.0, 2.0),
        solve_time_s=(1.0, 2.0),
        provenance={"oxyshell": "0"},
        path=None,
    )
    study_store.write(made, tmp_path)
    assert study_store.read(tmp_path).keys == ("a", "b")
    return tmp_path


def read_all(folder: Path) -> None:
    result = read_run(folder)
    for snapshot in result.fields:
        assert len(snapshot.points)
    assert set(result.profiles)


def mutated(content: bytes, chosen: random.Random) -> bytes:
    """Some bytes replaced, a piece taken out, or the end cut off."""
    changed = bytearray(content)
    kind = chosen.randrange(3)
    if kind == 0:
        for _ in range(chosen.choice([1, 4, 64])):
            changed[chosen.randrange(len(changed))] = chosen.randrange(256)
    elif kind == 1:
        place = chosen.randrange(len(changed))
        del changed[place : place + chosen.randrange(1, 200)]
    else:
        del changed[chosen.randrange(len(changed)) :]
    return bytes(changed)


@pytest.mark.parametrize(
    "name",
    [
        "summary.json",
        "history.csv",
        "steps.csv",
        "profiles.h5",
        "profiles.tail",
        "fields.pvd",
        "fields/fields_000001.vtu",
        "scenario.yaml",
    ],
)
def test_damaged_files_of_a_run_are_read_or_refused_in_words(name: str, run: Path) -> None:
    chosen = random.Random(name)
    (run / "profiles.tail").write_bytes(bytes(3000))
    whole = (run / name).read_bytes()
    refused = 0
    for _ in range(40):
        (run / name).write_bytes(mutated(whole, chosen))
        try:
            read_all(run)
        except OutputError as error:
            assert str(run) in str(error)  # noqa: PT017 (one of two good ends)
            refused += 1
    assert refused or name in ("profiles.tail", "scenario.yaml")


def test_studies_that_are_cut_off_are_refused_in_words(study: Path) -> None:
    # Other damage can make the HDF5 library itself loop for ever (docs/security.md).
    chosen = random.Random(1)
    whole = (study / study_store.H5).read_bytes()
    refused = 0
    for _ in range(60):
        (study / study_store.H5).write_bytes(whole[: chosen.randrange(len(whole))])
        try:
            read = study_store.read(study)
            read.table()
        except OutputError as error:
            assert study_store.H5 in str(error)  # noqa: PT017
            refused += 1
    assert refused > 30


def link(file: h5py.File, name: str) -> None:
    del file[name]
    file[name] = h5py.ExternalLink("/etc/hostname", "/x")


def soft_link(file: h5py.File, name: str) -> None:
    del file[name]
    file[name] = h5py.SoftLink("/nowhere")


def data_elsewhere(file: h5py.File, name: str) -> None:
    del file[name]
    file.create_dataset(name, (8,), "u1", external=[("/etc/hostname", 0, 8)])


def huge(file: h5py.File, name: str) -> None:
    del file[name]
    file.create_dataset(name, (10**12,), "f8", chunks=(1000,))


def group(file: h5py.File, name: str) -> None:
    del file[name]
    file.create_group(name)


def words(file: h5py.File, name: str) -> None:
    del file[name]
    file[name] = ["a", "b"]


def scalar(file: h5py.File, name: str) -> None:
    del file[name]
    file[name] = 1.0


def compound(file: h5py.File, name: str) -> None:
    del file[name]
    file[name] = np.zeros(2, dtype=[("x", "f8"), ("y", "i4")])


def gone(file: h5py.File, name: str) -> None:
    del file[name]


def longer(file: h5py.File, name: str) -> None:
    del file[name]
    file[name] = np.zeros(77)


WRONG = [link, soft_link, data_elsewhere, huge, group, words, scalar, compound, gone, longer]


@pytest.mark.parametrize("damage", WRONG)
@pytest.mark.parametrize("name", ["time_s", "hoop_Pa", "depth_m"])
def test_wrong_profiles_are_refused(damage: Callable[[h5py.File, str], None], name: str, run: Path) -> None:
    with h5py.File(run / "profiles.h5", "r+") as file:
        for scale in file.values():
            for attribute in ("DIMENSION_LIST", "REFERENCE_LIST"):
                scale.attrs.pop(attribute, None)
        damage(file, name)
    with pytest.raises(OutputError, match=r"profiles\.h5"):
        read_run(run)


@pytest.mark.parametrize("damage", WRONG)
@pytest.mark.parametrize("name", ["stress.first_principal.peak_MPa", "status", "wall_time_s"])
def test_wrong_studies_are_refused(damage: Callable[[h5py.File, str], None], name: str, study: Path) -> None:
    if damage is words and name == "status":
        pytest.skip("words are what it should have")
    with h5py.File(study / study_store.H5, "r+") as file:
        damage(file, name)
    with pytest.raises(OutputError, match=r"study\.h5"):
        study_store.read(study)


@pytest.mark.parametrize("value", [DEEP, "{", '{"a": 1}', "[1, 2]", "null", b"\xff\xfe", 7, np.zeros(3)])
@pytest.mark.parametrize("name", ["parameters", "quantities", "provenance"])
def test_wrong_attributes_of_a_study_are_refused(name: str, value: object, study: Path) -> None:
    with h5py.File(study / study_store.H5, "r+") as file:
        if isinstance(value, str) and len(value) > 60_000:  # as long as an attribute can be
            value = value[:60_000]
        file.attrs[name] = value
    if name == "provenance" and isinstance(value, str) and value == '{"a": 1}':
        assert study_store.read(study).provenance == {"a": 1}
        return
    with pytest.raises(OutputError, match=r"study\.h5"):
        study_store.read(study)


@pytest.mark.parametrize("content", [DEEP.encode(), b"[]", b"3", b"\xff\xfe\x00", b'{"a": NaN', b"null"])
def test_a_summary_that_is_none_is_refused(content: bytes, run: Path) -> None:
    (run / "summary.json").write_bytes(content)
    with pytest.raises(OutputError, match=r"summary\.json cannot be read as the summary of a run"):
        read_run(run)


@pytest.mark.parametrize(
    "line",
    [
        DEEP,
        "[]",
        "3",
        '{"key": 1, "status": "completed"}',
        '{"key": "a", "status": "well"}',
        '{"key": "a", "status": ["completed"]}',
        '{"key": "a", "status": "completed", "numbers": [1]}',
        '{"key": "a", "status": "completed", "numbers": {"x": "y"}}',
        '{"key": "a", "status": "completed", "wall_time_s": "long"}',
        '{"key": "a", "status": "completed", "surprise": 1}',
    ],
)
def test_a_line_that_no_sweep_wrote_is_named(line: str) -> None:
    with pytest.raises(OutputError, match=r"points\.jsonl, line 2, is no point of a sweep"):
        parse('{"key": "b", "status": "failed"}\n' + line, Path("points.jsonl"))


@pytest.mark.parametrize(
    "name", ["../../secret.vtu", "/etc/passwd", "fields/../../x.vtu", "fields/fields_000009.vtu"]
)
def test_an_index_does_not_lead_to_other_files(name: str, run: Path) -> None:
    text = (run / "fields.pvd").read_text().replace("fields/fields_000001.vtu", name)
    (run / "fields.pvd").write_text(text)
    with pytest.raises(OutputError, match=r"fields\.pvd is not a ParaView index.*expected fields/"):
        read_run(run)


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"ends": 3, "place": {}},
        {"ends": [], "place": {"rows": "many", "snapshots": 1}},
        {"ends": [], "place": {"rows": 1}},
        {"ends": [1], "place": {"rows": 1, "snapshots": 1}},
        {"ends": [], "place": {"rows": 1, "snapshots": 1, "more": 1}},
    ],
)
def test_a_checkpoint_of_something_else_is_refused(tree: dict[str, object], tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.h5"
    write_checkpoint(file, tree, "me")
    with pytest.raises(OutputError, match=r"checkpoint\.h5 cannot be read as a checkpoint of this run"):
        Checkpoint(read_checkpoint(file)[0], file)


@pytest.mark.parametrize("damage", [link, data_elsewhere, huge, words, compound])
def test_a_checkpoint_leads_to_no_other_file(
    damage: Callable[[h5py.File, str], None], tmp_path: Path
) -> None:
    path = tmp_path / "checkpoint.h5"
    write_checkpoint(path, {"numbers": json.loads("[1]"), "more": {"x": np.zeros(3)}}, "me")
    with h5py.File(path, "r+") as file:
        damage(file, "arrays/more/x")
    with pytest.raises(OutputError, match=r"checkpoint\.h5 is not a whole checkpoint"):
        read_checkpoint(path)
