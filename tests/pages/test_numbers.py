"""Numbers in the sentences of pages are those that runs give."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

import oxyshell
from oxyshell.outputs import Result
from tests.pages.blocks import ROOT


@cache
def run(name: str) -> Result:
    return oxyshell.run(ROOT / "scenarios" / f"{name}.yaml")


def peak(name: str) -> str:
    return f"{run(name).summary['stress']['first_principal']['peak_MPa']:.1f} MPa"


def first_oxygen() -> str:
    """Li extracted when the first O2 has been generated."""
    # The steps of the scenario are longer than the last digit that is written.
    scenario = oxyshell.load(ROOT / "scenarios" / "lrmo-charge-with-oxygen.yaml")
    short = {
        "numerics.maximum_step": "20 s",
        "protocol.0.charge.until": {"extracted": 0.26},
        "output.at": {"extracted": []},
    }
    history = oxyshell.run(scenario.with_values(short)).history
    begun = int(np.flatnonzero(np.asarray(history["oxygen_generated_mol"]) > 0)[0])
    return f"{history['extracted_per_formula'][begun]:.3f} Li"


def retention(name: str) -> str:
    return f"{100 * run(f'lrmo-oxygen-{name}').summary['oxygen']['retention']:.0f} %"


NUMBERS: list[tuple[str, str, Callable[[], str]]] = [
    ("README.md", "{} of the mobile O2 is still", lambda: retention("ru1")),
    ("README.md", "closed RuO2 coating, and {} without it", lambda: retention("pristine")),
    ("README.md", "| 567 MPa | {} |", lambda: peak("lrmo-pristine")),
    ("README.md", "| 418 MPa | {} |", lambda: peak("lrmo-ru1")),
    ("docs/oxygen.md", "just under the layer when {} are extracted", first_oxygen),
]


@pytest.mark.parametrize(("page", "sentence", "number"), NUMBERS)
def test_a_number_of_a_sentence_is_that_of_a_run(page: str, sentence: str, number: Callable[[], str]) -> None:
    assert sentence.format(number()) in " ".join((ROOT / page).read_text().split())
