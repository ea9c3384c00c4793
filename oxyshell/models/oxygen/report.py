"""The line on oxygen that a terminal shows at the end of a run."""

from __future__ import annotations

from collections.abc import Mapping


def distribution(numbers: Mapping[str, float | None]) -> str:
    """The distribution of oxygen over lattice, sink and surroundings at the end.

    Args:
        numbers: The summary's section on oxygen; None is a fraction of nothing.
    """

    def share(name: str) -> str:
        value = numbers[name]
        return "–" if value is None else f"{100 * value:.2f} %"

    return (
        f"oxygen: {share('retention')} of it in the lattice, {share('captured_fraction')} captured, "
        f"{share('escaped_fraction')} escaped ({numbers['released_umol_per_g']:.4g} µmol/g); surface over "
        f"centre {share('surface_to_centre')}; sink {share('filling')} full; balance error "
        f"{numbers['balance_error']:.1e}"
    )
