from __future__ import annotations

import re
from pathlib import Path

import pytest

from oxyshell.language import library
from oxyshell.language.documents import parse
from oxyshell.language.library import Source
from oxyshell.language.mistakes import Refusal, ScenarioError

OWN = "name: own\ndiffusivity: 1e-18 m^2/s\nion: {species: Li, charge_number: 1}\n"


def test_the_library_has_the_materials_of_the_papers_and_of_open_literature() -> None:
    lrmo = {"LRMO-pristine", "LRMO-Ru-0.5", "LRMO-Ru-1", "LRMO-Ru-3", "Li2MnO3"}
    layered = {"NMC111", "NMC622", "NMC811", "LCO"}
    assert set(library.names()) == lrmo | layered | {"LMO", "LFP", "NLMO", "NLMRO", "Na3RuO4"}
    assert list(library.names()) == sorted(library.names(), key=str.lower)


@pytest.mark.parametrize(
    ("name", "found", "expected"),
    [
        ("NMC-811", "the unknown material 'NMC-811'", "'NMC811'"),
        ("gold", "the unknown material 'gold'", "the path of a file of one's own"),
        (None, "nothing", "a material of the library"),
        (" ", "an empty text", "a material of the library"),
        (["LCO"], "a list of 1", "'LCO', 'LFP'"),
        ("own.yaml", "'own.yaml'", "a file of a material that exists"),
        ("a\0b.yaml", "'a\0b.yaml'", "a file of a material that exists"),
    ],
)
def test_a_name_of_nothing_is_refused(name: object, found: str, expected: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        library.source(name, tmp_path)
    assert caught.value.found == found
    assert expected in caught.value.expected


def test_a_file_of_one_s_own_is_named_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    found = library.source("own.yaml", tmp_path)
    assert found.files == ((tmp_path / "own.yaml").resolve(),)
    assert set(found.properties) == {"diffusivity", "ion"}
    (tmp_path / "own.yaml").write_text("name: [")
    with pytest.raises(ScenarioError, match=re.escape(f"{tmp_path / 'own.yaml'}:1:")):
        library.source("own.yaml", tmp_path)


def test_a_material_has_its_own_keys_and_what_its_base_has_besides() -> None:
    base = Source("base", parse(OWN + "about: a base\nformula: LiX\n", "base.yaml"))
    made = Source("made", parse("name: made\nfrom: base\nion: {species: Na}\n", "made.yaml")).made_of(base)
    assert made.document.data == {
        "name": "made",
        "diffusivity": "1e-18 m^2/s",
        "formula": "LiX",
        "ion": {"species": "Na"},
    }
    # What was taken over stands where the base is named, what is its own where it is.
    places = made.document.places
    assert (places["diffusivity",].value, places["diffusivity",].taken_from) == ((2, 7), "base.yaml")
    assert (places["ion", "species"].value, places["ion", "species"].taken_from) == ((3, 16), "")


def test_locations_are_those_of_everything_in_a_value() -> None:
    value = {"a": [1, {"b": 2}], "c": None}
    expected = [(), ("a",), ("a", 0), ("a", 1), ("a", 1, "b"), ("c",)]
    assert list(library.locations(value)) == expected
    assert list(library.locations(3, ("x",))) == [("x",)]
