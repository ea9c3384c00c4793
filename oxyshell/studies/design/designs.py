"""Designs that a study computed, their front, and the files that hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxyshell.language.sections import leaves
from oxyshell.studies.design import DESIGN
from oxyshell.studies.design.space import Matrix
from oxyshell.studies.design.verdict import Measure
from oxyshell.studies.engine.batch_runner import Values
from oxyshell.studies.engine.json_text import json_text
from oxyshell.studies.engine.remarks import Remark
from oxyshell.studies.engine.reported import Reported
from oxyshell.studies.engine.tables import Column, csv, frame, told_of

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Checked:
    """A design run again with other values, such as in a solid.

    Attributes:
        name: The design in words.
        before: Its objectives as they were found.
        after: Its objectives now.
    """

    name: str
    before: tuple[float, ...]
    after: tuple[float, ...]


@dataclass(frozen=True, repr=False)
class Designs(Reported):
    """Result of a design study.

        >>> from pathlib import Path
        >>> import oxyshell
        >>> file = Path("scenarios/layer.yaml")
        >>> _ = file.write_text('''
        ... design: Thickness of the layer
        ... scenario: lrmo-ru1.yaml
        ... variables: {shell.thickness: {from: 1 nm, to: 15 nm}}
        ... objectives:
        ...   - {name: stress, quantity: stress.first_principal.peak_MPa, goal: minimise}
        ...   - {name: depth, quantity: stress.first_principal.depth_nm, goal: maximise}
        ... reference: {name: 4.5 nm, set: {shell.thickness: 4.5 nm}}
        ... search: {population: 4, generations: 1, seed: 1}
        ... ''')
        >>> oxyshell.optimise(file).to_dataframe().columns.to_list()
        ['shell.thickness', 'stress', 'depth', 'on_front']

    Attributes:
        name: Its title.
        measures: The objectives.
        variables: The paths that were chosen.
        values: Values by path of every design that was computed.
        objectives: Their objectives, shape (designs, objectives).
        front: Positions of the Pareto-optimal ones, by their first objective.
        reference: Name, values and objectives of what they are set beside.
        winner: Position of the best design that is better than the reference, None if there is none.
        best: Position of the winner, or of the best design if being worse by a margin is allowed; None if not
            even that is there.
        verdict: Which one that is and by how much, in words.
        checked: The best one and the reference run again.
        check: The values that this was done with.
        failed: Designs that could not be computed, and why.
        remarks: Those of all runs.
        runs: Number of runs.
        path: The folder, or None.
    """

    KIND = DESIGN

    name: str
    measures: tuple[Measure, ...]
    variables: tuple[str, ...]
    values: tuple[Values, ...]
    objectives: Matrix
    front: tuple[int, ...]
    reference: tuple[str, Values, tuple[float, ...]]
    winner: int | None
    best: int | None
    verdict: str
    checked: tuple[Checked, ...]
    check: Values
    failed: tuple[tuple[Values, str], ...]
    remarks: tuple[Remark, ...]
    runs: int
    path: Path | None

    def to_json(self) -> str:
        """The content of `design.json`."""
        name, values, at_reference = self.reference
        content = {
            "design": self.name,
            "verdict": self.verdict,
            "variables": self.variables,
            "objectives": [
                {
                    "name": one.name,
                    "unit": one.unit,
                    "goal": "minimise" if one.sign > 0 else "maximise",
                    "resolution": one.resolution,
                }
                for one in self.measures
            ],
            "reference": {"name": name, "values": values, "objectives": at_reference},
            "winner": None if self.winner is None else self._design(self.winner),
            "best_within_margin": None if self.best is None else self._design(self.best),
            "check": {
                "values": self.check,
                "runs": [asdict(one) for one in self.checked],
            },
            "front": [self._design(index) for index in self.front],
            "designs": [self._design(index) for index in range(len(self.values))],
            "remarks": [one.to_data() for one in self.remarks],
            "runs": self.runs,
            "failed": [{"values": values, "reason": reason} for values, reason in self.failed],
        }
        return json_text(content)

    def _design(self, index: int) -> dict[str, Any]:
        return {"values": self.values[index], "objectives": self.objectives[index]}

    def to_csv(self) -> str:
        """The content of `front.csv`: values as they were written, with their units, and objectives."""
        return csv(self._columns(self.front))

    def to_dataframe(self) -> pandas.DataFrame:
        """All designs in pandas: values as they were written, objectives, and `on_front`.

        Raises:
            OxyshellError: If pandas is not installed.
        """
        found = frame(self._columns(range(len(self.values))))
        found["on_front"] = [index in self.front for index in range(len(self.values))]
        return found

    def __repr__(self) -> str:
        told = f"{len(self.values)} designs, {len(self.front)} of them Pareto-optimal"
        return f"<Designs {told_of(self.name, told, self.path)}>"

    def _columns(self, indices: Sequence[int]) -> list[Column]:
        designs = [self.values[index] for index in indices]
        return [
            *(Column(path, "as written", [f"{one[path]}" for one in designs]) for path in self.variables),
            *(
                Column(one.name, one.unit, self.objectives[list(indices), position].tolist())
                for position, one in enumerate(self.measures)
            ),
        ]


def in_words(values: Values) -> str:
    """Values by path, in words."""
    return ", ".join(f"{path} = {text(values, path)}" for path in values)


def text(values: Values, path: str) -> str:
    """The value at a path, of a section what no other path replaces: "from NMC111, profile step"."""
    value = values[path]
    if not isinstance(value, Mapping):
        return short(value)
    kept = [(key, one) for key, one in leaves(value) if f"{path}.{key}" not in values]
    return ", ".join(f"{key} {short(one)}" for key, one in kept)


def short(value: Any) -> str:
    """A value with four digits."""
    match value:
        case float():
            return f"{value:.4g}"
        case str():
            number, space, unit = value.partition(" ")
            try:
                return f"{float(number):.4g}{space}{unit}"
            except ValueError:
                return value
    return str(value)
