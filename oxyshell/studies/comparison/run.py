"""Several systems beside each other and beside what was published: what is input, calibrated, predicted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from oxyshell.figure_format import FigureFormat
from oxyshell.filenames import file_name
from oxyshell.models.base.observable import nested
from oxyshell.outputs import NullFolder, Progress, RunOutput, SummaryOnly, notices
from oxyshell.outputs.disk import replace_text
from oxyshell.running import ranks
from oxyshell.running.overwrite_protection import claim_for_run
from oxyshell.running.run_result import RunResult
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies import held_results
from oxyshell.studies.comparison import COMPARISON, chosen_numbers
from oxyshell.studies.comparison.calibrated_parameter import (
    CalibratedParameter,
    calibrate_parameter,
    with_number,
)
from oxyshell.studies.comparison.comparison_result import BASE, ComparisonResult, Row, is_peak
from oxyshell.studies.comparison.conclusions import conclude
from oxyshell.studies.comparison.factorial_effects import effects
from oxyshell.studies.comparison.figures import clear_figures
from oxyshell.studies.comparison.file import Comparison
from oxyshell.studies.comparison.sections import ComparisonFile, Published
from oxyshell.studies.engine.quantities import printed_unit
from oxyshell.studies.engine.remarks import of_summary, without_numbers
from oxyshell.studies.engine.simulation_cache import SimulationCache, find_quantity, quantity_of
from oxyshell.studies.engine.words import in_words


def run(
    comparison: Comparison,
    out: str | Path | None = None,
    progress: Progress | None = None,
    overwrite: bool = False,
    figures: FigureFormat = FigureFormat.PNG,
) -> ComparisonResult:
    """Run a comparison.

    Args:
        comparison: The comparison.
        out: Folder for `comparison.json`, figures and one run folder per system; nothing is written without.
        progress: Progress reporter; none by default.
        overwrite: Whether other results in the folder are replaced.
        figures: Format of the figures in the folder.

    Raises:
        InputError: If the folder holds other results, and they are not to be replaced.
        OxyshellError: If a run, the calibration or the writing fails.
    """
    folder = None if out is None else Path(out)
    digest = held_results.digest_of(comparison.file, comparison.scenarios)
    ranks.on_first(lambda: _claim(comparison, digest, folder, overwrite))
    result = _Run(comparison, folder, ranks.reporter(progress), digest).run()
    if folder is not None:
        ranks.on_first(lambda: COMPARISON.draw(result, figures))
    return result


def _claim(comparison: Comparison, digest: str, folder: Path | None, overwrite: bool) -> None:
    """Make sure that neither another study nor a run of something else is lost in the folder."""
    held_results.claim(folder, COMPARISON, comparison.file.comparison, overwrite, digest)
    calibrated = {entry.parameter for entry in comparison.file.calibrate}
    if folder is not None:
        for name, scenario in comparison.scenarios.items():
            claim_for_run(folder / file_name(name), scenario, overwrite, but=calibrated)


@dataclass(frozen=True)
class _Case:
    """One set of circumstances: the systems' scenarios before and after calibration, and those it changes."""

    name: str
    scenarios: Mapping[str, Scenario]
    changed: tuple[str, ...]
    found: tuple[CalibratedParameter, ...] = ()
    results: Mapping[str, RunResult] = field(default_factory=dict)


