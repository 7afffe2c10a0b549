"""After the call the sums are compiled, in the one form that hedges use."""

from __future__ import annotations

import pytest
from tests.fixtures.tail_problems import allocation, heavy_tails

from stresstest.hedging.tails.compilation import compile_sums
from stresstest.hedging.tails.cuts import minimise_shortfall
from stresstest.kernels.scenario_sums import add_quantities, fill_weighted_sums


def test_a_search_compiles_nothing_more() -> None:
    compile_sums()
    if not hasattr(add_quantities, "signatures"):
        pytest.skip("not compiled in this process")
    before = [list(function.signatures) for function in (add_quantities, fill_weighted_sums)]
    minimise_shortfall(allocation(heavy_tails(4, 30_000)))
    assert [list(function.signatures) for function in (add_quantities, fill_weighted_sums)] == before
    assert [len(signatures) for signatures in before] == [1, 1]
