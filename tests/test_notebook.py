"""Results, scenarios and materials as scripts and notebooks see them."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

import oxyshell
from oxyshell.errors import InputError, OxyshellError
from oxyshell.presentation import notebook
from oxyshell.presentation.table import Table
from oxyshell.running.run_result import RunResult

SCENARIOS = Path(__file__).parents[1] / "scenarios"
RU1 = SCENARIOS / "lrmo-ru1.yaml"
LONGEST = 300


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return oxyshell.run(RU1, tmp_path_factory.mktemp("runs") / "ru1", figures="none")


@pytest.fixture(scope="module")
def shown(result: RunResult) -> dict[str, Any]:
    """Everything that a notebook shows of what the public functions give."""
    study = oxyshell.sweep(RU1, {"shell.thickness": ["4 nm", "5 nm"]})
    return {
        "scenario": oxyshell.load(RU1),
        "run": result,
        "unfinished run": RunResult.of(replace(result, summary={})),
        "study": study,
        "comparison": oxyshell.compare(SCENARIOS / "lrmo-peak-stress.yaml"),
        "calibration": oxyshell.calibrate(SCENARIOS / "calibrate-lrmo.yaml"),
        "materials": oxyshell.materials(),
        "material": oxyshell.material("LRMO-Ru-1"),
    }


class Cells(HTMLParser):
    """Texts of the cells of the tables in a page; mistakes in the nesting of tags are raised."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_every_repr_is_short_and_every_page_is_well_formed(shown: dict[str, Any]) -> None:
    for name, one in shown.items():
        text, page = repr(one), one._repr_html_()
        assert len(text) <= LONGEST, name
        assert "\n" not in text, name
        assert "None" not in text, name
        cells = Cells(page)
        assert cells.texts, name
        assert not cells.tags & {"script", "style", "html", "body"}, name
        assert "color" not in page, name


def test_parts_of_results_have_a_short_repr_too(result: RunResult) -> None:
    scenario = oxyshell.load(RU1)
    parts = [
        result.history,
        result.profiles,
        result.profiles.single()[0],
        result.fields[0],
        result.step_table,
    ]
    sections = [scenario.material, scenario.particle, scenario.steps[0], scenario.shell, scenario.output]
    for one in (*parts, *sections):
        assert len(repr(one)) <= LONGEST, type(one)
    assert (
        repr(result.history)
        == "<Table: 54 rows, 18 columns (time_s, time_step_s, extracted_per_formula, ...)>"
    )


def test_the_page_of_a_run_tells_its_peak(result: RunResult) -> None:
    assert "402.9 MPa" in " ".join(Cells(result._repr_html_()).texts)
    assert "402.9 MPa at 4.5 nm depth" in repr(result)


def test_texts_of_a_page_are_escaped() -> None:
    evil = "<script>alert('x')</script>&\x1b[31m"
    cells = Cells(notebook.fragment([evil, Table(evil, (evil, f">{evil}"), [(evil, evil)])], evil))
    assert "script" not in cells.tags
    assert "".join(cells.texts).count("<script>") == 7
    assert "\x1b" not in "".join(cells.texts)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("lrmo-ru1", "charge at 0.1 C until passed 1.0"),
        ("na3ruo4", "10 times: charge at 0.1 C until voltage 4.0 V; discharge at 0.1 C until voltage 1.5 V"),
        ("lrmo-first-cycle", "hold at 4.8 V until rate 0.02 C or time 5 h"),
        ("lrmo-first-cycle", "rest for 1 h"),
        ("gitt", "gitt: rate 0.1 C, direction charge, pulse 10 min, rest 1 h, until voltage 4.2 V"),
    ],
)
def test_a_scenario_says_its_protocol_in_words(name: str, words: str) -> None:
    assert words in Cells(oxyshell.load(SCENARIOS / f"{name}.yaml")._repr_html_()).texts


def test_completion_offers_nothing_of_pydantic() -> None:
    scenario = oxyshell.load(RU1)
    for section in (scenario, scenario.material, scenario.particle, scenario.steps[0]):
        names = set(dir(section))
        assert not names & set(dir(BaseModel))
        assert set(type(section).model_fields) <= names
    assert {"with_values", "get", "to_yaml", "material"} <= set(dir(scenario))
    assert scenario.model_copy() == scenario


