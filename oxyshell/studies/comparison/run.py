"""Several systems beside each other and beside what was published: what is input, calibrated, predicted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from oxyshell.filenames import file_name
from oxyshell.language.writing import to_yaml
from oxyshell.outputs import Progress, Result, notices
from oxyshell.outputs.disk import replace_text
from oxyshell.running import ranks
from oxyshell.running.holdings import Study, claim_for_run, claim_for_study, digest_of
from oxyshell.running.recording import nested
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.calibration.run import Calibrated, Goal, calibrate, with_number
from oxyshell.studies.comparison.file import Calibration, Comparison
from oxyshell.studies.engine.bench import Bench, has_quantity, quantity_of
from oxyshell.studies.engine.effects import effects
from oxyshell.studies.engine.pictures import draw_comparison
from oxyshell.studies.engine.quantities import printed_unit
from oxyshell.studies.engine.remarks import of_summary, without_numbers
from oxyshell.studies.engine.rows import BASE, ComparisonResult, Row


def compare(
    comparison: Comparison,
    out: str | Path | None = None,
    progress: Progress | None = None,
    overwrite: bool = False,
) -> ComparisonResult:
    """Run a comparison.

    Args:
        comparison: What to run.
        out: Folder for `comparison.json`, figures and one run folder per system; nothing is written without.
        progress: Who is told; nobody by default.
        overwrite: Whether other results in the folder are replaced.

    Raises:
        InputError: If the folder holds other results, and they are not to be replaced.
        OxyshellError: If a run, the calibration or the writing fails.
    """
    folder = None if out is None else Path(out)
    texts = [to_yaml(comparison.to_data()), *(one.to_yaml() for one in comparison.scenarios.values())]
    study = Study("comparison", comparison.comparison, digest_of(*texts))
    if folder is not None:
        ranks.on_first(lambda: _claim(comparison, study, folder, overwrite))
    return _Study(comparison, folder, ranks.reporter(progress), study.digest).run()


def _claim(comparison: Comparison, study: Study, folder: Path, overwrite: bool) -> None:
    """See to it that neither another study nor a run of something else is lost in the folder."""
    claim_for_study(folder, study, overwrite)
    fitted = {entry.parameter for entry in comparison.calibrate}
    for name, scenario in comparison.scenarios.items():
        claim_for_run(folder / file_name(name), scenario, overwrite, but=fitted)


@dataclass(frozen=True)
class _Case:
    """One set of circumstances: the systems' scenarios before and after calibration."""

    name: str
    scenarios: Mapping[str, Scenario]
    found: tuple[Calibrated, ...] = ()
    results: Mapping[str, Result] = field(default_factory=dict)


