"""Bonds repaid in parts, stubs at either end, ex-dividend coupons: QuantLib, identities, refusals."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import QuantLib
from pydantic import ValidationError
from tests.fixtures.books import portfolio
from tests.fixtures.path_columns import path_columns
from tests.instruments.fixed_bond.pricing import AS_OF, NODE_DAYS, RATES, SPREADS, market, unit_values
from tests.oracle.quantlib_bonds import CALENDARS, day_counter, schedule, to_quantlib, zero_curve

from stresstest.instruments.fixed_bond.spec import FixedBondSpec
from stresstest.instruments.fixed_bond.terms import (
    accrued_interest,
    fixed_leg,
    outstanding_face,
    remaining_flows,
)
from stresstest.instruments.fixed_bond.z_spread import solve_z_spread
from stresstest.portfolio.book import compile_book
from stresstest.portfolio.model import Instrument
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings

ISSUED, DUE = date(2024, 6, 1), date(2030, 6, 1)


def terms(**changed: Any) -> FixedBondSpec:
    plain = {
        "issuer": "CRWV",
        "coupon": "6%",
        "issue_date": ISSUED,
        "maturity": DUE,
        "frequency": 2,
        "day_count": "30/360",
    }
    return FixedBondSpec(**(plain | changed))


SINKING = [{"date": date(2026, 6, 1), "amount": "25%"}, {"date": date(2028, 12, 1), "amount": "30%"}]
SPECS = {
    "sinking": terms(sinking_fund=SINKING),
    "equal": terms(amortisation="equal"),
    "late": terms(amortisation="equal", first_repayment=date(2027, 6, 1), day_count="ACT/360"),
    "annuity": terms(amortisation="annuity", day_count="ACT/ACT ICMA"),
    "short first": terms(issue_date=date(2024, 8, 19)),
    "long first": terms(issue_date=date(2024, 8, 19), first_coupon_date=date(2025, 6, 1)),
    "short last": terms(maturity=date(2030, 9, 14), last_coupon_date=DUE, day_count="ACT/365F"),
    "long last": terms(maturity=date(2031, 2, 14), last_coupon_date=DUE, day_count="ACT/ACT ISDA"),
}


def discounted(bond: QuantLib.Bond, spread: float) -> float:
    curve = QuantLib.YieldTermStructureHandle(zero_curve(AS_OF, NODE_DAYS, RATES))
    spreaded = QuantLib.ZeroSpreadedTermStructure(curve, QuantLib.QuoteHandle(QuantLib.SimpleQuote(spread)))
    bond.setPricingEngine(QuantLib.DiscountingBondEngine(QuantLib.YieldTermStructureHandle(spreaded)))
    return float(bond.NPV())


@pytest.mark.parametrize("name", SPECS)
def test_values_are_those_of_quantlib(name: str) -> None:
    """QuantLib is told the balances before each period; it repays what they fall by: 1e-10 of face."""
    spec = SPECS[name]
    leg = fixed_leg(spec, AS_OF)
    balances = [1.0 if leg.balance is None else leg.balance.outstanding_before(p.end) for p in leg.periods]
    with QuantLib.SavedSettings():
        QuantLib.Settings.instance().evaluationDate = to_quantlib(AS_OF)
        bond = QuantLib.AmortizingFixedRateBond(
            0, balances, schedule(leg.schedule), [spec.coupon], day_counter(spec.day_count, leg.schedule)
        )
        expected = discounted(bond, SPREADS["CRWV"])
    assert unit_values([spec])[0, 0] == pytest.approx(expected, abs=1e-10)


def test_level_payments_are_level() -> None:
    flows = remaining_flows(SPECS["annuity"], ISSUED)
    payment = 0.03 / (1 - 1.03**-12)
    assert [flow.amount for flow in flows] == pytest.approx([payment] * 12, rel=1e-13)


def test_a_price_is_one_of_what_is_outstanding() -> None:
    """At par and just after a coupon, the z-spread of a half-repaid bond is near that of its other half."""
    spec = terms(sinking_fund=[{"date": date(2025, 6, 1), "amount": "50%"}])
    day = date(2025, 10, 3)
    assert outstanding_face(spec, day) == 0.5
    whole = terms()
    assert solve_z_spread(spec, market(), day, 97.0) == pytest.approx(
        solve_z_spread(whole, market(), day, 97.0), rel=1e-12
    )


EX = {"maturity": date(2030, 10, 8), "issue_date": date(2024, 10, 8), "ex_dividend_days": 7}


def quantlib_ex_bond(calendar: str) -> QuantLib.Bond:
    leg = fixed_leg(terms(**EX), AS_OF)
    day_count, week = day_counter(leg.day_count, leg.schedule), QuantLib.Period(7, QuantLib.Days)
    issue, every_day = QuantLib.Date(), QuantLib.NullCalendar()
    dated = schedule(leg.schedule), [leg.rate], day_count, QuantLib.Unadjusted
    return QuantLib.FixedRateBond(0, 1.0, *dated, 100.0, issue, every_day, week, CALENDARS[calendar])


@pytest.mark.parametrize("calendar", ["none", "weekends_only", "target"])
def test_ex_dividend_value_and_accrued_interest_are_those_of_quantlib(calendar: str) -> None:
    spec = terms(**EX, ex_dividend_calendar=calendar)
    with QuantLib.SavedSettings():
        QuantLib.Settings.instance().evaluationDate = to_quantlib(AS_OF)
        bond = quantlib_ex_bond(calendar)
        expected = discounted(bond, SPREADS["CRWV"])
        for number in range(120):
            day = AS_OF - timedelta(days=60) + timedelta(days=number)
            accrued = QuantLib.BondFunctions.accruedAmount(bond, to_quantlib(day)) / 100
            assert accrued_interest(spec, day) == pytest.approx(accrued, abs=1e-14), day
    assert accrued_interest(spec, AS_OF) < 0.0
    assert unit_values([spec])[0, 0] == pytest.approx(expected, abs=1e-10)
    assert unit_values([terms(**(EX | {"ex_dividend_days": 0}))])[0, 0] - expected > 0.029


def paid_until_november(spec: FixedBondSpec) -> float:
    book = compile_book([portfolio([("bond", Instrument("fixed_bond", spec), 1.0)])], market())
    columns = path_columns(market(), [(date(2025, 10, 6), {}), (date(2025, 11, 3), {})])
    held = apply_holdings(book, revalue(book, columns)).portfolios[0]
    assert held.units is not None
    assert held.units.cash is not None
    return float(held.units.cash[0, -1])


def test_who_holds_a_bond_before_it_goes_ex_gets_the_coupon_along_a_path() -> None:
    """The coupon of 8 October: withheld a week before, not two days before with today three days earlier."""
    assert paid_until_november(terms(**EX)) == 0.0
    short = terms(**(EX | {"ex_dividend_days": 3}))
    assert paid_until_november(short) == pytest.approx(0.03, rel=1e-2)


def test_what_is_refused() -> None:
    cases = [
        ("both given", {"sinking_fund": SINKING, "amortisation": "equal"}),
        ("without issue_date", {"amortisation": "equal", "issue_date": None}),
        ("without amortisation", {"first_repayment": date(2027, 6, 1)}),
        ("more than the initial balance", {"sinking_fund": [SINKING[0] | {"amount": "80%"}, SINKING[1]]}),
        ("not in order", {"sinking_fund": SINKING[::-1]}),
        ("no coupon is due on 2026-07-01", {"sinking_fund": [{"date": date(2026, 7, 1), "amount": "5%"}]}),
        ("no coupon is due on 2024-06-01", {"sinking_fund": [{"date": ISSUED, "amount": "5%"}]}),
        ("after maturity", {"sinking_fund": [{"date": date(2031, 6, 1), "amount": "5%"}]}),
    ]
    for text, changed in cases:
        with pytest.raises(ValidationError, match=text):
            terms(**changed)
