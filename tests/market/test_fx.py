"""Exchange rates: direct, inverse, through the market's currency, and the error where there is none."""

from __future__ import annotations

import pytest
from tests.market.market_folders import small_market

from stresstest.errors import InputError, Location
from stresstest.market.fx import fx_factors, fx_rate
from stresstest.market.keys import RiskFactorKey

EURUSD, USDJPY = RiskFactorKey("fx_spot", "EURUSD"), RiskFactorKey("fx_spot", "USDJPY")


@pytest.mark.parametrize(
    ("from_currency", "to_currency", "path"),
    [
        ("USD", "USD", ()),
        ("CHF", "CHF", ()),
        ("EUR", "USD", ((EURUSD, 1),)),
        ("USD", "EUR", ((EURUSD, -1),)),
        ("JPY", "USD", ((USDJPY, -1),)),
        ("EUR", "JPY", ((EURUSD, 1), (USDJPY, 1))),
        ("JPY", "EUR", ((USDJPY, -1), (EURUSD, -1))),
    ],
)
def test_the_path_between_two_currencies(
    from_currency: str, to_currency: str, path: tuple[tuple[RiskFactorKey, int], ...]
) -> None:
    assert fx_factors(small_market(), from_currency, to_currency) == path


def test_rates_follow_the_path() -> None:
    market = small_market()
    assert fx_rate(market, "EUR", "USD") == 1.0825
    assert fx_rate(market, "USD", "EUR") == 1.0 / 1.0825
    assert fx_rate(market, "EUR", "JPY") == 1.0825 * 149.9
    assert fx_rate(market, "SEK", "SEK") == 1.0


@pytest.mark.parametrize(("from_currency", "to_currency"), [("CHF", "USD"), ("EUR", "CHF"), ("CHF", "SEK")])
def test_a_missing_rate_is_an_error_where_the_amount_was_written(
    from_currency: str, to_currency: str
) -> None:
    with pytest.raises(InputError) as caught:
        fx_factors(small_market(), from_currency, to_currency, Location("book.yaml", 7, 3))
    (problem,) = caught.value.problems
    assert problem.code == "ST218"
    assert problem.location == Location("book.yaml", 7, 3)
    assert f"from {from_currency} to {to_currency}" in problem.got
