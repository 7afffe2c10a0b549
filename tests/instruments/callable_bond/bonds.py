"""Callable bonds in the market of the fixed-bond tests, and their QuantLib twins."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import QuantLib
from tests.fixtures.unit_values import unit_values
from tests.instruments.fixed_bond import pricing
from tests.oracle import fixed_bond as fixed_oracle
from tests.oracle.quantlib_bonds import to_quantlib

from stresstest.arrays import FloatArray
from stresstest.catalog import instrument_type
from stresstest.market.keys import RiskFactorKey
from stresstest.market.price_curves import price_curves
from stresstest.market.snapshot import MarketSnapshot

TAG = "callable_bond"
VOL = RiskFactorKey("normal_vol", "USD_SWAPTION", "5Y")
SPREAD = RiskFactorKey("credit_spread", "CRWV")
CALLS = ({"date": date(2027, 6, 1), "price": 104.625}, {"date": date(2028, 6, 1), "price": 102.3})
TERMS = {
    "issuer": "CRWV",
    "coupon": "9.25%",
    "maturity": date(2030, 6, 1),
    "frequency": 2,
    "day_count": "30/360",
}


def market(**levels: float) -> MarketSnapshot:
    """Return the market of the fixed-bond tests with a vol of the short rate; `credit_spread__CRWV=…`."""
    base = pricing.market()
    found = {**base.levels, VOL: 0.0095}
    found |= {RiskFactorKey.parse(text.replace("__", "/")): value for text, value in levels.items()}
    return replace(base, levels=found, price_curves=price_curves(found))


def bond(**terms: Any) -> Any:
    return instrument_type(TAG).spec(**{**TERMS, **terms})


def values(
    specs: Sequence[Any], moves: Sequence[Mapping[RiskFactorKey, float]] = ({},), base: Any = None
) -> FloatArray:
    return unit_values(instrument_type(TAG), specs, base or market(), moves)


def one_value(base: Any = None, **terms: Any) -> float:
    return float(values([bond(**terms)], base=base)[0, 0])


def quantlib_value(spec: Any, base: MarketSnapshot) -> float:
    """Dirty value of face 1 by QuantLib's Hull–White tree on the curve of rates and spread."""
    today, curve = base.as_of, base.curves["USD"]
    curve_keys = curve.keys()
    nodes = list(zip(curve.years.tolist(), (base.levels[key] for key in curve_keys), strict=True))
    terms = fixed_oracle.Bond(spec.coupon, spec.maturity, spec.frequency, spec.day_count)
    days = {end for _, end in fixed_oracle.periods(terms, today) if end > today}
    days |= {right.date for right in (*spec.calls, *spec.puts)}
    dates, factors = [to_quantlib(today)], [1.0]
    for day in sorted(days):
        years = (day - today).days / 365
        rate = fixed_oracle.rate(nodes, years) + base.levels[SPREAD]
        dates.append(to_quantlib(day))
        factors.append(math.exp(-years * rate))
    QuantLib.Settings.instance().evaluationDate = to_quantlib(today)
    discount = QuantLib.YieldTermStructureHandle(
        QuantLib.DiscountCurve(dates, factors, QuantLib.Actual365Fixed())
    )
    twin = quantlib_bond(spec, today)
    model = QuantLib.HullWhite(discount, spec.mean_reversion, base.levels[VOL])
    twin.setPricingEngine(QuantLib.TreeCallableFixedRateBondEngine(model, spec.steps))
    return float(twin.NPV()) / 100.0


def quantlib_bond(spec: Any, today: date) -> QuantLib.CallableFixedRateBond:
    """Return the same bond: a 30/360 one whose interest began years ago."""
    start = to_quantlib(spec.maturity) - QuantLib.Period(spec.maturity.year - today.year + 1, QuantLib.Years)
    schedule = QuantLib.Schedule(
        start,
        to_quantlib(spec.maturity),
        QuantLib.Period(12 // spec.frequency, QuantLib.Months),
        QuantLib.NullCalendar(),
        QuantLib.Unadjusted,
        QuantLib.Unadjusted,
        QuantLib.DateGeneration.Backward,
        False,
    )
    rights = QuantLib.CallabilitySchedule()
    for kind, listed in ((QuantLib.Callability.Call, spec.calls), (QuantLib.Callability.Put, spec.puts)):
        for right in listed:
            price = QuantLib.BondPrice(right.price, QuantLib.BondPrice.Clean)
            rights.append(QuantLib.Callability(price, kind, to_quantlib(right.date)))
    return QuantLib.CallableFixedRateBond(
        0,
        100.0,
        schedule,
        [spec.coupon],
        QuantLib.Thirty360(QuantLib.Thirty360.BondBasis),
        QuantLib.Unadjusted,
        100.0,
        start,
        rights,
    )
