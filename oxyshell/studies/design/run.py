"""A design study, end to end: generation after generation of designs, their front, and a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from oxyshell.errors import OxyshellError
from oxyshell.figure_format import FigureFormat
from oxyshell.optional_dependencies import require
from oxyshell.outputs import NullProgress, Progress, disk, notices
from oxyshell.studies import held_results
from oxyshell.studies.design import DESIGN
from oxyshell.studies.design.designs import Checked, Designs, in_words
from oxyshell.studies.design.file import Design, Loss, Result
from oxyshell.studies.design.space import Choice, Matrix, Nsga2, Space, front
from oxyshell.studies.design.verdict import Measure, better, distances, verdict
from oxyshell.studies.engine.batch_runner import BatchRunner, Values
from oxyshell.studies.engine.ensemble import Ensemble
from oxyshell.studies.engine.ensemble_runner import run_ensemble
from oxyshell.studies.engine.executors import ExecutorFor
from oxyshell.studies.engine.plans import Range
from oxyshell.studies.engine.point_runner import Job, Outcome
from oxyshell.studies.engine.points import resolve
from oxyshell.studies.engine.remarks import tallied
from oxyshell.studies.engine.scenario_quantities import is_valid


def run(
    design: Design,
    out: str | Path | None,
    executor_for: ExecutorFor,
    progress: Progress | None = None,
    retry: bool = False,
    overwrite: bool = False,
    figures: FigureFormat = FigureFormat.PNG,
) -> Designs:
    """Search for Pareto-optimal designs.

    Args:
        design: Variables and objectives.
        out: Folder for `design.json`, `front.csv`, a picture, and the study of all designs; a search that was
            stopped goes on there. In memory without.
        executor_for: Makes what runs the points.
        progress: Progress reporter; none by default.
        retry: Whether designs that failed before are tried again.
        overwrite: Whether the results of another study in the folder are replaced.
        figures: Format of the figures in the folder.

    Raises:
        InputError: If the folder holds other results, and they are not to be replaced.
        OxyshellError: If pymoo is not installed, the reference cannot be computed, the workers do not start,
            or the writing fails.
    """
    require("studies", "A search for designs", "pymoo")
    folder = held_results.claim(out, DESIGN, design.file.design, overwrite)
    with (
        progress or NullProgress() as reporter,
        notices(reporter.message),
        BatchRunner(Job(design.base, design.quantities), executor_for, folder, retry) as runner,
    ):
        found = _Search(design, runner, reporter).run(folder)
    if folder is not None:
        # Every point is in the journal already, so nothing is run.
        run_ensemble(_ensemble(design, found), folder, executor_for)
        disk.replace_text(folder / "design.json", found.to_json())
        disk.replace_text(folder / "front.csv", found.to_csv())
        DESIGN.draw(found, figures)
    return found


class _Search:
    def __init__(self, design: Design, runner: BatchRunner, reporter: Progress) -> None:
        self._design = design
        self._file = design.file
        self._runner = runner
        self._reporter = reporter
        self._whole = self._wholes({})
        self._measures = tuple(self._measure(one) for one in self._file.objectives)
        self._signs = np.array([one.sign for one in self._measures])
        self._reference = self._objectives(self._file.reference.changes, {})
        ranges = [path for path, values in self._file.variables.items() if isinstance(values, Range)]
        self._space = Space(self._file.variables, {path: design.base.unit(path) for path in ranges})
        self._choices: list[Choice] = []
        self._values: dict[tuple[Any, ...], Values] = {}
        self._worth: list[tuple[float, ...]] = []
        self._failed: dict[tuple[Any, ...], tuple[Values, str]] = {}
        self._generation = 0

    def run(self, folder: Path | None) -> Designs:
        search, margin = self._file.search, self._file.search.margin.value
        self._evolve(search.generations, lambda worth: np.zeros(len(worth)), ())
        if not self._worth:
            raise OxyshellError(f"none of the designs could be computed; the first: {self._first_reason()}")
        if search.beside:
            away = self._away(np.array(self._worth))
            nearest = np.argsort(away, kind="stable")[: search.population]
            # The first generation beside the reference is known already: it costs nothing.
            self._evolve(search.beside + 1, self._away, [self._choices[index] for index in nearest])
        worth, values = np.array(self._worth), tuple(self._values.values())
        strictly = better(self._measures, worth, self._reference)
        nearly = strictly or better(self._measures, worth, self._reference, margin)
        names, reference = [in_words(one) for one in values], self._file.reference
        checked = self._check(values[nearly[0]]) if nearly else ()
        return Designs(
            name=self._file.design,
            measures=self._measures,
            variables=tuple(self._file.variables),
            values=values,
            objectives=worth,
            front=tuple(front(worth * self._signs)),
            reference=(reference.name, reference.changes, self._reference),
            winner=strictly[0] if strictly else None,
            best=nearly[0] if nearly else None,
            verdict=verdict(self._measures, worth, self._reference, names, reference.name, margin),
            checked=checked,
            check=self._file.check,
            failed=tuple(self._failed.values()),
            remarks=tuple(tallied(self._runner.remarks)),
            runs=len(self._runner.remarks),
            path=folder,
        )

    def _evolve(
        self, generations: int, violations: Callable[[Matrix], Matrix], start: Sequence[Choice]
    ) -> None:
        search, count = self._file.search, len(self._measures)
        algorithm = Nsga2(self._space, count, search.population, generations, search.seed, start)
        for choices in algorithm.generations():
            worths = self._computed(choices)
            numbers = np.array([[np.nan] * count if one is None else one for one in worths])
            signed = [None if one is None else (self._signs * one).tolist() for one in worths]
            algorithm.tell(signed, np.nan_to_num(violations(numbers)).tolist())

    def _away(self, worth: Matrix) -> Matrix:
        return distances(self._measures, worth, self._reference, self._file.search.margin.value)

    def _computed(self, choices: Sequence[Choice]) -> list[tuple[float, ...] | None]:
        """Objectives of the designs of a generation; those that are new are kept."""
        search = self._file.search
        total = search.generations + (search.beside + 1 if search.beside else 0)
        now, done = self._generation, 0

        def tell(_: Outcome) -> None:
            nonlocal done
            done += 1
            text = f"generation {now + 1} of {total}, {len(self._worth) + done} designs"
            self._reporter.update((now + done / len(choices)) / total, text)

        points = [self._space.values(one) for one in choices]
        worths: list[tuple[float, ...] | None] = []
        for choice, values, outcome in zip(choices, points, self._runner.run(points, tell), strict=True):
            mark = tuple(repr(value) for value in values.values())
            if outcome.status != "completed":
                self._failed[mark] = (values, f"{outcome.status}: {outcome.reason}")
                worths.append(None)
                continue
            worth = self._of_numbers(outcome.numbers, self._whole)
            worths.append(worth)
            if mark not in self._values:
                self._values[mark] = values
                self._choices.append(choice)
                self._worth.append(worth)
        self._generation += 1
        self._reporter.update(self._generation / total, f"generation {self._generation} of {total}")
        if self._worth:
            self._reporter.message(f"generation {self._generation} of {total}: {self._tally()}")
        return worths

    def _tally(self) -> str:
        worth = np.array(self._worth)
        near = int(np.sum(self._away(worth) == 0.0))
        best = len(front(worth * self._signs))
        margin = self._file.search.margin.text
        return f"{len(worth)} designs, {best} on the front, {near} nowhere more than {margin} worse"

    def _check(self, best: Values) -> tuple[Checked, ...]:
        check, reference = self._file.check, self._file.reference
        if not check:
            return ()
        self._reporter.message("the best design and the reference once more: " + in_words(check))
        # All at once; `numbers` then finds them known, or says why one is not.
        whole = [one.against for one in self._file.objectives if isinstance(one, Loss)]
        self._runner.run([{**values, **check} for values in (best, reference.changes, *whole)])
        both = [(in_words(best), best), (reference.name, reference.changes)]
        return tuple(
            Checked(name, self._objectives(values, {}), self._objectives(values, check))
            for name, values in both
        )

    def _objectives(self, values: Values, check: Values) -> tuple[float, ...]:
        return self._of_numbers(self._runner.numbers({**values, **check}), self._wholes(check))

    def _of_numbers(self, numbers: Mapping[str, float], wholes: Mapping[str, float]) -> tuple[float, ...]:
        """The objectives; of losses, the part of the whole that is missing, %."""
        found = {name: numbers[interest.text] for name, interest in self._design.interests.items()}
        found |= {name: 100 * (1 - found[name] / whole) for name, whole in wholes.items()}
        return tuple(found.values())

    def _wholes(self, check: Values) -> dict[str, float]:
        """The numbers against which losses are measured: of the same scenario with other values."""
        return {
            one.name: self._runner.numbers({**one.against, **check})[self._design.interests[one.name].text]
            for one in self._file.objectives
            if isinstance(one, Loss)
        }

    def _measure(self, objective: Result | Loss) -> Measure:
        match objective:
            case Result(name=name, goal=goal, resolution=resolution):
                unit = self._design.interests[name].unit
                return Measure(name, unit, 1.0 if goal == "minimise" else -1.0, resolution)
            case Loss(name=name, resolution=resolution):
                return Measure(name, "%", 1.0, resolution)

    def _first_reason(self) -> str:
        return next((f"{in_words(values)} {reason}" for values, reason in self._failed.values()), "nothing")


def _ensemble(design: Design, found: Designs) -> Ensemble:
    """All designs that are scenarios, those that failed at the end."""
    failed = [values for values, _ in found.failed if is_valid(design.base, values)]
    return Ensemble(
        name=design.file.design,
        about=design.file.about,
        base=design.base,
        points=resolve(design.base, [*found.values, *failed]),
        interests=design.quantities,
        content=design.file.to_data(),
    )
