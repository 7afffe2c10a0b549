"""American options on the share of the option market, and a market of flat rates and vols."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tests.fixtures.option_market import CURVE, SPOT, TODAY, YIELD

from stresstest.catalog import instrument_type
from stresstest.market.keys import RiskFactorKey

AMERICAN = instrument_type("american_option")
VOL = RiskFactorKey("implied_vol", "ACME", "1Y")


def american(
    right: str = "put",
    strike: float = 100.0,
    days: int = 365,
    dividends: Sequence[tuple[int, float]] = (),
    **more: Any,
) -> Any:
    """Return an option; dividends are (days from today, amount)."""
    written = [{"date": TODAY + timedelta(days=day), "amount": amount} for day, amount in dividends]
    expiry = TODAY + timedelta(days=days)
    return AMERICAN.spec(
        underlying="ACME", right=right, strike=strike, expiry=expiry, dividends=written, **more
    )


def move(spot: float, rate: float, dividend_yield: float, vol: float) -> dict[RiskFactorKey, float]:
    """Return levels of the flat market: one rate on every node of the curve."""
    rates = {RiskFactorKey("zero_rate", "USD", tenor): rate for tenor in CURVE}
    return {SPOT: spot, YIELD: dividend_yield, VOL: vol, **rates}
