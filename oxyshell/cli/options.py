"""Arguments and options of the commands; groups of options that several commands have in common."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from oxyshell.figure_format import FigureFormat, drawn_later
from oxyshell.filenames import file_name

if TYPE_CHECKING:
    from oxyshell.outputs import Progress
    from oxyshell.studies.engine.executors import ExecutorFor

TRACEBACK = "--traceback"


def _or_shipped(path: Path) -> Path:
    # A path with an ending is no name: nothing is loaded for it.
    if path.suffix:
        return path
    from oxyshell.studies.examples import or_shipped

    return or_shipped(path)


def _all_or_shipped(paths: list[Path]) -> list[Path]:
    return [_or_shipped(path) for path in paths]


_SHIPPED = "or the name of a shipped one ('oxyshell examples' lists them)."
File = Annotated[Path, typer.Argument(metavar="FILE", help=f"A YAML file, {_SHIPPED}", callback=_or_shipped)]
Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help=f"YAML files, {_SHIPPED}", callback=_all_or_shipped)
]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results.")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help='Change a value, as in shell.thickness="5 nm".'),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on with a run that was stopped or killed, where it was.")
]
CheckpointEvery = Annotated[
    str,
    typer.Option(
        "--checkpoint-every",
        metavar="TIME",
        help="Wall time between checkpoints, besides those at output times.",
    ),
]
Runs = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder of run folders that sweeps share; by default in --out."),
]


@dataclass(frozen=True)
class Destination:
    """Folder for the results."""

    out: Out = None
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Replace what another scenario or study has left in the folder."),
    ] = False
    figures: Annotated[
        FigureFormat, typer.Option("--figures", help="Format of the figures; none: 'plot' draws them later.")
    ] = FigureFormat.PNG

    def folder(self, file: Path) -> Path:
        """The folder for the results of a file: results/NAME by default."""
        return self.out or Path("results") / file_name(file.stem)

    def without_figures(self, file: Path) -> tuple[str, ...]:
        """The line that says how figures are drawn later, where none are drawn."""
        return () if self.figures.suffixes else (drawn_later(self.folder(file)),)


@dataclass(frozen=True)
class Execution:
    """Processes that compute the points of a study."""

    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes on this machine.")] = 1
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Run on the Dask cluster with this scheduler instead."),
    ] = None
    retry: Annotated[bool, typer.Option("--retry", help="Try points again that failed.")] = False

    def executor(self) -> ExecutorFor:
        """Local processes, or the cluster; starts when it is given the job."""
        from oxyshell.studies.engine.executors import executor_for

        return executor_for(self.workers, self.scheduler)


@dataclass(frozen=True)
class Reporting:
    """The amount of text on the terminal."""

    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False
    # `exit_codes` reads it from the command line: errors also come up before options are parsed.
    traceback: Annotated[
        bool, typer.Option(TRACEBACK, help="Show where in the program an unexpected error came up.")
    ] = False

    def progress(self) -> Progress:
        """A bar, lines, or nothing when quiet."""
        from oxyshell import outputs

        return outputs.progress(self.quiet)


def with_grouped_options(function: Callable[..., None]) -> Callable[..., None]:
    """Turn every parameter that is a group into the options of that group.

    Args:
        function: A command; its parameters that are dataclasses of this module are groups.
    """
    hints = get_type_hints(function, include_extras=True)
    groups = {name: kind for name, kind in hints.items() if isinstance(kind, type) and is_dataclass(kind)}

    @functools.wraps(function)
    def command(**options: Any) -> None:
        built = {name: _taken_out_of(options, kind) for name, kind in groups.items()}
        function(**options, **built)

    flat: list[Parameter] = []
    for parameter in signature(function).parameters.values():
        if parameter.name in groups:
            flat += signature(groups[parameter.name], eval_str=True).parameters.values()
        else:
            flat.append(parameter.replace(annotation=hints[parameter.name]))
    flat = [parameter.replace(kind=Parameter.KEYWORD_ONLY) for parameter in flat]
    command.__signature__ = Signature(flat)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in flat}
    return command


def _taken_out_of(options: dict[str, Any], group: Callable[..., object]) -> object:
    return group(**{field.name: options.pop(field.name) for field in fields(group)})  # type: ignore[arg-type]