def test_tables_in_pandas_have_units(result: RunResult) -> None:
    history = result.to_dataframe()
    assert history.shape == (54, 18)
    assert history.attrs["units"]["surface_hoop_MPa"] == "MPa"
    profiles = result.to_dataframe("profiles")
    times, points = result.profiles["hoop_Pa"].shape
    assert len(profiles) == times * points
    row = profiles.iloc[points + 5]
    assert row["hoop_Pa"] == result.profiles["hoop_Pa"][1, 5]
    assert (row["time_s"], row["depth_m"]) == (result.profiles.times[1], result.profiles.depth_m[5])
    assert result.to_dataframe("steps").loc[0, "verb"] == "charge"
    assert result.to_dataframe("cycles").empty
    with pytest.raises(InputError, match="found the table 'steps ', expected one of history"):
        result.to_dataframe("steps ")


def test_tables_of_studies_have_a_row_for_each_entry(shown: dict[str, Any]) -> None:
    study, comparison, calibration = (shown[name] for name in ("study", "comparison", "calibration"))
    assert study.to_dataframe()["shell.thickness"].tolist() == [4.0, 5.0]
    rows = comparison.to_dataframe().set_index(["quantity", "system", "case"])
    assert rows.loc[("stress.first_principal.peak_MPa", "Ru-1", "as in the files"), "published"] == 418
    fitted = calibration.to_dataframe()
    assert fitted["unit"].tolist() == ["m^2/s", "1", "1"]
    assert fitted["value"][0] == pytest.approx(calibration.value("D of pristine"))
    assert np.isnan(fitted["interval_95_to"]).tolist() == [
        one is None for one in calibration.estimate.intervals
    ]


def test_a_dataset_has_coordinates_units_and_meanings(result: RunResult) -> None:
    found = result.to_xarray()
    assert found["hoop_Pa"].dims == ("time", "depth")
    assert found["hoop_Pa"].attrs == {
        "units": "Pa",
        "long_name": result.profiles.columns["hoop_Pa"].description,
    }
    assert found["surface_hoop_MPa"].dims == ("history_time",)
    assert {"time", "extracted", "depth", "radius", "history_time"} == set(found.coords)
    outside = found["hoop_Pa"].sel(depth=0.0).isel(time=-1)
    assert float(outside) == result.profiles["hoop_Pa"][-1, -1]
    assert np.allclose(found["radius"] + found["depth"], 150e-9)


def test_a_dataset_of_regions_can_be_selected_by_depth() -> None:
    short = {"numerics.elements.bulk": 6, "protocol": ["charge at 1 C for 60 s"]}
    found = oxyshell.run(oxyshell.load(SCENARIOS / "nmc-core-shell.yaml").with_values(short)).to_xarray()
    unique = found.drop_duplicates("depth")
    assert unique.sizes["depth"] < found.sizes["depth"]
    assert float(unique.sel(depth=0.5e-6, method="nearest")["depth"]) == pytest.approx(0.5e-6)


def test_a_missing_package_is_named_with_its_extra(
    result: RunResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(OxyshellError, match=r"needs xarray.*pip install 'oxyshell\[notebook\]'"):
        result.to_xarray()


def test_a_result_gives_its_scenario_as_an_object(result: RunResult, shown: dict[str, Any]) -> None:
    assert result.path is not None
    assert result.loaded_scenario() == oxyshell.load(RU1)
    assert oxyshell.read_run(result.path).loaded_scenario() == oxyshell.load(RU1)
    for one in shown["comparison"].results.values():
        assert one.loaded_scenario().name == one.name


def test_a_result_and_its_folder_draw_the_same(result: RunResult) -> None:
    assert result.path is not None
    for source in (result, result.path, str(result.path)):
        figure = oxyshell.plot(source, "first_principal", at=0.4)
        (values,) = [found for one in figure.axes[0].lines if (found := np.asarray(one.get_ydata())).size > 2]
        assert np.max(values) == pytest.approx(np.max(result.profiles["first_principal_Pa"][2]) / 1e6)


def test_what_a_command_prints_is_shown_of_a_result_and_of_a_folder(
    shown: dict[str, Any], result: RunResult, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert result.path is not None
    for source in (result, result.path):
        oxyshell.show(source)
        assert "402.9 MPa" in capsys.readouterr().out
    oxyshell.show(shown["study"])
    assert "2 of 2 points completed" in capsys.readouterr().out
    oxyshell.sweep(RU1, {"shell.thickness": ["4 nm"]}, out=tmp_path / "sweep", figures="none")
    oxyshell.show(str(tmp_path / "sweep"))
    assert "1 of 1 points completed" in capsys.readouterr().out
    with pytest.raises(InputError, match="found neither a finished run nor a study"):
        oxyshell.show(tmp_path)