class _Study:
    def __init__(self, comparison: Comparison, out: Path | None, progress: Progress, inputs: str) -> None:
        self._inputs_digest = inputs
        self._comparison = comparison
        self._out = out
        self._progress = progress
        self._bench = Bench()
        self._done = 0
        sensitivity = comparison.sensitivity
        self._total = 1 + len(comparison.band.values if comparison.band else ()) + len(comparison.variants)
        self._total += len(sensitivity.factors) if sensitivity else 0

    def run(self) -> ComparisonResult:
        with self._progress, notices(self._progress.message):
            base = self._calibrated(_Case(BASE, self._comparison.scenarios), recalibrate=True)
            base = replace(base, results=self._base_results(base.scenarios))
            self._tell("systems as in the files")
            rows = [*self._inputs(base), *self._calibrations(base)]
            rows += self._results(base, self._comparison.names)
            rows += self._reported(base, self._comparison.names)
            cases = [*self._band(base), *self._variants(base)]
            for case, changed in cases:
                rows += [*self._calibrations(case), *self._results(case, changed)]
                rows += self._reported(case, changed)
            sensitive = list(self._sensitivity(base))
            rows += sensitive
        result = ComparisonResult(
            name=self._comparison.comparison,
            rows=tuple(rows),
            hangs_on=self._hangs_on(base, [case for case, _ in cases], sensitive),
            results=base.results,
            scenarios=base.scenarios,
            path=self._out,
            report=tuple(self._comparison.report),
            effects=effects(self._comparison.cells, self._comparison.report, base.results),
            remarks=(
                *_remarks(base.results),
                *_further(base.results, [case for case, _ in cases]),
                *_calibration_remarks([base, *(case for case, _ in cases)]),
            ),
            inputs=self._inputs_digest,
        )
        ranks.on_first(lambda: self._write(result))
        return result

    def _write(self, result: ComparisonResult) -> None:
        if self._out is not None:
            replace_text(self._out / "comparison.json", result.to_json())
            draw_comparison(result, self._comparison.cells, self._out)

    # Cases.

    def _calibrated(self, case: _Case, recalibrate: bool, guesses: Sequence[Calibrated] = ()) -> _Case:
        """The case with calibrated parameters: its own, or those of the base case."""
        scenarios, found = dict(case.scenarios), []
        for index, entry in enumerate(self._comparison.calibrate):
            known = guesses[index].parameter if guesses else None
            if recalibrate:
                goal = self._goal(entry)
                done = calibrate(self._bench, scenarios[entry.system], goal, known)
                found.append(done)
                value = done.parameter
            else:
                assert known is not None  # only the base case comes without
                value = known
            source = f"{entry.target} = {entry.value:g} of {entry.system}"
            for name in self._comparison.applies_to(entry):
                scenarios[name] = with_number(scenarios[name], entry.parameter, value, "calibrated", source)
        return replace(case, scenarios=scenarios, found=tuple(found))

    def _goal(self, entry: Calibration) -> Goal:
        bounds = self._comparison.bounds(entry)
        return Goal(entry.parameter, entry.target, entry.value, entry.tolerance, bounds)

    def _base_results(self, scenarios: Mapping[str, Scenario]) -> dict[str, Result]:
        results = {}
        for name, scenario in scenarios.items():
            if self._out is None:
                results[name] = self._bench.run(scenario)
            else:
                folder = ranks.run_output(self._out / file_name(name))
                folder.start(scenario.to_yaml())
                results[name] = self._bench.run(scenario, folder)
        return results

    def _band(self, base: _Case) -> Iterator[tuple[_Case, tuple[str, ...]]]:
        """The cases of the band, each with the systems that it changes."""
        band, names = self._comparison.band, self._comparison.names
        for value in band.values if band else ():
            assert band is not None
            name = f"{band.parameter} = {value}"
            scenarios = {n: s.with_values({band.parameter: value}) for n, s in base.scenarios.items()}
            yield self._case(name, scenarios, base, band.recalibrate), names

    def _variants(self, base: _Case) -> Iterator[tuple[_Case, tuple[str, ...]]]:
        """The variants, each with the systems that it changes."""
        for variant in self._comparison.variants:
            changed = self._comparison.changed_by(variant)
            scenarios = {
                n: s.with_values(variant.changes) if n in changed else s for n, s in base.scenarios.items()
            }
            yield self._case(variant.name, scenarios, base, variant.recalibrate), changed

    def _case(self, name: str, scenarios: Mapping[str, Scenario], base: _Case, recalibrate: bool) -> _Case:
        case = self._calibrated(_Case(name, scenarios), recalibrate, base.found)
        results = {n: self._bench.run(scenario) for n, scenario in case.scenarios.items()}
        self._tell(name)
        return replace(case, results=results)

    def _sensitivity(self, base: _Case) -> Iterator[Row]:
        wanted = self._comparison.sensitivity
        if wanted is None:
            return
        at = ", ".join(f"{path} = {value}" for path, value in wanted.at.items())
        scenarios = {n: s.with_values(wanted.at) for n, s in base.scenarios.items()}
        case = self._calibrated(_Case(at, scenarios), recalibrate=True, guesses=base.found)
        scenario = case.scenarios[wanted.system]
        middle = scenario.get(wanted.parameter)
        for factor in wanted.factors:
            changed = with_number(scenario, wanted.parameter, factor * middle, "chosen", "sensitivity")
            result = self._bench.run(changed)
            name = f"{wanted.parameter} × {factor:g}" + (f", {at}" if at else "")
            self._tell(name)
            for entry in self._comparison.published:
                if entry.system == wanted.system:
                    yield _row(
                        entry.quantity, entry.system, entry.value, result, "predicted", name, entry.source
                    )

    # Rows.

    def _inputs(self, base: _Case) -> Iterator[Row]:
        for entry in self._comparison.inputs:
            scenario = base.scenarios[entry.system]
            value, unit = float(scenario.get(entry.quantity)), scenario.unit(entry.quantity)
            facts = {fact.path: fact for fact in scenario.provenance()}
            fact = facts.get(entry.quantity)
            told, published = fact.source if fact else "", entry.published
            yield Row(
                quantity=entry.quantity,
                system=entry.system,
                published=published,
                computed=value,
                deviation_percent=_deviation(value, published),
                status="input",
                unit=unit,
                source=told,
            )

    def _calibrations(self, case: _Case) -> Iterator[Row]:
        for entry, found in zip(self._comparison.calibrate, case.found, strict=False):
            unit = case.scenarios[entry.system].unit(entry.parameter)
            yield Row(
                entry.parameter, entry.system, None, found.parameter, None, "calibrated", unit, case.name
            )

    def _results(self, case: _Case, systems: Sequence[str]) -> Iterator[Row]:
        targets = (
            {(entry.target, entry.system) for entry in self._comparison.calibrate} if case.found else set()
        )
        for entry in self._comparison.published:
            if entry.system not in systems:
                continue
            status = "calibrated" if (entry.quantity, entry.system) in targets else "predicted"
            result = case.results[entry.system]
            yield _row(entry.quantity, entry.system, entry.value, result, status, case.name, entry.source)

    def _reported(self, case: _Case, systems: Sequence[str]) -> Iterator[Row]:
        """What the file asks for beyond published numbers; what means nothing in a run is left out."""
        known = {(entry.quantity, entry.system) for entry in self._comparison.published}
        for name in systems:
            for quantity in self._comparison.report:
                if (quantity, name) not in known and has_quantity(case.results[name], quantity):
                    yield _row(quantity, name, None, case.results[name], "predicted", case.name, "")

    # Words.

    def _hangs_on(self, base: _Case, cases: Sequence[_Case], sensitive: Sequence[Row]) -> str:
        chosen: dict[str, str] = {}
        for scenario in base.scenarios.values():
            chosen |= scenario.chosen()
        parts = ["The result hangs on numbers that were chosen, not measured: "]
        parts.append(", ".join(f"{path} = {text}" for path, text in chosen.items()) + ".")
        circumstances = self._circumstances()
        for entry in self._comparison.published:
            if entry.quantity.endswith("peak_MPa") and self._is_predicted(entry.quantity, entry.system):
                found = [quantity_of(case.results[entry.system], entry.quantity) for case in cases]
                if found:
                    span = f"{min(found):.0f}–{max(found):.0f} MPa"
                    parts.append(f" Over {circumstances}, {entry.system}'s peak is {span}.")
        peaks = [row for row in sensitive if row.quantity.endswith("peak_MPa")]
        if peaks:
            told = ", ".join(f"{row.computed:.0f} MPa ({row.case.split(',')[0]})" for row in peaks)
            parts.append(f" How fragile the prediction is: {told}.")
        return "".join(parts)

    def _circumstances(self) -> str:
        band, told = self._comparison.band, []
        if band is not None:
            told.append(f"{band.parameter} = {band.values[0]} to {band.values[-1]}")
        return " and ".join([*told, *(variant.name for variant in self._comparison.variants)])

    def _is_predicted(self, quantity: str, system: str) -> bool:
        return (quantity, system) not in {(c.target, c.system) for c in self._comparison.calibrate}

    def _tell(self, text: str) -> None:
        self._done += 1
        self._progress.update(self._done / self._total, text)
        self._progress.message(text)


