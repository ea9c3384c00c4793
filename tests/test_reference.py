"""The generated reference has every key of every kind of file, and every quantity that runs report."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from docs import generate_reference
from docs.generate_reference import columns_page, file_name, keys_page, kinds, sections, write
from oxyshell.models import registry
from oxyshell.models.base.observable import Where
from oxyshell.studies.registry import json_schema
from tests.key_tables import choices_of, paths_of


def rows(page: str) -> dict[str, list[str]]:
    """Cells of the rows of all tables by the name in the first cell."""
    found: dict[str, list[str]] = {}
    for line in page.splitlines():
        if line.startswith("| `"):
            name, *cells = (cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1])
            found.setdefault(name.strip("`"), cells)
    return found


@pytest.mark.parametrize("kind", kinds())
def test_every_key_has_a_row_with_its_value_default_and_meaning(kind: str) -> None:
    found = rows(keys_page(kind))
    assert {path[-1] for path in paths_of(json_schema(kind))} - found.keys() == set()
    for key, cells in found.items():
        assert len(cells) == 3, key
        assert all(cells), key


@pytest.mark.parametrize("kind", kinds())
def test_every_section_has_a_heading_and_all_its_keys_below_it(kind: str) -> None:
    page, schema = keys_page(kind), json_schema(kind)
    tables = re.findall(r"\| key \| value \| default \| meaning \|\n.*?(?=\n\n|\Z)", page, re.DOTALL)
    known = list(sections(schema))
    assert len(tables) == page.count("\n## ") == len(known)
    for table, (path, section) in zip(tables, known, strict=True):
        present = {key for key, entry in section["properties"].items() if not entry.get("deprecated")}
        assert rows(table).keys() == present, path


def test_words_that_are_values_are_on_the_page() -> None:
    page = keys_page("scenario")
    for *_, word in choices_of(json_schema()):
        assert f"`{word}`" in page or f": {word}`" in page, word


def test_types_ranges_and_defaults() -> None:
    found = rows(keys_page("scenario"))
    assert found["temperature"][:2] == ["a temperature, for example '298.15 K', above 0 K", "`298.15 K`"]
    assert found["radius"][1] == found["generation_rate"][1] == "required"
    assert found["generation_rate"][0].endswith("above 0 and at most 1 1/s")
    assert found["molar_volume"][1] == "required, or that of `from`"
    assert found["oxygen_tolerance"][0].startswith("a number, above 0")
    assert "release_rate" not in found


def test_every_quantity_has_its_unit_meaning_and_physics() -> None:
    page = columns_page()
    parts = re.split(r"\n## ", page)[1:]
    for where, part in zip(Where, sorted(parts[: len(Where)], key=_place), strict=True):
        found = rows(part)
        declared = registry.observables(where)
        assert found.keys() == declared.keys()
        for name, one in declared.items():
            assert found[name][0] == (one.unit or "text")
            assert found[name][2]
    assert rows(page)["oxygen_released_mol"][3] == "`oxygen`"
    assert rows(page)["voltage_V"][3] == "`electrode`"
    assert rows(parts[-1])["oxygen_escaped_mol"] == ["`oxygen_released_mol`"]


def _place(part: str) -> int:
    titles = [generate_reference._PLACES[where][0] for where in Where]
    return titles.index(part.partition("\n")[0])


def test_pages_are_written_by_their_names(tmp_path: Path) -> None:
    written = write(tmp_path / "reference")
    assert [page.name for page in written] == [*map(file_name, kinds()), "columns.md"]
    assert Counter(page.name for page in written).most_common(1)[0][1] == 1
    assert all(page.read_text(encoding="utf-8").startswith("# ") for page in written)
