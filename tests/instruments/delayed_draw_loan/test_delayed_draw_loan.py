"""Delayed-draw loans: draws at par, fees, what stress and default make of what is undrawn."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from tests.fixtures.forward_market import along_path, values
from tests.fixtures.rate_market import TODAY, flat, rate_market
from tests.fixtures.refusals import codes, refused

TAG, MARKET = "delayed_draw_loan", rate_market()
DRAWS = [{"date": date(2026, 1, 10), "part": "30%"}, {"date": date(2026, 6, 15), "part": "20%"}]
TERMS: dict[str, Any] = {
    "issuer": "CRWV",
    "maturity": date(2030, 6, 15),
    "margin": "400bp",
    "drawn": "40%",
    "draws": DRAWS,
    "commitment_fee": "100bp",
    "amortisation": "20%",
}
FREE = {"credit_spread/CRWV": 0.0}
DEFAULTED = {"default_state/CRWV": 1.0}
RECOVERY = {"default_state__CRWV": 0.0, "recovery_rate__CRWV__secured": 0.6}
STILL = {key.replace("/", "__"): 0.0 for key in flat("USD_SOFR", 0.0)}


def test_what_is_lent_at_the_curve_is_worth_par_however_it_is_drawn() -> None:
    terms = {**TERMS, "margin": "0bp", "commitment_fee": "0bp", "frequency": 4, "maturity": date(2030, 10, 3)}
    draws = [{"date": date(2026, 1, 3), "part": "30%"}, {"date": date(2026, 7, 3), "part": "20%"}]
    assert values(TAG, {**terms, "draws": draws}, MARKET, FREE)[0] == pytest.approx(0.4, abs=1e-14)


def test_a_draw_within_a_period_pays_from_its_day() -> None:
    terms = {**TERMS, "drawn": "0%", "draws": [{"date": date(2026, 1, 10), "part": "100%"}], "frequency": 1}
    terms |= {"maturity": date(2026, 10, 3), "amortisation": "0%", "margin": "360bp", "commitment_fee": "0bp"}
    market = rate_market(credit_spread__CRWV=0.0, **STILL)
    days = (date(2026, 10, 3) - date(2026, 1, 10)).days
    assert values(TAG, terms, market)[0] == pytest.approx(0.036 * days / 360, abs=1e-14)


def test_the_fee_runs_on_what_is_undrawn_until_the_last_day() -> None:
    terms = {**TERMS, "margin": "0bp", "available_until": date(2026, 9, 15)}
    market = rate_market(credit_spread__CRWV=0.0, **STILL)
    spans = [(date(2025, 9, 15), date(2026, 1, 10), 0.6), (date(2026, 1, 10), date(2026, 6, 15), 0.3)]
    spans.append((date(2026, 6, 15), date(2026, 9, 15), 0.1))
    fees = sum(0.01 * undrawn * (end - start).days / 360 for start, end, undrawn in spans)
    assert values(TAG, terms, market)[0] == pytest.approx(0.4 + fees, abs=1e-14)


def test_a_discount_on_draws_is_kept() -> None:
    market = rate_market(credit_spread__CRWV=0.0, **STILL)
    plain, less = (values(TAG, {**TERMS, "oid": oid}, market)[0] for oid in ("0%", "2%"))
    assert less - plain == pytest.approx(0.02 * 0.5, abs=1e-14)


def test_stress_makes_a_promise_to_lend_a_loss() -> None:
    undrawn = {**TERMS, "drawn": "0%", "draws": DRAWS, "margin": "300bp"}
    calm, wider, widest = values(
        TAG,
        undrawn,
        MARKET,
        {"credit_spread/CRWV": 0.06},
        {"credit_spread/CRWV": 0.15},
        {"credit_spread/CRWV": 0.3},
    )
    assert calm > wider > widest
    assert widest < 0.0


def test_a_default_ends_the_promise() -> None:
    market = rate_market(**RECOVERY)
    default = values(TAG, TERMS, market, DEFAULTED)[0]
    assert default == pytest.approx(0.6 * 0.4, abs=1e-15)
    steps = [(150, DEFAULTED), (400, {}), (2000, {})]
    worth, cash = along_path(TAG, {**TERMS, "commitment_fee": "0bp"}, market, steps)
    assert worth[1] - cash[1] == pytest.approx(0.6 * 0.7, abs=1e-12)
    assert worth[1:] == pytest.approx([worth[1]] * 3, abs=1e-12)


def test_cash_and_value_stay_while_nothing_earns() -> None:
    terms = {**TERMS, "prepayment": "10%", "oid": "1%"}
    market = rate_market(credit_spread__CRWV=0.0, **STILL)
    worth, cash = along_path(TAG, terms, market, [(40, {}), (99, {}), (300, {}), (900, {}), (2000, {})])
    np.testing.assert_allclose(worth, worth[0], rtol=0, atol=1e-12)
    assert cash[2] < 0.0
    assert cash[-1] == pytest.approx(worth[0], abs=1e-12)


def test_what_is_refused() -> None:
    assert codes(TAG, {**TERMS, "draws": [{"date": TODAY, "part": "10%"}]}, MARKET) == ["ST374"]
    assert codes(TAG, {**TERMS, "maturity": date(2026, 3, 1)}, MARKET) == ["ST374"]
    assert "more than the commitment" in refused(TAG, {**TERMS, "drawn": "60%"})
    assert "not in order" in refused(TAG, {**TERMS, "draws": DRAWS[::-1]})
    assert "after available_until" in refused(TAG, {**TERMS, "available_until": date(2026, 2, 1)})
    assert "nothing is drawn" in refused(TAG, {**TERMS, "drawn": "0%", "price": 99.0})