def _deviation(computed: float, published: float | None) -> float | None:
    return 100 * (computed - published) / abs(published) if published else None


def _row(
    quantity: str, system: str, published: float | None, result: Result, status: str, case: str, source: str
) -> Row:
    computed = quantity_of(result, quantity)
    measure: Any = {}
    if quantity.endswith("peak_MPa"):
        measure = nested(result.summary, quantity.rpartition(".")[0])
    return Row(
        quantity=quantity,
        system=system,
        published=published,
        computed=computed,
        deviation_percent=_deviation(computed, published),
        status=status,
        unit=printed_unit(quantity),
        case=case,
        depth_nm=measure.get("depth_nm"),
        extracted_per_formula=measure.get("extracted_per_formula"),
        source=source,
    )


def _remarks(results: Mapping[str, Result]) -> tuple[str, ...]:
    """What is to be said about the systems, each sentence once with the systems it is about."""
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


def _further(results: Mapping[str, Result], cases: Sequence[_Case]) -> Iterator[str]:
    """What is to be said about other circumstances alone, each sentence with the first one it is about."""
    known = {without_numbers(text) for result in results.values() for text in of_summary(result.summary)}
    for case in cases:
        for name, result in case.results.items():
            for remark in of_summary(result.summary):
                if without_numbers(remark) not in known:
                    known.add(without_numbers(remark))
                    yield f"{case.name}; {name}: {remark}"
