"""Loans against GPUs: who fails, what is left, covenants and sweep, balloons, paths, refusals."""

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

from stresstest.instruments.collateral_loan import INSTRUMENT_TYPE
from stresstest.market.keys import RiskFactorKey
from stresstest.market.price_curves import price_curves
from stresstest.market.snapshot import MarketSnapshot

TAG = "collateral_loan"
CHIPS = {
    "gpu": "H100",
    "count": 120_000,
    "value": 21_000,
    "in_service": date(2024, 7, 1),
    "contract_rate": 2.2,
}
TERMS: dict[str, Any] = {
    "issuer": "CRWV",
    "customer": "MSFT",
    "maturity": date(2029, 5, 15),
    "margin": "625bp",
    "facility": 3_700_000_000,
    "contract_end": date(2029, 6, 30),
    "operating_cost": 0.55,
    "collateral": [CHIPS],
}
SAFE = {"credit_spread__CRWV": 0.0, "credit_spread__MSFT": 0.0}
STILL = {key.replace("/", "__"): 0.0 for key in flat("USD_SOFR", 0.0)} | SAFE
EVENTS = {
    "default_state__CRWV": 0.0,
    "default_state__MSFT": 0.0,
    "recovery_rate__CRWV__senior_unsecured": 0.3,
    "recovery_rate__MSFT__senior_unsecured": 0.4,
}
SPONSOR, CUSTOMER = {"default_state/CRWV": 1.0}, {"default_state/MSFT": 1.0}
SPREAD = "credit_spread/CRWV"


def gpu_market(rental: float = 1.7, **levels: float) -> MarketSnapshot:
    """Return a market with a flat rental curve."""
    rentals = {"rental_rate__H100": rental, "rental_rate__H100__12M": rental}
    market = rate_market(**rentals, **levels)
    return replace(market, price_curves=price_curves(market.levels))


def rent(level: float) -> dict[str, float]:
    return {"rental_rate/H100": level, "rental_rate/H100/12M": level}


def terms(**more: Any) -> dict[str, Any]:
    return {**TERMS, **more}


def chips(**more: Any) -> list[dict[str, Any]]:
    return [{**CHIPS, **more}]


def test_a_contract_that_pays_makes_a_loan_of_par() -> None:
    par = values(
        TAG, terms(margin="0bp", maturity=date(2029, 7, 3), contract_end=date(2030, 1, 1)), gpu_market(**SAFE)
    )
    assert par[0] == pytest.approx(1.0, abs=1e-13)


def test_the_sponsors_default_leaves_the_contract_that_is_kept() -> None:
    """Without rates: kept hours at the contract's rate, others at the market's, less cost and step-in."""
    market = gpu_market(0.6, **STILL, **EVENTS)
    shared = terms(collateral=chips(in_service=date(2025, 7, 1), life_years=1.0), sale_months=0)
    found = values(TAG, shared, market, SPONSOR)[0]
    hours = 24 * 120_000 / 3.7e9
    revenue = 0.6 * 2.2 + 0.4 * 0.7 * 0.6
    days = (date(2029, 5, 15) - date(2025, 8, 15)).days
    assert found == pytest.approx(hours * (days * (revenue - 0.55) - 365 / 4 * revenue), rel=1e-12)
    assert 0.5 < found < 0.9


def test_another_operator_recovers_less_as_rentals_fall() -> None:
    market = gpu_market(**EVENTS)
    found = values(TAG, TERMS, market, *({**SPONSOR, **rent(level)} for level in (0.8, 0.6, 0.4, 0.1)))
    assert all(later < earlier for earlier, later in pairwise(found))
    assert found[-1] > 0.4
    whole = values(TAG, terms(contract_kept="100%"), market, SPONSOR, {**SPONSOR, **rent(0.1)})
    assert whole[0] == pytest.approx(whole[1], abs=0.03)


