"""Positions that cannot be valued: listed, left out, said."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.fixtures.books import OPTION, columns, instrument, portfolio, small_market

from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.failures import FailureReason
from stresstest.revaluation.totals import apply_holdings, stress_totals

MARKET = small_market()
ROWS = [
    ("acme", instrument("equity", issuer="ACME"), 10.0),
    ("bolt", instrument("equity", issuer="BOLT"), 100.0),
    ("put", instrument("european_option", **OPTION), 1.0),
]


def test_a_negative_vol_fails_its_option_alone():
    book = compile_book([portfolio(ROWS)], MARKET)
    moves = [
        {"implied_vol/ACME/1Y": -0.5, "implied_vol/ACME/3M": -0.5, "spot/BOLT": 30.0},
        {"spot/BOLT": 40.0},
    ]
    source = columns(MARKET, moves)
    held = apply_holdings(book, revalue(book, source)).portfolios[0]
    (failure,) = held.failures
    assert (failure.position, failure.scenario) == ("put", "s0")
    assert failure.reason is FailureReason.FACTOR_OUTSIDE_DOMAIN
    assert failure.message == "implied_vol/ACME/3M is -0.5"
    assert failure.base_value == held.position_value[2, 0] > 0.0
    assert held.left_out.tolist() == [0.0, failure.base_value, 0.0]
    assert held.value[1] == 10 * 120.0 + 100 * 30.0
    assert held.pnl[1] == pytest.approx(-1500.0)
    assert held.pnl[2] == -500.0
    totals = stress_totals(book, source).portfolios[0]
    assert totals.value.tobytes() == held.value.tobytes()


def test_not_a_number_in_is_a_failure_out():
    book = compile_book([portfolio(ROWS)], MARKET)
    held = apply_holdings(book, revalue(book, columns(MARKET, [{"spot/ACME": math.nan}]))).portfolios[0]
    assert {failure.position for failure in held.failures} == {"acme", "put"}
    assert {failure.message for failure in held.failures} == {"spot/ACME is nan"}
    assert np.isfinite(held.value).all()
    assert held.pnl[1] == 0.0
