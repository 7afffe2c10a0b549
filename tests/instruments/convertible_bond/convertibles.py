"""A market with one share and flat rates, convertible bonds on it, and their QuantLib twins."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import QuantLib
from tests.fixtures.option_market import FLAT, SPOT, YIELD, option_market
from tests.fixtures.unit_values import unit_values
from tests.oracle.quantlib_bonds import to_quantlib

from stresstest.arrays import FloatArray
from stresstest.catalog import instrument_type
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot

TAG = "convertible_bond"
# No leap day in the three years that follow: yearly coupons lie on the dates of a lattice of 99 steps.
TODAY = date(2028, 3, 1)
YEARS = 3
STEPS = 99
VOL = RiskFactorKey("implied_vol", "ACME", "1Y")
SPREAD = RiskFactorKey("credit_spread", "ACME")


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


TERMS = {
    "issuer": "ACME",
    "coupon": "3%",
    "maturity": day(365 * YEARS),
    "frequency": 1,
    "day_count": "ACT/365F",
    "conversion_ratio": 8.0,
    "steps": STEPS,
}


@dataclass(frozen=True)
class Levels:
    """What a convertible depends on where curves are flat."""

    spot: float = 110.0
    vol: float = 0.4
    rate: float = 0.04
    dividend_yield: float = 0.01
    spread: float = 0.03


BASE = Levels()


def market(levels: Levels = BASE) -> MarketSnapshot:
    base = option_market(FLAT, bounds=(0.0, 0.0))
    found = dict.fromkeys((key for key in base.levels if key.kind == "zero_rate"), levels.rate)
    found |= {SPOT: levels.spot, YIELD: levels.dividend_yield, VOL: levels.vol, SPREAD: levels.spread}
    return replace(base, as_of=TODAY, levels={**base.levels, **found})


def bond(**terms: Any) -> Any:
    return instrument_type(TAG).spec(**{**TERMS, **terms})


def values(
    specs: Sequence[Any], moves: Sequence[Mapping[RiskFactorKey, float]] = ({},), levels: Levels = BASE
) -> FloatArray:
    return unit_values(instrument_type(TAG), specs, market(levels), moves)


def one_value(levels: Levels = BASE, **terms: Any) -> float:
    return float(values([bond(**terms)], levels=levels)[0, 0])


def quantlib_value(spec: Any, levels: Levels) -> float:
    """Value of face 1 by QuantLib's lattice at equal steps.

    QuantLib compounds a step's rate simply: it is given the simple rates that grow as ours, and the dividend
    yield that leaves the drift of the share as it is.
    """
    step = YEARS / spec.steps
    rate = (math.exp(levels.rate * step) - 1.0) / step
    risky = (math.exp((levels.rate + levels.spread) * step) - 1.0) / step
    today, count = to_quantlib(TODAY), QuantLib.Actual365Fixed()
    QuantLib.Settings.instance().evaluationDate = today
    curves = [
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, level, count))
        for level in (levels.dividend_yield + rate - levels.rate, rate)
    ]
    vol = QuantLib.BlackVolTermStructureHandle(
        QuantLib.BlackConstantVol(today, QuantLib.NullCalendar(), levels.vol, count)
    )
    spot = QuantLib.QuoteHandle(QuantLib.SimpleQuote(levels.spot))
    process = QuantLib.BlackScholesMertonProcess(spot, curves[0], curves[1], vol)
    spread = QuantLib.QuoteHandle(QuantLib.SimpleQuote(risky - rate))
    twin = quantlib_bond(spec)
    twin.setPricingEngine(QuantLib.BinomialConvertibleEngine(process, "lr", spec.steps, spread, []))
    return float(twin.NPV()) / 100.0


def quantlib_bond(spec: Any) -> QuantLib.ConvertibleFixedCouponBond:
    """Return the same bond for 100 of face."""
    rights = QuantLib.CallabilitySchedule()
    for call in spec.calls:
        price = QuantLib.BondPrice(call.price, QuantLib.BondPrice.Clean)
        on = to_quantlib(call.date)
        if call.trigger is None:
            rights.append(QuantLib.Callability(price, QuantLib.Callability.Call, on))
        else:
            rights.append(QuantLib.SoftCallability(price, on, call.trigger))
    for put in spec.puts:
        price = QuantLib.BondPrice(put.price, QuantLib.BondPrice.Clean)
        rights.append(QuantLib.Callability(price, QuantLib.Callability.Put, to_quantlib(put.date)))
    today = to_quantlib(TODAY)
    dates = [today + 365 * year for year in range(YEARS + 1)]
    return QuantLib.ConvertibleFixedCouponBond(
        QuantLib.AmericanExercise(today, dates[-1]),
        spec.conversion_ratio / 10.0,
        rights,
        today,
        0,
        [spec.coupon],
        QuantLib.Actual365Fixed(),
        QuantLib.Schedule(dates),
        100.0,
    )
