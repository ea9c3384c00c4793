"""Tables on terminals of several widths: no word is broken, and no number is parted from its unit."""

from __future__ import annotations

import pytest

from oxyshell.presentation.document import lines_of
from oxyshell.presentation.table import Table
from oxyshell.presentation.wrapping import words, wrapped

HEADLINE = Table(
    "LRMO particle with and without a layer: published and computed",
    ("quantity", "system", ">published", ">computed", ">deviation", "status", "where and when"),
    [
        ("diffusivity", "pristine", "", "1.568e-19 m²/s", "", "calibrated", ""),
        ("peak first principal stress", "pristine", "567.0 MPa", "567.0 MPa", "+0.0 %", "calibrated",
         "at the surface, 0.98 per formula unit extracted"),
        ("peak first principal stress", "Ru-1", "418.0 MPa", "402.9 MPa", "-3.6 %", "predicted",
         "4.5 nm deep, 0.98 per formula unit extracted"),
    ],
    keys=2,
)  # fmt: skip
MANY = Table(
    "many columns",
    ("case", "system", *(f">charge capacity at {rate}C" for rate in (0.1, 0.2, 0.5, 1, 2, 5, 10))),
    [
        (
            f"radius {size} nm" if system == "pristine" else "",
            system,
            *(f"{size + rate:.1f} mA h/g" for rate in range(7)),
        )
        for size in (100, 150, 200)
        for system in ("pristine", "Ru-1")
    ],
    keys=2,
)
ONE_ROW = Table(
    "one",
    (">point", *(f">energy of the state number {number}" for number in range(9)), "status"),
    [("0", *["1.234 J/m²"] * 9, "completed")],
)
TEXTS = Table("texts", ("a", "b"), [("word " * 30, "other " * 40), ("10.1039/d5ee00430f", "short")])


@pytest.mark.parametrize("width", [60, 80, 100, 150])
@pytest.mark.parametrize("table", [HEADLINE, MANY, ONE_ROW, TEXTS], ids=lambda one: one.title.split(":")[0])
def test_no_word_is_broken_and_no_line_is_too_long(table: Table, width: int) -> None:
    lines = list(table.lines(width))
    assert all(len(line) <= width for line in lines), "\n".join(lines)
    text = "\n".join(lines)
    for cell in (cell for row in table.rows for cell in row):
        for word in words(cell):
            number = word.split(" ")[0]
            # A column of one unit may have it in its heading.
            assert word in text or number in text.split(), word
    # The last text of a row may stand below it, without its heading.
    for heading in table.headings[:-1]:
        for word in heading.removeprefix(">").split():
            assert word in text.split() or any(word in one for one in text.split())


def test_a_table_that_fits_stands_as_it_is() -> None:
    table = Table("title", ("name", ">value"), [("a", "1 m"), ("longer", "10 m")])
    assert list(table.lines(80)) == [
        "title", "name    value", "──────  ─────", "a         1 m", "longer   10 m",
    ]  # fmt: skip


def test_what_is_the_same_in_every_row_stands_above_a_table_that_is_too_wide() -> None:
    rows = [
        (f"row {n}", "the same long text in all of the rows", f"{n}.5 nm", f"{n} other") for n in range(3)
    ]
    lines = list(Table("", ("name", "text", ">depth", "rest"), rows).lines(50))
    assert "text: the same long text in all of the rows" in lines
    assert "name   depth (nm)  rest" in lines


def test_texts_hang_and_keep_their_indent() -> None:
    assert list(wrapped("- one two three four", 12)) == ["- one two", "  three four"]
    assert list(wrapped("  a value of 12.5 mA h/g is it", 20)) == [
        "  a value of",
        "    12.5 mA h/g is",
        "    it",
    ]
    assert words("E = 170 GPa, nu = 0.3, and more") == [
        "E",
        "=",
        "170 GPa,",
        "nu",
        "=",
        "0.3,",
        "and",
        "more",
    ]
    assert list(wrapped("/a/path/that/is/long x", 8)) == ["/a/path/that/is/long", "  x"]


def test_nothing_controls_the_terminal() -> None:
    assert "\x1b" not in str(Table("\x1b[1m", ("\x1b",), [("\x1b[2J",)]))


def test_tables_stand_between_blank_lines() -> None:
    table = Table("t", ("a",), [("1",)])
    assert list(lines_of(["first", table, "last"], 80)) == ["first", "", "t", "a", "─", "1", "", "last"]


def test_what_is_chosen_stays_with_its_number_and_a_comma_ends_it() -> None:
    text = "diffusivity × 0.8, particle radius = 200 nm, share = 0.263, width = 8.0, biot = 1000"
    assert words("share = 0.263, width") == ["share", "=", "0.263,", "width"]
    assert words("diffusivity × 0.8, radius") == ["diffusivity", "× 0.8,", "radius"]
    for width in range(12, 60):
        lines = list(wrapped(text, width))
        assert max(map(len, lines)) <= width
        assert not any(line.endswith("×") for line in lines)


def test_texts_below_their_rows_keep_their_heading_and_empty_columns_are_left_out() -> None:
    rows = [
        (f"quantity {index}", f"{index}.5 MPa", f"in_the_middle_of_the_particle_{index}", "")
        for index in range(9)
    ]
    table = Table("", ("quantity", ">value", "where and when", "nothing"), rows)
    lines = list(table.lines(40))
    assert lines[1] == "  where and when"
    assert not any("nothing" in line for line in lines)
