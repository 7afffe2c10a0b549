"""Term loans: QuantLib, par and limits, basis from a price or a discount, defaults along paths, refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.forward_market import along_path, spec, values
from tests.fixtures.rate_market import TODAY, flat, rate_market
from tests.fixtures.refusals import codes, names, refused
from tests.oracle.quantlib_loans import floater, under_default, under_spread
from tests.oracle.quantlib_swaps import curve, evaluation_date

from stresstest.instruments.term_loan import INSTRUMENT_TYPE
from stresstest.market.keys import RiskFactorKey

TAG, MARKET = "term_loan", rate_market()
TERMS: dict[str, Any] = {"issuer": "CRWV", "maturity": date(2030, 6, 15), "margin": "550bp"}
BASIS = RiskFactorKey("basis", "CRWV#p")
DEFAULTED = {"default_state/CRWV": 1.0}
RECOVERY = {"default_state__CRWV": 0.0, "recovery_rate__CRWV__secured": 0.6}


def with_basis(basis: float, **levels: float) -> Any:
    """Return the market with a basis private to a position, for terms whose issuer is `CRWV#p`."""
    market = rate_market(**levels)
    issuers = {**market.issuers, "CRWV#p": replace(market.issuers["CRWV"], id="CRWV#p")}
    return replace(market, levels={**market.levels, BASIS: basis}, issuers=issuers)


def quantlib_value(terms: dict[str, Any], rate: float, engine: Any) -> float:
    loan = spec(TAG, **terms)
    starts = [date(2025, 9, 15)]
    while starts[-1] < loan.maturity:
        month = starts[-1].month + 12 // loan.frequency
        starts.append(date(starts[-1].year + (month - 1) // 12, (month - 1) % 12 + 1, 15))
    step = loan.amortisation / loan.frequency
    notionals = [max(1.0 - step * place, 0.0) for place in range(len(starts) - 1)]
    bond = floater(loan, starts[0], notionals, curve("USD_SOFR"), rate)
    bond.setPricingEngine(engine)
    return float(bond.NPV())


@pytest.mark.parametrize("floor", [None, "0%", "3.6%"])
@pytest.mark.parametrize("amortisation", ["0%", "8%"])
@pytest.mark.parametrize("frequency", [4, 12])
@pytest.mark.parametrize("basis", [0.0, 0.061, -0.02])
def test_a_loan_without_default_is_quantlibs_floater(
    floor: str | None, amortisation: str, frequency: int, basis: float
) -> None:
    shared = {
        **TERMS,
        "floor": floor,
        "amortisation": amortisation,
        "frequency": frequency,
        "current_rate": "4.2%",
    }
    ours = values(TAG, {**shared, "issuer": "CRWV#p"}, with_basis(basis), {"credit_spread/CRWV": 0.0})
    with evaluation_date():
        expected = quantlib_value(shared, 0.042, under_spread(curve("USD_SOFR"), basis))
    assert abs(ours[0] - expected) < 1e-10


def test_a_default_is_quantlibs_to_half_a_day_of_the_middle() -> None:
    shared = {**TERMS, "amortisation": "8%", "current_rate": "4.2%"}
    ours = values(TAG, shared, MARKET, {"credit_spread/CRWV": 0.09})
    with evaluation_date():
        expected = quantlib_value(shared, 0.042, under_default(curve("USD_SOFR"), 0.15, 0.7))
    assert abs(ours[0] - expected) < 1e-5
    assert abs(ours[0] - expected) > 0.0


def test_interest_at_the_curve_alone_is_worth_par() -> None:
    terms = {**TERMS, "maturity": date(2031, 10, 3), "margin": "0bp"}
    calm = {"credit_spread/CRWV": 0.0}
    assert values(TAG, terms, MARKET, calm)[0] == pytest.approx(1.0, abs=1e-14)


def test_value_goes_to_recovery_as_the_spread_grows() -> None:
    spreads = [{"credit_spread/CRWV": spread} for spread in (0.0, 0.02, 0.1, 0.5, 5.0, 300.0)]
    found = values(TAG, TERMS, MARKET, *spreads)
    assert all(later < earlier for earlier, later in pairwise(found))
    # At 300 a default comes within a day; the model pays its recovery in the middle of the running period.
    assert found[-1] == pytest.approx(0.7, abs=0.004)


@settings(max_examples=30, deadline=None)
@given(price=st.floats(40.0, 115.0), prepayment=st.integers(0, 60), floor=st.sampled_from([None, "2%"]))
def test_a_price_is_given_back(price: float, prepayment: int, floor: str | None) -> None:
    terms = {**TERMS, "prepayment": f"{prepayment}%", "floor": floor, "current_rate": "4.2%", "price": price}
    found = INSTRUMENT_TYPE.override(spec(TAG, **terms), "CRWV#p", MARKET, TODAY)  # type: ignore[misc]
    assert found is not None
    solved = with_basis(found.levels[BASIS])
    worth = values(TAG, {**terms, "issuer": "CRWV#p", "price": None}, solved)[0]
    accrued = 18 / 360 * (0.055 + 0.042)
    assert worth == pytest.approx(price / 100.0 + accrued, abs=1e-10)


def test_a_discount_at_issue_pulls_to_par() -> None:
    terms = {**TERMS, "start": date(2025, 6, 15), "oid": "3%"}
    found = INSTRUMENT_TYPE.override(spec(TAG, **terms), "CRWV#p", MARKET, TODAY)  # type: ignore[misc]
    assert found is not None
    basis = found.levels[BASIS]
    worth = values(TAG, {**terms, "issuer": "CRWV#p"}, with_basis(basis))[0]
    accrued = 18 / 360 * (0.055 + 0.0395)
    assert 0.970 < worth - accrued < 0.974


def test_a_loan_to_be_paid_out_at_its_discount_is_worth_about_nothing() -> None:
    terms = {**TERMS, "start": date(2025, 12, 15), "oid": "3%"}
    found = INSTRUMENT_TYPE.override(spec(TAG, **terms), "CRWV#p", MARKET, TODAY)  # type: ignore[misc]
    assert found is not None
    market = with_basis(found.levels[BASIS])
    shared = {**terms, "issuer": "CRWV#p"}
    calm, wider = values(TAG, shared, market, {}, {"credit_spread/CRWV": 0.105})
    assert abs(calm) < 2e-3
    assert -0.12 < wider < -0.04


def test_prepayment_brings_value_nearer_to_par() -> None:
    rich = [values(TAG, {**TERMS, "prepayment": rate}, MARKET)[0] for rate in ("0%", "20%", "90%")]
    assert rich[0] > rich[1] > rich[2] > 1.0


def test_cash_and_value_stay_while_nothing_earns() -> None:
    calm = rate_market(
        credit_spread__CRWV=0.0, **{key.replace("/", "__"): 0.0 for key in flat("USD_SOFR", 0.0)}
    )
    terms = {**TERMS, "amortisation": "20%", "prepayment": "10%", "rate_setting": "in_arrears"}
    worth, cash = along_path(TAG, terms, calm, [(40, {}), (400, {}), (900, {}), (2000, {})])
    np.testing.assert_allclose(worth, worth[0], rtol=0, atol=1e-12)
    assert cash[0] == 0.0
    assert cash == sorted(cash)
    assert cash[-1] == pytest.approx(worth[0], abs=1e-12)


def test_a_default_leaves_recovery_on_the_balance_of_its_day() -> None:
    terms = {**TERMS, "maturity": date(2027, 12, 15), "frequency": 4, "amortisation": "40%", "margin": "0bp"}
    market = rate_market(credit_spread__CRWV=0.0, **RECOVERY)
    steps = [(100, {}), (130, DEFAULTED), (400, {}), (1000, {}), (1100, {})]
    worth, cash = along_path(TAG, terms, market, steps)
    assert cash[1] == pytest.approx(0.1, abs=1e-12)
    assert worth[2] - cash[2] == pytest.approx(0.6 * 0.9, abs=1e-12)
    assert worth[3:] == pytest.approx([worth[2]] * 3, abs=1e-12)
    assert cash[3] == cash[2]
    assert cash[4] == cash[5] == pytest.approx(worth[2], abs=1e-12)


def test_nothing_is_lent_to_a_debtor_in_default() -> None:
    terms = {**TERMS, "start": date(2025, 12, 15)}
    market = rate_market(**RECOVERY)
    worth, cash = along_path(TAG, terms, market, [(30, DEFAULTED), (200, {}), (2000, {})])
    assert worth[1:] == [0.0, 0.0, 0.0]
    assert cash == [0.0] * 4


def test_declared_factors() -> None:
    found = names(TAG, TERMS, MARKET)
    assert "credit_spread/CRWV" in found
    assert "zero_rate/USD_SOFR/5Y" in found
    assert not [name for name in found if "zero_rate/USD/" in name or "10Y" in name]


def test_what_is_refused() -> None:
    assert codes(TAG, {**TERMS, "maturity": TODAY}, MARKET) == ["ST370"]
    early = {**TERMS, "repayments": [{"date": date(2025, 9, 1), "part": "5%"}]}
    assert codes(TAG, early, MARKET) == ["ST374"]
    assert codes(TAG, {**TERMS, "issuer": "UST"}, MARKET) == ["ST357"]
    assert codes(TAG, {**TERMS, "curve": "EUR"}, MARKET) == ["ST372"]
    assert "one fixes the other" in refused(TAG, {**TERMS, "price": 99.0, "basis": "1%"})
    assert "without start" in refused(TAG, {**TERMS, "oid": "2%"})
    both = {**TERMS, "amortisation": "1%", "repayments": [{"date": date(2028, 6, 15), "part": "5%"}]}
    assert "takes the other's place" in refused(TAG, both)
