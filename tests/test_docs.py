from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from oxyshell.scenario.loading import loads
from oxyshell.studies.loading import json_schema
from tests.key_tables import choices_of, documented, paths_of, read_tables

ROOT = Path(__file__).parents[1]


SCHEMA = json_schema()
PATHS, CHOICES = paths_of(SCHEMA), choices_of(SCHEMA)
TABLES = (ROOT / "docs" / "scenarios.md").read_text()


def test_every_key_of_the_language_has_its_row_and_every_row_its_key() -> None:
    found = documented(read_tables(TABLES), PATHS, CHOICES)
    assert PATHS - found.paths == set()
    assert CHOICES - found.choices == set()
    assert found.unknown == set()
    assert len(PATHS) > 120
    assert ("material", "drift", "dilute") in CHOICES


@pytest.mark.parametrize("key", sorted({path[-1] for path in PATHS | CHOICES}))
def test_a_key_that_the_tables_forget_or_misspell_is_noticed(key: str) -> None:
    text = re.sub(rf"\b{key}\b", "misspelt", TABLES)
    found = documented(read_tables(text), PATHS, CHOICES)
    missing = (PATHS | CHOICES) - found.paths - found.choices
    assert missing
    assert all(key in path for path in missing)


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
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text()):
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
