"""The page on extending shows the very files that the other tests of this folder run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = DOCS / "extending"
FILES = sorted(
    str(file.relative_to(EXAMPLES)) for file in EXAMPLES.rglob("*.py") if file.name != "__init__.py"
)


def test_there_are_examples() -> None:
    assert {"tracer/physics.py", "tracer/process.py", "elastic_energy.py", "recombination.py"} <= set(FILES)


@pytest.mark.parametrize("file", FILES)
def test_every_example_is_on_the_page_as_it_is(file: str) -> None:
    blocks = re.findall(
        r"<!-- (\S+) -->\n```python\n(.*?)```\n", (DOCS / "extending.md").read_text(), re.DOTALL
    )
    assert dict(blocks)[file] == (EXAMPLES / file).read_text()


def test_no_file_of_the_package_names_the_examples() -> None:
    package = DOCS.parent / "oxyshell"
    for file in package.rglob("*.py"):
        assert not re.search(r"(?i)tracer|elastic_energy|recombination", file.read_text()), file
