"""Inflation-linked bonds: QuantLib's CPIBond, identities, paths, and what is refused."""

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
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.totals import apply_holdings

TODAY = date(2025, 10, 3)
PRINTS = [{"month": date(2025, 7, 1), "index": 323.048}, {"month": date(2025, 8, 1), "index": 323.976}]
TIPS: dict[str, Any] = {
    "issuer": "UST",
    "coupon": "1.875%",
    "issue_date": date(2025, 7, 15),
    "maturity": date(2035, 7, 15),
    "base_index": 321.09758,
    "prints": PRINTS,
}
TENORS = ("5Y", "10Y", "30Y")


@cache
def market() -> MarketSnapshot:
    return load_market(["2025-10-03"])


def inflation(rate: float) -> dict[str, float]:
    return {f"inflation/USD/{tenor}": rate for tenor in TENORS}


def rates(shift: float) -> dict[str, float]:
    keys = market().curves["USD"].keys()
    return {str(key): market().levels[key] + shift for key in keys}


def value(moves: dict[str, float] | None = None, base: MarketSnapshot | None = None, **terms: Any) -> float:
    type_ = instrument_type("inflation_bond")
    keyed = {RiskFactorKey.parse(text): level for text, level in (moves or {}).items()}
    return float(unit_values(type_, [type_.spec(**(TIPS | terms))], base or market(), [keyed])[0, 0])


def quantlib_value(by_days: MarketSnapshot, rate: float) -> float:
    """The note of 2035 as a CPIBond on the same nominal curve, prices growing from the last print."""
    curve = by_days.curves["USD"]
    keys = curve.keys()
    days = [round(365 * years) for years in curve.years.tolist()]
    QuantLib.Settings.instance().evaluationDate = to_quantlib(TODAY)
    last = to_quantlib(date(2025, 8, 1))
    flat = QuantLib.ZeroInflationCurve(
        to_quantlib(TODAY),
        [last, to_quantlib(date(2060, 8, 1))],
        [rate, rate],
        QuantLib.Monthly,
        QuantLib.Actual365Fixed(),
    )
    handle = QuantLib.ZeroInflationTermStructureHandle(flat)
    index = QuantLib.USCPI(handle)
    for month, level in ((7, 323.048), (8, 323.976)):
        index.addFixing(QuantLib.Date(1, month, 2025), level, True)
    bond = QuantLib.CPIBond(
        0,
        1.0,
        False,
        321.09758,
        QuantLib.Period(3, QuantLib.Months),
        index,
        QuantLib.CPI.Linear,
        QuantLib.Schedule(
            to_quantlib(date(2025, 7, 15)),
            to_quantlib(date(2035, 7, 15)),
            QuantLib.Period(QuantLib.Semiannual),
            QuantLib.NullCalendar(),
            QuantLib.Unadjusted,
            QuantLib.Unadjusted,
            QuantLib.DateGeneration.Backward,
            False,
        ),
        [0.01875],
        QuantLib.ActualActual(QuantLib.ActualActual.ISMA),
        QuantLib.Unadjusted,
    )
    nominal = zero_curve(TODAY, days, [by_days.levels[key] for key in keys])
    bond.setPricingEngine(QuantLib.DiscountingBondEngine(QuantLib.YieldTermStructureHandle(nominal)))
    found = float(bond.NPV())
    QuantLib.IndexManager.instance().clearHistories()
    return found


@pytest.mark.parametrize(("rate", "tolerance"), [(0.0, 1e-10), (0.0233, 3e-4)])
def test_against_quantlib(rate: float, tolerance: float) -> None:
    """Without growth to 1e-10 of face. QuantLib counts growth between months of prints, we between the days

    on which they become the reference index, up to three days more or less: 3e-4 at 2.33 % a year.
    """
    curve = market().curves["USD"]
    whole = replace(curve, years=frozen([round(365 * years) / 365 for years in curve.years.tolist()]))
    by_days = replace(market(), curves={**market().curves, "USD": whole})
    with QuantLib.SavedSettings():
        expected = quantlib_value(by_days, rate)
    assert value(inflation(rate), by_days, deflation_floor=False) == pytest.approx(expected, abs=tolerance)


def test_a_linked_bond_gains_when_prices_are_expected_to_rise_and_loses_when_rates_do() -> None:
    base = value()
    assert value(inflation(0.03)) > base > value(inflation(0.015))
    assert value(rates(+0.01)) < base < value(rates(-0.01))


