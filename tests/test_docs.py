from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import oxyshell
from oxyshell.models import registry
from oxyshell.models.base.observable import Where
from oxyshell.scenario.importing.reading import read_protocol
from oxyshell.scenario.loading import loads
from oxyshell.studies.registry import json_schema
from tests.key_tables import choices_of, documented_keys, paths_of, read_tables
from tests.scenario.protocol.written import with_keys

ROOT = Path(__file__).parents[1]


SCHEMA = json_schema()
# Sections with the keys of others, which the tables explain once.
TWINS = {
    ("shell", "open_circuit"): ("electrode", "open_circuit"),
    ("shell", "oxygen"): ("oxygen",),
    ("shell",): ("material",),
}


def without_twins(paths: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """The paths but for those within a key that another section has too, with all that is in it."""

    def twin(path: tuple[str, ...]) -> tuple[str, ...]:
        own = next((one for one in TWINS if path[: len(one)] == one and len(path) > 2), None)
        return path if own is None else TWINS[own] + path[len(own) :]

    # Names of materials have a page of their own.
    listed = {path for path in paths if path[-2:-1] != ("from",)}
    return {path for path in listed if twin(path) == path or twin(path) not in paths}


PATHS, CHOICES = (without_twins(all_of(SCHEMA)) for all_of in (paths_of, choices_of))
PROTOCOLS = (ROOT / "docs" / "protocols.md").read_text()
TABLES = (ROOT / "docs" / "scenarios.md").read_text() + PROTOCOLS


def test_every_key_of_the_language_has_its_row_and_every_row_its_key() -> None:
    found = documented_keys(read_tables(TABLES), PATHS, CHOICES)
    assert PATHS - found.paths == set()
    assert CHOICES - found.choices == set()
    assert found.unknown == set()
    assert len(PATHS) > 120
    assert ("material", "drift", "dilute") in CHOICES


@pytest.mark.parametrize("key", sorted({path[-1] for path in PATHS | CHOICES}))
def test_a_key_that_the_tables_forget_or_misspell_is_noticed(key: str) -> None:
    text = re.sub(rf"\b{key}\b", "misspelt", TABLES)
    found = documented_keys(read_tables(text), PATHS, CHOICES)
    missing = (PATHS | CHOICES) - found.paths - found.choices
    assert missing
    assert all(key in path for path in missing)


def blocks_of(language: str, page: str) -> list[str]:
    """The examples of a page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("example", blocks_of("yaml", PROTOCOLS))
def test_the_examples_of_protocols_are_valid(example: str, tmp_path: Path) -> None:
    (table,) = blocks_of("csv file scenarios/drive-cycle.csv", PROTOCOLS)
    (tmp_path / "drive-cycle.csv").write_text(table)
    scenario = with_keys(example, folder=tmp_path)
    assert loads(scenario.to_yaml()) == scenario


def test_a_text_and_its_typed_form_are_one_protocol() -> None:
    text, typed, *_ = blocks_of("yaml", PROTOCOLS)
    assert with_keys(text) == with_keys(typed)


def test_the_example_without_an_electrode_is_valid_without_one() -> None:
    (example,) = blocks_of("yaml no electrode", PROTOCOLS)
    with_keys(example, electrode=False)


def test_the_example_of_an_import_is_read(tmp_path: Path) -> None:
    (example,) = blocks_of("text file experiment.txt", PROTOCOLS)
    (tmp_path / "experiment.txt").write_text(example)
    with_keys(read_protocol(tmp_path / "experiment.txt").to_yaml())


RESULTS = (ROOT / "docs" / "results.md").read_text()
MEASURES = ("first_principal", "hoop", "von_mises")
# A row of a table: its first cell names the quantity.
ROW = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<cells>.*) \|$", re.MULTILINE)


def rows_of(page: str, header: str) -> list[tuple[str, ...]]:
    """Rows of all tables whose header begins so, (name, second cell, third cell …)."""
    found = []
    for table in re.findall(rf"^\| {header} \|[^\n]*\n\|[-|]+\|\n((?:\|[^\n]*\n)+)", page, re.MULTILINE):
        lines = table.splitlines()
        rows = [ROW.match(line) for line in lines]
        assert None not in rows, table
        found += [(row["name"], *re.split(r" (?<!\\)\| ", row["cells"])) for row in rows if row]
    return found


def documented(page: str) -> list[tuple[Where, str, str]]:
    """Quantities that the page says runs report: place, name and unit."""
    columns = {
        Where.HISTORY: "column of the history",
        Where.STEP: "column of `steps.csv`",
        Where.CYCLE: "column of `cycles.csv`",
    }
    found = [(where, row[0], row[1]) for where, head in columns.items() for row in rows_of(page, head)]
    for name, unit, places, *_ in rows_of(page, "array"):
        found += [(Where(place.removesuffix("s")), name, unit) for place in places.split(", ")]
    for name, unit, *_ in rows_of(page, "number in `summary.json`"):
        names = dict.fromkeys(name.replace("<measure>", measure) for measure in MEASURES)
        found += [(Where.SUMMARY, one, unit) for one in names]
    return found


DECLARED = [
    (where, name, one.unit or "text") for where in Where for name, one in registry.observables(where).items()
]


def test_every_quantity_of_a_run_has_its_row_with_its_unit_and_every_row_its_quantity() -> None:
    assert Counter(documented(RESULTS)) == Counter(DECLARED)


@pytest.mark.parametrize("quantity", DECLARED, ids=lambda one: f"{one[0].value} {one[1]}")
def test_a_quantity_that_the_tables_forget_or_give_another_unit_is_noticed(
    quantity: tuple[Where, str, str],
) -> None:
    _, name, unit = quantity
    measure = next((one for one in MEASURES if f"stress.{one}." in name), "")
    written = name.replace(measure, "<measure>") if measure else name
    pattern = rf"^\| `{re.escape(written)}` \| {re.escape(unit)} \|.*\n"
    assert re.search(pattern, RESULTS, re.MULTILINE)
    forgotten = documented(re.sub(pattern, "", RESULTS, flags=re.MULTILINE))
    assert quantity not in forgotten
    other = RESULTS.replace(f"| `{written}` | {unit} |", f"| `{written}` | kg |")
    assert quantity not in documented(other)


def test_other_entries_of_a_summary_are_in_their_table() -> None:
    def others(entries: Mapping[str, object], before: str = "") -> Iterator[str]:
        for key, entry in entries.items():
            if isinstance(entry, dict):
                yield from others(entry, f"{before}{key}.")
            elif f"{before}{key}" not in registry.observables(Where.SUMMARY):
                yield f"{before}{key}"

    coarse = {"numerics.elements": {"layer": 2, "bulk": 4}, "numerics.time_tolerance": 1e-2}
    titration = {"rate": "0.1 C", "pulse": "10 min", "rest": "1 h", "until": {"voltage": "3.58 V"}}
    steps = [{"charge": {"rate": "2 C", "until": {"time": "60 s"}}}, {"rest": {"time": "60 s"}}]
    repeat = {"times": 8, "jump": {"tolerance": 1e-2}, "steps": steps}
    runs = (
        ("lrmo-ru1", coarse),
        ("gitt", {**coarse, "protocol": [{"gitt": titration}]}),
        ("gitt", {**coarse, "protocol": [{"repeat": repeat}]}),
    )
    found = {
        entry
        for name, values in runs
        for entry in others(
            oxyshell.run(oxyshell.load(ROOT / "scenarios" / f"{name}.yaml").with_values(values)).summary
        )
    }
    assert {name for name, *_ in rows_of(RESULTS, "other entry")} == found


def test_the_readme_s_scenario_is_valid() -> None:
    text = re.search(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert text is not None
    assert loads(text.group(1)).particle.radius.value == pytest.approx(150e-9)


def test_the_readme_s_script_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    text = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert text is not None
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    # The comparison itself is run by tests/studies.
    exec(text.group(1).split("comparison =")[0], {})
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in printed] == ["4 nm", "4.5 nm", "5 nm"]
    assert all(re.search(r"\d{3} MPa at \d\.\d nm depth", line) for line in printed)


def test_links_between_pages_lead_somewhere() -> None:
    # The site's build makes the gallery, and tells of links into it that lead nowhere.
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\((?!http|gallery/)([^)#]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_no_lock_file_and_no_registry_host_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = listed.stdout.splitlines()
    assert not [name for name in names if name.endswith(".lock")]
    host = "pypi" + ".org"
    texts = [ROOT / name for name in names if name.endswith((".toml", ".md", ".yaml", ".cff", ".py"))]
    assert not [text for text in texts if text.exists() and host in text.read_text()]
