"""The commands that read files of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from oxyshell import streams
from oxyshell.cli.options import Reporting, with_grouped_options
from oxyshell.cli.printing import write

_PROTOCOL = "protocol"
_Foreign = Annotated[
    Path, typer.Argument(metavar="FILE", help="JSON of aurora-unicycler, or experiment strings of PyBaMM.")
]
_Part = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="File to write in place of the terminal.")
]


class _ProtocolByDefault(TyperGroup):
    """`oxyshell import FILE` reads a protocol."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        named = not args or args[0] in self.commands or args[0] in ctx.help_option_names
        return super().parse_args(ctx, args if named else [_PROTOCOL, *args])


def protocol(file: _Foreign, *, out: _Part = None, reporting: Reporting) -> None:
    """Print another program's protocol as the key 'protocol' of a scenario."""
    from oxyshell.scenario.importing.reading import read_protocol

    _give(read_protocol(file).to_yaml(), out, reporting)


def _give(text: str, out: Path | None, reporting: Reporting) -> None:
    if out is not None:
        write(out, text)
    elif not reporting.quiet:
        typer.echo(text, nl=False)
        streams.secure().check()


importing = typer.Typer(
    cls=_ProtocolByDefault,
    help="Read a file of another program.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
importing.command()(with_grouped_options(protocol))
# A command by itself would take the place of the group.
importing.callback()(lambda: None)