def test_rates_and_inflation_that_rise_together_leave_real_rates_and_so_the_value_alone() -> None:
    """(1 + b)·e^{−z}: b from 2 to 3 % and z up by ln(1.03/1.02) keep each flow, but for the known month."""
    both = {name: level + 0.009756174945365181 for name, level in rates(0.0).items()}
    before, after = value(inflation(0.02)), value(inflation(0.03) | both)
    # Prices are known for 29 days beyond today: over them rates rose and prices did not.
    assert after == pytest.approx(before, rel=29 / 365 * 0.0098 * 1.1)


@settings(max_examples=40, deadline=None)
@given(rate=st.floats(-0.05, 0.1))
def test_the_floor_is_worth_its_intrinsic_value(rate: float) -> None:
    floored, bare = value(inflation(rate)), value(inflation(rate), deflation_floor=False)
    assert floored >= bare
    known = 323.976 / 321.09758
    years = (date(2035, 7, 15) - date(2025, 11, 1)).days / 365
    assert (floored > bare) == (known * (1 + rate) ** years < 1 - 1e-15)


def along(days: list[date], moves: dict[str, float], **terms: Any) -> PortfolioResult:
    book = compile_book(
        [portfolio([("tips", instrument("inflation_bond", **(TIPS | terms)), 1.0)])], market()
    )
    return apply_holdings(
        book, revalue(book, path_columns(market(), [(day, moves) for day in days]))
    ).portfolios[0]


def test_a_coupon_is_paid_at_the_prices_of_its_day_and_nothing_jumps() -> None:
    still = rates(0.0) | inflation(0.03)
    held = along(
        [date(2025, 10, 4), date(2026, 1, 14), date(2026, 1, 16)], dict.fromkeys(rates(0.0), 0.0) | still
    )
    assert held.units is not None
    assert held.units.cash is not None
    paid = float(held.units.cash[0, 5])
    ratio = 323.976 / 321.09758 * 1.03 ** ((date(2026, 1, 15) - date(2025, 11, 1)).days / 365)
    assert paid == pytest.approx(0.5 * 0.01875 * ratio, rel=2e-4)
    assert held.value[5] == pytest.approx(held.value[3], rel=1e-3)


def test_at_flat_inflation_and_no_rates_a_path_keeps_value_and_cash_together() -> None:
    """Expected growth is realised growth: only interest is left, and there is none."""
    still = dict.fromkeys(rates(0.0), 0.0) | inflation(0.03)
    days = [date(2025, 10, 4), date(2025, 12, 1), date(2028, 2, 29), date(2035, 7, 15), date(2040, 1, 1)]
    shocked = along(days, still).value[2:].tolist()
    assert shocked == pytest.approx([shocked[0]] * len(shocked), rel=1e-12)


def test_deflation_along_a_path_repays_face_in_full() -> None:
    still = dict.fromkeys(rates(0.0), 0.0) | inflation(-0.02)
    held = along([date(2025, 10, 4), date(2036, 1, 1)], still, coupon="0%")
    assert held.units is not None
    assert held.units.cash is not None
    assert held.units.cash[0, 3] == pytest.approx(1.0, rel=1e-12)


def test_factors_are_those_around_the_payments() -> None:
    short = TIPS | {"issue_date": date(2025, 4, 15), "maturity": date(2026, 4, 15)}
    found = names("inflation_bond", short, market())
    assert [name for name in found if name.startswith("inflation")] == ["inflation/USD/5Y"]
    known = TIPS | {"issue_date": date(2015, 10, 15), "maturity": date(2025, 10, 15)}
    assert not any(name.startswith("inflation") for name in names("inflation_bond", known, market()))


def test_what_a_market_refuses() -> None:
    assert codes("inflation_bond", TIPS | {"issue_date": date(2025, 12, 15)}, market()) == ["ST371"]
    assert codes("inflation_bond", TIPS | {"prints": PRINTS[:1]}, market()) == ["ST376"]
    repaid = {"issue_date": date(2015, 7, 15), "maturity": date(2025, 7, 15)}
    assert codes("inflation_bond", TIPS | repaid, market()) == ["ST370"]
    euro = {"currency": "EUR", "curve": "EUR"}
    assert codes("inflation_bond", TIPS | euro, market()) == ["ST363"]


def test_what_no_market_takes() -> None:
    gap = [PRINTS[0], {"month": date(2025, 9, 1), "index": 325.0}]
    assert "without a gap" in refused("inflation_bond", TIPS | {"prints": gap})
    assert "first day of a month" in refused(
        "inflation_bond", TIPS | {"prints": [{"month": TODAY, "index": 1.0}]}
    )
    assert "not in order" in refused("inflation_bond", TIPS | {"maturity": date(2025, 1, 1)})
