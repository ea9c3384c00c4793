"""The command that runs one scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxyshell.cli.options import Changes, CheckpointEvery, Destination, File, Reporting, Resume
from oxyshell.cli.printing import print_all
from oxyshell.cli.processes import together

if TYPE_CHECKING:
    from oxyshell.outputs import Result


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
        from oxyshell.running import ranks, report, simulation, stopping

        def tell(result: Result) -> None:
            if not reporting.quiet and ranks.is_first():
                print_all([*report.render(result, scenario), *destination.without_figures(file)])

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
