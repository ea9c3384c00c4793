"""The commands that read files of other programs: protocols, and electrodes of BPX files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from oxyshell import streams
from oxyshell.cli.options import Reporting, with_grouped_options
from oxyshell.cli.printing import say, write

_PROTOCOL = "protocol"
_Foreign = Annotated[
    Path, typer.Argument(metavar="FILE", help="JSON of aurora-unicycler, or experiment strings of PyBaMM.")
]
_Bpx = Annotated[Path, typer.Argument(metavar="FILE", help="A BPX file, JSON or YAML.")]
_Part = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="File to write in place of the terminal.")
]
_Electrode = Annotated[
    Literal["positive", "negative"], typer.Option("--electrode", help="The electrode that is read.")
]
_Particle = Annotated[
    str, typer.Option("--particle", metavar="NAME", help="Of a blended electrode, the particle that is read.")
]
_Material = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="MATERIAL",
        help="A material of the library that has what BPX has not: formula, chemical strain, elasticity.",
    ),
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


def bpx(
    file: _Bpx,
    *,
    electrode: _Electrode = "positive",
    particle: _Particle = "",
    material: _Material = None,
    out: _Part = None,
    reporting: Reporting,
) -> None:
    """Print the particle of an electrode of a BPX file as a scenario; tells what has no counterpart."""
    from oxyshell.scenario.importing.bpx.reading import read_bpx

    imported = read_bpx(file, electrode, particle, material)
    if not reporting.quiet:
        for sentence in imported.report():
            say(sentence, err=True)
    _give(imported.to_yaml(), out, reporting)


def _give(text: str, out: Path | None, reporting: Reporting) -> None:
    if out is not None:
        write(out, text)
    elif not reporting.quiet:
        typer.echo(text, nl=False)
        streams.secure().check()


importing = typer.Typer(
    cls=_ProtocolByDefault,
    help="Read a file of another program: a protocol, or an electrode of a BPX file.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for _command in (protocol, bpx):
    importing.command()(with_grouped_options(_command))
