"""What the project's files say about it: versions, workflows, the recipe, and commands of its documents."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import oxyshell

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
DOCUMENTS = ("CONTRIBUTING.md", "RELEASE.md", "results/published/README.md")
# Programs of the machine and of the extra `docs`, and what `uv tool run` brings.
ELSEWHERE = {"sphinx-build", "bash", "git", "sha256sum", "docker", "sudo", "test", "cp", "cd"}
TOOLS = {"twine", "cffconvert", "pre-commit"}


def parsed(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def test_the_version_is_in_one_place_and_what_repeats_it_agrees() -> None:
    version = oxyshell.__version__
    assert "version" not in PROJECT
    assert parsed(ROOT / "CITATION.cff")["version"] == version
    assert parsed(ROOT / "conda" / "recipe.yaml")["context"]["version"] == version
    heading = re.search(
        r"^## (\S+) \((unreleased|\d{4}-\d\d-\d\d)\)$", (ROOT / "CHANGELOG.md").read_text(), re.M
    )
    assert heading is not None
    assert heading[1] == version


def test_the_entry_for_bibtex_is_that_of_the_citation_file() -> None:
    citation = parsed(ROOT / "CITATION.cff")
    page = (ROOT / "docs" / "citing.md").read_text()
    entry = dict(re.findall(r"^ +(\w+) += \{+(.*?)\}+,?$", page, re.MULTILINE))
    assert entry["author"] == " and ".join(one["name"] for one in citation["authors"])
    assert entry["title"] == citation["title"]
    assert entry["version"] == citation["version"]
    assert entry["year"] == str(citation["date-released"].year)
    assert entry["note"] == f"{citation['license']} licence"
    assert f"version {citation['version']} ({entry['year']})" in page


def pythons() -> list[str]:
    """The versions of Python that the classifiers name."""
    found = [
        re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", one) for one in PROJECT["classifiers"]
    ]
    return [one[1] for one in found if one]


def test_every_python_that_is_promised_is_tested() -> None:
    jobs = parsed(ROOT / ".github" / "workflows" / "tests.yml")["jobs"]
    assert jobs["tests"]["strategy"]["matrix"]["python"] == pythons()
    assert jobs["lowest"]["env"]["UV_PYTHON"] == pythons()[0]
    assert jobs["newest"]["env"]["UV_PYTHON"] == pythons()[-1]
    lowest, above = (pythons()[0], f"3.{int(pythons()[-1].partition('.')[2]) + 1}")
    assert PROJECT["requires-python"] == f">={lowest},<{above}"
    assert (ROOT / ".python-version").read_text().strip() in pythons()


def test_the_recipe_has_the_dependencies_of_the_package() -> None:
    run = parsed(ROOT / "conda" / "recipe.yaml")["requirements"]["run"]
    ours = {re.sub(r"([\w.-]+)(.*)", r"\1 \2", one) for one in PROJECT["dependencies"]}
    theirs = {one.replace("matplotlib-base", "matplotlib") for one in run}
    assert ours <= theirs
    assert len(theirs - ours) == 3
    (fenicsx,) = (one for one in PROJECT["optional-dependencies"]["fenicsx"] if one.startswith("dolfinx"))
    bounds = fenicsx.partition(";")[0].removeprefix("dolfinx-solver-real")
    assert f"fenics-dolfinx {bounds}" in run


def test_the_particle_of_the_recipe_is_that_of_the_readme() -> None:
    assert f"```yaml\n{(ROOT / 'conda' / 'particle.yaml').read_text()}```" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_ask_for_the_least_and_pin_what_they_use(workflow: Path) -> None:
    content = parsed(workflow)
    assert content["permissions"] == {"contents": "read"}
    for job in content["jobs"].values():
        assert "timeout-minutes" in job or "uses" in job
        for step in job.get("steps", []):
            assert re.fullmatch(r"[\w-]+/[\w-]+@(v\d+|release/v1|[0-9a-f]{40})", step.get("uses", "a/b@v1"))


def commands_of(text: str) -> list[str]:
    """Lines of the sh blocks of a document, without comments."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def written() -> list[str]:
    lines = [line for name in DOCUMENTS for line in commands_of((ROOT / name).read_text())]
    for workflow in WORKFLOWS:
        for job in parsed(workflow)["jobs"].values():
            lines += [step["run"] for step in job.get("steps", []) if "\n" not in step.get("run", "\n")]
    hooks = parsed(ROOT / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    return [*lines, *(hook["entry"] for hook in hooks)]


def unknown(command: str) -> list[str]:
    """What a command names that is not there: programs, modules, files, extras."""
    missing = []
    for part in re.split(r" && ", re.sub(r"\s#.*", "", command)):
        words = shlex.split(re.sub(r"\$\(.*?\)", "X", part))
        if words[:4] == ["python3", "-m", "uv", "run"]:
            words = words[4:]
            while words and words[0].startswith("--"):
                option, valued = words.pop(0), True
                valued = option not in {"--no-dev", "--upgrade"}
                value = words.pop(0) if valued else ""
                if option == "--extra" and value not in PROJECT["optional-dependencies"]:
                    missing.append(value)
        match words:
            case ["python3", "-m", "uv", "tool", "run", tool, *_]:
                missing += [] if tool in TOOLS else [tool]
            case ["python3" | "python", "-m", module, *_]:
                missing += [] if module in {"uv", "pip"} or importlib.util.find_spec(module) else [module]
            case [program, *_]:
                beside = Path(sys.executable).parent / program
                found = program in ELSEWHERE or beside.exists() or shutil.which(program)
                missing += [] if found else [program]
        missing += [word for word in words if word.startswith(("tests/", "scenarios/")) and not there(word)]
    return missing


def there(name: str) -> bool:
    return (ROOT / name).exists()


# Other than these, a document's command can be carried out in the environment of the project.
def test_every_command_of_the_documents_exists() -> None:
    found = written()
    assert len(found) > 25
    assert {command: unknown(command) for command in found if unknown(command)} == {}


@pytest.mark.parametrize(
    "command",
    [
        "python3 -m uv run pytst",
        "python3 -m uv run --extra peer pytest",
        "python3 -m uv run python -m docs.picture",
        "python3 -m uv run pytest tests/test_projects.py",
        "python3 -m uv tool run twne check",
    ],
)
def test_a_command_that_does_not_exist_is_noticed(command: str) -> None:
    assert unknown(command)


def test_forms_ask_for_what_a_report_needs() -> None:
    for name, needed in {
        "bug": {"scenario", "output", "version"},
        "wrong-number": {"number", "source"},
    }.items():
        form = parsed(ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml")
        required = {one["id"] for one in form["body"] if one.get("validations", {}).get("required")}
        assert needed <= required
