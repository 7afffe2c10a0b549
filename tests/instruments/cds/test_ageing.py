"""Credit default swaps along a path: premiums, maturity, and a default that is settled once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.fixtures.books import columns, instrument, portfolio, small_market
from tests.fixtures.path_columns import path_columns

from stresstest.arrays import FloatArray
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings

STATE, RECOVERY = "default_state/BOLT", "recovery_rate/BOLT/senior_unsecured"
SWAP = {"issuer": "BOLT", "maturity": date(2027, 6, 20), "coupon": "100bp"}


def market(**more: float) -> MarketSnapshot:
    base = small_market()
    levels = {**base.levels, **{RiskFactorKey.parse(name): level for name, level in more.items()}}
    return replace(base, levels=levels)


def held(steps, quantity: float = 1.0, base: MarketSnapshot | None = None, **terms) -> FloatArray:
    """Value and cash of a position at each column: the base, then aged and shocked by step."""
    found = base or market(**{STATE: 0.0, RECOVERY: 0.4})
    item = instrument("cds", **{**SWAP, **terms})
    book = compile_book([portfolio([("swap", item, quantity)])], found)
    return apply_holdings(book, revalue(book, path_columns(found, steps))).portfolios[0].value


def test_premiums_leave_the_value_and_become_cash() -> None:
    days = [date(2025, 12, 19), date(2025, 12, 22), date(2025, 12, 23), date(2026, 3, 19), date(2026, 3, 23)]
    aged = held([(day, {}) for day in days], 1e6)[1::2]
    # A day changes value and cash by carry alone: some 1e-4 of notional at a spread of 450 bp.
    assert np.all(np.abs(np.diff(aged)[[0, 1, 3]]) < 1e6 * 5e-4)


def test_nothing_is_left_after_maturity_and_all_premium_is_paid() -> None:
    nothing = {**{f"zero_rate/USD/{tenor}": 0.0 for tenor in ("1Y", "5Y", "10Y")}, "credit_spread/BOLT": 0.0}
    found = held([(date(2025, 10, 4), nothing), (date(2027, 6, 20), {}), (date(2027, 9, 30), {})])
    premium = ((date(2027, 6, 20) - date(2025, 9, 22)).days + 1) / 360 * 0.01
    assert found[2:].tolist() == pytest.approx([-premium] * 5, abs=1e-15)


def test_a_default_pays_the_loss_less_accrued_premium_once() -> None:
    still = {f"zero_rate/USD/{tenor}": 0.0 for tenor in ("1Y", "5Y", "10Y")}
    defaulted = {STATE: 1.0, RECOVERY: 0.25}
    later = [(date(2026, 2, 2), {}), (date(2026, 9, 1), {}), (date(2028, 1, 3), {})]
    found = held([(date(2025, 10, 4), still), (date(2026, 1, 30), defaulted), *later], 100.0)
    accrued = 0.01 * ((date(2026, 1, 31) - date(2025, 12, 22)).days) / 360
    paid = 0.01 * ((date(2025, 12, 22) - date(2025, 9, 22)).days) / 360
    assert found[4:] == pytest.approx([100.0 * (0.75 - accrued - paid)] * 7, abs=1e-12)


def test_a_seller_loses_what_the_buyer_is_paid() -> None:
    steps = [(date(2026, 1, 30), {STATE: 1.0}), (date(2026, 6, 30), {})]
    assert held(steps, -7.0).tolist() == (-held(steps, 7.0)).tolist()


def test_a_default_after_the_end_pays_nothing() -> None:
    alone = held([(date(2027, 7, 1), {}), (date(2027, 9, 1), {})])
    late = held([(date(2027, 7, 1), {STATE: 1.0}), (date(2027, 9, 1), {})])
    assert late.tolist() == alone.tolist()


def instant(rows, base: MarketSnapshot, **move: float) -> float:
    """Value of a portfolio in the one column that moves."""
    book = compile_book([portfolio(rows)], base)
    return apply_holdings(book, revalue(book, columns(base, [move]))).portfolios[0].value[1]


def test_an_instant_default_is_worth_the_loss_less_accrued_premium() -> None:
    base = market(**{STATE: 0.0, RECOVERY: 0.4})
    found = instant([("swap", instrument("cds", **SWAP), 1.0)], base, **{STATE: 1.0, RECOVERY: 0.1})
    assert found == pytest.approx(0.9 - 0.01 * 12 / 360, abs=1e-15)


def test_a_bond_and_protection_on_its_face_survive_a_default() -> None:
    base = market(**{STATE: 0.0, RECOVERY: 0.4})
    bond = instrument("zero_bond", issuer="BOLT", maturity=date(2027, 6, 20))
    rows = [("bond", bond, 1e6), ("swap", instrument("cds", **SWAP), 1e6)]
    found = instant(rows, base, **{STATE: 1.0, RECOVERY: 0.3})
    assert found == pytest.approx(1e6 * (1.0 - 0.01 * 12 / 360), abs=1e-6)
