"""What `results/published` holds is what the code computes."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from docs.published import COMPARISONS, DATA, FORMATS, PUBLISHED, publish
from oxyshell.studies.comparison.comparison_result import ComparisonResult

pytestmark = pytest.mark.slow

# Steps keep their error below 1e-4 (of an occupancy, of the oxygen), calibrations stop within 1e-4 of their
# target, and a tenth of that tolerance moves the peaks by less than 1e-6: another machine rounds differently
# and may take other steps, which is ten times less than this.
RELATIVE = 1e-3
# Of a deviation from a published number, in percent of it.
PERCENT = 100 * RELATIVE
NUMBER = re.compile(r"[-+−]?\d+(?:\.\d+)?(?:e[-+−]?\d+)?")
# Blocks of this many pixels are compared, so that another version's letters are the same picture.
BLOCK = 32


@pytest.fixture(scope="session", params=COMPARISONS)
def computed(
    request: pytest.FixtureRequest,
    peak_stress: ComparisonResult,
    oxygen_retention: ComparisonResult,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Path]:
    """Committed files, and those that are computed now."""
    result = dict(zip(COMPARISONS, (peak_stress, oxygen_retention), strict=True))[request.param]
    assert result.path is not None
    scratch = tmp_path_factory.mktemp("published")
    folder = scratch / "folder"
    folder.mkdir()
    publish(shutil.copytree(result.path, scratch / "made"), folder)
    return PUBLISHED / request.param, folder


def leaves(content: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a JSON file with their paths."""
    match content:
        case dict():
            for key, value in content.items():
                yield from leaves(value, f"{path}.{key}")
        case list():
            for index, value in enumerate(content):
                yield from leaves(value, f"{path}.{index}")
        case _:
            yield path, content


def close(found: str, expected: str, name: str = "") -> bool:
    """Whether two texts have the same words, and numbers that agree within the error and the last digit."""
    if NUMBER.sub("#", found) != NUMBER.sub("#", expected):
        return False
    pairs = zip(NUMBER.findall(found), NUMBER.findall(expected), strict=True)
    return all(_near(one.replace("−", "-"), other.replace("−", "-"), name) for one, other in pairs)


def _near(found: str, expected: str, name: str) -> bool:
    mantissa, _, exponent = expected.partition("e")
    decimals = len(mantissa.partition(".")[2])
    # Numbers in words are rounded: one more or less in the last digit is the same number. Counts are exact.
    last = 10.0 ** (int(exponent or 0) - decimals) if decimals else 0.0
    absolute = max(last, PERCENT if name.endswith("percent") else 0.0)
    return float(found) == pytest.approx(float(expected), rel=RELATIVE, abs=1.01 * absolute)


def test_the_folder_holds_what_is_computed_and_nothing_else(computed: tuple[Path, Path]) -> None:
    published, new = computed
    names = {path.name for path in new.iterdir()}
    assert {path.name for path in published.iterdir()} == names
    figures = {path.stem for path in new.iterdir() if path.name not in DATA}
    assert names == {*DATA, *(f"{stem}.{suffix}" for stem in figures for suffix in FORMATS)}
    assert {path.name for path in PUBLISHED.iterdir() if path.is_dir()} == set(COMPARISONS)


def test_every_number_of_the_tables_is_current(computed: tuple[Path, Path]) -> None:
    published, new = (dict(leaves(json.loads((one / "comparison.json").read_text()))) for one in computed)
    assert published.keys() == new.keys()
    different = {}
    for path, value in published.items():
        if isinstance(value, float) and isinstance(new[path], float):
            tolerance = PERCENT if path.endswith("deviation_percent") else 0.0
            same = new[path] == pytest.approx(value, rel=RELATIVE, abs=tolerance)
        else:
            same = new[path] == value or close(str(new[path]), str(value))
        if not same:
            different[path] = (value, new[path])
    assert different == {}


def test_the_table_has_the_rows_of_the_file(computed: tuple[Path, Path]) -> None:
    published, _ = computed
    rows = json.loads((published / "comparison.json").read_text())["rows"]
    with (published / "comparison.csv").open(newline="") as stream:
        table = list(csv.DictReader(stream))
    assert table == [{key: "" if value is None else str(value) for key, value in row.items()} for row in rows]


def test_the_report_is_current(computed: tuple[Path, Path]) -> None:
    published, new = ((one / "report.txt").read_text().splitlines() for one in computed)
    assert [pair for pair in zip_longest(new, published, fillvalue="") if not close(*pair)] == []
    assert max(map(len, published)) <= 80


def texts(svg: Path) -> list[tuple[str, str]]:
    """What is written in a figure; letters that are drawn as paths have a comment with the text."""
    return re.findall(r"<!--\s*(.*?)\s*-->|<text[^>]*>(.*?)</text>", svg.read_text(), re.DOTALL)


def test_the_figures_say_the_same(computed: tuple[Path, Path]) -> None:
    published, new = computed
    for path in new.glob("*.svg"):
        found, expected = ([max(pair) for pair in texts(one / path.name)] for one in (new, published))
        assert len(expected) > 2
        assert [pair for pair in zip_longest(found, expected, fillvalue="") if not close(*pair)] == []


def blocks(path: Path) -> np.ndarray:
    """Mean brightness of the blocks of a picture, 0 to 255."""
    with Image.open(path) as picture:
        size = [max(length // BLOCK, 1) for length in picture.size]
        return np.asarray(picture.convert("L").resize((size[0], size[1]), Image.Resampling.BOX), dtype=float)


def test_the_figures_look_the_same(computed: tuple[Path, Path]) -> None:
    published, new = computed
    for path in new.glob("*.png"):
        found, expected = blocks(path), blocks(published / path.name)
        assert found.shape == expected.shape
        # A curve that moves by its own width changes the blocks that it crosses by more than that.
        assert np.abs(found - expected).max() < 8.0, path.name


@pytest.mark.parametrize(
    ("found", "expected", "same"),
    [
        ("402.9 MPa", "402.9 MPa", True),
        ("403.0 MPa", "402.9 MPa", True),
        ("404.0 MPa", "402.9 MPa", False),
        ("402.9 MPa deep", "402.9 MPa", False),
        ("10 layers", "11 layers", False),
        ("2.669e-11", "2.668e-11", True),
        ("2.70e-11", "2.668e-11", False),
        ("−3.6 %", "-3.6 %", True),
        ("+3.6 %", "-3.6 %", False),
    ],
)
def test_what_counts_as_the_same(found: str, expected: str, same: bool) -> None:
    assert close(found, expected) is same