def test_the_sponsors_recovery_is_not_read() -> None:
    assert "recovery_rate/CRWV/senior_unsecured" not in names(TAG, TERMS, gpu_market(**EVENTS))


def test_the_customers_default_leaves_chips_and_damages() -> None:
    market = gpu_market(**STILL, **EVENTS)
    found = values(TAG, terms(damages_months=0), market, CUSTOMER)[0]
    age_today, age_sold = (TODAY - date(2024, 7, 1)).days, (TODAY - date(2024, 7, 1)).days + 137
    left = (2190 - age_sold) / (2190 - age_today)
    assert found == pytest.approx(0.5 * 120_000 * 21_000 / 3.7e9 * left, rel=1e-12)
    damages = values(TAG, TERMS, market, CUSTOMER)[0] - found
    assert damages == pytest.approx(0.4 * 365 * 24 * 120_000 * 2.2 / 3.7e9, rel=1e-12)


def test_chips_follow_the_rental_of_their_generation() -> None:
    market = gpu_market(**EVENTS)
    half, whole = values(TAG, terms(damages_months=0), market, {**CUSTOMER, **rent(0.85)}, CUSTOMER)
    assert half == pytest.approx(0.5 * whole, rel=1e-12)


def test_a_claim_bounds_what_lenders_get() -> None:
    market = gpu_market(**EVENTS)
    rich = terms(collateral=chips(value=200_000, contract_rate=9.0))
    assert values(TAG, rich, market, SPONSOR, CUSTOMER) == [1.0, 1.0]


def test_spreads_of_sponsor_and_customer_lower_the_value() -> None:
    market = gpu_market()
    for name in ("CRWV", "MSFT"):
        moves = [{f"credit_spread/{name}": level} for level in (0.0, 0.02, 0.1, 0.3, 1.0)]
        found = values(TAG, TERMS, market, *moves)
        assert all(later < earlier for earlier, later in pairwise(found))


def test_ring_fencing_makes_the_sponsors_distress_a_part_of_a_notes_loss() -> None:
    market = gpu_market()
    calm, stressed = values(TAG, TERMS, market, {}, {SPREAD: 0.3, **rent(0.85)})
    assert -0.35 < stressed / calm - 1.0 < -0.08


def test_cash_that_does_not_cover_debt_service_ends_the_loan() -> None:
    """A contract below cost: nothing is paid, the chips are sold when it ends."""
    market = gpu_market(**STILL)
    found = values(TAG, terms(collateral=chips(contract_rate=0.5)), market, rent(1e-9))[0]
    assert found == pytest.approx(0.0, abs=1e-8)


def test_a_shortfall_leaves_the_rest_of_the_contract() -> None:
    """Ninety-odd per cent of debt service: the claim gets all that the contract still pays, later."""
    market = gpu_market(1.7, **STILL)
    poor = terms(collateral=chips(contract_rate=1.6), margin="0bp", sale_haircut="100%")
    cash = 24 * 120_000 * (1.6 - 0.55) / 3.7e9 * (date(2029, 5, 15) - date(2025, 8, 15)).days
    assert values(TAG, poor, market)[0] == pytest.approx(min(cash, 1.0), rel=1e-12)


def test_a_sweep_repays_earlier() -> None:
    market = gpu_market(**SAFE)
    plain, swept = (values(TAG, terms(min_dscr=level), market)[0] for level in (0.0, 9.0))
    assert 1.0 < swept < plain
    part = values(TAG, terms(min_dscr=9.0, sweep="50%"), market)[0]
    assert swept < part < plain


def test_a_covenant_on_value_begins_the_sweep() -> None:
    market = gpu_market(**SAFE)
    with_covenant = terms(max_ltv="160%")
    calm, fallen = values(TAG, with_covenant, market, {}, rent(1.2))
    assert calm == values(TAG, TERMS, market)[0]
    assert fallen < calm
    assert values(TAG, TERMS, market, rent(1.2))[0] == calm


