"""Exchange rates: which factors turn an amount in one currency into another."""

from __future__ import annotations

from stresstest.errors import InputError, Location, Problem
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot

FxPath = tuple[tuple[RiskFactorKey, int], ...]
"""Factors to multiply by (+1) or divide by (−1), in order."""


def fx_factors(
    market: MarketSnapshot, from_currency: str, to_currency: str, location: Location | None = None
) -> FxPath:
    """Return the factors that turn an amount in `from_currency` into `to_currency`.

    `fx_spot/EURUSD` is the price of one EUR in USD. A direct quote is preferred, then the inverse one, then
    the two legs through the market's own currency; the same currency needs none.

    Raises
    ------
    InputError
        Where the market has no such rate; at `location`, where the amount was written.
    """
    if from_currency == to_currency:
        return ()
    path = _quoted(market, from_currency, to_currency)
    if not path:
        first = _quoted(market, from_currency, market.currency)
        second = _quoted(market, market.currency, to_currency)
        path = first + second if first and second else ()
    if not path:
        expected = f"fx_spot/{from_currency}{to_currency}, its inverse, or both against {market.currency}"
        got = f"no exchange rate from {from_currency} to {to_currency} in market {market.name}"
        raise InputError([Problem("ST218", got, expected, location or Location())])
    return path


def _quoted(market: MarketSnapshot, from_currency: str, to_currency: str) -> FxPath:
    """Return the direct or the inverse quote, or nothing."""
    for key, power in (
        (RiskFactorKey("fx_spot", from_currency + to_currency), 1),
        (RiskFactorKey("fx_spot", to_currency + from_currency), -1),
    ):
        if key in market.levels:
            return ((key, power),)
    return ()


def fx_rate(market: MarketSnapshot, from_currency: str, to_currency: str) -> float:
    """Return the base price of one unit of `from_currency` in `to_currency`."""
    rate = 1.0
    for key, power in fx_factors(market, from_currency, to_currency):
        rate = rate * market.levels[key] if power > 0 else rate / market.levels[key]
    return rate
