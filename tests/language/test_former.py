"""Former names of keys and quantities: read everywhere, told once, and never written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from oxyshell.cli.program import app
from oxyshell.language.former import Renamed
from oxyshell.language.mistakes import ScenarioError
from oxyshell.models import registry
from oxyshell.models.base.observable import Where
from oxyshell.outputs.csv_text import cells
from oxyshell.reports import report
from oxyshell.running.reading import read_run
from oxyshell.running.simulation import run
from oxyshell.scenario.loading import load, loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine import points, quantities
from oxyshell.studies.registry import load_any

ROOT = Path(__file__).parents[2]
FILE = ROOT / "scenarios" / "lrmo-charge-with-oxygen.yaml"
# Where each stands in that scenario, or may stand.
KEYS = {
    "oxygen.source.release_rate": "oxygen.source.generation_rate",
    "oxygen.surface.layers": "oxygen.surface.monolayers",
    "oxygen.surface.loading.layer_thickness": "oxygen.surface.loading.monolayer_thickness",
}
QUANTITIES = {
    "oxygen.escaped_fraction": "oxygen.released_fraction",
    "last of history.oxygen_escaped_mol": "last of history.oxygen_released_mol",
    "row 1 of steps.oxygen_escaped_umol_g": "row 1 of steps.oxygen_released_umol_g",
    "row 1 of cycles.oxygen_escaped_umol_g": "row 1 of cycles.oxygen_released_umol_g",
}


@pytest.fixture(scope="module")
def charge() -> Scenario:
    return load(FILE)


def with_former_names(text: str) -> str:
    """A file as it was written before."""
    for former, present in KEYS.items():
        text = text.replace(present.rpartition(".")[2], former.rpartition(".")[2])
    return text


def told(notices: Any) -> dict[str, str]:
    return {one.former: one.present for one in notices}


def test_a_file_with_former_keys_is_the_same_scenario_and_is_written_with_the_present_ones(
    charge: Scenario,
) -> None:
    text = with_former_names(charge.to_yaml())
    assert "generation_rate" not in text
    former = loads(text, folder=FILE.parent)
    assert former == charge
    assert told(former.notices) == KEYS
    assert former.to_yaml() == charge.to_yaml()
    assert charge.notices == loads(charge.to_yaml(), folder=FILE.parent).notices == ()


@pytest.mark.parametrize("former", KEYS)
def test_paths_may_have_former_names(charge: Scenario, former: str) -> None:
    present = KEYS[former]
    value = f"{0.5 * charge.get(present)} {charge.unit(present).removesuffix('1')}".strip()
    changed = charge.with_values({former: value})
    assert changed == charge.with_values({present: value})
    assert changed.get(former) == changed.get(present) == 0.5 * charge.get(present)
    assert changed.unit(former) == charge.unit(present)
    assert told(changed.notices) == {former: present}
    # Told as long as the value goes on to be there, and once.
    assert told(changed.with_values({former: value, "particle.radius": "160 nm"}).notices) == {
        former: present
    }
    with pytest.raises(ScenarioError, match="one of both"):
        charge.with_values({former: value, present: value})


def test_layers_have_them_too(charge: Scenario) -> None:
    source = {"onset": 0.2, "release_rate": "1e-5 1/s"}
    for path in ("shell.oxygen", "shell.oxygen.source"):
        own = charge.with_values({path: {"source": source} if path.endswith("oxygen") else source})
        assert own.get("shell.oxygen.source.generation_rate") == 1e-5
        former = "shell.oxygen.source.release_rate"
        assert told(own.notices) == {former: former.replace("release", "generation")}


def test_a_key_of_another_law_is_no_former_name(charge: Scenario) -> None:
    opened = {"law": "open", "transfer": {"biot": 1000}}
    with pytest.raises(ScenarioError, match="unknown key 'layers'"):
        charge.with_values({"oxygen.surface": {**opened, "layers": 2}})


def test_a_mistake_stands_where_the_former_name_does(charge: Scenario) -> None:
    lines = with_former_names(charge.to_yaml()).splitlines()
    (index,) = (number for number, line in enumerate(lines) if line.strip().startswith("layers:"))
    lines[index] = "    layers: -1"
    with pytest.raises(ScenarioError) as caught:
        loads("\n".join(lines), folder=FILE.parent)
    (mistake,) = caught.value.mistakes
    assert (mistake.line, mistake.path) == (index + 1, "oxygen.surface.monolayers")
    twice = [*lines[: index + 1], "    monolayers: 1", *lines[index + 1 :]]
    with pytest.raises(ScenarioError, match="unknown key 'layers', expected 'monolayers'"):
        loads("\n".join(twice), folder=FILE.parent)


def test_circumstances_of_a_calibration_may_have_former_paths(charge: Scenario) -> None:
    def remarks(rate: float) -> list[str]:
        under = {"oxygen.source.release_rate": "1e-5 1/s"}
        value = {"value": "1e-15 m^2/s", "status": "calibrated", "under": under}
        changed = charge.with_values(
            {"oxygen.diffusivity": value, "oxygen.source.generation_rate": f"{rate} 1/s"}
        )
        found = changed.on(changed.geometry()).remarks()
        return [one for one in found if "was calibrated under" in one]

    assert remarks(1e-5) == []
    assert len(remarks(2e-5)) == 1


def test_a_material_of_one_s_own_may_have_them(charge: Scenario, tmp_path: Path) -> None:
    source = "{onset: 0.4, release_rate: 1e-4 1/s}"
    (tmp_path / "mine.yaml").write_text(
        f"name: mine\nfrom: LRMO-pristine\noxygen: {{diffusivity: 1e-15 m^2/s, source: {source}}}\n"
    )
    text = FILE.read_text(encoding="utf-8").replace("from: LRMO-Ru-1", "from: ./mine.yaml")
    scenario = loads(text, folder=tmp_path)
    assert scenario.get("oxygen.source.generation_rate") == 1e-4
    (notice,) = scenario.notices
    assert notice.file == str(tmp_path / "mine.yaml")
    again = scenario.with_values({"particle.radius": "160 nm"})
    assert again.notices == scenario.notices


@pytest.mark.parametrize("former", QUANTITIES)
def test_a_quantity_may_have_its_former_name(former: str) -> None:
    asked, present = quantities.read(former), quantities.read(QUANTITIES[former])
    assert (asked.name, asked.unit, asked.where) == (present.name, present.unit, present.where)
    assert asked.text == former
    written = former.rpartition(" of ")[2]
    assert told(asked.notices) == {written: QUANTITIES[former].rpartition(" of ")[2]}
    assert present.notices == ()


def test_columns_that_end_steps_and_drive_losses_may_have_them(charge: Scenario) -> None:
    until = {"reaches": {"oxygen_escaped_mol": 1e-18}, "extracted": 0.9}
    driver = {"kind": "column", "column": "oxygen_escaped_umol_g", "reference": 100}
    layer = {"start": "3 nm", "growth": {"law": "linear", "rate": "1 nm"}, "driver": driver}
    cycle = {"repeat": {"times": 2, "steps": [{"charge": {"rate": "1 C", "until": until}}]}}
    changed = charge.with_values({"protocol": [cycle], "output": {}, "degradation": {"layer": layer}})
    assert changed.get("protocol.0.repeat.steps.0.charge.until.reaches.oxygen_released_mol") == 1e-18
    assert changed.get("degradation.layer.driver.column") == "oxygen_released_umol_g"
    assert set(told(changed.notices)) == {
        "protocol.0.repeat.steps.0.charge.until.reaches.oxygen_escaped_mol",
        "degradation.layer.driver.column: oxygen_escaped_umol_g",
    }


SWEEP = """\
sweep: former names
scenario: charge.yaml
over:
  oxygen.source.release_rate: [1e-4 1/s, 1e-5 1/s]
