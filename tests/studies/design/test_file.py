# ruff: noqa: E501 (a table reads better with its rows on few lines)

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.studies.design import DESIGN
from oxyshell.studies.design.file import Design, Loss, Result
from oxyshell.studies.registry import load_any, load_study
from tests.studies.mistakes import refusal

SCENARIOS = Path(__file__).parents[3] / "scenarios"
SHIPPED = SCENARIOS / "design-shell.yaml"
TEXT = SHIPPED.read_text(encoding="utf-8")


def test_the_shipped_design() -> None:
    design = load_study(DESIGN, SHIPPED)
    assert [type(one) for one in design.file.objectives] == [Result, Loss, Result]
    assert set(design.file.variables) == {"shell.thickness", "shell.deficiency", "shell.profile"}
    assert design.interests["oxygen retention"].text == "oxygen.retention"
    assert design.file.check == {"particle.dimension": 3}
    # The paper's layer is within the ranges, so that the search could find it.
    reference = design.base.with_values(design.file.reference.changes)
    assert (reference.get("shell.thickness"), reference.get("shell.deficiency")) == (4.5e-9, 0.22)


def test_the_kind_of_a_file_is_seen_from_its_keys() -> None:
    assert isinstance(load_any(SHIPPED), Design)


@pytest.mark.parametrize(
    ("old", "new", "path", "part"),
    [
        ("shell.thickness: {from", "shell.thicknes: {from", "variables.shell.thicknes", "'shell.thickness'"),
        ("to: 15 nm}", "to: 150 nm}", "variables.shell.thickness.to", "thinner than the radius"),
        ("[linear, cosine]", "[linear, cosin]", "variables.shell.profile.1", "'cosine'"),
        ("quantity: stress.first_principal.peak_MPa", "quantity: stress.first_principal.peek_MPa", "objectives.0.quantity", "peak_MPa"),
        ("loss_of: max of history.ions_in_particle_mol", "loss_of: max of history.ions_in_partcle_mol", "objectives.1.loss_of", "ions_in_particle_mol"),
        ("shell.deficiency: {from: 0.02, to: 0.4}", "particle.dimension: {from: 1, to: 3}", "variables.particle.dimension", "every value between two others"),
        ("loss_of: max of history.ions_in_particle_mol\n    against: {shell: null}", "loss_of: oxygen.retention\n    against: {oxygen: null}", "objectives.1.against", "section 'oxygen'"),
        ("shell.profile: linear}", "oxygen: null}", "reference.set", "section 'oxygen'"),
        ("against: {shell: null}", "against: {shel: null}", "objectives.1.against.shel", "'shell'"),
        ("goal: minimise", "goal: minimize", "objectives.0.goal", "'minimise'"),
        ("resolution: 0.5", "resolution: -0.5", "objectives.0.resolution", "at least 0"),
        ("name: oxygen retention", "name: capacity lost to the layer", "objectives.2.name", "a name of its own"),
        ("shell.profile: linear}", "shell.profile: linar}", "reference.set.shell.profile", "'linear'"),
        ("population: 32", "population: 1", "search.population", "at least 4"),
        ("check: {particle.dimension: 3}", "check: {particle.dimension: 4}", "check.particle.dimension", "3"),
        ("scenario: lrmo-charge-with-oxygen.yaml", "scenario: lrmo-ru1.yaml", "objectives.2.quantity", "section 'oxygen'"),
        ("scenario: lrmo-charge-with-oxygen.yaml", "scenario: none.yaml", "scenario", "scenario file that exists"),
        ("design: Which", "desgn: Which", "desgn", "'design'"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_where_it_is(tmp_path: Path, old: str, new: str, path: str, part: str) -> None:
    for name in ("lrmo-charge-with-oxygen.yaml", "lrmo-ru1.yaml"):
        shutil.copy(SCENARIOS / name, tmp_path)
    error, _ = refusal(tmp_path / "d.yaml", TEXT, old, new)
    first = error.mistakes[0]
    assert first.path == path
    assert first.line is not None
    assert part in str(error)


def test_one_objective_is_nothing_to_weigh(tmp_path: Path) -> None:
    shutil.copy(SCENARIOS / "lrmo-charge-with-oxygen.yaml", tmp_path)
    before, rest = TEXT.split("  # What the as-made")
    (tmp_path / "d.yaml").write_text(before + "\nreference:" + rest.split("reference:")[1])
    with pytest.raises(ScenarioError, match="objectives: found one objective, expected at least two"):
        load_study(DESIGN, tmp_path / "d.yaml")
