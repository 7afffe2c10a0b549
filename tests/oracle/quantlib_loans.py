"""QuantLib twins of floating-rate loans: amortising floaters under a spread, or under a default curve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import QuantLib
from tests.oracle.quantlib_bonds import to_quantlib
from tests.oracle.quantlib_swaps import Handle

NO_VOL = 1e-12


def floater(
    spec: Any, start: date, notionals: Sequence[float], projection: Handle, current_rate: float
) -> QuantLib.AmortizingFloatingRateBond:
    """Floater of our terms with a balance for each period; its running rate is in the index's history."""
    index = QuantLib.IborIndex(
        f"LOAN{spec.frequency}",
        QuantLib.Period(12 // spec.frequency, QuantLib.Months),
        0,
        QuantLib.USDCurrency(),
        QuantLib.NullCalendar(),
        QuantLib.Unadjusted,
        False,
        QuantLib.Actual360(),
        projection,
    )
    index.clearFixings()
    schedule = QuantLib.Schedule(
        to_quantlib(start),
        to_quantlib(spec.maturity),
        QuantLib.Period(12 // spec.frequency, QuantLib.Months),
        QuantLib.NullCalendar(),
        QuantLib.Unadjusted,
        QuantLib.Unadjusted,
        QuantLib.DateGeneration.Backward,
        False,
    )
    if start < spec_today():
        index.addFixing(to_quantlib(start), current_rate, True)
    floors = [] if spec.floor is None else [spec.floor + spec.margin]
    bond = QuantLib.AmortizingFloatingRateBond(
        0, list(notionals), schedule, index, QuantLib.Actual360(), QuantLib.Unadjusted, 0, [1.0],
        [spec.margin], [], floors,
    )  # fmt: skip
    pricer = QuantLib.BlackIborCouponPricer(
        QuantLib.OptionletVolatilityStructureHandle(
            QuantLib.ConstantOptionletVolatility(
                0, QuantLib.NullCalendar(), QuantLib.Unadjusted, NO_VOL, QuantLib.Actual365Fixed()
            )
        )
    )
    QuantLib.setCouponPricer(bond.cashflows(), pricer)
    return bond


def spec_today() -> date:
    day = QuantLib.Settings.instance().evaluationDate
    return date(day.year(), day.month(), day.dayOfMonth())


def under_spread(curve: Handle, spread: float) -> QuantLib.DiscountingBondEngine:
    """Engine that discounts at a continuously compounded spread over a curve."""
    quote = QuantLib.QuoteHandle(QuantLib.SimpleQuote(spread))
    spreaded = QuantLib.ZeroSpreadedTermStructure(curve, quote, QuantLib.Continuous)
    return QuantLib.DiscountingBondEngine(Handle(spreaded))


def under_default(curve: Handle, hazard: float, recovery: float) -> QuantLib.RiskyBondEngine:
    """Engine of a flat hazard rate, recovery paid in the middle of each period."""
    day = QuantLib.Settings.instance().evaluationDate
    flat = QuantLib.FlatHazardRate(
        day, QuantLib.QuoteHandle(QuantLib.SimpleQuote(hazard)), QuantLib.Actual365Fixed()
    )
    return QuantLib.RiskyBondEngine(QuantLib.DefaultProbabilityTermStructureHandle(flat), recovery, curve)
