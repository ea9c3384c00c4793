"""Random scenarios end in their time or in words, conserve, hold what is held and tell what was not kept."""

from __future__ import annotations

import pytest

from tests.random_scenarios import Finding, examine_all, examined

pytestmark = pytest.mark.slow


def check(found: list[Finding]) -> None:
    wrong = {one.seed: one.violations for one in found if one.violations}
    assert not wrong
    # All but a few complete, or the others' ends would say nothing.
    assert sum(one.end == "completed" for one in found) >= 0.8 * len(found)


def test_some_random_scenarios() -> None:
    check([examined(seed) for seed in range(12)])


@pytest.mark.long
def test_five_thousand_random_scenarios() -> None:
    check(examine_all(range(5000)))