quantities: [oxygen.escaped_fraction]
"""


def test_points_of_a_sweep_have_numbers_where_a_path_has_a_former_name(charge: Scenario) -> None:
    rates = ["1e-4 1/s", "1e-5 1/s"]
    former = points.resolve(charge, [{"oxygen.source.release_rate": rate} for rate in rates])
    present = points.resolve(charge, [{"oxygen.source.generation_rate": rate} for rate in rates])
    assert [one.shown for one in former] == [one.shown for one in present] == [(1e-4,), (1e-5,)]
    assert [one.key for one in former] == [one.key for one in present]


def test_validate_tells_them_of_files_of_any_kind(charge: Scenario, tmp_path: Path) -> None:
    (tmp_path / "charge.yaml").write_text(with_former_names(charge.to_yaml()), encoding="utf-8")
    (tmp_path / "sweep.yaml").write_text(SWEEP, encoding="utf-8")
    files = [str(tmp_path / name) for name in ("charge.yaml", "sweep.yaml")]
    printed = CliRunner().invoke(app, ["validate", *files]).output
    flat = " ".join(printed.split())
    for former, present in {**KEYS, "oxygen.escaped_fraction": "oxygen.released_fraction"}.items():
        assert f"{Renamed(former, present)}" in flat
    notices: list[Renamed] = []
    load_any(tmp_path / "sweep.yaml", notices=notices)
    assert told(notices) == {**KEYS, "oxygen.escaped_fraction": "oxygen.released_fraction"}
    assert len(notices) == len(set(notices))


def test_a_run_tells_them_in_a_remark_and_writes_the_present_ones(tmp_path: Path) -> None:
    text = (ROOT / "scenarios" / "lrmo-oxygen-ru1.yaml").read_text(encoding="utf-8")
    scenario = loads(with_former_names(text), folder=FILE.parent).with_values(
        {"protocol": [{"rest": {"time": "1 min"}}], "output": {}}
    )
    result = run(scenario, tmp_path / "run")
    (remark, *_) = result.summary["remarks"]
    assert remark.startswith("'oxygen.surface.layers' is now called 'oxygen.surface.monolayers'")
    written = (tmp_path / "run" / "scenario.yaml").read_text(encoding="utf-8")
    assert "monolayers:" in written
    assert " layers:" not in written
    # A folder as it was written before: read with the present names, as a run of today.
    rename_in(tmp_path / "run")
    again = read_run(tmp_path / "run")
    assert list(again.history) == list(result.history)
    assert list(again.step_table) == list(result.step_table)
    assert list(again.step_table.columns) == list(again.step_table)
    assert again.summary["oxygen"] == pytest.approx(
        json.loads(json.dumps(result.summary["oxygen"])), nan_ok=True
    )
    assert (
        quantities.read("oxygen.escaped_fraction").of(again) == result.summary["oxygen"]["released_fraction"]
    )
    assert "O₂ released" in report(tmp_path / "run").read_text(encoding="utf-8")


def rename_in(folder: Path) -> None:
    """Put former names into the files of a run."""
    names = registry.former_names()
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    for former, present in names[Where.SUMMARY].items():
        section, _, key = present.rpartition(".")
        summary[section][former.rpartition(".")[2]] = summary[section].pop(key)
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    for table, where in {"history.csv": Where.HISTORY, "steps.csv": Where.STEP}.items():
        head, *rest = (folder / table).read_text(encoding="utf-8").split("\n")
        written = {present: name for name, present in names[where].items()}
        assert written
        heads = [written.get(name, name) for name in cells(head)]
        (folder / table).write_text("\n".join([",".join(heads), *rest]), encoding="utf-8")
