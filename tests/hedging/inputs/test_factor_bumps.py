"""Sensitivities by bumps, beside what closed forms and the factor model say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.hedging.tiny_books import ruled

from stresstest.hedging.inputs.factor_bumps import (
    base_units,
    converted,
    factor_exposures,
    level_bumps,
    spot_deltas,
    values_later,
)
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import compile_book
from stresstest.portfolio.loading import build_portfolio


def book(*positions: dict[str, object]):
    return compile_book(
        [build_portfolio({"version": 1, "name": "b", "currency": "USD", "positions": list(positions)})],
        ruled().book.market,
    )


SHARE = {"id": "ko", "type": "equity", "issuer": "KO", "quantity": 1}
CASH = {"id": "cash", "type": "cash", "currency": "USD", "quantity": 1}
BILL = {"id": "bill", "type": "zero_bond", "issuer": "UST", "maturity": "2026-04-02", "quantity": 1}
EURO = {"id": "euro", "type": "cash", "currency": "EUR", "quantity": 1}
PUT = {
    "id": "put", "type": "european_option", "underlying": "SPY", "right": "put", "strike": 600,
    "expiry": "2026-06-19", "multiplier": 1, "quantity": 1,
}  # fmt: skip


def row(found, tag: str) -> int:
    return next(place for place, item in enumerate(found.instruments) if item.tag == tag)


def test_a_share_moves_by_itself_and_a_put_by_its_delta() -> None:
    found = book(SHARE, CASH, PUT)
    delta = spot_deltas(found, "USD")
    value = converted(found, base_units(found), "USD")[:, 0]
    spot = found.market.levels[RiskFactorKey("spot", "SPY")]
    assert delta[row(found, "equity")] == pytest.approx(value[row(found, "equity")], rel=1e-12)
    assert delta[row(found, "cash")] == 0.0
    assert -0.5 * spot < delta[row(found, "european_option")] < -0.05 * spot


def test_vols_up_and_down_bracket_an_option_and_leave_a_share() -> None:
    found = book(SHARE, PUT)
    values = level_bumps(found, "USD", "implied_vol", [0.005, 0.02])
    put = row(found, "european_option")
    assert values.shape == (2, 5)
    middle, small_up, small_down, up, down = values[put].tolist()
    assert down < small_down < middle < small_up < up
    assert set(values[row(found, "equity")].tolist()) == {values[row(found, "equity"), 0]}
    vega = (small_up - small_down) / 0.01
    assert (up - down) / 0.04 == pytest.approx(vega, rel=0.02)


def test_exposures_of_a_share_are_those_of_the_model_times_its_price() -> None:
    found = book(SHARE, CASH)
    model = found.market.factor_model
    exposures = factor_exposures(found, model, "USD")
    price = found.market.levels[RiskFactorKey("spot", "KO")]
    stated = price * model.exposures[model.rows[RiskFactorKey("spot", "KO")]]
    np.testing.assert_allclose(exposures[row(found, "equity")], stated, rtol=1e-5, atol=1e-6 * price)
    assert exposures[row(found, "cash")].tolist() == [0.0] * len(model.factors)


def test_a_fund_is_exposed_as_what_it_follows() -> None:
    """SPY is linked to its members: it moves with the market by about as much, and not by one of them."""
    fund = {"id": "spy", "type": "fund", "issuer": "SPY", "quantity": 1}
    found = book(fund, SHARE)
    model = found.market.factor_model
    exposures = factor_exposures(found, model, "USD")[row(found, "fund")]
    spot = found.market.levels[RiskFactorKey("spot", "SPY")]
    place = model.factors.index("market")
    assert 0.9 < exposures[place] / spot < 1.3
    assert np.abs(exposures).argmax() == place


def test_a_year_later_cash_has_interest_and_a_bill_its_face_with_interest() -> None:
    found = book(CASH, BILL, SHARE)
    later = values_later(found, "USD", "12m")
    cash, bill = later[row(found, "cash")], later[row(found, "zero_bond")]
    assert 1.02 < cash < 1.06
    assert 1.0 < bill < cash
    half = values_later(found, "USD", "6m")
    assert math.isclose(half[row(found, "cash")], math.sqrt(cash), rel_tol=5e-3)
    assert half[row(found, "equity")] == pytest.approx(
        found.market.levels[RiskFactorKey("spot", "KO")], rel=0.05
    )


def test_values_come_in_the_currency_asked_for() -> None:
    found = book(EURO)
    rate = found.market.levels[RiskFactorKey("fx_spot", "EURUSD")]
    assert converted(found, base_units(found), "USD")[0, 0] == pytest.approx(rate, rel=1e-15)
    assert converted(found, base_units(found), "EUR")[0, 0] == 1.0
