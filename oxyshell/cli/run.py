"""The command that runs one scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxyshell.cli.cycles import compared
from oxyshell.cli.options import Changes, CheckpointEvery, Destination, File, Reporting, Resume
from oxyshell.cli.printing import say
from oxyshell.cli.processes import together

if TYPE_CHECKING:
    from oxyshell.outputs import Result
    from oxyshell.scenario.scenario import Scenario

_OF_THE_PARTICLE = ("material", "shell", "regions")
"""Sections that every number of a material or a layer stands in, also one that a library has given."""


def run(
    file: File,
    *,
    changes: Changes = None,
    destination: Destination,
    resume: Resume = False,
    checkpoint_every: CheckpointEvery = "30 s",
    reporting: Reporting,
) -> None:
    """Run a scenario. Results go to results/NAME unless --out says otherwise."""
    from oxyshell.scenario.overrides import parse_assignment, parse_time
    from oxyshell.studies.registry import load_scenario

    with together():
        every = parse_time(checkpoint_every, "--checkpoint-every")
        scenario = load_scenario(file)
        if changes:
            scenario = scenario.with_values(dict(parse_assignment(text) for text in changes))
        folder = destination.folder(file)
        from oxyshell.running import ranks, simulation, stopping

        def tell(result: Result) -> None:
            if not reporting.quiet and ranks.is_first():
                report = [*compared(result.cycle_table), *_report(scenario, result.summary, folder)]
                say("\n".join([*report, *destination.without_figures(file)]))

        with stopping.StopSignals() as signals:
            simulation.run(
                scenario,
                folder,
                reporting.progress(),
                resume,
                every,
                signals,
                destination.overwrite,
                destination.figures,
                tell,
            )


def _report(scenario: Scenario, summary: Mapping[str, Any], folder: Path) -> Iterator[str]:
    from oxyshell.models import registry

    for one in registry.physics():
        yield from one.report(summary)
    yield (
        f"{summary['status']}: {summary['steps']} steps, {summary['wall_time_s']:.2f} s, balance error "
        f"{summary['ions']['balance_error']:.1e}. Results in {folder}"
    )
    for remark in summary["remarks"]:
        yield f"- {remark}"
    yield from _chosen(scenario)


def _chosen(scenario: Scenario) -> Iterator[str]:
    """A line on the numbers that were chosen, of a run with several hosts or with an optional physics."""
    from oxyshell.models import registry

    optional = (one.name for one in registry.physics() if not one.in_every_run)
    physics = [name for name in optional if scenario.section(name) is not None]
    if not physics and len(scenario.parts) == 1:
        return
    numbers, named = scenario.chosen(), (*_OF_THE_PARTICLE, *physics)
    told = [
        f"{path} = {text}"
        for path, text in numbers.items()
        if path.startswith(tuple(f"{one}." for one in named))
    ]
    # The conditions of the run, such as its temperature and its rates, are counted only.
    others = len(numbers) - len(told)
    more = f" and {others} more (scenario.yaml)" if others else ""
    yield f"- Chosen, not measured: {', '.join(told) or 'nothing'}{more}."
