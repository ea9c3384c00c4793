"""The program: its commands, and what happens around each of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from oxyshell import launch, shipped, streams
from oxyshell._stack import versions
from oxyshell.cli.examples import examples
from oxyshell.cli.exit_codes import code_and_message
from oxyshell.cli.files import schema, validate
from oxyshell.cli.garbage import hardly_collected
from oxyshell.cli.importing import importing
from oxyshell.cli.init import init
from oxyshell.cli.materials import materials
from oxyshell.cli.options import with_grouped_options
from oxyshell.cli.plot import plot
from oxyshell.cli.printing import say
from oxyshell.cli.report import report
from oxyshell.cli.run import run
from oxyshell.cli.show import show
from oxyshell.cli.studies import calibrate, compare, optimise, sensitivity, study, sweep
from oxyshell.cli.view import view
from oxyshell.errors import OxyshellError
from oxyshell.version import __version__

app = typer.Typer(
    name="oxyshell",
    help="Chemo-mechanics of battery cathode particles: ion diffusion, stress, what a surface shell changes.",
    epilog=f"Documentation: {shipped.documentation()}",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(importing, name="import")
for _command in (
    init, examples, run, compare, sweep, calibrate, sensitivity, optimise, study,
    plot, show, report, view,
    validate, schema, materials,
):  # fmt: skip
    app.command()(with_grouped_options(_command))

_TOGETHER = ("run", "compare")
"""Commands whose work several processes share; the others would do everything once per process."""


def _tell_versions(wanted: bool) -> None:
    if wanted:
        say(
            "\n".join([f"oxyshell {__version__}", *(f"{name} {found}" for name, found in versions().items())])
        )
        raise typer.Exit


_Version = Annotated[
    bool,
    typer.Option(
        "--version",
        callback=_tell_versions,
        is_eager=True,
        help="Print the versions of oxyshell, Python, FEniCSx and PETSc.",
    ),
]


@app.callback()
def _start(context: typer.Context, version: _Version = False) -> None:
    if context.invoked_subcommand not in _TOGETHER:
        launch.refuse_several(context.invoked_subcommand or "")


def main() -> None:
    """Run the program; its exit code is 0, or that of the error (see `exit_codes`)."""
    streams.secure()
    with hardly_collected():
        try:
            with launch.only_the_first_speaks():
                _check_working_directory()
                app()
        except (Exception, KeyboardInterrupt) as error:
            code, text = code_and_message(error)
            if launch.is_first():
                say(text, err=True)
            sys.exit(code)


def _check_working_directory() -> None:
    try:
        Path.cwd()
    except OSError as error:
        raise OxyshellError(
            f"the working directory cannot be used ({error.strerror}): it may have been deleted. "
            "Change into another folder, and try again."
        ) from error
