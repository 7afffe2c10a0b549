"""Liabilities: QuantLib, identities, paths, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.books import instrument, portfolio
from tests.fixtures.path_columns import path_columns
from tests.fixtures.refusals import codes, names, refused
from tests.fixtures.unit_values import unit_values
from tests.oracle.quantlib_bonds import to_quantlib, zero_curve

from stresstest.arrays import frozen
from stresstest.catalog import instrument_type
from stresstest.instruments.liability.spec import LiabilitySpec
from stresstest.instruments.liability.terms import payments
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.totals import apply_holdings

TODAY = date(2025, 10, 3)
PROFILE = {"first_payment": date(2026, 1, 31), "last_payment": date(2050, 12, 31), "yearly_amount": 120.0}
LINKED = {"currency": "USD", "inflation_linked": True, "profile": PROFILE | {"frequency": 4}}


@cache
def market() -> MarketSnapshot:
    return load_market(["2025-10-03"])


def spec(**terms: Any) -> LiabilitySpec:
    return LiabilitySpec(**({"currency": "USD", "profile": PROFILE} | terms))


def value(terms: LiabilitySpec, moves: dict[str, float] | None = None) -> float:
    keyed = {RiskFactorKey.parse(text): level for text, level in (moves or {}).items()}
    return float(unit_values(instrument_type("liability"), [terms], market(), [keyed])[0, 0])


def zero_rates() -> tuple[RiskFactorKey, ...]:
    return market().curves["USD"].keys()


def rates(shift: float) -> dict[str, float]:
    return {str(key): market().levels[key] + shift for key in zero_rates()}


def test_a_profile_pays_on_whole_months_and_steps_once_a_year() -> None:
    flows = payments(
        spec(profile=PROFILE | {"growth": "10%", "frequency": 2, "last_payment": date(2027, 8, 1)})
    )
    assert [str(flow.payment_date) for flow in flows] == [
        "2026-01-31", "2026-07-31", "2027-01-31", "2027-07-31",
    ]  # fmt: skip
    assert [flow.amount for flow in flows] == pytest.approx([60.0, 60.0, 66.0, 66.0])


def test_payments_against_quantlib() -> None:
    """A leg of cash flows on the same zero curve and spread, its nodes at whole days: 1e-10 of the value."""
    curve = market().curves["USD"]
    days = [round(365 * years) for years in curve.years.tolist()]
    whole = replace(curve, years=frozen([day / 365 for day in days]))
    levels = [market().levels[key] for key in zero_rates()]
    terms = spec(credit="US_AA", profile=PROFILE | {"frequency": 12})
    with QuantLib.SavedSettings():
        QuantLib.Settings.instance().evaluationDate = to_quantlib(TODAY)
        base = QuantLib.YieldTermStructureHandle(zero_curve(TODAY, days, levels))
        quote = QuantLib.SimpleQuote(market().levels[RiskFactorKey("credit_spread", "US_AA")])
        leg = [
            QuantLib.SimpleCashFlow(flow.amount, to_quantlib(flow.payment_date)) for flow in payments(terms)
        ]
        spreaded = QuantLib.ZeroSpreadedTermStructure(base, QuantLib.QuoteHandle(quote))
        expected = QuantLib.CashFlows.npv(leg, QuantLib.YieldTermStructureHandle(spreaded), False)
    by_days = replace(market(), curves={**market().curves, "USD": whole})
    found = unit_values(instrument_type("liability"), [terms], by_days, [{}])[0, 0]
    assert found == pytest.approx(-expected, rel=1e-10)


def test_what_is_owed_is_worth_less_than_nothing_and_falls_with_rates() -> None:
    base = value(spec(credit="US_AA"))
    assert base < 0.0
    assert value(spec(credit="US_AA"), rates(-0.01)) < base < value(spec(credit="US_AA"), rates(+0.01))
    assert value(spec(credit="US_AA"), {"credit_spread/US_AA": 0.03}) > base


def test_inflation_makes_linked_payments_dearer_and_leaves_others_alone() -> None:
    linked, moved = (
        LiabilitySpec(**LINKED),
        {f"inflation/USD/{tenor}": 0.035 for tenor in ("5Y", "10Y", "30Y")},
    )
    assert value(linked, moved) < value(linked) < 0.0
    assert value(spec(), moved) == value(spec())
    flat = dict.fromkeys(moved, 0.0)
    assert value(linked, flat) == pytest.approx(value(spec(profile=PROFILE | {"frequency": 4})), rel=1e-13)


@settings(max_examples=40, deadline=None)
@given(shift=st.floats(-0.03, 0.05), growth=st.floats(-0.2, 0.1), frequency=st.sampled_from([1, 2, 4, 12]))
def test_duration_is_positive_and_convex(shift: float, growth: float, frequency: int) -> None:
    terms = spec(profile=PROFILE | {"growth": f"{100 * growth:.6f}%", "frequency": frequency})
    low, middle, high = (value(terms, rates(shift + step)) for step in (-0.001, 0.0, 0.001))
    assert low < middle < high < 0.0
    assert 0.5 * (low + high) <= middle


def along(terms: dict[str, Any], days: list[date], moves: dict[str, float]) -> PortfolioResult:
    book = compile_book([portfolio([("owed", instrument("liability", **terms), 1.0)])], market())
    columns = path_columns(market(), [(day, moves) for day in days])
    return apply_holdings(book, revalue(book, columns)).portfolios[0]


def test_payments_leave_as_cash_and_nothing_jumps() -> None:
    """Around a payment value and cash together change by two days of interest, not by the payment."""
    held = along({"currency": "USD", "profile": PROFILE}, [date(2026, 1, 30), date(2026, 2, 1)], {})
    before, after = held.value[[1, 3]].tolist()
    assert held.units is not None
    assert held.units.cash is not None
    assert held.units.cash[0, [1, 3]].tolist() == pytest.approx([0.0, -120.0], rel=1e-4)
    assert after == pytest.approx(before, rel=1e-3)


def test_a_path_pays_linked_amounts_at_the_prices_of_their_day() -> None:
    """At a flat inflation rate the growth along the path is what was expected: only interest is left."""
    flat = {f"inflation/USD/{tenor}": 0.03 for tenor in ("5Y", "10Y", "30Y")}
    still = flat | {str(key): 0.0 for key in zero_rates()}
    first, *others = [date(2025, 10, 4), date(2027, 3, 1), date(2040, 1, 1), date(2051, 1, 1)]
    held = along(LINKED, [first, *others], still)
    shocked = held.value[2:].tolist()
    assert shocked == pytest.approx([shocked[0]] * len(shocked), rel=1e-12)
    assert held.units is not None
    assert held.units.cash is not None
    expected = -sum(
        flow.amount * 1.03 ** ((flow.payment_date - first).days / 365) for flow in payments(spec(**LINKED))
    )
    # The day before the first step grew at the market's own rate, 2.38 %.
    assert held.units.cash[0, -1] == pytest.approx(expected * 1.0238 ** (1 / 365), rel=1e-12)


def test_a_liability_that_is_paid_off_is_worth_nothing_along_a_path() -> None:
    terms = {"currency": "USD", "payments": [{"date": date(2026, 1, 2), "amount": 5.0}]}
    held = along(terms, [date(2026, 1, 2), date(2027, 1, 2)], {})
    assert held.units is not None
    assert held.units.cash is not None
    assert held.value[1] == held.units.cash[0, 1] == -5.0
    assert held.value[3] == held.units.cash[0, 3] < -5.0


def test_factors_are_those_of_curve_spread_and_inflation() -> None:
    terms = LINKED | {"credit": "US_AA"}
    found = names("liability", terms, market())
    assert "credit_spread/US_AA" in found
    assert {"inflation/USD/5Y", "inflation/USD/10Y", "inflation/USD/30Y"} <= set(found)
    assert not any(
        name.startswith("inflation")
        for name in names("liability", {"currency": "USD", "profile": PROFILE}, market())
    )


def test_what_a_market_refuses() -> None:
    past = {"currency": "USD", "payments": [{"date": date(2025, 10, 3), "amount": 5.0}]}
    assert codes("liability", past, market()) == ["ST370"]
    assert codes("liability", {"currency": "CHF", "profile": PROFILE}, market()) == ["ST362"]
    assert codes("liability", {"currency": "USD", "profile": PROFILE, "credit": "US_AAAA"}, market()) == [
        "ST355"
    ]
    euro = {"currency": "EUR", "curve": "EUR", "profile": PROFILE, "inflation_linked": True}
    assert codes("liability", euro, market()) == ["ST363"]


def test_what_no_market_takes() -> None:
    assert "either payments or a profile" in refused("liability", {"currency": "USD"})
    both = {"currency": "USD", "profile": PROFILE, "payments": [{"date": date(2026, 1, 2), "amount": 5.0}]}
    assert "either payments or a profile" in refused("liability", both)
    backwards = PROFILE | {"last_payment": date(2025, 1, 1)}
    assert "nothing would be paid" in refused("liability", {"currency": "USD", "profile": backwards})
    twice = [{"date": date(2026, 1, 2), "amount": 5.0}] * 2
    assert "each date once" in refused("liability", {"currency": "USD", "payments": twice})
