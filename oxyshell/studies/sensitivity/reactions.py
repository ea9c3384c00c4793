"""Reactions of results to parameters, and the files that hold them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxyshell.studies.engine.json_text import json_text
from oxyshell.studies.engine.remarks import tallied
from oxyshell.studies.engine.reported import Reported
from oxyshell.studies.engine.study import Study
from oxyshell.studies.engine.tables import Column, csv, frame, told_of
from oxyshell.studies.sensitivity import SENSITIVITY
from oxyshell.studies.sensitivity.indices import CONFIDENCE, Index

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Reaction:
    """Reaction of a result to one parameter.

    Attributes:
        parameter: Path in the scenario.
        low: One end of its range, as written.
        high: The other end.
        at_low: The result there, all other parameters as in the scenario.
        at_high: The result at the other end.
        index: Its share of the result's variance over all ranges; NaN if that was not asked for.
    """

    parameter: str
    low: str
    high: str
    at_low: float
    at_high: float
    index: Index

    @property
    def span(self) -> float:
        """By how much the result differs between the ends."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class Reactions:
    """Reactions of one result.

    Attributes:
        quantity: The result.
        unit: Its unit, "1" without.
        base: The result of the scenario as it is.
        mean: Over the sample; NaN without.
        standard_deviation: Over the sample; NaN without.
        parameters: Its reactions to the parameters, the one with the largest span first.
    """

    quantity: str
    unit: str
    base: float
    mean: float
    standard_deviation: float
    parameters: tuple[Reaction, ...]


@dataclass(frozen=True, repr=False)
class Analysis(Reported):
    """Result of a sensitivity analysis.

        >>> import oxyshell
        >>> from pathlib import Path
        >>> text = Path("scenarios/sensitivity-ru1.yaml").read_text()
        >>> file = Path("scenarios/alone.yaml")
        >>> _ = file.write_text(text.partition("sobol:")[0])
        >>> oxyshell.sensitivity(file).reactions[0].parameters[0].parameter
        'material.diffusivity'

    Attributes:
        name: Its title.
        reactions: One entry for each result.
        samples: Number of points that the indices come from; 0 without.
        study: All runs.
        path: The folder, or None.
    """

    KIND = SENSITIVITY

    name: str
    reactions: tuple[Reactions, ...]
    samples: int
    study: Study
    path: Path | None

    def to_json(self) -> str:
        """The content of `sensitivity.json`."""
        content = {
            "sensitivity": self.name,
            "samples": self.samples,
            "confidence": CONFIDENCE,
            "reactions": [_content(one) for one in self.reactions],
            "remarks": [one.to_data() for one in tallied(self.study.remarks)],
        }
        return json_text(content)

    def to_csv(self) -> str:
        """The content of `sensitivity.csv`: a line for each result and parameter."""
        return csv(self._columns())

    def to_dataframe(self) -> pandas.DataFrame:
        """The content of `sensitivity.csv` in pandas: a row for each result and parameter.

        Raises:
            OxyshellError: If pandas is not installed.
        """
        return frame(self._columns())

    def __repr__(self) -> str:
        told = f"{len(self.reactions)} results, {len(self.study)} runs"
        return f"<Analysis {told_of(self.name, told, self.path)}>"

    def _columns(self) -> list[Column]:
        lines = [(result, one) for result in self.reactions for one in result.parameters]
        indices = [asdict(one.index) for _, one in lines]
        return [
            Column("quantity", "", [result.quantity for result, _ in lines]),
            Column("parameter", "", [one.parameter for _, one in lines]),
            Column("low", "as written", [one.low for _, one in lines]),
            Column("high", "as written", [one.high for _, one in lines]),
            Column("at_low", "of the quantity", [one.at_low for _, one in lines]),
            Column("at_base", "of the quantity", [result.base for result, _ in lines]),
            Column("at_high", "of the quantity", [one.at_high for _, one in lines]),
            *(Column(name, "1", [index[name] for index in indices]) for name in indices[0]),
        ]


def _content(reactions: Reactions) -> dict[str, Any]:
    content = asdict(reactions)
    return {"of" if key == "parameters" else key: value for key, value in content.items()}
