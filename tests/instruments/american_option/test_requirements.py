"""Factors that an American option depends on, and everything that a market may lack."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.fixtures.option_market import SPOT, YIELD, flat_market, option_market
from tests.instruments.american_option.options import AMERICAN, american

from stresstest.errors import InputError
from stresstest.market.snapshot import MarketSnapshot

MARKET = option_market()
DIVIDENDS = [(30, 1.0), (120, 1.0)]


def factors(spec: object, market: MarketSnapshot = MARKET) -> list[str]:
    found = AMERICAN.requirements(spec, market)
    assert found.currency == "USD"
    return [str(key) for key in found.factors]


def test_spot_yield_rates_and_pillars() -> None:
    names = factors(american(days=200))
    assert names[:4] == ["spot/ACME", "dividend_yield/ACME", "zero_rate/USD/3M", "zero_rate/USD/1Y"]
    assert len(names) == 4 + 6


def test_on_the_day_of_expiry_only_the_spot_matters() -> None:
    assert factors(american(days=0)) == ["spot/ACME"]


@pytest.mark.parametrize(
    ("days", "market_yield", "reads"), [(200, 0.0125, True), (200, 0.0, False), (20, 0.0125, False)]
)
def test_dividends_on_dates_read_the_yield_only_where_it_scales_them(
    days: int, market_yield: float, reads: bool
) -> None:
    market = flat_market()
    market = replace(market, levels={**market.levels, YIELD: market_yield})
    names = factors(american(days=days, dividends=DIVIDENDS), market)
    assert ("dividend_yield/ACME" in names) == reads


def test_a_smile_that_floats_with_the_forward_reads_the_yield_always() -> None:
    assert "dividend_yield/ACME" in factors(american(days=20, dividends=DIVIDENDS))
    sticky = option_market(stickiness="strike")
    assert "dividend_yield/ACME" not in factors(american(days=20, dividends=DIVIDENDS), sticky)


def codes(spec: object, market: MarketSnapshot) -> list[str]:
    with pytest.raises(InputError) as caught:
        AMERICAN.requirements(spec, market)
    return [problem.code for problem in caught.value.problems]


def test_what_is_missing_is_told_at_once() -> None:
    levels = {key: level for key, level in MARKET.levels.items() if key not in (YIELD, SPOT)}
    bare = replace(MARKET, levels=levels, smiles={}, discount_curves={})
    assert codes(american(), bare) == ["ST362", "ST361", "ST357", "ST357"]
    assert codes(american(days=-1), MARKET) == ["ST360"]
    with pytest.raises(InputError, match="did you mean 'ACME'"):
        AMERICAN.requirements(american().model_copy(update={"underlying": "ACMEE"}), MARKET)
