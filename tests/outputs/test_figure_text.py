from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.font_manager import fontManager
from matplotlib.text import Text

from oxyshell.drawing.comparison import PeakStress, comparison_figure
from oxyshell.drawing.factorial import FactorialCell, factorial_figure
from oxyshell.drawing.history import LabelledHistory, StepEnd, history_figure
from oxyshell.drawing.profiles import Edge, LabelledProfiles
from oxyshell.drawing.style import new_figure, save
from oxyshell.drawing.text import LONGEST, find_letters, shown
from oxyshell.models.oxygen.cut_figure import LabelledOxygen, oxygen_figure
from oxyshell.models.oxygen.release_figure import PublishedShares, release_figure
from oxyshell.outputs import Profiles
from oxyshell.studies.engine.study_figures import figure as sweep_figure
from oxyshell.studies.engine.tables import Column
from tests.outputs.sample_run import ALL_COLUMNS, oxygen_profile

HOSTILE = {
    "formula that is none": "no layer $\\foo$",
    "one dollar": "5 $ per gram",
    "braces": "a_{b}^{c} \\frac{1}{2}",
    "escaped dollar": r"a \$ b \\$ c",
    "underscore first": "_nolegend_",
    "very long": "Z" * 20_000,
    "long and blank": "word " * 4_000,
    "terminal": "\x1b[31mred\x07\x00",
    "lines": "one\ntwo\r\n\tthree",
    "right to left": "\u202eabc",
    "letters that no font has": "锂离子 層 🙂",
    "half a character": "\ud800x",
    "percent": "100 % %s {0} %(name)s",
    "nothing": "",
    "blank": "   ",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pristine", "pristine"),
        ("no layer $\\foo$", r"no layer \$\foo\$"),
        ("a\x1b[31m\nb", "a\\x1b[31m b"),
        ("\u202eabc", "\\u202eabc"),
        ("_x", "\u200b_x"),
        ("Z" * 20_000, "Z" * (LONGEST - 1) + "…"),
        ("islands of RuO2, no O2", "islands of RuO₂, no O₂"),
        ("Al2O3-coated", "Al₂O₃-coated"),
        # Only whole numbers are lowered, and only in what is a formula.
        ("LiNi0.8Mn0.1Co0.1O2", "LiNi0.8Mn0.1Co0.1O2"),
        ("NMC811 with C2, Ru-1 and Run2", "NMC811 with C2, Ru-1 and Run2"),
        ("x_O2.y", "x_O2.y"),
        ("θ = 0.5 µm", "θ = 0.5 µm"),
        ("  ", "(no name)"),
    ],
)
def test_a_text_is_shown_as_it_was_written(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_what_is_drawn_is_the_text_itself() -> None:
    figure = new_figure(4.0, 1.0)
    drawn = figure.text(0.1, 0.5, shown(r"no layer $\foo$ a \$ b"))
    figure.draw_without_rendering()
    text, is_formula = drawn._preprocess_math(drawn.get_text())  # type: ignore[attr-defined]
    assert (text, is_formula) == (r"no layer $\foo$ a \$ b", False)


def test_letters_that_no_font_has_are_boxes(tmp_path) -> None:
    nowhere = "\U0001f9ff\uabcd"
    figure = new_figure(4.0, 1.0)
    figure.text(0.1, 0.5, shown(f"a {nowhere} b"))
    save(figure, tmp_path / "x.png")
    assert shown(nowhere).replace("□", "") in ("", nowhere, *nowhere)


def test_a_font_of_the_machine_that_has_a_letter_is_used() -> None:
    # The letter 𝒜 is not in DejaVu Sans; DejaVu Math TeX Gyre comes with Matplotlib.
    assert any(entry.name == "DejaVu Math TeX Gyre" for entry in fontManager.ttflist)
    figure = new_figure(4.0, 1.0)
    script, usual = figure.text(0.1, 0.5, shown("𝒜 coating")), figure.text(0.1, 0.2, shown("coating"))
    find_letters(figure)
    assert script.get_text() == "𝒜 coating"
    assert len(script.get_fontfamily()) == 2
    assert len(usual.get_fontfamily()) == 1
    figure.draw_without_rendering()


def history(names):
    return {name: np.linspace(0.0, 1.0 + index, 5) for index, name in enumerate(names)} | {
        "time_s": np.linspace(0.0, 7200.0, 5)
    }


def test_any_text_can_be_drawn() -> None:
    figure = new_figure(8.0, 8.0)
    for index, text in enumerate(HOSTILE.values()):
        figure.text(0.02, index / len(HOSTILE), shown(text))
        figure.text(0.5, index / len(HOSTILE), shown(text, width=9))
    find_letters(figure)
    figure.draw_without_rendering()
    texts: Any = figure.findobj(Text)
    assert not any(drawn._preprocess_math(drawn.get_text())[1] for drawn in texts)


def test_a_line_does_not_end_within_an_escaped_dollar() -> None:
    for width in range(1, 9):
        assert "\\\n" not in shown("abc $$$ d$e$f", width=width)


def test_any_name_is_drawn_in_every_figure(tmp_path) -> None:
    names = ["no layer $\\foo$ _{b}", "_x \x1b[31m 锂 \ud800", "Z" * 20_000, ""]
    profiles = Profiles.stack([oxygen_profile(step) for step in (0, 2)])
    systems = [LabelledProfiles(name, profiles, 2e-5, ion=name, edges=(Edge(4.5e-9),)) for name in names]
    steps = (StepEnd(names[0], 3600.0), StepEnd("charge", 7200.0))
    histories = [LabelledHistory(name, history(ALL_COLUMNS), name, steps) for name in names]
    oxygen = [
        LabelledOxygen(name, profiles, one.history, 0.1) for name, one in zip(names, histories, strict=True)
    ]
    peaks = [PeakStress(name, 400.0, 410.0, "predicted") for name in names]
    comparison_figure(systems[1:3], peaks, tmp_path / "comparison.png")
    history_figure(histories, tmp_path / "histories.png")
    history_figure(histories[:1], tmp_path / "history.png")
    oxygen_figure(oxygen[1:3], tmp_path / "oxygen.png")
    shares = PublishedShares((4.4,), dict.fromkeys(names, (3.9,)), names[0])
    release_figure(histories, tmp_path / "release.png", shares)
    cells = [FactorialCell({"$a$": one, "_b": two}, {"q": 1.0}) for one in names for two in names[1:3]]
    factorial_figure(cells, {"q": names[2]}, tmp_path / "factorial.png")
    assert len(list(tmp_path.glob("*.png"))) == 6


def test_any_name_is_drawn_in_pictures_of_a_sweep() -> None:
    names = tuple(HOSTILE.values())
    numbers = Column("x $\\foo$", "nm", tuple(float(index % 2) for index in range(len(names))))
    texts = Column("t _{b}", "1", names)
    results = Column("q $\\foo$", "MPa", tuple(map(float, range(len(names)))))
    for along in (numbers, texts):
        figure = sweep_figure(along, results, (numbers, texts))
        figure.draw_without_rendering()
        foo = [text.get_text() for text in figure.findobj(Text) if "foo" in text.get_text()]
        assert foo
        assert all(r"\$" in text for text in foo)