class _Run:
    def __init__(self, comparison: Comparison, out: Path | None, progress: Progress, inputs: str) -> None:
        self._inputs_digest = inputs
        self._file: ComparisonFile = comparison.file
        self._scenarios = comparison.scenarios
        self._bounds = comparison.bounds
        self._out = out
        self._progress = progress
        self._cache = SimulationCache()
        self._done = 0
        sensitivity = comparison.file.sensitivity
        self._total = 1 + len(comparison.file.cases) + (len(sensitivity.factors) if sensitivity else 0)

    def run(self) -> ComparisonResult:
        with self._progress, notices(self._progress.message):
            base = self._calibrated(_Case(BASE, self._scenarios, self._file.names), recalibrate=True)
            base = replace(base, results=self._base_results(base.scenarios))
            self._tell("systems as in the files")
            cases = list(self._cases(base))
            rows = list(self._inputs(base))
            for case in (base, *cases):
                rows += [*self._calibrations(case), *self._results(case), *self._reported(case)]
            sensitive = list(self._sensitivity(base))
            rows += [row for _, row in sensitive]
        result = ComparisonResult(
            name=self._file.comparison,
            rows=tuple(rows),
            depends_on=self._depends_on(base, cases, sensitive),
            results=base.results,
            scenarios=base.scenarios,
            path=self._out,
            report=tuple(self._file.report),
            effects=effects(self._file.cells, self._file.report, base.results),
            remarks=(
                *_remarks(base.results),
                *_further(base.results, cases),
                *_calibration_remarks([base, *cases]),
            ),
            inputs=self._inputs_digest,
            labels=self._file.labels,
            conclusions=tuple(conclude(self._file.conclusions, rows)),
            cells=self._file.cells,
        )
        ranks.on_first(lambda: self._write(result))
        return result

    def _write(self, result: ComparisonResult) -> None:
        if self._out is not None:
            clear_figures(result)
            replace_text(self._out / "comparison.json", result.to_json())

    # Cases.

    def _calibrated(self, case: _Case, recalibrate: bool, found: Sequence[CalibratedParameter] = ()) -> _Case:
        """The case with calibrated parameters: its own, or those that were found in the base case."""
        scenarios, own = dict(case.scenarios), []
        for index, (entry, bounds) in enumerate(zip(self._file.calibrate, self._bounds, strict=True)):
            known = found[index] if found else None
            if recalibrate or known is None:
                start = None if known is None else known.parameter
                known = calibrate_parameter(self._cache, scenarios[entry.system], entry, bounds, start)
                own.append(known)
            source = f"{entry.target} = {entry.value:g} of {entry.system}"
            for name in self._file.applies_to(entry):
                scenarios[name] = with_number(
                    scenarios[name], entry.parameter, known.parameter, "calibrated", source
                )
        return replace(case, scenarios=scenarios, found=tuple(own))

    def _base_results(self, scenarios: Mapping[str, Scenario]) -> dict[str, RunResult]:
        results = {}
        for name, scenario in scenarios.items():
            kept: RunOutput = NullFolder()
            if self._out is not None:
                kept = ranks.run_output(self._out / file_name(name))
            kept.start(scenario.to_yaml())
            results[name] = self._cache.run(scenario, kept)
        return results

    def _cases(self, base: _Case) -> Iterator[_Case]:
        """The band and the variants."""
        for variant in self._file.cases:
            changed, scenarios = self._file.changed_by(variant), dict(base.scenarios)
            for name in changed:
                scenarios[name] = scenarios[name].with_values(variant.changes)
            case = self._calibrated(_Case(variant.name, scenarios, changed), variant.recalibrate, base.found)
            results = {
                name: base.results[name] if scenario == base.scenarios[name] else self._cache.run(scenario)
                for name, scenario in case.scenarios.items()
            }
            self._tell(variant.name)
            yield replace(case, results=results)

    def _sensitivity(self, base: _Case) -> Iterator[tuple[str, Row]]:
        """The rows of the sensitivity, each with the change of the parameter."""
        wanted = self._file.sensitivity
        if wanted is None:
            return
        at = ", ".join(f"{path} = {value}" for path, value in wanted.at.items())
        scenarios = {n: s.with_values(wanted.at) for n, s in base.scenarios.items()}
        case = self._calibrated(_Case(at, scenarios, ()), recalibrate=True, found=base.found)
        scenario = case.scenarios[wanted.system]
        middle = scenario.get(wanted.parameter)
        for factor in wanted.factors:
            changed = with_number(scenario, wanted.parameter, factor * middle, "chosen", "sensitivity")
            result = self._cache.run(changed, SummaryOnly(keeps_history=True))
            change = f"{wanted.parameter} × {factor:g}"
            name = f"{change}, {at}" if at else change
            self._tell(name)
            for entry in self._file.published:
                if entry.system == wanted.system:
                    yield change, _row(entry, result, name)

    # Rows.

    def _inputs(self, base: _Case) -> Iterator[Row]:
        for entry in self._file.inputs:
            scenario = base.scenarios[entry.system]
            sources = {fact.path: fact.source for fact in scenario.provenance()}
            value = float(scenario.get(entry.quantity))
            yield Row(
                quantity=entry.quantity,
                system=entry.system,
                published=entry.published,
                computed=value,
                deviation_percent=_deviation(value, entry.published),
                status="input",
                unit=scenario.unit(entry.quantity),
                source=sources.get(entry.quantity, ""),
            )

    def _calibrations(self, case: _Case) -> Iterator[Row]:
        for entry, found in zip(self._file.calibrate, case.found, strict=False):
            unit = case.scenarios[entry.system].unit(entry.parameter)
            yield Row(
                entry.parameter, entry.system, None, found.parameter, None, "calibrated", unit, case.name
            )

    def _results(self, case: _Case) -> Iterator[Row]:
        targets = {(entry.target, entry.system) for entry in self._file.calibrate} if case.found else set()
        for entry in self._file.published:
            if entry.system in case.changed:
                found = "calibrated" if (entry.quantity, entry.system) in targets else "predicted"
                yield _row(entry, case.results[entry.system], case.name, entry.status or found)

    def _reported(self, case: _Case) -> Iterator[Row]:
        """Numbers that the file asks for beyond published ones, where they mean something in the run."""
        known = {(entry.quantity, entry.system) for entry in self._file.published}
        for name in case.changed:
            for quantity in self._file.report:
                if (quantity, name) not in known and find_quantity(case.results[name], quantity) is not None:
                    entry = Published(quantity=quantity, system=name, value=None)
                    yield _row(entry, case.results[name], case.name)

    # Words.

    def _depends_on(self, base: _Case, cases: Sequence[_Case], sensitive: Sequence[tuple[str, Row]]) -> str:
        parts = ["The result depends on numbers that were chosen, not measured: "]
        parts.append(f"{chosen_numbers.listed(chosen_numbers.by_path(base.scenarios.values()))}.")
        circumstances = self._circumstances()
        for entry in self._file.published:
            if is_peak(entry.quantity) and self._is_predicted(entry.quantity, entry.system):
                found = [quantity_of(case.results[entry.system], entry.quantity) for case in cases]
                if found:
                    span = f"{min(found):.0f}–{max(found):.0f} MPa"
                    parts.append(f" Over {circumstances}, {entry.system}'s peak is {span}.")
        peaks = [f"{row.computed:.0f} MPa ({change})" for change, row in sensitive if is_peak(row.quantity)]
        if peaks:
            parts.append(f" Sensitivity of the prediction: {', '.join(peaks)}.")
        return "".join(parts)

    def _circumstances(self) -> str:
        band, told = self._file.band, []
        if band is not None:
            told.append(f"{band.parameter} = {band.values[0]} to {band.values[-1]}")
        return " and ".join([*told, *(variant.name for variant in self._file.variants)])

    def _is_predicted(self, quantity: str, system: str) -> bool:
        return (quantity, system) not in {(c.target, c.system) for c in self._file.calibrate}

    def _tell(self, text: str) -> None:
        self._done += 1
        self._progress.update(self._done / self._total, in_words(text))
        self._progress.message(in_words(text))


