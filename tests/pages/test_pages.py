"""Every block of every page is run as it stands, in the order of the page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import pytest

from tests.pages.blocks import PAGES, ROOT, Block, blocks_of, commands_of, starts_empty
from tests.pages.desk import Desk, PageError, Results, compare, documents
from tests.pages.long_commands import LONG
from tests.program import call

# The blocks of this page are files, which tests/extending compares with it and runs.
ELSEWHERE = {"docs/extending.md"}
BLOCKS = {page: blocks_of(page) for page in PAGES if page not in ELSEWHERE}


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return Results(tmp_path_factory.mktemp("results"))


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COLUMNS", "80")
    with matplotlib.rc_context():
        matplotlib.use("agg")
        yield


@pytest.fixture
def desk(tmp_path: Path, results: Results, monkeypatch: pytest.MonkeyPatch, capsys) -> Desk:
    def printed() -> tuple[str, str]:
        found = capsys.readouterr()
        return found.out, found.err

    monkeypatch.chdir(tmp_path)
    return Desk(
        tmp_path, results, lambda words: call(monkeypatch, *words), printed, lambda command: command in LONG
    )


def lay_out(page: str, desk: Desk) -> None:
    if not starts_empty(page):
        shutil.copytree(ROOT / "scenarios", desk.folder / "scenarios")


@pytest.mark.parametrize("page", [page for page in BLOCKS if BLOCKS[page]])
def test_the_blocks_of_a_page_work_as_they_stand(page: str, desk: Desk) -> None:
    lay_out(page, desk)
    desk.run_all(BLOCKS[page])


@pytest.mark.long
@pytest.mark.parametrize("page", [page for page in BLOCKS if BLOCKS[page]])
def test_long_commands_work_too(page: str, desk: Desk) -> None:
    lay_out(page, desk)
    desk.skipped = lambda command: False
    desk.run_all(BLOCKS[page])


def test_few_blocks_are_not_run_and_each_says_why() -> None:
    runnable = [
        one for blocks in BLOCKS.values() for one in blocks if one.language in ("sh", "python", "yaml")
    ]
    left = [one for one in runnable if one.reason]
    assert len(left) <= 0.15 * len(runnable), [str(one) for one in left]
    assert all(len(one.reason) > 8 for one in left)


def test_long_commands_are_those_of_pages() -> None:
    shown = {
        one
        for blocks in BLOCKS.values()
        for block in blocks
        if block.language == "sh"
        for one in commands_of(block)
    }
    assert shown >= LONG


def block(language: str, text: str, output: str = "", notes: str = "") -> Block:
    return Block("page.md", 1, language, notes, text, output)


def test_a_command_that_fails_is_noticed(desk: Desk) -> None:
    with pytest.raises(PageError, match=r"none\.yaml"):
        desk.run(block("sh", "oxyshell validate none.yaml"))
    with pytest.raises(PageError, match="exit code 3"):
        desk.run(block("sh", "exit 3"))


def test_a_script_that_fails_is_noticed(desk: Desk) -> None:
    with pytest.raises(PageError, match="ZeroDivisionError"):
        desk.run(block("python", "1 / 0"))


def test_a_section_with_a_mistake_is_noticed(desk: Desk) -> None:
    lay_out("README.md", desk)
    with pytest.raises(PageError, match="thicknes"):
        desk.run(block("yaml", "shell: {thicknes: 4 nm}"))


def test_an_output_that_differs_is_noticed(desk: Desk) -> None:
    desk.run(block("sh", "echo 567.0 MPa", "567.0 MPa\n"))
    with pytest.raises(PageError, match=r"567\.1 MPa"):
        desk.run(block("sh", "echo 567.0 MPa", "567.1 MPa\n"))


def test_lines_between_may_be_left_out_but_not_exchanged() -> None:
    compare(block("sh", "", "a\n...\nc\n"), "a\nb\nc\n")
    with pytest.raises(PageError):
        compare(block("sh", "", "c\na\n"), "a\nb\nc\n")


def test_blocks_are_read_with_their_notes_and_outputs() -> None:
    text = "x\n\n```sh no-run: a cluster\ndask\n```\n\n```sh\nls \\\n  -a  # all\n```\n\n```text\n.\n```\n"
    first, second = blocks_of("page.md", text)
    assert (first.line, first.reason, second.output) == (3, "a cluster", ".\n")
    assert commands_of(second) == ["ls -a"]


def test_alternatives_of_a_section_are_taken_apart() -> None:
    assert documents("a: 1\nb: 2\na: 3\n") == ["a: 1\nb: 2\n", "a: 3\n"]
