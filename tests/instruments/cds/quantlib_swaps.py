"""Credit default swaps in QuantLib, and our market with a node on every day that a swap discounts from."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

import QuantLib
from tests.instruments.cds.market import NODE_DAYS, market
from tests.oracle.quantlib_bonds import to_quantlib

from stresstest.market.credit_swaps import swap_times
from stresstest.market.snapshot import MarketSnapshot

# Basis points of Markit's curve of 21 May 2009 in QuantLib's test-suite/creditdefaultswap.cpp.
DEPOSITS = {1: 0.003081, 2: 0.005525, 3: 0.007163, 6: 0.012413, 9: 0.014, 12: 0.015488}
SWAPS = {
    **{2: 0.011907, 3: 0.01699, 4: 0.021198, 5: 0.02444, 6: 0.026937, 7: 0.028967, 8: 0.030504},
    **{9: 0.031719, 10: 0.03279, 12: 0.034535, 15: 0.036217, 20: 0.036981, 25: 0.037246, 30: 0.037605},
}
# And its curve of 26 July 2021, in euros.
EURO_DEPOSITS = {1: -0.0056, 3: -0.00544, 6: -0.00519, 12: -0.00493}
EURO_SWAPS = {
    **{2: -0.00482, 3: -0.00442, 4: -0.00399, 5: -0.00352, 6: -0.00297, 7: -0.00237, 8: -0.00176},
    **{9: -0.00114, 10: -0.00054, 12: 0.00057, 15: 0.00188, 20: 0.00294, 30: 0.00282},
}


class PeerValue(NamedTuple):
    """Value with accrued premium, without it, and the flat hazard rate."""

    dirty: float
    clean: float
    hazard: float


def markit_curve(deposits, swaps, currency, months: int, frequency):
    """The curve of the standard model: flat forwards through money-market and swap rates."""
    weekends, modified = QuantLib.WeekendsOnly(), QuantLib.ModifiedFollowing
    money = (QuantLib.Actual360(),)
    helpers = [
        QuantLib.DepositRateHelper(
            rate, QuantLib.Period(term, QuantLib.Months), 2, weekends, modified, False, *money
        )
        for term, rate in deposits.items()
    ]
    term = QuantLib.Period(months, QuantLib.Months)
    index = QuantLib.IborIndex("IsdaIbor", term, 2, currency, weekends, modified, False, *money)
    bond_basis = QuantLib.Thirty360(QuantLib.Thirty360.BondBasis)
    helpers += [
        QuantLib.SwapRateHelper(
            rate, QuantLib.Period(term, QuantLib.Years), weekends, frequency, modified, bond_basis, index
        )
        for term, rate in swaps.items()
    ]
    return QuantLib.PiecewiseLogLinearDiscount(0, weekends, helpers, QuantLib.Actual365Fixed())


def peer_value(maturity: date, terms: tuple[float, float, float], curve) -> PeerValue:
    """Value by QuantLib's `IsdaCdsEngine` of (spread, coupon, recovery), hazard rate solved there too."""
    spread, coupon, recovery = terms
    handle = QuantLib.YieldTermStructureHandle(curve)
    quoted = QuantLib.MakeCreditDefaultSwap(to_quantlib(maturity), spread)
    hazard = quoted.impliedHazardRate(
        0.0, handle, QuantLib.Actual365Fixed(), recovery, 1e-14, QuantLib.CreditDefaultSwap.ISDA
    )
    flat = QuantLib.FlatHazardRate(
        curve.referenceDate(), QuantLib.makeQuoteHandle(hazard), QuantLib.Actual365Fixed()
    )
    swap = QuantLib.MakeCreditDefaultSwap(to_quantlib(maturity), coupon)
    probabilities = QuantLib.DefaultProbabilityTermStructureHandle(flat)
    swap.setPricingEngine(QuantLib.IsdaCdsEngine(probabilities, recovery, handle))
    return PeerValue(swap.NPV() - swap.accrualRebateNPV(), swap.NPV(), hazard)


def curve_days(today: date, maturity: date, more: Iterable[int] = ()) -> list[int]:
    """Every day that a swap discounts from, the usual nodes, and `more`."""
    times = swap_times(market(today).curves["USD_SOFR"], today, maturity)
    return sorted({round(365 * years) for years in times} | set(NODE_DAYS) | set(more))


def market_of(
    today: date, maturity: date, rate: Callable[[int], float], more: Iterable[int] = ()
) -> MarketSnapshot:
    """Our market with nodes on those days: no interpolation is left to differ."""
    days = curve_days(today, maturity, more)
    return market(today, days, [rate(day) for day in days])


def market_on(curve, today: date, maturity: date) -> MarketSnapshot:
    """Our market with the discount factors of a QuantLib curve at its nodes and wherever a swap asks."""
    start = to_quantlib(today)
    more = [day - start for day in curve.dates() if day > start]
    return market_of(today, maturity, lambda day: -math.log(curve.discount(start + day)) * 365 / day, more)
