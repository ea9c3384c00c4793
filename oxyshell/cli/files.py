"""The commands that look at files and run nothing: validate and schema."""

from __future__ import annotations

from typing import Annotated

import typer

from oxyshell import streams
from oxyshell.cli.options import Files, Out, Reporting
from oxyshell.cli.printing import say, write
from oxyshell.errors import InputError

_Kind = Annotated[str, typer.Option("--kind", help="Kind of file: scenario, sweep or another study.")]


def validate(files: Files, *, out: Out = None, reporting: Reporting) -> None:
    """Check files of any kind without running them; --out takes the resolved scenarios."""
    from oxyshell.errors import MeshError
    from oxyshell.language.former import Renamed
    from oxyshell.language.mistakes import ScenarioError
    from oxyshell.models.host.remarks import about_materials
    from oxyshell.running.mesh_check import mesh_remarks
    from oxyshell.scenario.scenario import Scenario
    from oxyshell.studies.registry import load_any

    wrong = []
    for file in files:
        try:
            notices: list[Renamed] = []
            found = load_any(file, notices=notices)
            on_mesh = mesh_remarks(found) if isinstance(found, Scenario) else ()
        except MeshError as error:
            wrong.append(f"{file}: {error}")
            continue
        except ScenarioError as error:
            wrong.append(str(error))
            continue
        if not reporting.quiet:
            told = [f"{notice}" for notice in notices]
            told += about_materials(found) if isinstance(found, Scenario) else []
            told += on_mesh
            say("\n".join([f"{file}: valid", *(f"- {remark}" for remark in told)]))
        if out is not None and isinstance(found, Scenario):
            write(out / file.name, found.to_yaml())
    if wrong:
        raise InputError("\n".join(wrong))


def schema(*, kind: _Kind = "scenario", out: Out = None, reporting: Reporting) -> None:
    """Print the JSON Schema of scenario files, for completion in editors; --out writes it to a file there."""
    import json

    from oxyshell.studies.registry import json_schema

    text = json.dumps(json_schema(kind), indent=2) + "\n"
    if out is not None:
        write(out / f"{kind}.schema.json", text)
    elif not reporting.quiet:
        typer.echo(text, nl=False)
        streams.secure().check()
