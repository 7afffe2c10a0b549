"""Break-points of firms, loans and whole portfolios, each against what single runs around it say."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.fixtures.books import instrument, portfolio, small_market

import stresstest as st
from stresstest.api import Swept
from stresstest.errors import InputError
from stresstest.measures.margin import margin
from stresstest.portfolio.model import Limit, MarginTerms, Portfolio
from stresstest.quantity import parse_shift
from stresstest.scenarios.drivers import NumberDriver
from stresstest.scenarios.rules import TableRule
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

MARKET = small_market()
ACME, BOLT = instrument("equity", issuer="ACME"), instrument("equity", issuer="BOLT")
FALL = Scenario("fall", (Shock.of("spot", "-50%", issuer="ACME"),), "12m")
CLOSE = 1e-6


def swept(book: Portfolio, scenario: Scenario = FALL, high: float = 2.0) -> Swept:
    return st.sweep(book, scenario, MARKET, over=("severity", 0.0, high), steps=20)


def pnl(book: Portfolio, severity: float, scenario: Scenario = FALL) -> float:
    return float(st.stress(book, ScenarioSet((scenario,)), MARKET, severity=severity).to_numpy()[0, 0])


def test_a_limit_is_a_break_point_too() -> None:
    book = replace(portfolio([("acme", ACME, 10.0)]), limits=(Limit("any", 0.3, "base", "stop"),))
    (point,) = swept(book).break_points
    assert (point.kind, point.subject, point.what) == ("limit", "limit stop (30.0 % of base)", "is breached")
    assert point.x == pytest.approx(math.log(0.7) / math.log(0.5), abs=CLOSE)
    assert point.loss == pytest.approx(0.3 * 1_200.0, rel=1e-6)


def test_a_margin_call_comes_where_equity_falls_to_what_is_asked() -> None:
    debt = instrument("cash", currency="USD")
    book = replace(
        portfolio([("acme", ACME, 10.0), ("debt", debt, -500.0)]), margin=MarginTerms(long=0.25, short=0.3)
    )
    point = swept(book).first("margin_call")
    assert point is not None
    # 0.75 · 1,200 · ½^s = 500.
    assert point.x == pytest.approx(math.log(500.0 / 900.0) / math.log(0.5), abs=CLOSE)
    for side, called in ((-CLOSE, False), (CLOSE, True)):
        run = st.stress(book, ScenarioSet((FALL,)), MARKET, severity=point.x + side)
        account = margin(run.result.portfolios[0])
        assert account is not None
        assert bool(account.call[-1] > 0.0) is called


def turning() -> Scenario:
    """Return a scenario in which BOLT rises until a cut of 20 % and is back at its price at 40 %."""
    cut = NumberDriver("cut", 0.5, 0.0, 0.8, "%")
    falls = TableRule.of("cut", {"0%": parse_shift("0%"), "80%": parse_shift("-60%")})
    turns = TableRule.of(
        "cut", {"0%": parse_shift("0%"), "20%": parse_shift("+20%"), "80%": parse_shift("-40%")}
    )
    shocks = (Shock.of("spot", falls, issuer="ACME"), Shock.of("spot", turns, issuer="BOLT"))
    return Scenario("turn", shocks, "12m", drivers=(cut,))


def test_a_hedge_that_turns_is_named_where_its_gain_is_gone() -> None:
    book = portfolio([("acme", ACME, 10.0), ("bolt", BOLT, 5.0)])
    found = st.sweep(book, turning(), MARKET, over=("cut", 0.0, 0.8), steps=20)
    (point,) = found.break_points
    assert (point.kind, point.positions) == ("hedge", ("bolt",))
    assert point.x == pytest.approx(0.4, abs=CLOSE)


def test_two_books_lose_the_same_where_their_hedge_is_back_at_nothing() -> None:
    plain = replace(portfolio([("acme", ACME, 10.0)]), name="plain")
    hedged = replace(portfolio([("acme", ACME, 10.0), ("bolt", BOLT, 5.0)]), name="hedged")
    found = st.sweep(hedged, turning(), MARKET, over=("cut", 0.0, 0.8), steps=20).compared_with(plain)
    (point,) = (item for item in found.break_points if item.kind == "comparison")
    assert (point.portfolio, point.what) == ("hedged", "loses more than plain")
    assert point.x == pytest.approx(0.4, abs=CLOSE)
    at = turning().with_drivers(cut=point.x)
    assert pnl(hedged, 1.0, at) == pytest.approx(pnl(plain, 1.0, at), abs=1e-3)
    assert all(item.portfolio == "hedged" for item in found.break_points)


def test_what_cannot_be_compared_is_refused() -> None:
    book = portfolio([("acme", ACME, 1.0)])
    found = swept(book)
    with pytest.raises(InputError, match="ST412"):
        found.compared_with(book)
    with pytest.raises(InputError, match=r"ST412.*USD.*EUR"):
        found.compared_with(replace(book, name="other", currency="EUR"))


@cache
def lender() -> Swept:
    (scenario,) = st.load_scenarios("gpu_collateral_spiral")
    return st.sweep(st.load_portfolio("gpu_lender"), scenario, over=("severity", 0.0, 2.0), steps=20)


def positions(severity: float) -> np.ndarray:
    run = st.stress(
        st.load_portfolio("gpu_lender"), st.load_scenarios("gpu_collateral_spiral"), severity=severity
    )
    return run.result.portfolios[0].position_value[:, -1]


def test_a_covenant_breaks_where_the_loan_jumps() -> None:
    found = lender()
    ids = st.load_portfolio("gpu_lender").positions.ids
    for kind in ("debt_service", "loan_to_value"):
        breaks = [point for point in found.break_points if point.kind == kind]
        assert breaks
        jumps = []
        for point in breaks:
            row = ids.index(point.positions[0])
            before, after, later = (positions(point.x + step)[row] for step in (-1e-6, 1e-6, 3e-6))
            jumps.append(abs(after - before) > 100.0 * abs(later - after))
        # Where the sweep runs already, the other covenant changes nothing.
        assert any(jumps)


def test_a_firm_fails_and_its_claims_default_at_one_severity() -> None:
    found = lender()
    point = next(item for item in found.break_points if item.kind == "default" and item.subject == "CRWV")
    firm = next(item for item in found.break_points if item.kind == "firm" and item.subject == "CRWV")
    assert point.x == pytest.approx(firm.x, abs=1e-7)
    assert "crwv-2030" in point.positions
    (scenario,) = st.load_scenarios("gpu_collateral_spiral")
    for side, failed in ((-CLOSE, False), (CLOSE, True)):
        run = st.stress(st.load_portfolio("gpu_lender"), ScenarioSet((scenario,)), severity=point.x + side)
        (network,) = run.compiled.networks.values()
        assert ("CRWV" in network.newly_failed(1)) is failed


def test_cliffs_say_what_flips() -> None:
    cliffs = [turn for turn in lender().turning_points if turn.kink.is_cliff]
    assert cliffs
    for turn in cliffs:
        assert not any("nothing is known to flip" in cause for cause in turn.causes)
