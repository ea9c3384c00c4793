"""Rules of `Process` that a follower has to keep, checked while its equations are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from oxyshell.errors import ExtensionError
from oxyshell.language.mistakes import describe, listed
from oxyshell.models.base.process import RATE_OF, Process, Unknown


def check_names(
    process: Process[Any],
    model: Any,
    unknowns: Sequence[Unknown],
    offers: Iterable[str],
    regions: Iterable[str],
) -> None:
    """Check that a process names its own unknowns, regions of the particle, and reads what is offered.

    Args:
        process: The process.
        model: Its numbers in SI.
        unknowns: Its unknowns.
        offers: Names of what the leading group offers.
        regions: Names of the particle's regions.

    Raises:
        ExtensionError: If it does not.
    """
    names = [unknown.name for unknown in unknowns]
    if not names:
        raise _broken(process, "found nothing in 'unknowns', expected at least one")
    for name in names:
        if names.count(name) > 1:
            raise _broken(process, f"found {describe(name)} twice in 'unknowns', expected each name once")
        if name in offers:
            raise _broken(
                process,
                f"found {describe(name)} in 'unknowns', expected another name: it can be read under it",
            )
    for unknown in unknowns:
        if unknown.region and unknown.region not in regions:
            found = f"the region {describe(unknown.region)} of {describe(unknown.name)}"
            raise _broken(process, f"found {found}, expected one of {listed(regions)}")
    scales = process.scales(model)
    for where, used, known in (
        ("reads", (name.removeprefix(RATE_OF) for name in process.reads), offers),
        ("idle", process.idle(model), names),
        ("feeds_back", process.feeds_back.values(), names),
        ("held", process.held(model), names),
        ("start", process.start(model), names),
        ("scales", scales, names),
    ):
        for name in used:
            if name not in known:
                raise _broken(
                    process, f"found {describe(name)} in '{where}', expected one of {listed(known)}"
                )
    if not any(size > 0 for size in scales.values()):
        raise _broken(
            process,
            f"found no size in 'scales', expected that of one of {listed(names)}, which its errors are over",
        )


def check_ports(process: Process[Any], known: Iterable[str]) -> None:
    """Check that a process feeds ports of the leading group only.

    Args:
        process: The process.
        known: Names of all ports that the leading group can have.

    Raises:
        ExtensionError: If it does not.
    """
    for name in process.feeds_back:
        if name not in known:
            raise _broken(
                process, f"found the port {describe(name)} in 'feeds_back', expected one of {listed(known)}"
            )


def check_forms(
    process: Process[Any], unknowns: Sequence[Unknown], rates: Iterable[str], outflow: Any
) -> None:
    """Check that a process has a rate for each of its unknowns, and a balance for what leaves.

    Args:
        process: The process.
        unknowns: Its unknowns.
        rates: Names of the unknowns that have a rate.
        outflow: Form of its outflow, or None.

    Raises:
        ExtensionError: If it has not.
    """
    names, given = [unknown.name for unknown in unknowns], list(rates)
    if set(given) != set(names):
        found = listed(given) if given else "nothing"
        raise _broken(process, f"found rates of {found}, expected those of {listed(names)}")
    if outflow is not None and not any(unknown.counts for unknown in unknowns):
        raise _broken(
            process,
            "found an outflow, but no unknown that counts in the balance with it; expected counts=1.0 of the "
            "unknown whose amount leaves, or no outflow",
        )


def _broken(process: Process[Any], problem: str) -> ExtensionError:
    return ExtensionError(f"the process '{process.name}' ({type(process).__qualname__}): {problem}")
