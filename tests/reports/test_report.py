"""Pages of runs and of every kind of study: whole, self-contained, escaped, and readable in a browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

import oxyshell
from oxyshell.errors import InputError, OxyshellError
from oxyshell.presentation.table import Table
from oxyshell.reports import report, view
from oxyshell.reports.page import MOST_ROWS, Page, Section
from oxyshell.studies.registry import load_scenario
from tests.program import SCENARIOS, call

pytestmark = pytest.mark.slow
HOSTILE = "<script>alert('&\"')</script>"
ROUGH = {"numerics.elements": {"bulk": 4}, "numerics.time_tolerance": 1e-2, "output.at.extracted": [0.5]}
_VOID = {"meta", "link", "br", "wbr", "hr", "img", "input"}


class Reader(HTMLParser):
    """Reads a page: unclosed elements, identifiers, addresses that a browser would load, headings, text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.loaded: list[str] = []
        self.headings: list[int] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("src", "href", "xlink:href", "data", "action"):
                self.loaded.append(value or "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.text.append(data)


def read(page: Path) -> Reader:
    """A page whose form is right."""
    text = page.read_text(encoding="utf-8")
    found = Reader(text)
    assert found.open == []
    assert [one for one, count in Counter(found.ids).items() if count > 1] == []
    assert [one for one in found.loaded if not one.startswith(("#", "data:"))] == []
    assert found.headings[0] == 1
    assert all(later - before <= 1 for before, later in zip(found.headings, found.headings[1:], strict=False))
    assert "\0" not in text
    assert "default-src 'none'" in text
    return found


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quick scenario whose name wants to be more than a name."""
    rough = load_scenario(SCENARIOS / "lrmo-pristine.yaml").with_values({**ROUGH, "name": HOSTILE})
    path = tmp_path_factory.mktemp("in") / "rough.yaml"
    path.write_text(rough.to_yaml())
    return path


@pytest.fixture(scope="module")
def run(scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "run"
    oxyshell.run(scenario, folder, figures="none")
    return folder


def test_a_page_of_a_run_has_its_numbers_remarks_sources_and_figures(run: Path) -> None:
    page = read(report(run))
    text = "".join(page.text)
    summary = json.loads((run / "summary.json").read_text())
    for number in (summary["stress"]["first_principal"]["peak_MPa"], summary["steps"], summary["time_s"]):
        assert f"{number}" in text
    for remark in summary["remarks"]:
        assert remark in text
    for fact in load_scenario(run / "scenario.yaml").provenance():
        assert fact.path in text
        assert fact.source in text
    assert HOSTILE in text
    source = (run / "report.html").read_text()
    assert source.count("<svg") == 2
    assert "<script" not in source
    assert "Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src" in source
    assert source.count("prefers-color-scheme") == 1


def test_a_page_may_stand_anywhere_and_goes_with_its_run(scenario: Path, run: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(run, tmp_path / "run")
    assert report(copied, tmp_path / "deep" / "page.html") == tmp_path / "deep" / "page.html"
    report(copied)
    oxyshell.run(scenario, copied, figures="none")
    assert not (copied / "report.html").exists()


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither a finished run nor a study"):
        report(tmp_path)


STUDIES = {
    "compare": "comparison: One system\nsystems: {one: {scenario: rough.yaml}}\n"
    "published: [{quantity: stress.first_principal.peak_MPa, system: one, value: 567, source: a paper}]\n",
    "sweep": "sweep: Two moduli\nscenario: rough.yaml\nkeep: summary\n"
    "over: {material.elasticity.young_modulus: [150 GPa, 190 GPa]}\n",
    "sensitivity": "sensitivity: One modulus\nscenario: rough.yaml\n"
    "ranges: {material.elasticity.young_modulus: {from: 150 GPa, to: 190 GPa}}\n"
    "quantities: [stress.first_principal.peak_MPa]\n",
    "calibrate": "calibrate: One modulus\nsystems: {one: {scenario: rough.yaml}}\n"
    "parameters: [{name: E, parameter: material.elasticity.young_modulus, systems: [one], "
    "bounds: [100 GPa, 300 GPa]}]\n"
    "targets: [{quantity: stress.first_principal.peak_MPa, system: one, value: 500, uncertainty: 5, "
    "source: chosen}]\n",
    "optimise": "design: One layer\nscenario: rough.yaml\n"
    "variables: {material.elasticity.young_modulus: {from: 150 GPa, to: 190 GPa}}\n"
    "objectives:\n"
    "- {name: peak, quantity: stress.first_principal.peak_MPa, goal: minimise, resolution: 0.5}\n"
    "- {name: taken, quantity: ions.extracted_per_formula, goal: maximise, resolution: 0.001}\n"
    "reference: {name: as it is, set: {material.elasticity.young_modulus: 170 GPa}}\n"
    "search: {population: 4, generations: 1, beside: 0, seed: 1}\n",
}


@pytest.mark.parametrize("command", STUDIES)
def test_a_study_of_every_kind_leaves_a_page(
    command: str, scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(scenario, tmp_path)
    (tmp_path / "study.yaml").write_text(STUDIES[command])
    assert call(monkeypatch, command, tmp_path / "study.yaml", "--out", tmp_path / "out", "-q") == 0
    page = read(tmp_path / "out" / "report.html")
    text = "".join(page.text)
    assert STUDIES[command].split(": ")[1].splitlines()[0] in text
    assert "first principal" in text.replace("_", " ")
    first = report(tmp_path / "out", tmp_path / "again.html").read_bytes()
    assert first == (tmp_path / "out" / "report.html").read_bytes()
    if command == "calibrate":
        stored = oxyshell.read_study(tmp_path / "out")
        assert json.loads(stored.to_json()) == json.loads((tmp_path / "out" / "calibration.json").read_text())


def test_long_tables_say_how_much_they_show() -> None:
    table = Table("many", (">n",), [(f"{index}",) for index in range(MOST_ROWS + 1)])
    text = Page("t", "sweep", "", [Section("Points", tables=[table], whole="study.csv")]).html()
    assert text.count("<tr>") == 1 + MOST_ROWS
    assert f"The first {MOST_ROWS} of {MOST_ROWS + 1} rows; all of them are in study.csv." in unescape(text)


@pytest.fixture(scope="module")
def disc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    flat = {"particle": {"shape": "sphere", "radius": "150 nm", "dimension": 2}, **ROUGH}
    flat["numerics.elements"] = {"bulk": 6, "tangential": 4}
    folder = tmp_path_factory.mktemp("disc") / "run"
    oxyshell.run(load_scenario(SCENARIOS / "lrmo-pristine.yaml").with_values(flat), folder, figures="none")
    return folder


def test_the_fields_of_a_disc_can_be_turned_in_its_report(disc: Path) -> None:
    pytest.importorskip("trame_vtk")
    page = report(disc)
    found = read(page)
    assert {"stage", "scenes", "field"} <= set(found.ids)
    assert "kitware.github.io/vtk-js/icon" not in page.read_text()
    assert page.stat().st_size < 6e6


def test_without_the_extra_a_sentence_says_how_to_get_it(
    disc: Path, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oxyshell.reports.scenes._MODULES", ("trame_that_nobody_has",))
    assert "pip install 'oxyshell[view]'" in "".join(read(report(disc, tmp_path / "page.html")).text)
    with pytest.raises(OxyshellError, match=r"oxyshell\[view\]"):
        view(run)


def test_the_fields_of_a_radial_run_are_seen_in_a_section(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("trame_vtk")
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert call(monkeypatch, "view", run) == 0
    assert opened == [(run / "view.html").resolve().as_uri()]
    assert {"field", "time"} <= set(read(run / "view.html").ids)
    assert call(monkeypatch, "view", run, "--no-open") == 0
    assert len(opened) == 1
    assert f"View in {run / 'view.html'}" in capsys.readouterr().out


FRAME = """<!doctype html><body style="margin:0">
<iframe id="f" src="page.html" width="400" height="800" style="border:0"></iframe><script>
f.onload = () => setTimeout(() => {
  const d = f.contentDocument, root = d.documentElement;
  const canvases = d.querySelectorAll("#stage canvas").length;
  const trouble = d.getElementById("trouble").textContent;
  document.title = JSON.stringify([root.scrollWidth, root.clientWidth, canvases, trouble]);
}, 3000)</script>"""
"""A page of the width of a telephone, and what is to be known of it as the title."""


def test_a_browser_shows_it_in_the_width_of_a_telephone_without_errors(disc: Path, tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on this machine")
    shutil.copy(report(disc), tmp_path / "page.html")
    (tmp_path / "frame.html").write_text(FRAME)
    options = [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--enable-unsafe-swiftshader", "--allow-file-access-from-files", "--enable-logging=stderr",
        f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=8000", "--dump-dom",
    ]  # fmt: skip
    command = [chromium, *options, (tmp_path / "frame.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    found = re.search(r"<title>(.*?)</title>", done.stdout)
    assert found is not None, done.stderr
    wide, visible, canvases, trouble = json.loads(unescape(found.group(1)))
    assert wide == visible <= 400
    assert (canvases, trouble) == (1, "")
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line and "page.html" in line]
    assert [line for line in console if "Security Policy" in line or "Error" in line] == []