def test_a_balloon_is_refinanced_or_sold() -> None:
    shared = terms(balloon="30%", maturity=date(2027, 5, 15), contract_end=date(2027, 5, 15), margin="0bp")
    market = gpu_market(**SAFE)
    calm, fallen, low = values(TAG, shared, market, {}, rent(0.9), rent(0.3))
    assert calm == pytest.approx(1.0 + 49 / 360 * 0.0398, abs=5e-4)
    assert calm > fallen > low


def test_merchant_rent_pays_after_the_contract() -> None:
    shared = terms(contract_end=date(2027, 5, 15))
    market = gpu_market(**SAFE)
    high, low = values(TAG, shared, market, rent(4.0), rent(0.5))
    assert high == values(TAG, TERMS, market)[0]
    assert low < high


def test_cash_and_value_stay_while_nothing_earns() -> None:
    for more in (
        {},
        {"balloon": "40%"},
        {"contract_end": date(2027, 1, 1)},
        {"min_dscr": 2.0, "balloon": "20%"},
    ):
        worth, cash = along_path(
            TAG, terms(**more), gpu_market(**STILL), [(40, {}), (400, {}), (900, {}), (2000, {})]
        )
        np.testing.assert_allclose(worth, worth[0], rtol=0, atol=1e-12)
        assert cash == sorted(cash)
        assert cash[-1] == pytest.approx(worth[0], abs=1e-12)


def test_a_default_on_a_path_is_cash_from_the_next_date_on() -> None:
    steps = [(100, {}), (200, SPONSOR), (300, rent(0.2)), (2000, {})]
    worth, cash = along_path(TAG, TERMS, gpu_market(**STILL, **EVENTS), steps)
    assert worth[2] < worth[1]
    assert worth[2:] == pytest.approx([worth[2]] * 3, abs=1e-12)
    assert cash[3] == pytest.approx(worth[2], abs=1e-12)


def test_a_sweep_goes_on_when_rentals_come_back() -> None:
    shared = terms(max_ltv="160%")
    market = gpu_market(**STILL)
    _, cash = along_path(TAG, shared, market, [(100, rent(1.0)), (200, rent(1.7)), (500, {})])
    _, plain = along_path(TAG, shared, market, [(100, {}), (200, {}), (500, {})])
    assert cash[3] > plain[3] + 0.05


@settings(max_examples=10, deadline=None)
@given(price=st.floats(50.0, 112.0))
def test_a_price_is_given_back(price: float) -> None:
    market = gpu_market()
    found = INSTRUMENT_TYPE.override(spec(TAG, **terms(price=price)), "CRWV#p", market, TODAY)  # type: ignore[misc]
    assert found is not None
    issuers = {**market.issuers, "CRWV#p": replace(market.issuers["CRWV"], id="CRWV#p")}
    levels = {**market.levels, RiskFactorKey("basis", "CRWV#p"): next(iter(found.levels.values()))}
    solved = replace(market, levels=levels, issuers=issuers)
    worth = values(TAG, terms(issuer="CRWV#p"), solved)[0]
    accrued = (TODAY - date(2025, 8, 15)).days / 360 * (0.0625 + 0.0398)
    assert worth == pytest.approx(price / 100.0 + accrued, abs=2e-4)


def test_what_is_refused() -> None:
    market = gpu_market()
    assert codes(TAG, terms(maturity=TODAY), market) == ["ST370"]
    assert codes(TAG, terms(collateral=chips(in_service=date(2019, 1, 1))), market) == ["ST375"]
    assert codes(TAG, terms(collateral=chips(gpu="H900")), market) == ["ST363"]
    assert codes(TAG, terms(customer="OPENAI"), market) == ["ST355"]
    assert codes(TAG, terms(customer="UST"), market) == ["ST357"]
    assert "nothing but the sponsor" in refused(TAG, terms(customer="CRWV"))
    assert "collateral" in refused(TAG, terms(collateral=[]))
