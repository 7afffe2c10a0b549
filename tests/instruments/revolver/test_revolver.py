"""Revolvers: drawing follows the spread, never back; a default draws and recovers."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from tests.fixtures.forward_market import along_path, values
from tests.fixtures.rate_market import TODAY, flat, rate_market
from tests.fixtures.refusals import codes, refused

TAG, MARKET = "revolver", rate_market()
TERMS: dict[str, Any] = {
    "issuer": "CRWV",
    "maturity": date(2028, 5, 16),
    "margin": "300bp",
    "drawn": "30%",
    "commitment_fee": "50bp",
}
DEFAULTED = {"default_state/CRWV": 1.0}
RECOVERY = {"default_state__CRWV": 0.0, "recovery_rate__CRWV__secured": 0.6}
STILL = {key.replace("/", "__"): 0.0 for key in flat("USD_SOFR", 0.0)}


def spreads(*levels: float) -> list[dict[str, float]]:
    return [{"credit_spread/CRWV": level} for level in levels]


def test_drawing_is_linear_between_todays_spread_and_distress() -> None:
    """What drawing adds: the loss of a further unit times what is drawn of it."""
    whole = {**TERMS, "credit_conversion": "0%"}
    unit = {**TERMS, "drawn": "100%", "commitment_fee": "0bp"}
    fee = {**TERMS, "drawn": "0%", "credit_conversion": "0%"}
    accrued = 139 / 360 * 0.0 + (date(2025, 10, 3) - date(2025, 8, 16)).days / 360
    for level in (0.055, 0.0775, 0.1, 0.4):
        drawn, undrawn, one, fees = (
            values(TAG, item, MARKET, *spreads(level))[0] for item in (TERMS, whole, unit, fee)
        )
        share = 0.7 * 0.4 * min((level - 0.055) / 0.045, 1.0)
        rate = 0.03 + 0.0398
        expected = undrawn + share * (one - fees - 1.0 - accrued * rate)
        assert drawn == pytest.approx(expected, abs=2e-4)
    assert values(TAG, TERMS, MARKET, *spreads(0.055)) == values(TAG, whole, MARKET, *spreads(0.055))


def test_tighter_spreads_repay_nothing() -> None:
    whole = {**TERMS, "credit_conversion": "0%"}
    assert values(TAG, TERMS, MARKET, *spreads(0.03)) == values(TAG, whole, MARKET, *spreads(0.03))


def test_value_falls_as_spreads_widen() -> None:
    found = values(TAG, TERMS, MARKET, *spreads(0.02, 0.055, 0.08, 0.1, 0.3, 1.0))
    assert all(later < earlier for earlier, later in pairwise(found))


def test_a_default_draws_and_recovers() -> None:
    market = rate_market(**RECOVERY)
    more = 0.7 * 0.4
    accrued = (TODAY - date(2025, 8, 16)).days / 360 * (0.03 + 0.0398)
    found = values(TAG, TERMS, market, DEFAULTED)[0]
    assert found == pytest.approx(0.6 * (0.3 + more) - more * (1.0 + accrued), abs=1e-4)
    assert values(TAG, {**TERMS, "drawn": "100%"}, market, DEFAULTED)[0] == pytest.approx(0.6, abs=1e-15)


def test_what_was_drawn_stays_drawn_and_is_repaid() -> None:
    market = rate_market(credit_spread__CRWV=0.0, **STILL)
    terms = {**TERMS, "margin": "0bp", "commitment_fee": "0bp"}
    steps = [(30, {"credit_spread/CRWV": 0.05}), (60, {"credit_spread/CRWV": 0.0}), (400, {}), (1000, {})]
    worth, cash = along_path(TAG, terms, market, steps)
    # Half of the way to distress: 0.7 · 0.4 · 0.5 is lent at par, and repaid at par at the end.
    assert cash[2] == pytest.approx(-0.14, abs=1e-12)
    assert worth[2:] == pytest.approx([0.3] * 3, abs=1e-12)
    assert worth[2] - cash[2] == pytest.approx(0.44, abs=1e-12)
    assert cash[-1] == pytest.approx(0.3, abs=1e-12)


def test_a_default_on_a_path_keeps_its_claim() -> None:
    market = rate_market(credit_spread__CRWV=0.0, **RECOVERY, **STILL)
    terms = {**TERMS, "margin": "0bp", "commitment_fee": "0bp"}
    worth, cash = along_path(TAG, terms, market, [(30, DEFAULTED), (90, {}), (1000, {}), (1100, {})])
    assert worth[1:] == pytest.approx([0.6 * 0.58 - 0.28] * 4, abs=1e-12)
    assert cash[2] == pytest.approx(-0.28, abs=1e-12)
    assert cash[3:] == pytest.approx([0.6 * 0.58 - 0.28] * 2, abs=1e-12)


def test_cash_and_value_stay_while_nothing_earns() -> None:
    market = rate_market(credit_spread__CRWV=0.0, **STILL)
    worth, cash = along_path(TAG, TERMS, market, [(40, {}), (400, {}), (700, {}), (2000, {})])
    np.testing.assert_allclose(worth, worth[0], rtol=0, atol=1e-12)
    assert cash[-1] == pytest.approx(worth[0], abs=1e-12)


def test_what_is_refused() -> None:
    assert codes(TAG, {**TERMS, "maturity": TODAY}, MARKET) == ["ST370"]
    assert "drawn" in refused(TAG, {**TERMS, "drawn": "130%"})
    assert "credit_conversion" in refused(TAG, {**TERMS, "credit_conversion": "-5%"})