def _deviation(computed: float, published: float | None) -> float | None:
    return 100 * (computed - published) / abs(published) if published else None


def _row(entry: Published, result: RunResult, case: str, status: str = "predicted") -> Row:
    quantity, computed = entry.quantity, quantity_of(result, entry.quantity)
    measure: Any = nested(result.summary, quantity.rpartition(".")[0]) if is_peak(quantity) else {}
    return Row(
        quantity=quantity,
        system=entry.system,
        published=entry.value,
        computed=computed,
        deviation_percent=_deviation(computed, entry.value),
        status=status,
        unit=printed_unit(quantity),
        case=case,
        depth_nm=measure.get("depth_nm"),
        extracted_per_formula=measure.get("extracted_per_formula"),
        source=entry.source,
    )


def _remarks(results: Mapping[str, RunResult]) -> tuple[str, ...]:
    """Remarks of the systems, each sentence once with the systems it is about."""
    about: dict[str, list[str]] = {}
    for name, result in results.items():
        for remark in of_summary(result.summary):
            about.setdefault(remark, []).append(name)
    return tuple(
        remark if len(names) == len(results) else f"{'; '.join(names)}: {remark}"
        for remark, names in about.items()
    )


def _calibration_remarks(cases: Sequence[_Case]) -> Iterator[str]:
    """Remarks on calibrated values, with the case where it is not that of the files."""
    for case in cases:
        for found in case.found:
            for remark in found.remarks:
                yield remark if case.name == BASE else f"{case.name}: {remark}"


def _further(results: Mapping[str, RunResult], cases: Sequence[_Case]) -> Iterator[str]:
    """Remarks of other circumstances alone, each sentence with the first one it is about."""
    known = {without_numbers(text) for result in results.values() for text in of_summary(result.summary)}
    for case in cases:
        for name, result in case.results.items():
            for remark in of_summary(result.summary):
                if without_numbers(remark) not in known:
                    known.add(without_numbers(remark))
                    yield f"{case.name}; {name}: {remark}"
