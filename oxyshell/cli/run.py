"""The command that runs one scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxyshell.cli.options import Changes, CheckpointEvery, Destination, File, Reporting, Resume
from oxyshell.cli.printing import say
from oxyshell.cli.processes import together

if TYPE_CHECKING:
    from oxyshell.scenario.scenario import Scenario


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
    from oxyshell.scenario.loading import load
    from oxyshell.scenario.overrides import parse_assignment, parse_time

    with together():
        every = parse_time(checkpoint_every, "--checkpoint-every")
        scenario = load(file)
        if changes:
            scenario = scenario.with_values(dict(parse_assignment(text) for text in changes))
        folder = destination.folder(file)
        from oxyshell.running import ranks, simulation, stopping

        with stopping.StopSignals() as signals:
            result = simulation.run(
                scenario, folder, reporting.progress(), resume, every, signals, destination.overwrite
            )
        if not reporting.quiet and ranks.is_first():
            say("\n".join(_report(scenario, result.summary, folder)))


def _report(scenario: Scenario, summary: Mapping[str, Any], folder: Path) -> Iterator[str]:
    for name in ("first_principal", "hoop", "von_mises"):
        peak = summary["stress"][name]
        yield (
            f"peak {name.replace('_', ' ')}: {_stress(peak['peak_MPa'])} at {peak['depth_nm']:.1f} nm depth, "
            f"{peak['extracted_per_formula']:.3f} ions per formula unit extracted"
        )
    if "oxygen" in summary:
        yield _oxygen(summary["oxygen"])
    yield (
        f"{summary['status']}: {summary['steps']} steps, {summary['wall_time_s']:.2f} s, balance error "
        f"{summary['ions']['balance_error']:.1e}. Results in {folder}"
    )
    for remark in summary["remarks"]:
        yield f"- {remark}"
    if scenario.oxygen is not None:
        chosen = [
            f"{path} = {text}" for path, text in scenario.chosen().items() if path.startswith("oxygen.")
        ]
        yield f"- Chosen, not measured: {', '.join(chosen) or 'nothing'}."


def _stress(megapascal: float) -> str:
    """A stress with one decimal, or two significant digits below 0.1 MPa."""
    return f"{megapascal:.1f} MPa" if abs(megapascal) >= 0.1 else f"{megapascal:.2g} MPa"


def _oxygen(oxygen: Mapping[str, float | None]) -> str:
    def share(name: str) -> str:
        value = oxygen[name]
        return "–" if value is None else f"{100 * value:.2f} %"

    return (
        f"oxygen: {share('retention')} of it in the lattice, {share('captured_fraction')} captured, "
        f"{share('escaped_fraction')} escaped ({oxygen['released_umol_per_g']:.4g} µmol/g); surface over "
        f"centre {share('surface_to_centre')}; sink {share('filling')} full; balance error "
        f"{oxygen['balance_error']:.1e}"
    )
