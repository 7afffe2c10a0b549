"""Spreads that upfronts imply: there and back through the kernel."""

from __future__ import annotations

import itertools
import math

import pytest
from tests.instruments.cds.market import AS_OF, RATES, key, market, swap, values

from stresstest.instruments.cds.terms import swap_terms
from stresstest.instruments.cds.upfront import override
from stresstest.market.credit_swap_quotes import QuotedSwap
from stresstest.market.credit_swaps import accrued_fraction
from stresstest.market.root_search import NoRootError

MARKET = market()
SETTLEMENT = math.exp(-RATES[0] * 5 / 365)


@pytest.mark.parametrize("maturity", ["2025-12-20", "2027-06-20", "2030-12-20", "2035-12-20"])
@pytest.mark.parametrize("spread", [1e-4, 0.006, 0.044, 0.25, 2.0])
def test_the_spread_of_a_value_is_the_one_that_gave_it(maturity: str, spread: float) -> None:
    spec = swap(maturity=maturity, coupon="500bp")
    (dirty,) = values([spec], {"credit_spread/CRWV": spread})[0]
    upfront = dirty / SETTLEMENT + 0.05 * accrued_fraction(AS_OF, spec.last_day)
    found = QuotedSwap(swap_terms(spec, MARKET), MARKET, AS_OF).spread(upfront)
    assert found == pytest.approx(spread, rel=1e-10, abs=1e-13)


def test_no_upfront_means_that_the_coupon_is_the_spread() -> None:
    spec = swap(coupon="440bp", upfront="0%")
    assert QuotedSwap(swap_terms(spec, MARKET), MARKET, AS_OF).spread(0.0) == pytest.approx(0.044, abs=1e-15)
    assert override(spec, "CRWV#x", MARKET, AS_OF) is None or abs(
        override(spec, "CRWV#x", MARKET, AS_OF).levels[key("basis/CRWV#x")]
    ) == pytest.approx(0.0, abs=1e-15)


def test_an_upfront_of_more_than_the_loss_has_no_spread() -> None:
    contract = QuotedSwap(swap_terms(swap(), MARKET), MARKET, AS_OF)
    with pytest.raises(NoRootError):
        contract.spread(0.61)


def test_the_risky_annuity_is_positive_and_falls_with_the_hazard_rate() -> None:
    contract = QuotedSwap(swap_terms(swap(), MARKET), MARKET, AS_OF)
    legs = [contract.legs(hazard) for hazard in (0.0, 0.01, 0.1, 1.0, 10.0)]
    assert all(before.premium > after.premium > 0.0 for before, after in itertools.pairwise(legs))
    assert all(before.protection < after.protection < 1.0 for before, after in itertools.pairwise(legs))
