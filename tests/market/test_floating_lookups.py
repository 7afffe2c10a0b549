"""Curves of floating payments, and the rows that periods read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import log

from tests.fixtures.books import small_market

from stresstest.conventions.floating_legs import (
    FloatingPeriod,
    ValuationDates,
    compounded_growth,
    term_growth,
)
from stresstest.errors import ProblemList
from stresstest.kernels.rows import NO_ROW
from stresstest.market.curves import discount_factor
from stresstest.market.floating_lookups import (
    FloatingPart,
    base_log_discount,
    find_floating_curve,
    growth_columns,
)
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve, MarketSnapshot

TODAY = date(2025, 10, 3)
PERIOD = FloatingPeriod(date(2025, 9, 15), date(2025, 12, 15), date(2025, 12, 15), 91 / 360, 1)
NEXT = FloatingPeriod(date(2025, 12, 15), date(2026, 3, 15), date(2026, 3, 15), 90 / 360, 0)


def with_sofr() -> MarketSnapshot:
    market = small_market()
    usd = market.curves["USD"]
    keys = {RiskFactorKey("zero_rate", "USD_SOFR", tenor): 0.03 for tenor in usd.tenors}
    curves = {**market.curves, "USD_SOFR": Curve("USD_SOFR", "USD", usd.tenors, usd.years)}
    return replace(market, curves=curves, levels={**market.levels, **keys})


def found(market: MarketSnapshot, currency: str, stated: str | None = None) -> tuple[str, list[str]]:
    problems = ProblemList()
    curve = find_floating_curve(market, currency, stated, "curve", problems)
    return curve.name if curve else "", [problem.code for problem in problems]


def test_the_overnight_curve_comes_before_the_discount_curve() -> None:
    assert found(with_sofr(), "USD") == ("USD_SOFR", [])
    assert found(with_sofr(), "USD", "USD") == ("USD", [])
    assert found(small_market(), "USD") == ("USD", [])
    assert found(small_market(), "EUR") == ("EUR", [])
    assert found(small_market(), "GBP") == ("", ["ST362"])
    assert found(small_market(), "USD", "EUR") == ("", ["ST372"])


def test_base_log_discount_is_that_of_the_curve() -> None:
    market = small_market()
    curve = market.curves["USD"]
    keys = curve.keys()
    rates = [market.levels[key] for key in keys]
    for years in (0.1, 1.0, 3.3, 12.0):
        expected = log(discount_factor(curve.years, rates, years))
        assert abs(base_log_discount(market, curve, years) - expected) < 1e-15


class Rows:
    """Numbers each row in the order of asking."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, float]] = []

    def log_discount(self, curve: str, years: float) -> int:
        if (curve, years) not in self.asked:
            self.asked.append((curve, years))
        return self.asked.index((curve, years))


def test_rows_are_asked_for_only_where_they_are_read() -> None:
    now = ValuationDates(TODAY, None, TODAY)
    parts = [
        FloatingPart("USD", term_growth(PERIOD, now, is_stated=True), 0.01, 3),
        FloatingPart("USD", term_growth(NEXT, now, is_stated=True), 0.0, 2),
        FloatingPart("USD", compounded_growth(PERIOD, now), 0.002, 3),
    ]
    rows = Rows()
    columns = growth_columns(parts, rows)
    assert rows.asked == [("USD", 73 / 365), ("USD", 163 / 365)]
    assert columns.known.tolist() == [0.01, 0.0, 0.002]
    assert columns.start_row.tolist() == [NO_ROW, 0, NO_ROW]
    assert columns.end_row.tolist() == [NO_ROW, 1, 0]
    assert columns.accrued_slot.tolist() == [NO_ROW, NO_ROW, 3]
    assert columns.whole_slot.tolist() == columns.carried_slot.tolist() == [NO_ROW] * 3


def test_no_period_gives_empty_columns() -> None:
    assert all(len(column) == 0 for column in growth_columns([], Rows()))
