"""The commands. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from traceback import format_exception
from typing import Annotated, Literal

import typer

from oxyshell import launch, streams
from oxyshell.errors import InputError, OxyshellError, RunStopped
from oxyshell.filenames import file_name
from oxyshell.printable import printable_lines

_TRACEBACK = "--traceback"
app = typer.Typer(
    name="oxyshell",
    help="Chemo-mechanics of battery cathode particles: ion diffusion, stress, what a surface shell changes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

# What several processes can do together; other commands would do everything once per process.
_TOGETHER = ("run", "compare")

_File = Annotated[Path, typer.Argument(metavar="FILE", help="A YAML file.")]
_Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="YAML files.")]
_Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results.")]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
# Looked for in `_verdict`, which has to know before the arguments are parsed.
_Traceback = Annotated[
    bool, typer.Option(_TRACEBACK, help="Show where in the program an unexpected error came up.")
]
_Workers = Annotated[int, typer.Option("--workers", min=1, help="Processes on this machine.")]
_Scheduler = Annotated[
    str | None, typer.Option(metavar="URL", help="Run on the Dask cluster with this scheduler instead.")
]
_Retry = Annotated[bool, typer.Option("--retry", help="Try points again that failed.")]
_Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help='Change a value, as in shell.thickness="5 nm".'),
]
_Resume = Annotated[
    bool, typer.Option("--resume", help="Go on with a run that was stopped or killed, where it was.")
]
_Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace what another scenario or study has left in the folder.")
]
_CheckpointEvery = Annotated[
    str,
    typer.Option(
        "--checkpoint-every",
        metavar="TIME",
        help="Wall time between checkpoints, besides those at output times.",
    ),
]


@app.callback()
def _start(context: typer.Context) -> None:
    if context.invoked_subcommand not in _TOGETHER:
        launch.refuse_several(context.invoked_subcommand or "")


@app.command()
def run(
    file: _File,
    changes: _Set = None,
    out: _Out = None,
    overwrite: _Overwrite = False,
    resume: _Resume = False,
    checkpoint_every: _CheckpointEvery = "30 s",
    quiet: _Quiet = False,
    traceback: _Traceback = False,
) -> None:
    """Run a scenario. Results go to results/NAME unless --out says otherwise."""
    from oxyshell.scenario.overrides import parse_assignment, parse_time
    from oxyshell.studies.registry import load_scenario

    with launch.together(_verdict):
        every = parse_time(checkpoint_every, "--checkpoint-every")
        scenario = load_scenario(file)
        if changes:
            scenario = scenario.with_values(dict(parse_assignment(text) for text in changes))
        folder = out or _default_folder(file)
        from oxyshell import outputs
        from oxyshell.running import ranks, simulation, stopping

        with stopping.StopSignals() as stops:
            told = outputs.progress(quiet)
            result = simulation.run(scenario, folder, told, resume, every, stops, overwrite)
        if not quiet and ranks.is_first():
            _say_summary(result.summary, folder)
            _say_remarks(result.summary["remarks"])
            if scenario.oxygen is not None:
                _say_chosen(scenario.chosen())


@app.command()
def compare(
    file: _File,
    out: _Out = None,
    overwrite: _Overwrite = False,
    quiet: _Quiet = False,
    traceback: _Traceback = False,
) -> None:
    """Calibrate, predict and set beside what was published, as a comparison file says."""
    from oxyshell.studies.comparison import COMPARISON
    from oxyshell.studies.registry import load_study

    with launch.together(_verdict):
        comparison = load_study(COMPARISON, file)
        from oxyshell import outputs
        from oxyshell.running import ranks
        from oxyshell.studies.comparison.report import render
        from oxyshell.studies.comparison.run import compare as run_comparison

        folder = out or _default_folder(file)
        result = run_comparison(comparison, folder, outputs.progress(quiet), overwrite)
        if not quiet and ranks.is_first():
            _print(render(result))


@app.command()
def sweep(
    file: _File,
    workers: _Workers = 1,
    scheduler: _Scheduler = None,
    retry: _Retry = False,
    runs: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of run folders that sweeps share; by default in --out."),
    ] = None,
    out: _Out = None,
    overwrite: _Overwrite = False,
    quiet: _Quiet = False,
    traceback: _Traceback = False,
) -> None:
    """Run a sweep, or what is left of it. Results go to results/NAME unless --out says otherwise."""
    from oxyshell import outputs
    from oxyshell.studies.registry import load_study
    from oxyshell.studies.sweep import SWEEP

    plan = load_study(SWEEP, file)
    folder = out or _default_folder(file)
    from oxyshell.studies.engine.executors import executor_for
    from oxyshell.studies.sweep.report import render
    from oxyshell.studies.sweep.run import run as run_sweep

    with _resumable(folder):
        executor = executor_for(workers, scheduler)
        study = run_sweep(plan, folder, executor, runs, retry, outputs.progress(quiet), overwrite)
    if not quiet:
        _print(render(study))
    if study.failed:
        sys.exit(1)


@app.command()
def calibrate(
    file: _File,
    out: _Out = None,
    overwrite: _Overwrite = False,
    quiet: _Quiet = False,
    traceback: _Traceback = False,
) -> None:
    """Adjust parameters to targets, and say which of them the targets determine."""
    from oxyshell import outputs
    from oxyshell.studies.calibration import CALIBRATION
    from oxyshell.studies.registry import load_study

    calibration = load_study(CALIBRATION, file)
    from oxyshell.studies.calibration.report import render
    from oxyshell.studies.calibration.run import calibrate as run_calibration

    folder = out or _default_folder(file)
    found = run_calibration(calibration, folder, outputs.progress(quiet), overwrite)
    if not quiet:
        _print(render(found))
    if not found.fitted:
        sys.exit(1)


@app.command()
def sensitivity(
    file: _File,
    workers: _Workers = 1,
    scheduler: _Scheduler = None,
    retry: _Retry = False,
    out: _Out = None,
    overwrite: _Overwrite = False,
    quiet: _Quiet = False,
    traceback: _Traceback = False,
) -> None:
    """Vary parameters one at a time and all together: which of them matter. Goes on where it stopped."""
    from oxyshell import outputs
    from oxyshell.studies.registry import load_study
    from oxyshell.studies.sensitivity import SENSITIVITY

    asked = load_study(SENSITIVITY, file)
    folder = out or _default_folder(file)
    from oxyshell.studies.engine.executors import executor_for
    from oxyshell.studies.sensitivity.report import render
    from oxyshell.studies.sensitivity.run import analyse

    with _resumable(folder):
        executor = executor_for(workers, scheduler)
        found = analyse(asked, folder, executor, outputs.progress(quiet), retry, overwrite)
    if not quiet:
        _print(render(found))


@app.command()
def optimise(
    file: _File,
    workers: _Workers = 1,
    scheduler: _Scheduler = None,
    retry: _Retry = False,
    out: _Out = None,
    overwrite: _Overwrite = False,
    quiet: _Quiet = False,
    traceback: _Traceback = False,
) -> None:
    """Search for Pareto-optimal designs. Goes on where it stopped."""
    from oxyshell import outputs
    from oxyshell.studies.design import DESIGN
    from oxyshell.studies.registry import load_study

    design = load_study(DESIGN, file)
    folder = out or _default_folder(file)
    from oxyshell.studies.design.report import render
    from oxyshell.studies.design.run import optimise as search
    from oxyshell.studies.engine.executors import executor_for

    with _resumable(folder):
        executor = executor_for(workers, scheduler)
        found = search(design, folder, executor, outputs.progress(quiet), retry, overwrite)
    if not quiet:
        _print(render(found))


@app.command()
def validate(files: _Files, out: _Out = None, quiet: _Quiet = False, traceback: _Traceback = False) -> None:
    """Check files of any kind without running them; --out takes the resolved scenarios."""
    from oxyshell.language.mistakes import ScenarioError
    from oxyshell.scenario.scenario import Scenario
    from oxyshell.studies.registry import load_any

    wrong = []
    for file in files:
        try:
            found = load_any(file)
        except ScenarioError as error:
            wrong.append(str(error))
            continue
        if not quiet:
            _say(f"{file}: valid")
        if out is not None and isinstance(found, Scenario):
            _write(out / file.name, found.to_yaml())
    if wrong:
        raise InputError("\n".join(wrong))


@app.command()
def schema(
    kind: Annotated[
        Literal["scenario", "comparison", "sweep", "calibration", "sensitivity", "design"],
        typer.Option("--kind", help="Of which kind of file."),
    ] = "scenario",
    out: _Out = None,
    quiet: _Quiet = False,
    traceback: _Traceback = False,
) -> None:
    """Print the JSON Schema of scenario files, for completion in editors; --out writes it to a file there."""
    import json

    from oxyshell.studies.registry import json_schema

    text = json.dumps(json_schema(kind), indent=2) + "\n"
    if out is not None:
        _write(out / f"{kind}.schema.json", text)
    elif not quiet:
        typer.echo(text, nl=False)
        streams.secure().check()


def _default_folder(file: Path) -> Path:
    return Path("results") / file_name(file.stem)


@contextlib.contextmanager
def _resumable(folder: Path) -> Iterator[None]:
    """A study that can be stopped and gone on with."""
    try:
        yield
    except KeyboardInterrupt:
        _say(f"oxyshell: stopped; the same command goes on from here. Results in {folder}", err=True)
        sys.exit(130)


def _say(text: str, err: bool = False) -> None:
    typer.echo(printable_lines(text), err=err)


def _print(parts: Iterable[object]) -> None:
    from rich.console import Console

    # Off a terminal a table is not squeezed into 80 columns.
    console = Console(width=None if sys.stdout.isatty() else 150, markup=False, emoji=False, highlight=False)
    for part in parts:
        console.print(printable_lines(part) if isinstance(part, str) else part)


def _write(path: Path, text: str) -> None:
    from oxyshell.outputs import disk

    with disk.errors_at(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    disk.replace_text(path, text)


def _say_summary(summary: object, folder: Path) -> None:
    from oxyshell.running.recording import nested

    assert isinstance(summary, dict)
    for name in ("first_principal", "hoop", "von_mises"):
        peak = nested(summary, f"stress.{name}")
        assert isinstance(peak, dict)
        _say(
            f"peak {name.replace('_', ' ')}: {_stress(peak['peak_MPa'])} at {peak['depth_nm']:.1f} nm depth, "
            f"{peak['extracted_per_formula']:.3f} ions per formula unit extracted"
        )
    if "oxygen" in summary:
        _say_oxygen(summary["oxygen"])
    _say(
        f"{summary['status']}: {summary['steps']} steps, {summary['wall_time_s']:.2f} s, balance error "
        f"{nested(summary, 'ions.balance_error'):.1e}. Results in {folder}"
    )


def _stress(megapascal: float) -> str:
    """A stress with one decimal, or two digits where that would be none of its own."""
    return f"{megapascal:.1f} MPa" if abs(megapascal) >= 0.1 else f"{megapascal:.2g} MPa"


def _say_oxygen(oxygen: dict[str, float | None]) -> None:
    def share(name: str) -> str:
        value = oxygen[name]
        return "–" if value is None else f"{100 * value:.2f} %"

    _say(
        f"oxygen: {share('retention')} of it in the lattice, {share('captured_fraction')} captured, "
        f"{share('escaped_fraction')} escaped ({oxygen['released_umol_per_g']:.4g} µmol/g); surface over "
        f"centre {share('surface_to_centre')}; sink {share('filling')} full; balance error "
        f"{oxygen['balance_error']:.1e}"
    )


def _say_remarks(remarks: object) -> None:
    assert isinstance(remarks, list)
    for remark in remarks:
        _say(f"- {remark}")


def _say_chosen(chosen: dict[str, str]) -> None:
    oxygen = (f"{path} = {text}" for path, text in chosen.items() if path.startswith("oxygen."))
    _say(f"- Chosen, not measured: {', '.join(oxygen) or 'nothing'}.")


def main() -> None:
    """The program: exit code 0 if all went well, 2 for a mistake of the user, 1 for other errors.

    128 + its number after a signal that stopped a run.
    """
    streams.secure()
    try:
        with launch.only_the_first_speaks():
            _check_surroundings()
            app()
    except (Exception, KeyboardInterrupt) as error:
        code, text = _verdict(error)
        if launch.is_first():
            _say(text, err=True)
        sys.exit(code)


def _check_surroundings() -> None:
    try:
        Path.cwd()
    except OSError as error:
        raise OxyshellError(
            f"the working directory cannot be used ({error.strerror}): it may have been deleted. "
            "Change into another folder, and try again."
        ) from error


def _verdict(error: BaseException) -> tuple[int, str]:
    """The exit code of an error, and what to say about it."""
    code, text = _code_and_words(error)
    return code, printable_lines(text)


def _code_and_words(error: BaseException) -> tuple[int, str]:
    match error:
        case InputError():
            return 2, str(error)
        case RunStopped(signal_number=number):
            return 128 + number, f"oxyshell: {error}"
        case OxyshellError():
            return 1, f"oxyshell: {error}"
        case KeyboardInterrupt():
            return 130, "oxyshell: stopped; what was reached until now is in the run folder"
        case MemoryError():
            return 1, "oxyshell: there is not enough memory: fewer elements or processes need less"
        case ModuleNotFoundError(name=name):
            return 1, f"oxyshell: the package {name} is missing: install it, or install oxyshell anew"
    if _TRACEBACK in sys.argv:
        return 1, "".join(format_exception(error))
    found = "; ".join(getattr(error, "__notes__", [])) or f"with {_TRACEBACK} it is shown where"
    words = " ".join(str(error).split())
    return 1, f"oxyshell: unexpected error {type(error).__name__}: {words} ({found}); please report it"
